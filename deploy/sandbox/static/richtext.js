/** The rich_text block: sections, lists, quotes and preformatted text. */
import { el } from "./dom.js";
import { emojiByName } from "./emoji.js";
import { channelMention, link, plain, slackDate, userMention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

/** @param {{elements: object[]}} block @returns {HTMLElement} */
export function richText(block, scope) {
  return el(
    "div",
    { class: "rich-text", dir: "auto" },
    (block.elements ?? []).map((element) => container(element, scope)),
  );
}

function container(element, scope) {
  const content = () => (element.elements ?? []).map((child) => inlineElement(child, scope));
  switch (element.type) {
    case "rich_text_list":
      return list(element, scope);
    case "rich_text_quote":
      return el("blockquote", {}, content());
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, content()));
    default:
      return el("div", { class: "rich-section" }, content());
  }
}

function list(element, scope) {
  const ordered = element.style === "ordered";
  const node = el(
    ordered ? "ol" : "ul",
    { start: ordered && element.offset ? element.offset + 1 : null },
    (element.elements ?? []).map((child) => el("li", {}, container(child, scope))),
  );
  node.style.setProperty("--indent", element.indent ?? 0);
  return node;
}

function inlineElement(element, scope) {
  const node = bare(element, scope);
  return Object.entries(STYLES).reduce(
    (inner, [name, tag]) => (element.style?.[name] ? el(tag, {}, inner) : inner),
    node,
  );
}

function bare(element, scope) {
  switch (element.type) {
    case "link":
      return link(element.url, ...(element.text ? [element.text] : []));
    case "user":
      return userMention(element.user_id, scope);
    case "channel":
      return channelMention(element.channel_id, scope);
    case "usergroup":
      return el("span", { class: "mention" }, `@${element.usergroup_id}`);
    case "broadcast":
      return el("span", { class: "mention" }, `@${element.range}`);
    case "emoji":
      return emojiByName(element.name) ?? `:${element.name}:`;
    case "date":
      return slackDate(element.timestamp, element.format, scope, element);
    case "color":
      return colour(element.value);
    default:
      return el("span", {}, plain(element.text ?? "", false));
  }
}

function colour(value) {
  const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.setProperty("--swatch", /^#[0-9a-f]{3,8}$/i.test(value) ? value : "transparent");
  return el("span", {}, swatch, value);
}
