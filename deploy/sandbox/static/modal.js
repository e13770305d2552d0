/**
 * The stack of a person's modals, as the server has it. Only the topmost is seen; those below keep what was
 * typed.
 */
import { renderBlocks } from "./blocks.js";
import { dialogFrame } from "./dialog.js";
import { el, icon, refill } from "./dom.js";
import { Form, keepingFocus } from "./form.js";
import { plain, textObject } from "./mrkdwn.js";
import { appAvatar } from "./people.js";

const SHOWN = ["title", "submit", "close", "blocks", "submit_disabled"];
const TROUBLE = "We had some trouble connecting. Try again?"; // the words of Slack's own client

export class ModalStack {
  #open = new Map();

  /**
   * @param {{contextOf: (view: object, form: Form, errors: object) => object, submit: Function, close:
   * Function}} page
   */
  constructor(page) {
    this.page = page;
  }

  /** @param {object[]} views bottom first */
  show(views) {
    const wanted = new Set(views.map(({ id }) => id));
    for (const [id, modal] of this.#open) {
      if (wanted.has(id)) continue;
      modal.remove();
      this.#open.delete(id);
    }
    views.forEach((view, depth) => {
      const known = this.#open.get(view.id);
      if (known) known.update(view);
      else this.#open.set(view.id, new Modal(view, this.page));
      this.#open.get(view.id).cover(depth < views.length - 1);
    });
  }
}

class Modal {
  constructor(view, page) {
    Object.assign(this, { view, page, errors: {} });
    this.opener = document.activeElement;
    this.form = new Form(view.state?.values);
    this.trouble = el("div", { class: "notice error", role: "alert", hidden: true });
    this.content = el("div");
    this.head = el("span");
    this.foot = el("span", { class: "dialog-buttons" });
    this.dialog = dialogFrame(
      {
        class: "modal",
        title: [appAvatar("small"), this.head],
        body: [this.trouble, this.content],
        footer: [this.foot],
      },
      () => this.#close(),
    );
    this.#asForm();
    document.body.append(this.dialog);
    this.#draw();
    this.dialog.showModal();
    this.#focusFirst();
  }

  update(view) {
    const changed = fingerprint(view) !== fingerprint(this.view);
    this.view = view;
    if (!changed) return;
    this.errors = {};
    this.#redraw();
  }

  /** @param {boolean} covered another modal stands on top */
  cover(covered) {
    this.dialog.classList.toggle("covered", covered);
  }

  remove() {
    this.dialog.close();
    this.dialog.remove();
    if (this.opener?.isConnected) this.opener.focus();
  }

  /** Everything stands in a form, so that Enter submits; the checks are the server's, as in Slack. */
  #asForm() {
    const form = el("form", { novalidate: true, class: "modal-form" }, [...this.dialog.childNodes]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    form.addEventListener("input", (event) => this.#forgive(event.target));
    this.dialog.append(form);
  }

  #redraw() {
    this.form = new Form(this.form.values());
    keepingFocus(this.dialog, () => this.#draw());
  }

  #draw() {
    const { view } = this;
    const ctx = this.page.contextOf(view, this.form, this.errors);
    refill(this.head, textObject(view.title, ctx.scope));
    refill(this.content, renderBlocks(view.blocks, ctx));
    refill(
      this.foot,
      el(
        "button",
        { type: "button", class: "button", on: { click: () => this.#close() } },
        view.close ? textObject(view.close, ctx.scope) : plain("Cancel"),
      ),
      view.submit &&
        el(
          "button",
          { type: "submit", class: "button primary", disabled: view.submit_disabled === true },
          el("span", {}, textObject(view.submit, ctx.scope)),
        ),
    );
  }

  async #submit() {
    const button = this.foot.querySelector("[type=submit]");
    if (!button || button.disabled || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    this.#say("");
    const reply = await this.page.submit(this.view.id, this.form.values());
    button.removeAttribute("aria-busy");
    if (reply.ok) return;
    this.errors = reply.errors ?? {};
    this.#redraw();
    if (!reply.errors) this.#say(`${TROUBLE} (${reply.error})`);
    this.content.querySelector('[aria-invalid="true"]')?.focus();
  }

  async #close() {
    const reply = await this.page.close(this.view.id);
    if (!reply.ok) this.#say(`${TROUBLE} (${reply.error})`);
  }

  #say(text) {
    this.trouble.hidden = !text;
    refill(this.trouble, icon("stop"), el("span", {}, text));
  }

  /** The error goes away as soon as the field is corrected, not only with the next try. */
  #forgive(field) {
    const block = field.closest(".block-input.invalid");
    if (!block) return;
    block.classList.remove("invalid");
    block.querySelector(".field-error")?.remove();
    block.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    delete this.errors[block.dataset.block];
  }

  #focusFirst() {
    const wanted = this.content.querySelector("[autofocus]") ?? this.content.querySelector("input, textarea, button");
    (wanted ?? this.foot.querySelector(".button:last-child")).focus();
  }
}

/** What a person sees of a view; the state and the hash change without that. */
function fingerprint(view) {
  return JSON.stringify(SHOWN.map((key) => view[key]));
}
