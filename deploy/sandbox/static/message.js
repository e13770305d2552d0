/** One message as it stands in a room or in a thread. */
import { renderBlocks } from "./blocks.js";
import { showPayload } from "./dialog.js";
import { el, icon, iconButton } from "./dom.js";
import { emojiByName } from "./emoji.js";
import { withMenu } from "./menu.js";
import { image } from "./elements.js";
import { link, mrkdwn, textObject } from "./mrkdwn.js";
import { appAvatar, avatar } from "./people.js";
import { clockTime, dateOf, fullTime } from "./time.js";

/**
 * @param {object} message as /ui/messages has it
 * @param {object} ctx the renderer's context, see blocks.js
 * @param {{compact?: boolean, shortcuts?: object[], use?: (callbackId: string) => void, openThread?: () =>
 *   void}} options
 *   compact: by the same person as the one above, so without name and picture
 * @returns {HTMLElement}
 */
export function messageNode(message, ctx, { compact = false, shortcuts = [], use, openThread } = {}) {
  if (message.refused) return refusedNode(message, ctx.scope);
  const { scope } = ctx;
  const time = clockTime(dateOf(message.ts), scope.me);
  const author = scope.people.get(message.user);
  return el(
    "article",
    {
      class: `message ${compact ? "compact" : ""} ${message.ephemeral ? "ephemeral" : ""}`,
      tabindex: "-1",
      data: { ts: message.ts },
      "aria-label": `${message.name}, ${time}${message.ephemeral ? ", only visible to you" : ""}`,
    },
    el(
      "div",
      { class: "gutter" },
      compact ? timeOf(message, scope, "hover-time") : message.bot ? appAvatar() : avatar(author),
    ),
    el(
      "div",
      { class: "message-main" },
      message.ephemeral && el("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !compact &&
        el(
          "div",
          { class: "message-head" },
          el("strong", { class: "author", dir: "auto" }, message.name),
          message.bot && el("span", { class: "badge" }, "APP"),
          timeOf(message, scope),
        ),
      el("div", { class: "content" }, content(message, ctx)),
      reactions(message, scope),
      message.reply_count > 0 && openThread && threadButton(message, openThread),
    ),
    tools(message, shortcuts, use),
  );
}

/** What the sandbox says by itself, as Slack's own bot would: to the one person who did something. */
export function noteNode(note, scope) {
  return el(
    "article",
    { class: `note ${note.error ? "failed" : ""}`, "aria-label": note.error ? "Slackbot, error" : "What you typed" },
    icon(note.error ? "stop" : "slash"),
    el("div", { class: "text", dir: "auto" }, note.typed ? el("code", {}, note.typed) : mrkdwn(note.text, scope)),
  );
}

function content(message, ctx) {
  const { scope } = ctx;
  const edited = message.edited && el("small", { class: "edited" }, " (edited)");
  // What a person typed comes with a block that holds the bare words; the text has the mentions marked.
  const own = message.bot ? message.blocks : message.blocks?.filter((block) => block.block_id !== "typed");
  const body =
    own?.length > 0
      ? [renderBlocks(own, ctx), edited]
      : message.text && el("div", { class: "text", dir: "auto" }, mrkdwn(message.text, scope), edited);
  return [
    body,
    (message.attachments ?? []).map((attachment) => attachmentNode(attachment, ctx)),
    (message.files ?? []).map(fileNode),
  ];
}

/** The older way to add to a message: a coloured bar with blocks, or with a title, a text and fields. */
function attachmentNode(attachment, ctx) {
  const node = el(
    "div",
    { class: "attachment" },
    attachment.pretext && el("div", { class: "text", dir: "auto" }, mrkdwn(attachment.pretext, ctx.scope)),
    attachment.title &&
      el(
        "strong",
        { dir: "auto" },
        attachment.title_link ? link(attachment.title_link, attachment.title) : attachment.title,
      ),
    attachment.text && el("div", { class: "text", dir: "auto" }, mrkdwn(attachment.text, ctx.scope)),
    attachment.fields &&
      el(
        "div",
        { class: "fields" },
        attachment.fields.map((field) =>
          el(
            "div",
            { class: "text field", dir: "auto" },
            el("strong", {}, textObject(field.title, ctx.scope)),
            el("br"),
            mrkdwn(String(field.value), ctx.scope),
          ),
        ),
      ),
    attachment.blocks?.length > 0 && renderBlocks(attachment.blocks, ctx),
    attachment.image_url && image({ image_url: attachment.image_url, alt_text: attachment.fallback ?? "" }),
    attachment.footer && el("small", { class: "muted", dir: "auto" }, attachment.footer),
  );
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? ""))
    node.style.setProperty("--bar", `#${attachment.color.replace("#", "")}`);
  return node;
}

function fileNode(file) {
  const address = file.url_private ? new URL(file.url_private).pathname : null;
  if (address && file.mimetype?.startsWith("image/"))
    return image({ image_url: address, alt_text: file.alt_txt || file.title });
  return el(
    "a",
    { class: "file-chip", href: address, download: file.name },
    icon("file"),
    el(
      "span",
      {},
      el("strong", { dir: "auto" }, file.title || file.name),
      el("small", {}, `${file.name} · ${size(file.size)}`),
    ),
  );
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`;
}

function refusedNode(message, scope) {
  return el(
    "article",
    { class: "refused", tabindex: "-1", data: { ts: message.ts }, "aria-label": `Refused: ${message.error}` },
    el(
      "div",
      { class: "refused-head" },
      icon("stop"),
      el("strong", {}, "Slack would refuse this"),
      timeOf(message, scope),
    ),
    el("p", {}, el("code", {}, message.method), " answers ", el("code", {}, message.error)),
    el(
      "ul",
      {},
      (message.detail ?? []).map((reason) => el("li", {}, reasonWords(reason))),
    ),
    el(
      "details",
      {},
      el("summary", {}, "The payload"),
      el("pre", { tabindex: "0" }, JSON.stringify(message.payload, null, 2)),
    ),
  );
}

/** "[ERROR] must be shorter [json-pointer:/blocks/0]" with the place first. */
function reasonWords(reason) {
  const [, words, pointer] = reason.match(/^(?:\[ERROR\] )?(.*?)(?: \[json-pointer:(.*)\])?$/s);
  return pointer ? [el("code", {}, pointer), " ", words] : words;
}

function timeOf(message, scope, kind = "") {
  const date = dateOf(message.ts);
  return el(
    "time",
    { class: kind, datetime: date.toISOString(), title: fullTime(date, scope.me) },
    clockTime(date, scope.me),
  );
}

function reactions(message, scope) {
  if (!message.reactions?.length) return null;
  return el(
    "ul",
    { class: "reactions", "aria-label": "Reactions" },
    message.reactions.map(({ name, users }) =>
      el(
        "li",
        { class: users.includes(scope.me.id) ? "mine" : "" },
        emojiByName(name) ?? `:${name}:`,
        el("span", {}, users.length),
      ),
    ),
  );
}

function threadButton(message, openThread) {
  const count = message.reply_count;
  return el(
    "button",
    { type: "button", class: "replies", on: { click: openThread } },
    icon("message"),
    count === 1 ? "1 reply" : `${count} replies`,
  );
}

/** Slack offers no message shortcuts on what only one person sees. */
function tools(message, shortcuts, use) {
  const offered = message.ephemeral || !use ? [] : shortcuts;
  const items = () => [
    ...offered.map((shortcut) => ({
      label: shortcut.name,
      detail: shortcut.description,
      icon: "bolt",
      choose: () => use(shortcut.callback_id),
    })),
    { label: "Show the payload", icon: "file", choose: () => showPayload("Message payload", message) },
  ];
  const button = iconButton("more", "More actions", () => {});
  return el("div", { class: "message-tools" }, withMenu(button, items, { label: "More actions", align: "end" }));
}
