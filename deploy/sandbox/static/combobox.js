/** A select that filters while one types, for one choice or several; the options may come from the app. */
import { el, icon, iconButton, refill, uniqueId } from "./dom.js";
import { andMore } from "./people.js";
import { showPopup } from "./popup.js";

/** @typedef {{id: string, label: string, text: Node[], detail?: Node[], lead?: Node, raw: *}} Choice */

export class Combobox {
  #open = false;
  #hide = null;
  #active = -1;
  #asked = 0;

  /**
   * @param {object} setup
   * @param {(query: string) => Promise<{label?: Node[], choices: Choice[], note?: string, more?: number}[]>} setup.load
   *   groups that match; the note is shown when there are no choices, `more` counts those left out of a long list
   * @param {Choice[]} setup.chosen at the start
   * @param {boolean} setup.multi several may be chosen (at most `max`)
   * @param {boolean} setup.clearable a single choice can be taken back
   * @param {number} setup.patience ms to wait for more typing before `load`
   * @param {object} setup.attributes for the text field: id, aria-…, placeholder
   * @param {() => void} setup.changed
   */
  constructor({
    load,
    chosen = [],
    multi = false,
    max = Infinity,
    clearable = false,
    patience = 0,
    attributes = {},
    changed = () => {},
  }) {
    Object.assign(this, { load, chosen, multi, max, clearable, patience, attributes, changed });
    const listId = uniqueId("listbox");
    this.list = el("div", {
      class: "popup listbox",
      id: listId,
      role: "listbox",
      popover: "manual",
      "aria-multiselectable": multi ? "true" : null,
    });
    this.input = el("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      dir: "auto",
      ...attributes,
    });
    this.chips = el("span", { class: "chips" });
    this.clear = iconButton("close", "Clear the choice", () => this.#take(null));
    this.node = el(
      "div",
      { class: `combobox ${multi ? "multi" : ""}` },
      this.chips,
      this.input,
      this.clear,
      icon("updown"),
      this.list,
    );
    this.#listen();
    this.#show();
  }

  #listen() {
    this.input.addEventListener("click", () => this.#openList(""));
    this.input.addEventListener("input", () => this.#openList(this.input.value));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(this.options[Number(option.dataset.index)]);
    });
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.#open) this.#openList("");
      else this.#activate((this.#active + step + this.options.length) % this.options.length);
    } else if (event.key === "Enter" && this.#open) {
      event.preventDefault();
      if (this.options[this.#active]) this.#take(this.options[this.#active]);
    } else if (event.key === "Escape" && this.#open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && this.multi && !this.input.value && this.chosen.length) {
      this.#take(this.chosen.at(-1));
    }
  }

  async #openList(query) {
    const asked = ++this.#asked;
    if (!this.#open) {
      this.#open = true;
      this.input.setAttribute("aria-expanded", "true");
      if (!this.multi && !query) this.input.select();
      refill(this.list, el("div", { class: "listbox-note" }, "Looking…"));
      this.options = [];
      this.#hide = showPopup(this.list, this.node, { wide: true, onOutside: () => this.#close() });
    }
    if (this.patience) await new Promise((resume) => setTimeout(resume, query ? this.patience : 0));
    if (asked !== this.#asked) return;
    const groups = await this.load(query);
    if (asked === this.#asked && this.#open) this.#fill(groups);
  }

  #fill(groups) {
    this.options = groups.flatMap((group) => group.choices);
    let index = 0;
    refill(
      this.list,
      groups.map((group) => {
        const rows = group.choices.map((choice) => this.#option(choice, index++));
        if (!group.label) return rows;
        const id = uniqueId("group");
        return el(
          "div",
          { role: "group", "aria-labelledby": id },
          el("div", { class: "menu-heading", id }, group.label),
          rows,
        );
      }),
      groups.filter(({ more }) => more).map(({ more }) => el("div", { class: "listbox-note" }, andMore(more))),
      this.options.length === 0 &&
        el("div", { class: "listbox-note" }, groups.find(({ note }) => note)?.note ?? "Nothing found"),
    );
    this.#activate(
      Math.max(
        0,
        this.options.findIndex((choice) => this.#isChosen(choice)),
      ),
    );
    this.list.style.maxHeight = "";
    window.dispatchEvent(new Event("resize")); // the list has its real height only now
  }

  #option(choice, index) {
    const chosen = this.#isChosen(choice);
    return el(
      "div",
      { class: "option", role: "option", id: uniqueId("option"), "aria-selected": String(chosen), data: { index } },
      choice.lead,
      el(
        "span",
        { class: "menu-text", dir: "auto" },
        choice.text.map((node) => node.cloneNode?.(true) ?? node),
        choice.detail &&
          el(
            "small",
            {},
            choice.detail.map((node) => node.cloneNode?.(true) ?? node),
          ),
      ),
      chosen && icon("check"),
    );
  }

  #activate(index) {
    this.#active = index;
    const rows = [...this.list.querySelectorAll("[role=option]")];
    rows.forEach((row, at) => row.classList.toggle("active", at === index));
    this.input.setAttribute("aria-activedescendant", rows[index]?.id ?? "");
    rows[index]?.scrollIntoView({ block: "nearest" });
  }

  #take(choice) {
    const had = choice && this.#isChosen(choice);
    if (this.multi && choice) {
      if (had) this.chosen = this.chosen.filter(({ id }) => id !== choice.id);
      else if (this.chosen.length < this.max) this.chosen = [...this.chosen, choice];
    } else this.chosen = choice ? [choice] : [];
    this.#close();
    this.#show();
    this.input.focus();
    if (!(had && !this.multi)) this.changed();
  }

  #close() {
    this.#asked++;
    this.#open = false;
    this.#hide?.();
    this.#hide = null;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.value = this.multi ? "" : (this.chosen[0]?.label ?? "");
  }

  #show() {
    this.input.placeholder = this.multi && this.chosen.length ? "" : (this.attributes.placeholder ?? "");
    this.input.value = this.multi ? "" : (this.chosen[0]?.label ?? "");
    this.clear.hidden = !(this.clearable && !this.multi && this.chosen.length);
    refill(this.chips, this.multi ? this.chosen.map((choice) => this.#chip(choice)) : []);
  }

  #chip(choice) {
    return el(
      "span",
      { class: "chip", dir: "auto" },
      choice.label,
      iconButton("close", `Remove ${choice.label}`, () => this.#take(choice)),
    );
  }

  #isChosen(choice) {
    return this.chosen.some(({ id }) => id === choice.id);
  }
}
