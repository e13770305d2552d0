/** Block Kit's inputs that one types into. */
import { el } from "./dom.js";

const NATIVE = { email_text_input: "email", url_text_input: "url" };

export const textTypes = new Set([
  "plain_text_input",
  "number_input",
  "email_text_input",
  "url_text_input",
  "rich_text_input",
]);

/** @returns {HTMLElement} the input, with a count of characters where the app limits them */
export function textInput(element, field) {
  const rich = element.type === "rich_text_input";
  const input = element.multiline || rich ? area(element, field) : line(element, field);
  input.value = initial(element, field, rich);
  const read = () =>
    rich ? { rich_text_value: toRichText(input.value) } : { value: input.value === "" ? null : input.value };
  field.register(() => ({ type: element.type, ...read() }));
  if (field.sends) dispatching(input, element, () => field.changed(input, read()));
  return element.max_length ? counted(input, element.max_length) : input;
}

function area(element, { attributes }) {
  return el("textarea", {
    class: "input",
    rows: "3",
    dir: "auto",
    placeholder: element.placeholder?.text,
    ...attributes,
  });
}

function line(element, { attributes }) {
  return el("input", {
    class: "input",
    dir: "auto",
    type: NATIVE[element.type] ?? "text",
    autocomplete: "off",
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: element.placeholder?.text,
    ...attributes,
  });
}

function initial(element, field, rich) {
  const kept = field.kept();
  if (rich) return fromRichText(kept ? kept.rich_text_value : element.initial_value);
  return (kept ? kept.value : element.initial_value) ?? "";
}

/** Slack sends an action on Enter, or on every character where `dispatch_action_config` says so. */
function dispatching(input, element, send) {
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (on.includes("on_character_entered")) input.addEventListener("input", send);
  if (!on.includes("on_enter_pressed")) return;
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  });
}

function counted(input, limit) {
  const count = el("small", { class: "count", "aria-hidden": "true" });
  const update = () => {
    const left = limit - input.value.length;
    count.textContent = left <= Math.max(20, limit * 0.1) ? String(left) : "";
    count.classList.toggle("over", left < 0);
  };
  input.addEventListener("input", update);
  update();
  return el("span", { class: "counted" }, input, count);
}

function toRichText(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function fromRichText(block) {
  const texts = (node) => (node.text ?? "") + (node.elements ?? []).map(texts).join("");
  return block ? (block.elements ?? []).map(texts).join("\n") : "";
}
