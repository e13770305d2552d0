/** The page: fetches what has changed, hands it to the parts, and sends what the person does. */
import { act, coalesced, follow, look } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { toast } from "./dialog.js";
import { el, refill } from "./dom.js";
import { Home } from "./home.js";
import { ModalStack } from "./modal.js";
import { mrkdwn } from "./mrkdwn.js";
import { displayName } from "./people.js";
import { placeInAddress, rememberPlace, roomOrDefault } from "./place.js";
import { showBanner, showRoomHead, welcome } from "./room.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";

const NOT_DELIVERED = new Set(["unknown_command", "sandbox_unreachable", "dispatch_failed"]);

class Page {
  #notes = new Map();
  #reachable = true;

  constructor() {
    this.place = placeInAddress();
    this.parts = Object.fromEntries(
      ["banner", "room-head", "panel-messages", "panel-home", "conversation", "announcer"].map((id) => [
        id,
        document.getElementById(id),
      ]),
    );
    this.sidebar = new Sidebar(this);
    const contextOf = (message, form) =>
      this.#context({ type: "message", channel: this.place.room, ts: message.ts }, form);
    const use = (callbackId, message) => this.useShortcut(callbackId, message);
    this.thread = new Thread(document.getElementById("thread"), { contextOf, use });
    this.conversation = new Conversation(this.parts.conversation, {
      contextOf,
      use,
      openThread: (ts) => this.thread.open(ts, this.messages, this.scope, this.#shortcuts()),
      welcome: () => welcome(this.room, this.state, (text) => this.composer.fill(text)),
    });
    this.composer = new Composer(document.getElementById("composer-host"), this);
    this.home = new Home(this.parts["panel-home"], {
      contextOf: (view, form) => this.#context({ type: "view", view_id: view.id }, form),
    });
    this.modals = new ModalStack({
      contextOf: (view, form, errors) => this.#context({ type: "view", view_id: view.id }, form, errors),
      submit: (viewId, state) => this.#do("submit", { view_id: viewId, state }),
      close: (viewId) => this.#do("close", { view_id: viewId }),
    });
    this.refreshState = coalesced(() => this.#fetchState());
    this.refreshMessages = coalesced(() => this.#fetchMessages());
    this.refreshHome = coalesced(() => this.#fetchHome(false));
  }

  async start() {
    this.place.as ??= document.body.dataset.firstPerson || null;
    await this.refreshState();
    if (!this.place.as) {
      showBanner(this.parts.banner, "nobody");
      return;
    }
    this.unfollow = follow(this.place.as, {
      changed: (notice) => this.#changed(notice),
      opened: () => this.#reached(),
      lost: () => this.#lost(),
    });
  }

  /** Goes elsewhere: `{room?, tab?, as?}`. */
  async go(to) {
    const kind = this.room?.kind;
    const otherPerson = to.as && to.as !== this.place.as;
    Object.assign(this.place, to);
    this.sidebar.drawer(false);
    this.thread.close();
    if (otherPerson) {
      this.unfollow();
      this.modals.show([]);
      Object.assign(this, { room: null, kindBefore: kind });
      await this.start();
    } else this.#enter();
  }

  async #fetchState() {
    const as = this.place.as;
    const state = await look("state", { as: as ?? "", people: this.state?.people ?? "" });
    if (as !== this.place.as) return;
    if (!state.team) {
      await this.#forgetPerson(state.error);
      return;
    }
    const newPeople = this.#takePeople(state);
    this.scope = {
      me: state.me,
      people: this.people,
      channels: new Map(state.channels.map((room) => [room.id, room])),
    };
    if (newPeople) this.#redrawMessages();
    const before = this.room;
    this.room = roomOrDefault(state.channels, this.place.room, this.kindBefore);
    this.place.room = this.room.id;
    if (this.room.kind !== "app") this.place.tab = "messages";
    this.#frame();
    if (!before || before.id !== this.room.id) this.#enter();
    this.modals.show(state.views);
  }

  /** The people are told only when they have changed. @returns {boolean} whether they have */
  #takePeople(state) {
    const { users } = state;
    if (users) this.people = new Map(users.map((user) => [user.id, user]));
    this.state = { ...state, users: users ?? this.state.users };
    return users !== undefined;
  }

  /** A new name, zone or language shows in every message, so all of them are drawn anew. */
  #redrawMessages() {
    if (!this.messages) return;
    this.conversation.reset();
    this.refreshMessages();
  }

  /** The remembered person is not in this team (any more): the first one who is takes over. */
  async #forgetPerson(error) {
    const first = document.body.dataset.firstPerson;
    if (error === "sandbox_unreachable") return;
    if (!first || this.place.as === first) {
      this.place.as = null;
      return;
    }
    Object.assign(this.place, { as: first, room: null });
    await this.#fetchState();
  }

  async #fetchMessages() {
    const { as, room } = this.place;
    const { messages } = await look("messages", { as, channel: room });
    if (!messages || as !== this.place.as || room !== this.place.room) return;
    this.#announce(messages);
    this.messages = messages;
    const main = messages.filter((message) => !isReply(message, messages));
    this.conversation.show(main, this.scope, { shortcuts: this.#shortcuts(), notes: this.#notes.get(this.#noteKey()) });
    this.thread.show(messages, this.scope, this.#shortcuts());
  }

  /** @param {boolean} opened the person has opened the tab, which the app is told; else it is only drawn anew */
  async #fetchHome(opened) {
    const { as } = this.place;
    const { view } = await look("home", opened ? { as } : { as, opened: "0" });
    if (view !== undefined && as === this.place.as)
      this.home.show(view, this.state.app.name, displayName(this.state.me));
  }

  #changed({ type, channel }) {
    if (type === "home") {
      if (this.place.tab === "home") this.refreshHome();
    } else if (
      (type === "message" || type === "message_deleted") &&
      channel === this.place.room &&
      this.place.tab === "messages"
    ) {
      this.refreshMessages();
    } else this.refreshState();
  }

  /** A room, a tab or a person is entered: nothing of the one before stays. */
  #enter() {
    if (!this.state) return;
    this.room = roomOrDefault(this.state.channels, this.place.room);
    this.messages = null;
    this.conversation.reset();
    this.#frame();
    if (this.place.tab === "home") {
      this.home.reset();
      this.#fetchHome(true);
    } else {
      this.refreshMessages();
      if (matchMedia("(hover: hover)").matches) this.composer.box.focus();
    }
  }

  #frame() {
    const { state, room, place } = this;
    const home = place.tab === "home";
    rememberPlace(place);
    document.title = `${room.name} · ${state.team.name}`;
    this.sidebar.show(state, place);
    showRoomHead(this.parts["room-head"], room, this.scope, place.tab, (tab) => this.go({ tab }));
    this.parts["panel-home"].hidden = !home;
    this.parts["panel-messages"].hidden = home;
    this.composer.show(state, room);
    this.#banner();
  }

  #banner() {
    const condition = !this.#reachable ? "no-server" : this.state?.app.connected ? "connected" : "no-app";
    showBanner(this.parts.banner, condition, this.state?.app.name ?? "The app");
  }

  /** The page is told of changes from here on: what changed before, it asks for. */
  #reached() {
    this.#reachable = true;
    this.#banner();
    this.refreshState();
    if (this.place.tab === "home") this.refreshHome();
    else this.refreshMessages();
  }

  #lost() {
    this.#reachable = false;
    this.#banner();
  }

  /**
   * Sends a message or a command.
   * @returns {Promise<boolean>} false: it certainly went nowhere, so the text goes back into the box
   */
  async send(text) {
    const after = this.messages?.at(-1)?.ts ?? null;
    const key = this.#noteKey();
    const reply = await this.#do("type", { channel: this.place.room, text });
    if (text.startsWith("/") && reply.error !== "unknown_command") this.#note(key, { after, typed: text });
    if (!reply.ok) this.#note(key, { after, error: true, text: failure(text, reply) });
    await this.refreshMessages();
    this.conversation.toEnd();
    return reply.ok || !NOT_DELIVERED.has(reply.error);
  }

  /** @param {{emoji: string, text: string, until: number}} status until: epoch seconds, 0 for no end */
  async setStatus(status) {
    const reply = await this.#do("status", status);
    if (!reply.ok) toast(`That did not work: the sandbox answered with “${reply.error}”.`);
  }

  async useShortcut(callbackId, message) {
    const at = message ? { channel: this.place.room, ts: message.ts } : {};
    const reply = await this.#do("shortcut", { callback_id: callbackId, ...at });
    if (!reply.ok) toast(`That did not work: the app answered with “${reply.error}”.`);
  }

  #context(source, form, errors = {}) {
    return {
      scope: this.scope,
      form,
      source,
      errors,
      press: async (action) => {
        const reply = await this.#do("press", { source, ...action, state: form.values() });
        if (!reply.ok) toast(`That did not work: the app answered with “${reply.error}”.`);
      },
      suggest: (blockId, actionId, value) =>
        this.#do("suggest", { source, block_id: blockId, action_id: actionId, value }),
    };
  }

  #do(what, body) {
    return act(what, { as: this.place.as, ...body });
  }

  #shortcuts() {
    return this.state.shortcuts.filter(({ type }) => type === "message");
  }

  #note(key, note) {
    this.#notes.set(key, [...(this.#notes.get(key) ?? []), note]);
  }

  #noteKey() {
    return `${this.place.as} ${this.place.room}`;
  }

  /** Says aloud what others wrote since the last look; what a room holds when it is entered is not news. */
  #announce(messages) {
    const seen = new Set((this.messages ?? messages).map(({ ts }) => ts));
    const news = messages.filter((message) => !seen.has(message.ts) && message.user !== this.place.as);
    if (news.length)
      refill(
        this.parts.announcer,
        news.map((message) =>
          el("p", {}, `${message.name ?? "Refused"}: `, mrkdwn(message.text ?? message.error, this.scope)),
        ),
      );
  }
}

function isReply(message, messages) {
  return message.thread_ts && message.thread_ts !== message.ts && messages.some(({ ts }) => ts === message.thread_ts);
}

/** The words of Slackbot when a command fails. */
function failure(text, { error, detail }) {
  const [command] = text.split(/\s/);
  if (error === "unknown_command")
    return `\`${command}\` is not a valid command. Type \`/\` to see those that there are.`;
  if (error === "sandbox_unreachable") return "The sandbox does not answer. Your text is back in the box.";
  return `\`${command}\` failed with the error “${error}”${detail ? ` (${detail})` : ""}.`;
}

const page = new Page();
await page.start();
