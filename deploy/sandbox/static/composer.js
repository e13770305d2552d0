/** The box one types into: suggests commands and people, remembers what was sent, sends. */
import { commandOf, suggestions } from "./commands.js";
import { el, icon, iconButton, refill, uniqueId } from "./dom.js";
import { History } from "./history.js";
import { withMenu } from "./menu.js";
import { avatar, displayName } from "./people.js";

const MENTION = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u;
const MOST_PEOPLE = 8;

export class Composer {
  #active = 0;
  #offers = [];

  /**
   * @param {HTMLElement} host @param {{send: (text: string) => Promise<boolean>, useShortcut: (callbackId:
   * string) => void}} page
   */
  constructor(host, page) {
    this.page = page;
    this.sending = Promise.resolve();
    const [listId, hintId] = [uniqueId("commands"), uniqueId("hint")];
    this.list = el("div", {
      class: "suggestions",
      role: "listbox",
      id: listId,
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.box = el("textarea", {
      id: "composer",
      rows: "1",
      dir: "auto",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": listId,
      "aria-describedby": hintId,
    });
    this.hint = el("p", { class: "composer-hint", id: hintId });
    this.sendButton = el(
      "button",
      { type: "submit", class: "button primary send", "aria-label": "Send", title: "Send (Enter)" },
      icon("send"),
    );
    const bolt = iconButton("bolt", "Shortcuts", () => {});
    refill(
      host,
      el(
        "form",
        { class: "composer", on: { submit: (event) => this.#submit(event) } },
        this.list,
        this.box,
        el(
          "div",
          { class: "composer-tools" },
          iconButton("slash", "Commands", () => this.fill("/")),
          withMenu(bolt, () => this.#shortcuts(), { label: "Shortcuts" }),
          this.hint,
          this.sendButton,
        ),
      ),
    );
    this.#listen();
  }

  /** @param {object} state of /ui/state @param {{name: string, kind: string}} room */
  show(state, room) {
    this.state = state;
    const name = room.kind === "channel" ? `#${room.name}` : room.name;
    this.box.setAttribute("aria-label", `Message ${name}`);
    this.box.placeholder = `Message ${name}, or type / for a command`;
    if (this.history?.personId !== state.me.id) this.history = new History(state.me.id);
    this.#offer();
  }

  /** Puts a text into the box, ready to be changed or sent. */
  fill(text) {
    this.box.value = text;
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.#changed();
  }

  #listen() {
    this.box.addEventListener("input", () => {
      this.history.leave();
      this.#changed();
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("blur", () => this.#close());
    this.box.addEventListener("focus", () => this.#offer());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#complete(this.#offers[Number(row.dataset.index)]);
    });
  }

  #changed() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    this.#offer();
  }

  #key(event) {
    if (event.isComposing) return;
    const offering = this.#offers.length > 0;
    if (event.key === "Escape" && offering) this.#close();
    else if (offering && (event.key === "ArrowDown" || event.key === "ArrowUp"))
      this.#walk(event.key === "ArrowDown" ? 1 : -1);
    else if (offering && event.key === "Tab" && !event.shiftKey) this.#complete(this.#offers[this.#active]);
    else if (event.key === "Enter" && !event.shiftKey) {
      const offer = this.#offers[this.#active];
      if (offer && !offer.complete) this.#complete(offer);
      else this.box.form.requestSubmit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const text = this.history.step(event.key === "ArrowUp" ? -1 : 1, this.box.value);
      if (text === null) return;
      this.fill(text);
      this.#close();
    } else return;
    event.preventDefault();
  }

  /** Sends what stands in the box; whoever types faster than the line is sent in the order of typing. */
  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    this.history.add(text);
    this.box.value = "";
    this.#changed();
    this.sending = this.sending.then(() => this.#send(text));
  }

  async #send(text) {
    this.sendButton.setAttribute("aria-busy", "true");
    const sent = await this.page.send(text);
    this.sendButton.removeAttribute("aria-busy");
    if (!sent && !this.box.value) this.fill(text);
    this.#close();
  }

  /** Commands for a text that begins with "/", people after an "@". */
  #offer() {
    if (!this.state) return;
    const text = this.box.value;
    const focused = document.activeElement === this.box;
    this.#offers = focused ? [...this.#commandOffers(text), ...this.#peopleOffers(text)] : [];
    this.#active = 0;
    this.#draw();
    const command = commandOf(this.state.commands, text);
    refill(
      this.hint,
      command && this.#offers.length === 0
        ? [el("code", {}, `${command.command} ${command.usage_hint ?? ""}`), el("span", {}, command.description)]
        : el(
            "span",
            { class: "keys" },
            el("kbd", {}, "Enter"),
            " sends, ",
            el("kbd", {}, "Shift"),
            " + ",
            el("kbd", {}, "Enter"),
            " starts a line",
          ),
    );
  }

  #commandOffers(text) {
    return suggestions(this.state.commands, text).map((each) => ({
      result: `${each.command} `,
      complete: text === each.command,
      lead: null,
      title: each.command,
      hint: each.usage_hint,
      detail: each.description,
    }));
  }

  #peopleOffers(text) {
    const before = text.slice(0, this.box.selectionStart);
    const match = before.match(MENTION);
    if (!match) return [];
    const wanted = match[1].toLowerCase();
    const start = before.slice(0, before.length - match[1].length);
    return this.state.users
      .filter(
        (user) => !user.deleted && [displayName(user), user.name].some((name) => name.toLowerCase().startsWith(wanted)),
      )
      .slice(0, MOST_PEOPLE)
      .map((user) => ({
        complete: wanted === user.name.toLowerCase() || wanted === displayName(user).toLowerCase(),
        result: `${start}${displayName(user)} ${text.slice(before.length)}`,
        caret: start.length + displayName(user).length + 1,
        lead: avatar(user, "small"),
        title: displayName(user),
        hint: "",
        detail: user.profile.title,
      }));
  }

  #draw() {
    const open = this.#offers.length > 0;
    this.list.hidden = !open;
    refill(
      this.list,
      this.#offers.map((offer, index) =>
        el(
          "div",
          {
            class: "option",
            role: "option",
            id: `${this.list.id}-${index}`,
            "aria-selected": String(index === this.#active),
            data: { index },
          },
          offer.lead,
          el("strong", { dir: "auto" }, offer.title),
          offer.hint && el("code", {}, offer.hint),
          el("small", { dir: "auto" }, offer.detail),
        ),
      ),
    );
    this.#mark();
  }

  #walk(step) {
    this.#active = (this.#active + step + this.#offers.length) % this.#offers.length;
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((row, index) => {
      row.classList.toggle("active", index === this.#active);
      row.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) row.scrollIntoView({ block: "nearest" });
    });
    if (this.#offers.length) this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.#active}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #complete(offer) {
    this.box.value = offer.result;
    const caret = offer.caret ?? offer.result.length;
    this.box.setSelectionRange(caret, caret);
    this.#changed();
  }

  #close() {
    this.#offers = [];
    this.#draw();
  }

  #shortcuts() {
    const global = this.state.shortcuts.filter(({ type }) => type === "global");
    if (global.length === 0) return [{ heading: `${this.state.app.name} has no global shortcuts` }];
    return [
      { heading: this.state.app.name },
      ...global.map((shortcut) => ({
        label: shortcut.name,
        detail: shortcut.description,
        icon: "bolt",
        choose: () => this.page.useShortcut(shortcut.callback_id),
      })),
    ];
  }
}
