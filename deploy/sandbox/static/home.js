/** The app's Home tab. */
import { renderBlocks } from "./blocks.js";
import { el, refill } from "./dom.js";
import { Form, keepingFocus } from "./form.js";
import { appAvatar } from "./people.js";

export class Home {
  #shown = "";

  /** @param {HTMLElement} host @param {{contextOf: (view: object, form: Form) => object}} page */
  constructor(host, page) {
    Object.assign(this, { host, page, form: new Form() });
  }

  reset() {
    this.#shown = "";
    this.form = new Form();
    refill(this.host, el("p", { class: "loading", role: "status" }, "Opening…"));
  }

  /** @param {object|null} view @param {string} appName @param {string} personName */
  show(view, appName, personName) {
    const content = JSON.stringify(view?.blocks ?? null);
    if (content === this.#shown) return;
    this.#shown = content;
    if (!view) {
      refill(this.host, nothingYet(appName, personName));
      return;
    }
    this.form = new Form(this.form.values());
    keepingFocus(this.host, () =>
      refill(
        this.host,
        el("div", { class: "home-page" }, renderBlocks(view.blocks, this.page.contextOf(view, this.form))),
      ),
    );
  }
}

function nothingYet(appName, personName) {
  return el(
    "div",
    { class: "welcome" },
    appAvatar("large"),
    el("h2", {}, `${appName} has nothing on this page yet`),
    el(
      "p",
      {},
      `An app fills its Home tab when ${personName} opens it. If ${appName} is connected, it will be here in a moment.`,
    ),
  );
}
