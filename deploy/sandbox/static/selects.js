/** Block Kit's menus: static, external, people, channels and conversations, single and multi. */
import { Combobox } from "./combobox.js";
import { textObject } from "./mrkdwn.js";
import { avatar, displayName, peopleFound } from "./people.js";

/** Per kind: the key in `state.values` for one and for several, and where the choices come from. */
const KINDS = {
  static_select: {
    one: "selected_option",
    many: "selected_options",
    first: ["initial_option", "initial_options"],
    groups: staticGroups,
  },
  external_select: {
    one: "selected_option",
    many: "selected_options",
    first: ["initial_option", "initial_options"],
    groups: suggestedGroups,
  },
  users_select: {
    one: "selected_user",
    many: "selected_users",
    first: ["initial_user", "initial_users"],
    groups: people,
  },
  channels_select: {
    one: "selected_channel",
    many: "selected_channels",
    first: ["initial_channel", "initial_channels"],
    groups: channels,
  },
  conversations_select: {
    one: "selected_conversation",
    many: "selected_conversations",
    first: ["initial_conversation", "initial_conversations"],
    groups: conversations,
  },
};

/** @returns {boolean} whether this is one of the menus */
export function isSelect(type) {
  return type.replace(/^multi_/, "") in KINDS;
}

/**
 * @param {object} element Block Kit element
 * @param {object} field see elements.js
 * @returns {HTMLElement}
 */
export function select(element, field) {
  const multi = element.type.startsWith("multi_");
  const kind = KINDS[element.type.replace(/^multi_/, "")];
  const read = () => ({ [multi ? kind.many : kind.one]: value(box.chosen, multi) });
  const box = new Combobox({
    multi,
    max: element.max_selected_items ?? Infinity,
    clearable: !multi && (field.optional || !field.inInput),
    patience: element.type.endsWith("external_select") ? 200 : 0,
    chosen: initial(element, kind, multi, field),
    load: (query) => kind.groups(element, query, field),
    attributes: { ...field.attributes, placeholder: placeholder(element, multi) },
    changed: () => field.changed(box.node, read()),
  });
  field.register(() => ({ type: element.type, ...read() }));
  return box.node;
}

function placeholder(element, multi) {
  return element.placeholder?.text ?? (multi ? "Choose some" : "Choose one");
}

function value(chosen, multi) {
  return multi ? chosen.map(({ raw }) => raw) : (chosen[0]?.raw ?? null);
}

function initial(element, kind, multi, field) {
  const kept = field.kept();
  const here = element.default_to_current_conversation ? field.ctx.source.channel : undefined;
  const raw = kept ? kept[multi ? kind.many : kind.one] : (element[kind.first[multi ? 1 : 0]] ?? here);
  return [raw ?? []]
    .flat()
    .map((item) => (typeof item === "string" ? byId(item, field.ctx.scope) : choice(item, field.ctx.scope)));
}

async function staticGroups(element, query, { ctx }) {
  return matching(groupsOf(element, ctx.scope), query);
}

async function suggestedGroups(element, query, { ctx, block }) {
  const letters = element.min_query_length ?? 3; // Slack's default
  if (query.length < letters) return [{ choices: [], note: `Type at least ${letters} letters` }];
  return groupsOf(await ctx.suggest(block.block_id, element.action_id, query), ctx.scope);
}

async function people(_element, query, { ctx }) {
  const { found, more } = peopleFound(ctx.scope.people.values(), query);
  return [{ choices: found.map(person), more }];
}

async function channels(_element, query, { ctx }) {
  return matching(
    [{ choices: [...ctx.scope.channels.values()].filter(({ kind }) => kind === "channel").map(channel) }],
    query,
  );
}

async function conversations(element, query, { ctx }) {
  const wanted = element.filter?.include ?? ["public", "private", "im"];
  const kinds = [
    ...(wanted.some((kind) => kind === "public" || kind === "private") ? ["channel"] : []),
    ...(wanted.includes("im") ? ["dm", "app"] : []),
  ];
  return matching(
    [{ choices: [...ctx.scope.channels.values()].filter(({ kind }) => kinds.includes(kind)).map(channel) }],
    query,
  );
}

function groupsOf({ options, option_groups: groups }, scope) {
  if (groups)
    return groups.map((group) => ({
      label: textObject(group.label, scope),
      choices: group.options.map((option) => choice(option, scope)),
    }));
  return [{ choices: (options ?? []).map((option) => choice(option, scope)) }];
}

function matching(groups, query) {
  const words = query.toLowerCase().trim();
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter(({ label }) => label.toLowerCase().includes(words)) }))
    .filter((group) => group.choices.length > 0);
}

function choice(option, scope) {
  return {
    id: option.value,
    raw: option,
    label: option.text.text,
    text: textObject(option.text, scope),
    detail: option.description && textObject(option.description, scope),
  };
}

function person(user) {
  return {
    id: user.id,
    raw: user.id,
    label: displayName(user),
    text: [displayName(user)],
    detail: [user.profile?.title ?? ""],
    lead: avatar(user, "small"),
  };
}

function channel({ id, name, kind = "channel" }) {
  const label = kind === "channel" ? `#${name}` : name;
  return { id, raw: id, label, text: [label] };
}

function byId(id, scope) {
  if (scope.people.has(id)) return person(scope.people.get(id));
  return channel(scope.channels.get(id) ?? { id, name: id });
}
