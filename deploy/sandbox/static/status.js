/** What people say of themselves beside their names: a small picture, some words, and until when. */
import { el } from "./dom.js";
import { emojiByName } from "./emoji.js";
import { displayName } from "./people.js";
import { fromWallClock, shortDay, toWallClock } from "./time.js";

const HOUR = 3600;

/** Slack's own suggestions; `until(me)` is in epoch seconds, 0 for no end. */
export const PRESETS = [
  { emoji: "spiral_calendar_pad", text: "In a meeting", lasts: "1 hour", until: () => now() + HOUR },
  { emoji: "face_with_thermometer", text: "Out sick", lasts: "Today", until: (me) => midnightIn(1, me) },
  { emoji: "palm_tree", text: "Vacationing", lasts: "A week", until: (me) => midnightIn(7, me) },
  { emoji: "palm_tree", text: "Vacationing", lasts: "Until it is cleared", until: () => 0 },
  { emoji: "house", text: "Working remotely", lasts: "Today", until: (me) => midnightIn(1, me) },
];

/** @param {object} user a user object @returns {{emoji: Node|string, text: string}|null} null: none, or it is over */
export function statusOf(user) {
  const { status_emoji: emoji, status_text: text, status_expiration: until } = user.profile;
  if (!(emoji || text) || (until && until <= now())) return null;
  const end = until ? ` until ${shortDay(until, user)}` : "";
  return { emoji: emojiByName(emoji.replaceAll(":", "")) ?? emoji, text: `${text}${end}` };
}

/** The name with the status's picture behind it, as Slack shows it in lists. */
export function nameAndStatus(user) {
  const status = statusOf(user);
  return el("span", { dir: "auto" }, displayName(user), status && [" ", status.emoji]);
}

function midnightIn(days, me) {
  const today = toWallClock(now(), me).slice(0, 10);
  const day = new Date(Date.parse(`${today}T00:00Z`) + days * 24 * HOUR * 1000);
  return fromWallClock(day.toISOString().slice(0, 16), me);
}

function now() {
  return Math.floor(Date.now() / 1000);
}
