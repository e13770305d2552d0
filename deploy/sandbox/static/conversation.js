/** The list of a room's messages: day dividers, grouping, and a place that does not jump. */
import { el, icon, refill } from "./dom.js";
import { Form, keepingFocus } from "./form.js";
import { messageNode, noteNode } from "./message.js";
import { dateOf, dayHeading, dayKey } from "./time.js";

const TOGETHER_SECONDS = 300; // messages of one author within five minutes stand as a group
const AT_THE_END = 80; // px from the lower edge that still count as "at the end"

export class Conversation {
  #shown = new Map();
  #pinned = true;

  /**
   * @param {HTMLElement} scroller the element that scrolls
   * @param {{contextOf: (message: object, form: Form) => object, use: Function, openThread?: Function,
   *   welcome?: () => Node}} options
   */
  constructor(scroller, options) {
    Object.assign(this, options, { scroller });
    this.list = el("div", { class: "message-list" });
    this.jump = el(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"),
      "New messages",
    );
    scroller.append(this.list);
    scroller.after(this.jump);
    scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    new ResizeObserver(() => this.#pinned && this.last && this.toEnd()).observe(this.list);
  }

  /** Another room or another person: nothing of what stood here stays. */
  reset() {
    this.#shown.clear();
    this.#pinned = true;
    this.last = undefined;
    refill(this.list);
  }

  /**
   * @param {object[]} messages oldest first
   * @param {object} scope
   * @param {{shortcuts: object[], notes?: object[]}} around notes: the sandbox's own lines, each `{after: ts}`
   */
  show(messages, scope, { shortcuts, notes = [] }) {
    const rows = [];
    const shown = new Map();
    let above = null;
    const addNotes = (ts) =>
      notes.filter((note) => note.after === ts).forEach((note) => rows.push(noteNode(note, scope)));
    if (messages.length === 0) addNotes(null);
    for (const message of messages) {
      if (!above || dayOf(above, scope) !== dayOf(message, scope)) rows.push(divider(message, scope));
      if (!above) addNotes(null);
      const entry = this.#entry(
        message,
        scope,
        shortcuts,
        isContinued(above, message, scope) && !notes.some(({ after }) => after === above.ts),
      );
      shown.set(message.ts, entry);
      rows.push(entry.node);
      addNotes(message.ts);
      above = message;
    }
    this.#shown = shown;
    if (messages.length === 0 && this.welcome) rows.unshift(this.welcome());
    this.#put(rows);
    this.#followEnd(messages);
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.jump.hidden = true;
  }

  /** The node of before if nothing of it has changed: what was chosen in it, and the focus, stay. */
  #entry(message, scope, shortcuts, compact) {
    const key = JSON.stringify([message, compact, shortcuts.length]);
    const before = this.#shown.get(message.ts);
    if (before?.key === key) return before;
    const form = new Form(before?.form.values());
    const node = messageNode(message, this.contextOf(message, form), {
      compact,
      shortcuts,
      use: (callbackId) => this.use(callbackId, message),
      openThread: this.openThread && (() => this.openThread(message.ts)),
    });
    return { key, form, node };
  }

  #put(rows) {
    keepingFocus(this.list, () => {
      const before = [...this.list.childNodes];
      if (before.length !== rows.length || before.some((node, at) => node !== rows[at])) refillInPlace(this.list, rows);
    });
  }

  #followEnd(messages) {
    const newest = messages.at(-1)?.ts;
    if (!newest) return; // an empty room is read from its beginning
    if (this.#pinned) this.toEnd();
    else if (this.last && newest > this.last) this.jump.hidden = false;
    this.last = newest;
  }

  #noteScroll() {
    this.#pinned = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < AT_THE_END;
    if (this.#pinned) this.jump.hidden = true;
  }
}

/** Moves nodes only where they differ, so that what stays keeps its focus and its scroll position. */
function refillInPlace(parent, rows) {
  const wanted = new Set(rows);
  [...parent.childNodes].filter((node) => !wanted.has(node)).forEach((node) => node.remove());
  rows.forEach((row, at) => {
    if (parent.childNodes[at] !== row) parent.insertBefore(row, parent.childNodes[at] ?? null);
  });
}

function isContinued(above, message, scope) {
  return (
    Boolean(above) &&
    !above.refused &&
    !message.refused &&
    above.user === message.user &&
    !message.ephemeral &&
    !above.ephemeral &&
    !message.bot &&
    message.ts - above.ts < TOGETHER_SECONDS &&
    dayOf(above, scope) === dayOf(message, scope)
  );
}

function dayOf(message, scope) {
  return dayKey(dateOf(message.ts), scope.me);
}

function divider(message, scope) {
  return el(
    "div",
    { class: "day", role: "separator", "aria-label": dayHeading(dateOf(message.ts), scope.me) },
    el("span", { "aria-hidden": "true" }, dayHeading(dateOf(message.ts), scope.me)),
  );
}
