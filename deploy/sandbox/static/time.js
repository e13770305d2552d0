/** Times in the zone and the language of the person whose eyes we look through. */

const DAY = 86_400_000;
const HALF_A_YEAR = 183 * DAY;

/** @param {string} ts Slack's message id, seconds with a fraction @returns {Date} */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** @param {Date} date @param {object} me Slack user object with `tz` and `locale` @returns {string} e.g. "2:05 PM" */
export function clockTime(date, me, extra = {}) {
  return format(date, me, { hour: "numeric", minute: "2-digit", ...extra });
}

/** The day in the person's zone as YYYY-MM-DD, to compare days. */
export function dayKey(date, me) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone(me) }).format(date);
}

/** What stands in the divider between two days, in English like the rest of the sandbox. */
export function dayHeading(date, me, now = new Date()) {
  const age = daysBetween(date, now, me);
  if (age === 0) return "Today";
  if (age === 1) return "Yesterday";
  return format(
    date,
    { tz: me.tz, locale: "en-GB" },
    { weekday: "long", day: "numeric", month: "long", ...yearIfFar(date, now) },
  );
}

/** @param {number} seconds epoch @returns {string} the day and the time in the person's zone, in English */
export function shortDay(seconds, me) {
  const style = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return format(dateOf(seconds), { tz: me.tz, locale: "en-GB" }, style);
}

/** The moment in full, for tooltips. */
export function fullTime(date, me) {
  return format(date, me, { dateStyle: "full", timeStyle: "long" });
}

/**
 * Fills Slack's date tokens, `{date_short_pretty} at {time}`.
 * @param {string} pattern with tokens in braces; an unknown token stays as it is, as in Slack
 */
export function formatSlackDate(date, pattern, me, now = new Date()) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    const style = TOKENS[token.replace(/_pretty$/, "")];
    if (!style) return whole;
    return (token.endsWith("_pretty") && relativeDay(date, now, me)) || style(date, me, now);
  });
}

const TOKENS = {
  date_num: (date, me) => dayKey(date, me),
  date: (date, me, now) => format(date, me, { day: "numeric", month: "long", ...yearIfFar(date, now) }),
  date_short: (date, me, now) => format(date, me, { day: "numeric", month: "short", ...yearIfFar(date, now) }),
  date_long: (date, me, now) =>
    format(date, me, { weekday: "long", day: "numeric", month: "long", ...yearIfFar(date, now) }),
  time: (date, me) => clockTime(date, me),
  time_secs: (date, me) => clockTime(date, me, { second: "2-digit" }),
  ago: (date, me, now) => ago(date, me, now),
};

function relativeDay(date, now, me) {
  const age = daysBetween(date, now, me);
  if (Math.abs(age) > 1) return null;
  return new Intl.RelativeTimeFormat(locale(me), { numeric: "auto" }).format(-age, "day");
}

function ago(date, me, now) {
  const minutes = Math.round((date - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat(locale(me), { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

function daysBetween(date, now, me) {
  return Math.round((Date.parse(dayKey(now, me)) - Date.parse(dayKey(date, me))) / DAY);
}

function yearIfFar(date, now) {
  return Math.abs(now - date) > HALF_A_YEAR ? { year: "numeric" } : {};
}

function format(date, me, options) {
  return new Intl.DateTimeFormat(locale(me), { timeZone: zone(me), ...options }).format(date);
}

function locale(me) {
  return me?.locale || "en-US";
}

function zone(me) {
  return me?.tz || "UTC";
}

/**
 * @param {number} seconds epoch @returns {string} "2026-11-20T14:30" on the person's clock, as a native input
 * wants it
 */
export function toWallClock(seconds, me) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone(me), dateStyle: "short", timeStyle: "short" });
  return parts.format(dateOf(seconds)).replace(" ", "T");
}

/**
 * The other way. A time that the clock skips or shows twice resolves to one of its neighbours. @returns
 * {number} epoch seconds
 */
export function fromWallClock(text, me) {
  const wanted = Date.parse(`${text}Z`) / 1000;
  const guess = wanted - offsetAt(wanted, me);
  return wanted - offsetAt(guess, me);
}

function offsetAt(seconds, me) {
  return Date.parse(`${toWallClock(seconds, me)}Z`) / 1000 - Math.floor(seconds / 60) * 60;
}
