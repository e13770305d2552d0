/** What stands in the inputs of one message, modal or Home tab, in the shape of Slack's `state.values`. */

export class Form {
  #readers = new Map();
  #previous;

  /** @param {object} previous values of the same form before it was redrawn: what a person typed survives */
  constructor(previous = {}) {
    this.#previous = previous;
  }

  /** Tells how the element's present value is read. @param {() => object} read e.g. {type, selected_date} */
  register(blockId, element, read) {
    this.#readers.set(`${blockId}\n${element.action_id}`, { blockId, actionId: element.action_id, read });
  }

  /** The value from before a redraw, if block id, action id and type are still the same (Slack's own rule). */
  kept(blockId, element) {
    const value = this.#previous[blockId]?.[element.action_id];
    return value?.type === element.type ? value : null;
  }

  /** @returns {object} `{block_id: {action_id: {type, …}}}` */
  values() {
    const values = {};
    for (const { blockId, actionId, read } of this.#readers.values()) {
      values[blockId] = { ...values[blockId], [actionId]: read() };
    }
    return values;
  }
}

/**
 * Puts the focus back where it was, after `parent` was redrawn by `redraw`.
 * Fields are found again by their `data-key`, with the caret where it stood.
 */
export function keepingFocus(parent, redraw) {
  const active = parent.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-key]")?.dataset.key;
  const caret = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  redraw();
  const again = key && parent.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target =
    again && (again.matches("input, textarea, button, a") ? again : again.querySelector("input, textarea, button, a"));
  if (!target) return;
  target.focus({ preventScroll: true });
  if (caret && caret[0] !== null && target.setSelectionRange && target.type !== "email")
    target.setSelectionRange(...caret);
}
