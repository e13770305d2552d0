/** The markdown block: the standard Markdown that Slack takes (headings, lists, tasks, tables, quotes, code). */
import { el } from "./dom.js";
import { emojiByName } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`]+)`",
    "!?\\[(?<label>[^\\]]*)\\]\\((?<target>[^)\\s]+)[^)]*\\)",
    "\\*\\*(?<bold>.+?)\\*\\*",
    "~~(?<strike>.+?)~~",
    "(?<![\\p{L}\\p{N}])(?<mark>[*_])(?<italic>(?=\\S).+?)\\k<mark>(?![\\p{L}\\p{N}])",
    ":(?<emoji>[a-z0-9_+-]+):",
    "<?(?<url>https?:\\/\\/[^\\s<>)]+)>?",
  ].join("|"),
  "gu",
);
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

/** Kinds of block in the order in which a line is tried; each takes its lines from the front of `lines`. */
const BLOCKS = [
  [
    /^\s*$/,
    (lines) => {
      lines.shift();
      return null;
    },
  ],
  [/^```/, code],
  [/^#{1,6}\s/, heading],
  [
    /^\s*([-*_])(\s*\1){2,}\s*$/,
    (lines) => {
      lines.shift();
      return el("hr");
    },
  ],
  [/^>/, quote],
  [ITEM, list],
  [/^\s*\|.*\|\s*$/, table],
];

/** @param {string} text @returns {HTMLElement} */
export function markdown(text) {
  return el("div", { class: "markdown", dir: "auto" }, blocks(String(text ?? "").split("\n")));
}

function blocks(lines) {
  const nodes = [];
  while (lines.length) {
    const [, make] = BLOCKS.find(([start]) => start.test(lines[0])) ?? [null, paragraph];
    nodes.push(make(lines));
  }
  return nodes;
}

function paragraph(lines) {
  const text = [lines.shift()];
  while (lines.length && !BLOCKS.some(([start]) => start.test(lines[0]))) text.push(lines.shift());
  return el("p", {}, inline(text.join("\n")));
}

function code(lines) {
  lines.shift();
  const text = [];
  while (lines.length && !lines[0].startsWith("```")) text.push(lines.shift());
  lines.shift();
  return el("pre", {}, el("code", {}, text.join("\n")));
}

function heading(lines) {
  const [, marks, text] = lines.shift().match(/^(#+)\s+(.*?)\s*#*$/);
  return el(`h${Math.min(marks.length + 1, 6)}`, {}, inline(text));
}

function quote(lines) {
  const text = [];
  while (lines.length && lines[0].startsWith(">")) text.push(lines.shift().replace(/^> ?/, ""));
  return el("blockquote", {}, blocks(text));
}

function list(lines) {
  const [, indent, marker] = lines[0].match(ITEM);
  const items = [];
  while (lines.length && ITEM.test(lines[0])) {
    const [, depth, , tick, text] = lines[0].match(ITEM);
    if (depth.length < indent.length) break;
    if (depth.length > indent.length) {
      (items.at(-1) ?? el("li")).append(list(lines));
      continue;
    }
    lines.shift();
    items.push(item(tick, text));
  }
  return el(/\d/.test(marker) ? "ol" : "ul", {}, items);
}

function item(tick, text) {
  if (tick === undefined) return el("li", {}, inline(text));
  const done = tick !== " ";
  return el(
    "li",
    { class: "task" },
    el("input", { type: "checkbox", disabled: true, checked: done, "aria-label": text }),
    inline(text),
  );
}

function table(lines) {
  const rows = [];
  while (lines.length && /^\s*\|.*\|\s*$/.test(lines[0])) rows.push(cells(lines.shift()));
  const ruled = rows[1]?.every((cell) => /^:?-+:?$/.test(cell));
  const body = rows.slice(ruled ? 2 : 0);
  return el(
    "div",
    { class: "table-scroll" },
    el(
      "table",
      {},
      ruled &&
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            rows[0].map((cell) => el("th", { scope: "col" }, inline(cell))),
          ),
        ),
      el(
        "tbody",
        {},
        body.map((row) =>
          el(
            "tr",
            {},
            row.map((cell) => el("td", {}, inline(cell))),
          ),
        ),
      ),
    ),
  );
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(from, match.index), inlineNode(match.groups, match[0]));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}

function inlineNode(groups, whole) {
  if (groups.code) return el("code", {}, groups.code);
  if (groups.target) return link(groups.target, ...inline(groups.label || groups.target));
  if (groups.bold) return el("strong", {}, inline(groups.bold));
  if (groups.strike) return el("s", {}, inline(groups.strike));
  if (groups.italic) return el("em", {}, inline(groups.italic));
  if (groups.emoji) return emojiByName(groups.emoji) ?? whole;
  return link(groups.url);
}
