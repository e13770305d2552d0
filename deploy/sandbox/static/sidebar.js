/** The left column: workspace, whose eyes we look through, rooms. On a phone it is a drawer. */
import { el, icon, refill } from "./dom.js";
import { emojiByName } from "./emoji.js";
import { withMenu } from "./menu.js";
import { andMore, appAvatar, avatar, displayName, languageName, peopleFound } from "./people.js";
import { nameAndStatus, PRESETS, statusOf } from "./status.js";
import { clockTime } from "./time.js";

const GROUPS = [
  ["app", "App"],
  ["channel", "Channels"],
  ["dm", "Direct messages"],
];
const LOCALE_OF_THE_PAGE = "en-US";
const FEW_PEOPLE = 20; // who can be overlooked without a search

export class Sidebar {
  /** @param {{go: (place: object) => void, setStatus: (status: object) => void}} page */
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
      withMenu(button, (query) => this.#people(query), {
        label: "See it as",
        search: this.state.users.length > FEW_PEOPLE && "Find a person",
      }),
      this.#statusMenu(),
    );
  }

  #people(query) {
    const { me, users } = this.state;
    const { found, more } = peopleFound(
      users.filter((user) => !user.is_bot),
      query,
    );
    const items = found.map((user) => ({
      label: nameAndStatus(user),
      lead: avatar(user),
      checked: user.id === me.id,
      detail: [user.profile.title, whereAndWhen(user), statusOf(user)?.text],
      choose: () => this.page.go({ as: user.id }),
    }));
    if (more) return [...items, { heading: andMore(more) }];
    return items.length ? items : [{ heading: "Nobody found" }];
  }

  /** What Slack offers, with Slack's own lengths. */
  #statusMenu() {
    const { me } = this.state;
    const status = statusOf(me);
    const label = status ? [status.emoji, el("span", { dir: "auto" }, status.text)] : [icon("person"), "Set a status"];
    const set = (emoji, text, until) => this.page.setStatus({ emoji, text, until });
    const items = PRESETS.map(({ emoji, text, lasts, until }) => ({
      label: text,
      lead: emojiByName(emoji),
      detail: lasts,
      choose: () => set(`:${emoji}:`, text, until(me)),
    }));
    const clear = { label: "Clear the status", icon: "close", choose: () => set("", "", 0) };
    const button = el("button", { type: "button", class: "status" }, label);
    return withMenu(button, () => (status ? [...items, clear] : items), { label: "Status" });
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

function identityKey({ me, people }) {
  return `${me.id} ${people}`;
}
