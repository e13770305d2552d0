/**
 * The Block Kit renderer.
 * A context is `{scope, form, source, press(action), suggest(block_id, action_id, query), errors: {block_id: text}}`.
 */
import { chart } from "./chart.js";
import { dataTable, table } from "./table.js";
import { el, icon, uniqueId } from "./dom.js";
import { image, interactive } from "./elements.js";
import { markdown } from "./markdown.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const RENDERERS = {
  section,
  header,
  divider: () => el("hr"),
  image: imageBlock,
  context,
  actions,
  input,
  alert,
  card,
  carousel,
  container,
  context_actions: actions,
  plan,
  task_card: taskCard,
  video,
  file: remoteFile,
  rich_text: (block, ctx) => richText(block, ctx.scope),
  markdown: (block) => markdown(block.text),
  table: (block, ctx) => table(block, ctx.scope),
  data_table: (block, ctx) => dataTable(block, ctx),
  data_visualization: (block, ctx) => chart(block, ctx.scope),
};
const ALERT_ICONS = { default: "info", info: "info", warning: "alert", error: "stop", success: "done" };

/** @param {object[]} blocks @returns {HTMLElement} */
export function renderBlocks(blocks, ctx) {
  return el(
    "div",
    { class: "blocks" },
    blocks.map((block) => renderBlock(block, ctx)),
  );
}

function renderBlock(block, ctx) {
  const render = RENDERERS[block.type];
  if (!render)
    return el(
      "p",
      { class: "unsupported" },
      `A block of type “${block.type}” stands here; the sandbox does not draw it.`,
    );
  const node = render(block, ctx);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.block = block.block_id;
  return node;
}

function section(block, ctx) {
  const accessory =
    block.accessory &&
    (block.accessory.type === "image" ? image(block.accessory) : interactive(block.accessory, block, ctx));
  return el(
    "div",
    { class: accessory ? "with-accessory" : "" },
    el(
      "div",
      { class: "section-body" },
      block.text && el("div", { class: "text", dir: "auto" }, textObject(block.text, ctx.scope)),
      block.fields &&
        el(
          "div",
          { class: "fields" },
          block.fields.map((field) => el("div", { class: "text field", dir: "auto" }, textObject(field, ctx.scope))),
        ),
    ),
    accessory && el("div", { class: "accessory" }, accessory),
  );
}

function header(block, ctx) {
  return el("h2", { dir: "auto" }, textObject(block.text, ctx.scope));
}

function imageBlock(block, ctx) {
  return el(
    "figure",
    {},
    block.title && el("figcaption", { dir: "auto" }, textObject(block.title, ctx.scope)),
    image(block),
  );
}

function context(block, ctx) {
  return el(
    "div",
    {},
    block.elements.map((element) =>
      element.type === "image"
        ? image(element)
        : el("span", { class: "text", dir: "auto" }, textObject(element, ctx.scope)),
    ),
  );
}

function actions(block, ctx) {
  return el(
    "div",
    {},
    block.elements.map((element) => interactive(element, block, ctx)),
  );
}

/** A label, its element, the hint and the error; the native input is tied to all three. */
function input(block, ctx) {
  const [labelId, fieldId, hintId, errorId] = ["label", "field", "hint", "error"].map(uniqueId);
  const error = ctx.errors?.[block.block_id];
  const described = [block.hint && hintId, error && errorId].filter(Boolean).join(" ") || null;
  const grouped = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const attributes = {
    id: fieldId,
    "aria-labelledby": grouped ? labelId : null,
    "aria-describedby": described,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional || grouped ? null : "true",
  };
  const label = [
    textObject(block.label, ctx.scope),
    block.optional && el("span", { class: "optional", "aria-hidden": "true" }, " (optional)"),
  ];
  return el(
    "div",
    { class: error ? "invalid" : "" },
    el(grouped ? "span" : "label", { class: "label", id: labelId, for: grouped ? null : fieldId, dir: "auto" }, label),
    interactive(block.element, block, ctx, { inInput: true, attributes }),
    error && el("p", { class: "field-error", id: errorId, role: "alert", dir: "auto" }, icon("alert"), error),
    block.hint && el("p", { class: "hint", id: hintId, dir: "auto" }, textObject(block.hint, ctx.scope)),
  );
}

function alert(block, ctx) {
  const level = block.level in ALERT_ICONS ? block.level : "default";
  return el(
    "div",
    { class: `notice ${level}`, role: "note" },
    icon(ALERT_ICONS[level]),
    el("div", { class: "text", dir: "auto" }, textObject(block.text, ctx.scope)),
  );
}

function card(block, ctx) {
  const line = (name, kind) =>
    block[name] && el("div", { class: `text ${kind}`, dir: "auto" }, textObject(block[name], ctx.scope));
  return el(
    "div",
    { class: "card", role: "group" },
    block.hero_image && image(block.hero_image),
    el(
      "div",
      { class: "card-head" },
      block.icon && image(block.icon),
      el("div", {}, line("title", "card-title"), line("subtitle", "muted")),
    ),
    line("body", ""),
    block.actions?.length > 0 && actions({ ...block, elements: block.actions }, ctx),
    line("subtext", "muted"),
  );
}

function carousel(block, ctx) {
  return el(
    "div",
    { role: "group", "aria-label": "Cards", tabindex: "0" },
    block.elements.map((child) => renderBlock(child, ctx)),
  );
}

function container(block, ctx) {
  const title = block.rich_text_title ? richText(block.rich_text_title, ctx.scope) : textObject(block.title, ctx.scope);
  const head = [
    el("strong", { dir: "auto" }, title),
    block.subtitle && el("div", { class: "text muted", dir: "auto" }, textObject(block.subtitle, ctx.scope)),
  ];
  const body = el(
    "div",
    { class: "blocks" },
    (block.child_blocks ?? block.blocks ?? []).map((child) => renderBlock(child, ctx)),
  );
  if (!block.is_collapsible) return el("div", { class: "card" }, head, body);
  return el("details", { class: "card", open: !block.default_collapsed }, el("summary", {}, head), body);
}

function plan(block, ctx) {
  return el(
    "div",
    { class: "card" },
    el("strong", { dir: "auto" }, textObject(block.title, ctx.scope)),
    (block.tasks ?? []).map((task) => taskCard(task, ctx)),
  );
}

function taskCard(block, ctx) {
  const drawing = { complete: "done", error: "stop" }[block.status] ?? "info";
  return el(
    "div",
    { class: `task-card ${block.status ?? ""}` },
    icon(drawing),
    el(
      "div",
      {},
      el("strong", { dir: "auto" }, textObject(block.title, ctx.scope)),
      block.details && richText(block.details, ctx.scope),
      block.output && richText(block.output, ctx.scope),
    ),
  );
}

function video(block, ctx) {
  return el(
    "div",
    { class: "card" },
    el("strong", { dir: "auto" }, textObject(block.title, ctx.scope)),
    image({ image_url: block.thumbnail_url, alt_text: block.alt_text }),
  );
}

function remoteFile(block) {
  return el("p", { class: "file-chip" }, icon("file"), block.external_id ?? "A file");
}
