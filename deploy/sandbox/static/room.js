/** The head of a room with its tabs, what an empty room says, and the banner about the connection. */
import { examples } from "./commands.js";
import { el, icon, refill } from "./dom.js";
import { appAvatar, displayName } from "./people.js";

const MOST_NAMES = 30;

/**
 * @param {HTMLElement} host @param {object} room @param {object} scope @param {"home"|"messages"} tab @param
 * {(tab: string) => void} choose
 */
export function showRoomHead(host, room, scope, tab, choose) {
  const isApp = room.kind === "app";
  const members = room.members.map((id) => scope.people.get(id)).filter((user) => user && !user.is_bot);
  const names = [...members.slice(0, MOST_NAMES).map(displayName), ...(members.length > MOST_NAMES ? ["…"] : [])].join(", ");
  refill(
    host,
    el(
      "div",
      { class: "room-title" },
      isApp ? appAvatar("small") : icon(room.kind === "channel" ? "hash" : "person"),
      el("h1", { dir: "auto" }, room.name),
      isApp && el("span", { class: "badge" }, "APP"),
    ),
    isApp
      ? tabs(tab, choose)
      : el(
          "span",
          { class: "muted members", title: names },
          members.length === 1 ? "1 person" : `${members.length} people`,
        ),
  );
}

function tabs(tab, choose) {
  const names = { home: "Home", messages: "Messages" };
  const keys = Object.keys(names);
  const button = (key) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${key}`,
        "aria-selected": String(tab === key),
        "aria-controls": `panel-${key}`,
        tabindex: tab === key ? "0" : "-1",
        on: { click: () => choose(key) },
      },
      names[key],
    );
  return el(
    "div",
    {
      class: "tabs",
      role: "tablist",
      "aria-label": "App",
      on: {
        keydown: (event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          choose(keys.find((key) => key !== tab));
          document.getElementById(`tab-${keys.find((key) => key !== tab)}`)?.focus();
        },
      },
    },
    keys.map(button),
  );
}

/** What stands where nobody has said anything yet: what this is, and what to try. */
export function welcome(room, state, tryOut) {
  const app = state.app.name;
  const title =
    room.kind === "app"
      ? `This is where you and ${app} talk`
      : room.kind === "channel"
        ? `The beginning of #${room.name}`
        : room.name;
  const tries = examples(state.commands);
  return el(
    "section",
    { class: "welcome", "aria-label": "What to try" },
    room.kind === "app" ? appAvatar("large") : null,
    el("h2", { dir: "auto" }, title),
    tries.length > 0 &&
      el("p", {}, `Nothing here yet. Pick something to try; it goes into the box below, and Enter sends it.`),
    el(
      "ul",
      { class: "tries" },
      tries.map((text, at) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "try", on: { click: () => tryOut(text) } },
            el("span", { class: "visually-hidden" }, "Try "),
            el("code", {}, text),
            el("small", {}, state.commands[at].description),
          ),
        ),
      ),
    ),
  );
}

/** @param {"connected"|"no-app"|"no-server"|"nobody"} condition */
export function showBanner(host, condition, appName) {
  const words = {
    "no-app": `${appName} is not connected. Start it, and it appears here by itself; what you send meanwhile gets no answer.`,
    nobody: "Whose eyes shall it be? Add ?as= and a person's id to the address.",
    "no-server": "The sandbox does not answer. Start it again, and this page goes on where it was.",
  };
  host.hidden = !(condition in words);
  if (host.dataset.condition === condition) return;
  host.dataset.condition = condition;
  refill(host, words[condition] && [icon("plug"), el("span", {}, words[condition])]);
}
