/** A button that opens a menu: arrow keys walk, letters jump, Escape closes and gives the focus back. */
import { el, icon, refill } from "./dom.js";
import { showPopup } from "./popup.js";

/**
 * @param {HTMLButtonElement} button
 * @param {(query: string) => {label: string|Node, detail?: string|string[], lead?: Node, icon?: string, checked?: boolean,
 *   choose: () => void}[]} items
 *   asked at every opening; an item with only a `heading` separates groups
 * @param {{label: string, align?: "start"|"end", search?: string}} options label: what the menu is, for screen
 *   readers; search: what the field says that asks `items` again for what is typed into it
 * @returns {HTMLElement} the button with its menu, to be put into the page
 */
export function withMenu(button, items, { label, align = "start", search }) {
  const menu = el("div", { role: "menu", "aria-label": label });
  const field = search ? searchField(search) : null;
  const popup = el("div", { class: "popup menu", popover: "manual" }, field, menu);
  const host = el("span", { class: "menu-host" }, button, popup);
  let hide = null;

  const close = (refocus = false) => {
    hide?.();
    hide = null;
    button.setAttribute("aria-expanded", "false");
    host.classList.remove("open");
    if (refocus) button.focus();
  };
  const draw = (query) =>
    refill(
      menu,
      items(query).map((item) => menuItem(item, close)),
    );
  const open = (focusAt) => {
    if (field) field.value = "";
    draw("");
    hide = showPopup(popup, button, { align, onOutside: () => close() });
    button.setAttribute("aria-expanded", "true");
    host.classList.add("open");
    (field ?? menu.querySelector('[aria-checked="true"]') ?? choices(menu).at(focusAt))?.focus();
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
  field?.addEventListener("input", () => draw(field.value));
  popup.addEventListener("keydown", (event) => walk(event, menu, close));
  return host;
}

function searchField(label) {
  return el("input", { type: "search", class: "input menu-search", placeholder: label, "aria-label": label });
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
  const targets = { ArrowDown: at + 1, ArrowUp: Math.max(at, 0) - 1 + entries.length };
  if (at >= 0) Object.assign(targets, { Home: 0, End: entries.length - 1 }); // in the search field they move the caret
  if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
    close(event.key === "Escape");
  } else if (event.key in targets) {
    event.preventDefault();
    entries[targets[event.key] % entries.length]?.focus();
  } else if (at < 0) {
    if (event.key === "Enter") entries[0]?.click();
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
