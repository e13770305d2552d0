/** The left column: workspace, whose eyes we look through, rooms. On a phone it is a drawer. */
import { el, icon, refill } from "./dom.js";
import { withMenu } from "./menu.js";
import { appAvatar, avatar, displayName, languageName } from "./people.js";
import { clockTime } from "./time.js";

const GROUPS = [
  ["app", "App"],
  ["channel", "Channels"],
  ["dm", "Direct messages"],
];
const LOCALE_OF_THE_PAGE = "en-US";

export class Sidebar {
  /** @param {{go: (place: object) => void}} page */
  constructor(page) {
    this.page = page;
    this.node = document.getElementById("sidebar");
    this.rooms = document.getElementById("rooms");
    this.identity = document.getElementById("identity");
    this.veil = document.getElementById("veil");
    document.getElementById("open-sidebar").addEventListener("click", () => this.drawer(true));
    document.getElementById("close-sidebar").addEventListener("click", () => this.drawer(false));
    this.veil.addEventListener("click", () => this.drawer(false));
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.drawer(false));
    this.#themeSwitch(document.getElementById("theme"));
    setInterval(() => this.state && this.#showIdentity(), 60_000); // the clock in it
  }

  show(state, place) {
    Object.assign(this, { state, place });
    refill(
      this.rooms,
      GROUPS.map(([kind, title]) =>
        this.#group(
          title,
          state.channels.filter((room) => room.kind === kind),
        ),
      ),
    );
    if (this.identity.dataset.shown !== identityKey(state)) this.#showIdentity();
  }

  /** Opens or closes the drawer of a narrow window; the focus goes with it. */
  drawer(open) {
    if (document.body.classList.contains("drawer-open") === open) return;
    document.body.classList.toggle("drawer-open", open);
    document.getElementById(open ? "close-sidebar" : "open-sidebar").focus();
  }

  #group(title, rooms) {
    if (rooms.length === 0) return null;
    return el(
      "section",
      { "aria-label": title },
      el("h2", {}, title),
      el(
        "ul",
        {},
        rooms.map((room) => el("li", {}, this.#room(room))),
      ),
    );
  }

  #room(room) {
    const here = room.id === this.place.room;
    const unread = here && this.place.tab === "messages" ? 0 : room.unread;
    const drawing = { app: appAvatar("small"), channel: icon("hash"), dm: icon("person") }[room.kind];
    return el(
      "button",
      {
        type: "button",
        class: `room ${unread ? "unread" : ""}`,
        "aria-current": here ? "page" : null,
        data: { room: room.id },
        "aria-label": unread ? `${room.name}, ${unread} unread` : room.name,
        on: { click: () => this.page.go({ room: room.id, tab: "messages" }) },
      },
      drawing,
      el("span", { class: "room-name", dir: "auto" }, room.name),
      unread > 0 && el("span", { class: "count-badge", "aria-hidden": "true" }, unread),
    );
  }

  #showIdentity() {
    const { me } = this.state;
    this.identity.dataset.shown = identityKey(this.state);
    const button = el(
      "button",
      { type: "button", class: "identity" },
      el("span", { class: "visually-hidden" }, "See it as: "),
      avatar(me),
      el(
        "span",
        { class: "identity-text" },
        el("strong", { dir: "auto" }, displayName(me)),
        el("small", { dir: "auto" }, me.profile.title || "No title"),
        el("small", {}, whereAndWhen(me)),
      ),
      icon("updown"),
    );
    refill(
      this.identity,
      el("span", { class: "overline" }, "See it as"),
      withMenu(button, () => this.#people(), { label: "See it as" }),
    );
  }

  #people() {
    const { me, users } = this.state;
    return users
      .filter((user) => !user.is_bot && !user.deleted)
      .map((user) => ({
        label: displayName(user),
        lead: avatar(user),
        checked: user.id === me.id,
        detail: [user.profile.title, whereAndWhen(user)],
        choose: () => this.page.go({ as: user.id }),
      }));
  }

  #themeSwitch(button) {
    const show = () => {
      const dark = document.documentElement.dataset.theme === "dark";
      refill(button, icon(dark ? "sun" : "moon"), dark ? "Light colours" : "Dark colours");
    };
    button.addEventListener("click", () => {
      window.switchTheme();
      show();
    });
    show();
  }
}

/** "10:42 AM in Moscow · Russian": the person's clock, written as an English reader of the sandbox expects. */
function whereAndWhen(user) {
  return `${clockTime(new Date(), { tz: user.tz, locale: LOCALE_OF_THE_PAGE })} in ${city(user.tz)} · ${languageName(user.locale)}`;
}

function city(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}

function identityKey({ me, users }) {
  return JSON.stringify([me, users]);
}
