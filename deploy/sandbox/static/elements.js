/**
 * Block Kit's interactive elements.
 * Every maker takes the element and its field: `{ctx, block, inInput, optional, attributes, register(read), kept(),
 * changed(node, value)}`. `attributes` tie the native input to its label and its error; `changed` reports a new
 * value, which becomes a `block_actions` where Slack would send one.
 */
import { confirmed } from "./dialog.js";
import { el, icon, iconButton, uniqueId } from "./dom.js";
import { withMenu } from "./menu.js";
import { textObject } from "./mrkdwn.js";
import { isSelect, select } from "./selects.js";
import { textInput, textTypes } from "./textinputs.js";
import { fromWallClock, toWallClock } from "./time.js";

const MAKERS = {
  button,
  workflow_button: button,
  overflow,
  radio_buttons: choices,
  checkboxes: choices,
  datepicker: moment,
  timepicker: moment,
  datetimepicker: moment,
  feedback_buttons: feedback,
  icon_button: iconAction,
  image,
  file_input: fileInput,
};

/** @returns {Node|null} null for a type that the sandbox does not draw */
export function interactive(element, block, ctx, { inInput = false, attributes = {} } = {}) {
  const maker = isSelect(element.type) ? select : textTypes.has(element.type) ? textInput : MAKERS[element.type];
  if (!maker) return null;
  const node = maker(element, fieldOf(element, block, ctx, inInput, attributes));
  node.dataset.key = `${block.block_id}/${element.action_id}`;
  return node;
}

function fieldOf(element, block, ctx, inInput, attributes) {
  const sends = !inInput || block.dispatch_action;
  return {
    ctx,
    block,
    inInput,
    sends,
    optional: block.optional === true,
    attributes: {
      "aria-label": inInput ? null : (element.accessibility_label ?? element.placeholder?.text ?? "Choice"),
      autofocus: element.focus_on_load === true,
      ...attributes,
    },
    register: (read) => ctx.form.register(block.block_id, element, read),
    kept: () => ctx.form.kept(block.block_id, element),
    changed: (node, value) => sends && act(node, element, block, ctx, value),
  };
}

/** Asks the element's `confirm`, if any, then sends the action; the element shows that it is under way. */
async function act(node, element, block, ctx, value = {}) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (!(await confirmed(element.confirm, ctx.scope))) return;
  node.setAttribute("aria-busy", "true");
  await ctx.press({ block_id: block.block_id, action_id: element.action_id, value });
  node.removeAttribute("aria-busy");
}

function button(element, { ctx, block }) {
  const props = { class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label };
  const label = el("span", {}, textObject(element.text, ctx.scope));
  const press = () => act(node, element, block, ctx, element.value === undefined ? {} : { value: element.value });
  const node = /^https?:/i.test(element.url ?? "")
    ? el(
        "a",
        { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer", on: { click: press } },
        label,
      )
    : el("button", { ...props, type: "button", on: { click: press } }, label);
  return node;
}

function overflow(element, { ctx, block }) {
  const items = () =>
    element.options.map((option) => ({
      label: textObject(option.text, ctx.scope),
      detail: option.description?.text,
      choose: () => {
        if (/^https?:/i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
        act(node, element, block, ctx, { selected_option: option });
      },
    }));
  const node = withMenu(
    iconButton("more", "More options", () => {}, { class: "button square" }),
    items,
    { label: "More options", align: "end" },
  );
  return node;
}

/** Radio buttons and check boxes. */
function choices(element, field) {
  const several = element.type === "checkboxes";
  const kept = field.kept();
  const initial = kept
    ? several
      ? kept.selected_options
      : [kept.selected_option]
    : (element.initial_options ?? [element.initial_option]);
  const on = new Set((initial ?? []).filter(Boolean).map(({ value }) => value));
  const name = uniqueId("choice");
  const inputs = element.options.map((option) =>
    el("input", {
      type: several ? "checkbox" : "radio",
      name,
      value: option.value,
      checked: on.has(option.value),
      on: { change: () => field.changed(node, read()) },
    }),
  );
  const read = () => {
    const picked = element.options.filter((_, at) => inputs[at].checked);
    return several ? { selected_options: picked } : { selected_option: picked[0] ?? null };
  };
  const rows = element.options.map((option, at) => choiceRow(inputs[at], option, field.ctx.scope));
  const node = el(
    "div",
    { class: "choices", role: several ? "group" : "radiogroup", ...field.attributes, autofocus: null },
    rows,
  );
  field.register(() => ({ type: element.type, ...read() }));
  return node;
}

function choiceRow(input, option, scope) {
  return el(
    "label",
    { class: "choice", dir: "auto" },
    input,
    el(
      "span",
      {},
      textObject(option.text, scope),
      option.description && el("small", {}, textObject(option.description, scope)),
    ),
  );
}

const MOMENTS = {
  datepicker: { native: "date", key: "selected_date", first: "initial_date", label: "Date" },
  timepicker: { native: "time", key: "selected_time", first: "initial_time", label: "Time" },
  datetimepicker: {
    native: "datetime-local",
    key: "selected_date_time",
    first: "initial_date_time",
    label: "Date and time",
  },
};

/** Dates and times with the browser's own pickers. A date-time is the person's wall clock, as in Slack. */
function moment(element, field) {
  const { native, key, first, label } = MOMENTS[element.type];
  const { me } = field.ctx.scope;
  const stored = field.kept()?.[key] ?? element[first];
  const epoch = native === "datetime-local";
  const input = el("input", {
    type: native,
    class: "input",
    ...field.attributes,
    "aria-label": field.inInput ? null : (element.placeholder?.text ?? label),
    value: epoch && stored ? toWallClock(stored, me) : stored,
    on: { change: () => input.value && field.changed(input, read()) },
  });
  const read = () => {
    if (!input.value) return { [key]: null };
    const zone = element.timezone ? { timezone: element.timezone } : {};
    return { [key]: epoch ? fromWallClock(input.value, me) : input.value, ...zone };
  };
  field.register(() => ({ type: element.type, ...read() }));
  return element.timezone ? el("span", { class: "with-note" }, input, el("small", {}, element.timezone)) : input;
}

function feedback(element, { ctx, block }) {
  const sides = [
    ["positive_button", "up", ""],
    ["negative_button", "up", "flipped"],
  ];
  const node = el(
    "span",
    { class: "feedback", role: "group", "aria-label": "Feedback" },
    sides.map(([side, drawing, kind]) => {
      const { text, value } = element[side];
      return el(
        "button",
        {
          type: "button",
          class: `button square ${kind}`,
          "aria-label": text.text,
          title: text.text,
          on: { click: () => act(node, element, block, ctx, { value }) },
        },
        icon(drawing),
      );
    }),
  );
  return node;
}

function iconAction(element, { ctx, block }) {
  const node = iconButton("trash", element.text.text, () => act(node, element, block, ctx, { value: element.value }), {
    class: "button square",
  });
  return node;
}

/** A picture beside a section or in a context line; one that cannot be loaded leaves its description. */
export function image(element) {
  const url = element.image_url ?? element.slack_file?.url;
  const instead = () =>
    el("span", { class: "image-missing", role: "img", "aria-label": element.alt_text }, element.alt_text);
  if (!url) return instead();
  const node = el("img", { src: url, alt: element.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
  node.addEventListener("error", () => node.replaceWith(instead()));
  return node;
}

function fileInput(element, field) {
  field.register(() => ({ type: element.type, files: [] }));
  return el("p", { class: "unsupported" }, "The sandbox takes no files. In Slack people can choose one here.");
}
