/** A button that opens a menu: arrow keys walk, letters jump, Escape closes and gives the focus back. */
import { el, icon, refill } from "./dom.js";
import { showPopup } from "./popup.js";

/**
 * @param {HTMLButtonElement} button
 * @param {() => {label: string|Node, detail?: string|string[], lead?: Node, icon?: string, checked?: boolean,
 *   choose: () => void}[]} items
 *   asked at every opening; an item with only a `heading` separates groups
 * @param {{label: string, align?: "start"|"end"}} options label: what the menu is, for screen readers
 * @returns {HTMLElement} the button with its menu, to be put into the page
 */
export function withMenu(button, items, { label, align = "start" }) {
  const menu = el("div", { class: "popup menu", role: "menu", popover: "manual", "aria-label": label });
  const host = el("span", { class: "menu-host" }, button, menu);
  let hide = null;

  const close = (refocus = false) => {
    hide?.();
    hide = null;
    button.setAttribute("aria-expanded", "false");
    host.classList.remove("open");
    if (refocus) button.focus();
  };
  const open = (focusAt) => {
    refill(
      menu,
      items().map((item) => menuItem(item, close)),
    );
    hide = showPopup(menu, button, { align, onOutside: () => close() });
    button.setAttribute("aria-expanded", "true");
    host.classList.add("open");
    (menu.querySelector('[aria-checked="true"]') ?? choices(menu).at(focusAt))?.focus();
  };

  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (hide ? close(true) : open(0)));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(event.key === "ArrowUp" ? -1 : 0);
    }
  });
  menu.addEventListener("keydown", (event) => walk(event, menu, close));
  return host;
}

function menuItem(item, close) {
  if (item.heading) return el("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const choose = () => {
    close(true);
    item.choose();
  };
  const radio = item.checked !== undefined;
  return el(
    "button",
    {
      type: "button",
      class: "menu-item",
      tabindex: "-1",
      role: radio ? "menuitemradio" : "menuitem",
      "aria-checked": radio ? String(item.checked) : null,
      on: { click: choose },
    },
    item.lead ?? (item.icon && icon(item.icon)),
    el(
      "span",
      { class: "menu-text", dir: "auto" },
      item.label,
      [item.detail ?? []]
        .flat()
        .filter(Boolean)
        .map((line) => el("small", { dir: "auto" }, line)),
    ),
    item.checked && icon("check"),
  );
}

function walk(event, menu, close) {
  const entries = choices(menu);
  const at = entries.indexOf(document.activeElement);
  const targets = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 };
  if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
    close(event.key === "Escape");
  } else if (event.key in targets) {
    event.preventDefault();
    entries[targets[event.key] % entries.length]?.focus();
  } else if (event.key.length === 1 && event.key !== " ") {
    const next = [...entries.slice(at + 1), ...entries].find((entry) => startsWith(entry, event.key));
    next?.focus();
  }
}

function startsWith(entry, letter) {
  return entry.querySelector(".menu-text").textContent.toLowerCase().startsWith(letter.toLowerCase());
}

function choices(menu) {
  return [...menu.querySelectorAll(".menu-item")];
}
