/** The replies to one message, beside the room. */
import { Conversation } from "./conversation.js";
import { el, iconButton } from "./dom.js";

export class Thread {
  /** @param {HTMLElement} host @param {{contextOf: Function, use: Function}} page */
  constructor(host, page) {
    this.host = host;
    const body = el("div", { class: "thread-body", tabindex: "-1" });
    host.append(
      el(
        "header",
        { class: "thread-head" },
        el("h2", {}, "Thread"),
        iconButton("close", "Close the thread", () => this.close()),
      ),
      body,
    );
    this.conversation = new Conversation(body, page);
    host.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  open(ts, messages, scope, shortcuts) {
    this.ts = ts;
    this.opener = document.activeElement;
    this.host.hidden = false;
    this.conversation.reset();
    this.show(messages, scope, shortcuts);
    this.host.querySelector("button").focus();
  }

  /** Called with all messages of the room whenever they have changed. */
  show(messages, scope, shortcuts) {
    if (!this.ts) return;
    const replies = messages.filter((message) => message.ts === this.ts || message.thread_ts === this.ts);
    this.conversation.show(replies, scope, { shortcuts });
  }

  close() {
    if (!this.ts) return;
    this.ts = null;
    this.host.hidden = true;
    if (this.opener?.isConnected) this.opener.focus();
  }
}
