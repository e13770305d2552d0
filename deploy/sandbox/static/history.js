/** What one person has sent, newest last: arrow up brings it back, also after the page was closed. */

const KEPT = 50;

export class History {
  #at = null;
  #draft = "";

  constructor(personId) {
    this.personId = personId;
    this.key = `sandbox.sent.${personId}`;
    this.texts = JSON.parse(localStorage.getItem(this.key) ?? "[]");
  }

  add(text) {
    this.texts = [...this.texts.filter((each) => each !== text), text].slice(-KEPT);
    localStorage.setItem(this.key, JSON.stringify(this.texts));
    this.leave();
  }

  /** The person types by themselves again. */
  leave() {
    this.#at = null;
  }

  /**
   * @param {-1|1} direction older or newer @param {string} present what stands in the box now
   * @returns {string|null} what should stand there; null: the arrow key is not for us
   */
  step(direction, present) {
    const at = this.#at ?? this.texts.length;
    const next = at + direction;
    if (this.#at === null && (present || direction > 0)) return null;
    if (next < 0 || next > this.texts.length) return null;
    if (this.#at === null) this.#draft = present;
    this.#at = next === this.texts.length ? null : next;
    return this.#at === null ? this.#draft : this.texts[next];
  }
}
