/** How people and the app are named and drawn. */
import { el, icon } from "./dom.js";

const HUES = [168, 205, 262, 330, 18, 42, 98, 232, 290, 352];

/** The name that Slack shows. @param {object} user a Slack user object */
export function displayName(user) {
  return user?.profile?.display_name || user?.profile?.real_name || user?.real_name || user?.name || "Unknown person";
}

/** @param {string} locale e.g. "ru-RU" @returns {string} e.g. "Russian" */
export function languageName(locale) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(new Intl.Locale(locale).language);
  } catch {
    return locale; // a made-up locale in a team file is shown as it is
  }
}

const MOST_SHOWN = 50;

/**
 * The people who can be chosen, by a part of any of their names; of a large team only the first.
 * @param {Iterable<object>} users user objects
 * @returns {{found: object[], more: number}} more: how many match besides
 */
export function peopleFound(users, query) {
  const wanted = query.trim().toLowerCase();
  const matching = [...users].filter(
    (user) =>
      !user.deleted && [displayName(user), user.real_name, user.name].some((name) => name?.toLowerCase().includes(wanted)),
  );
  return { found: matching.slice(0, MOST_SHOWN), more: Math.max(0, matching.length - MOST_SHOWN) };
}

/** What stands under the first people of a large team. */
export function andMore(count) {
  return `… and ${count.toLocaleString("en-US")} more: type a part of a name`;
}

/** A round picture with the initials on the person's own colour. */
export function avatar(user, size = "") {
  const node = el("span", { class: `avatar ${size}`, "aria-hidden": "true" }, initials(displayName(user)));
  node.style.setProperty("--hue", hueOf(user?.id ?? ""));
  return node;
}

/** The app's picture: its own mark, square, so that an app is never taken for a person. */
export function appAvatar(size = "") {
  return el("span", { class: `avatar app ${size}`, "aria-hidden": "true" }, icon("baton"));
}

function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const letters =
    words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 1);
  return letters.join("").toUpperCase();
}

function hueOf(id) {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)) >>> 0;
  return HUES[sum % HUES.length];
}
