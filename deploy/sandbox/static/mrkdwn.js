/**
 * Slack's mrkdwn and plain text, turned into nodes.
 * A scope is `{people: Map(id → user), channels: Map(id → {name}), me}`: who is mentioned, and who reads.
 */
import { el } from "./dom.js";
import { EMOJI_CHARACTER, emojiByCharacter, emojiByName } from "./emoji.js";
import { displayName } from "./people.js";
import { dateOf, formatSlackDate, fullTime } from "./time.js";

const FENCE = /```\n?([\s\S]+?)\n?```/g;
const QUOTE = /^(?:&gt;|>) ?/;

// One alternative per inline form. Markers count only at word borders: "2*3*4" is no bold, "(*yes*)," is.
const BEFORE = "(?<![\\p{L}\\p{N}_*~`])";
const AFTER = "(?![\\p{L}\\p{N}_*~`])";
const INLINE = new RegExp(
  [
    "<(?<angle>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    `${BEFORE}\\*(?<bold>(?=\\S)(?:<[^<>]*>|[^*\\n])*?(?<=\\S))\\*${AFTER}`,
    `${BEFORE}_(?<italic>(?=\\S)(?:<[^<>]*>|:[a-z0-9_+-]+:|[^_\\n]|(?<=[\\p{L}\\p{N}])_(?=[\\p{L}\\p{N}]))*?(?<=\\S))_${AFTER}`,
    `${BEFORE}~(?<strike>(?=\\S)(?:<[^<>]*>|[^~\\n])*?(?<=\\S))~${AFTER}`,
    ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
    `(?<character>${EMOJI_CHARACTER.source})`,
    "(?<url>https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)\\]}'\"])",
  ].join("|"),
  "gu",
);
const WRAPPED = { bold: "strong", italic: "em", strike: "s" };
const PLAIN = new RegExp(`:(?<emoji>[a-z0-9_+'-]+):|(?<character>${EMOJI_CHARACTER.source})`, "gu");

/**
 * @param {string} text mrkdwn, with & < > escaped as Slack wants them
 * @param {object} scope
 * @param {{verbatim?: boolean}} options verbatim: bare addresses stay text
 * @returns {Node[]}
 */
export function mrkdwn(text, scope, { verbatim = false } = {}) {
  const nodes = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    nodes.push(...paragraphs(text.slice(from, fence.index).replace(/\n$/, ""), scope, verbatim));
    nodes.push(el("pre", {}, el("code", {}, unescape(fence[1]))));
    from = fence.index + fence[0].length;
  }
  const rest = from ? text.slice(from).replace(/^\n/, "") : text;
  return [...nodes, ...paragraphs(rest, scope, verbatim)];
}

/** A Slack text object, `{type: "mrkdwn"|"plain_text", text}`. @returns {Node[]} */
export function textObject(object, scope) {
  if (!object) return [];
  if (typeof object === "string") return plain(object);
  if (object.type === "mrkdwn") return mrkdwn(object.text, scope, { verbatim: object.verbatim === true });
  return plain(object.text, object.emoji !== false);
}

/** Text without markup; `:names:` become emoji. @returns {Node[]} */
export function plain(text, named = true) {
  return split(String(text ?? ""), PLAIN, (groups, whole) => {
    if (groups.character) return emojiByCharacter(groups.character);
    return (named && emojiByName(groups.emoji)) || whole;
  });
}

/** A link that may be followed: web, mail and phone; anything else (`javascript:`) is shown as text. */
export function link(url, ...label) {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return el("span", {}, label.length ? label : url);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label.length ? label : url);
}

/** @returns {HTMLElement} "@Dana Lee" */
export function userMention(id, scope, label = "") {
  const name = scope.people.has(id) ? displayName(scope.people.get(id)) : label || id;
  return el("span", { class: `mention ${id === scope.me?.id ? "me" : ""}` }, `@${name}`);
}

/** @returns {HTMLElement} "#sales" */
export function channelMention(id, scope, label = "") {
  return el("span", { class: "mention" }, `#${scope.channels.get(id)?.name || label || id}`);
}

/** @param {number} seconds epoch @returns {HTMLElement} the time in the reader's zone and language */
export function slackDate(seconds, pattern, scope, { url, fallback } = {}) {
  const date = dateOf(seconds);
  if (Number.isNaN(date.getTime())) return document.createTextNode(fallback ?? "");
  const time = el(
    "time",
    { datetime: date.toISOString(), title: fullTime(date, scope.me) },
    formatSlackDate(date, pattern, scope.me),
  );
  return url ? link(url, time) : time;
}

function paragraphs(text, scope, verbatim) {
  if (!text) return [];
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) {
    const quoted = QUOTE.test(lines[0]);
    const run = takeWhile(lines, (line) => QUOTE.test(line) === quoted);
    const body = run.map((line) => (quoted ? line.replace(QUOTE, "") : line)).join("\n");
    const content = inline(body, scope, verbatim);
    nodes.push(...(quoted ? [el("blockquote", {}, content)] : content));
  }
  return nodes;
}

function inline(text, scope, verbatim) {
  return split(text, INLINE, (groups, whole) => {
    if (groups.angle) return reference(groups.angle, scope);
    if (groups.code) return el("code", {}, unescape(groups.code));
    if (groups.emoji) return emojiByName(groups.emoji) ?? whole;
    if (groups.character) return emojiByCharacter(groups.character);
    if (groups.url) return verbatim ? whole : link(unescape(groups.url));
    const [kind] = Object.keys(WRAPPED).filter((name) => groups[name]);
    return el(WRAPPED[kind], {}, inline(groups[kind], scope, verbatim));
  });
}

/** What stands between angle brackets: a person, a channel, a special word, a date or a link. */
function reference(inside, scope) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1), scope, label);
  if (target.startsWith("#")) return channelMention(target.slice(1), scope, label);
  if (target.startsWith("!date^")) return dateReference(target, label, scope);
  if (target.startsWith("!")) {
    const word = label || `@${target.slice(1).split("^")[0]}`;
    return el("span", { class: "mention" }, word.startsWith("@") ? word : `@${word}`);
  }
  return link(unescape(target), ...(label ? plain(label) : []));
}

function dateReference(target, fallback, scope) {
  const [, seconds, pattern, url] = target.split("^");
  return slackDate(seconds, pattern, scope, { url, fallback });
}

/** Cuts `text` at every match of `pattern` and lets `make` say what stands there. */
function split(text, pattern, make) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(unescape(text.slice(from, match.index)), make(match.groups, match[0]));
    from = match.index + match[0].length;
  }
  nodes.push(unescape(text.slice(from)));
  return nodes.filter((node) => node !== "");
}

function takeWhile(lines, holds) {
  const run = [];
  while (lines.length && holds(lines[0])) run.push(lines.shift());
  return run;
}

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
