/** Small dialogs of the sandbox itself and of Block Kit's `confirm`. The native element traps the focus. */
import { el, iconButton, uniqueId } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/**
 * @param {{title: (string|Node)[], body: Node[], footer?: Node[], class?: string}} parts
 * @param {() => void} onCancel Escape or the cross; the caller decides whether to close
 * @returns {HTMLDialogElement} not yet shown
 */
export function dialogFrame({ title, body, footer = [], class: kind = "" }, onCancel) {
  const titleId = uniqueId("dialog-title");
  const dialog = el(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": titleId, "aria-modal": "true" },
    el(
      "header",
      { class: "dialog-head" },
      el("h2", { id: titleId, dir: "auto" }, title),
      iconButton("close", "Close", onCancel),
    ),
    el("div", { class: "dialog-body" }, body),
    footer.length > 0 && el("footer", { class: "dialog-foot" }, footer),
  );
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    onCancel();
  });
  return dialog;
}

/**
 * Asks what a Block Kit `confirm` object says.
 * @param {object|undefined} question none: answered with yes at once
 * @returns {Promise<boolean>}
 */
export function confirmed(question, scope) {
  if (!question) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const button = (text, kind, yes) =>
      el(
        "button",
        { type: "button", class: `button ${kind}`, on: { click: () => answer(yes) } },
        textObject(text, scope),
      );
    const dialog = dialogFrame(
      {
        class: "confirm",
        title: textObject(question.title, scope),
        body: [el("p", { dir: "auto" }, textObject(question.text, scope))],
        footer: [
          button(question.deny ?? "Cancel", "", false),
          button(question.confirm ?? "Yes", question.style === "danger" ? "danger" : "primary", true),
        ],
      },
      () => answer(false),
    );
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector(".dialog-foot .button:last-child").focus();
  });
}

/** Shows raw JSON, for whoever builds the app. */
export function showPayload(title, payload) {
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const dialog = dialogFrame(
    { class: "payload", title: [title], body: [el("pre", { tabindex: "0" }, JSON.stringify(payload, null, 2))] },
    close,
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** One line at the lower edge that says what went wrong, and goes away by itself. */
export function toast(text) {
  const node = el("div", { class: "toast", role: "alert", popover: "manual" }, text);
  (document.querySelector("dialog[open]:last-of-type") ?? document.body).append(node);
  node.showPopover();
  setTimeout(() => node.remove(), 6000);
}
