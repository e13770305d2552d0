/**
 * The emoji that Slack's apps use most, by their Slack names.
 * The drawings in emoji.svg (one symbol per emoji) are Fluent Emoji, so that a machine without an emoji font
 * shows them too; what has no drawing there falls back to the character itself.
 */
import { el, svg } from "./dom.js";

const CHARACTERS = {
  // state and judgement
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", negative_squared_cross_mark: "❎",
  warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", construction: "🚧", rotating_light: "🚨",
  exclamation: "❗", heavy_exclamation_mark: "❗", question: "❓", grey_question: "❔", bangbang: "‼️", information_source: "ℹ️",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  large_purple_circle: "🟣", large_brown_circle: "🟤", black_circle: "⚫", white_circle: "⚪", radio_button: "🔘",
  large_red_square: "🟥", large_orange_square: "🟧", large_yellow_square: "🟨", large_green_square: "🟩",
  large_blue_square: "🟦", large_purple_square: "🟪", black_large_square: "⬛", white_large_square: "⬜",
  small_red_triangle: "🔺", small_red_triangle_down: "🔻", small_orange_diamond: "🔸", small_blue_diamond: "🔹",
  large_orange_diamond: "🔶", large_blue_diamond: "🔷", new: "🆕", ok: "🆗", sos: "🆘", up: "🆙", heart: "❤️",
  green_heart: "💚", blue_heart: "💙", star: "⭐", star2: "🌟", sparkles: "✨", zap: "⚡", fire: "🔥", boom: "💥", 100: "💯",
  // arrows and controls
  arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️", arrow_upper_right: "↗️", arrow_lower_right: "↘️",
  arrows_counterclockwise: "🔄", repeat: "🔁", leftwards_arrow_with_hook: "↩️", heavy_plus_sign: "➕", heavy_minus_sign: "➖",
  arrow_forward: "▶️", double_vertical_bar: "⏸️", black_square_for_stop: "⏹️", fast_forward: "⏩", rewind: "⏪",
  // time
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", timer_clock: "⏲️", clock1: "🕐",
  clock3: "🕒", clock9: "🕘", mantelpiece_clock: "🕰️", watch: "⌚", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️",
  sunrise: "🌅", sunny: "☀️", city_sunset: "🌆", crescent_moon: "🌙", zzz: "💤",
  // work and figures
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", clipboard: "📋", memo: "📝", pencil: "📝",
  pencil2: "✏️", page_facing_up: "📄", page_with_curl: "📃", bookmark_tabs: "📑", file_folder: "📁", open_file_folder: "📂",
  card_index: "📇", card_index_dividers: "🗂️", file_cabinet: "🗄️", inbox_tray: "📥", outbox_tray: "📤", package: "📦",
  briefcase: "💼", office: "🏢", house: "🏠", bank: "🏦", factory: "🏭", department_store: "🏬", moneybag: "💰", dollar: "💵",
  euro: "💶", credit_card: "💳", receipt: "🧾", heavy_dollar_sign: "💲", gem: "💎", abacus: "🧮", pushpin: "📌",
  round_pushpin: "📍", paperclip: "📎", link: "🔗", mag: "🔍", mag_right: "🔎", lock: "🔒", unlock: "🔓", key: "🔑", shield: "🛡️",
  hammer_and_wrench: "🛠️", wrench: "🔧", gear: "⚙️", scales: "⚖️", jigsaw: "🧩", bulb: "💡", books: "📚", book: "📖",
  notebook: "📓", mortar_board: "🎓", newspaper: "📰", wastebasket: "🗑️", label: "🏷️", bookmark: "🔖", compass: "🧭",
  world_map: "🗺️", earth_africa: "🌍", earth_americas: "🌎", earth_asia: "🌏", globe_with_meridians: "🌐",
  // talk
  telephone_receiver: "📞", phone: "☎️", telephone: "☎️", iphone: "📱", email: "📧", envelope: "✉️", "e-mail": "📧",
  incoming_envelope: "📨", envelope_with_arrow: "📩", mailbox: "📫", speech_balloon: "💬", left_speech_bubble: "🗨️",
  thought_balloon: "💭", mega: "📣", loudspeaker: "📢", bell: "🔔", no_bell: "🔕", microphone: "🎤", headphones: "🎧",
  video_camera: "📹", movie_camera: "🎥", computer: "💻", desktop_computer: "🖥️", keyboard: "⌨️", robot_face: "🤖",
  satellite_antenna: "📡", eyes: "👀", eye: "👁️",
  // praise and people
  tada: "🎉", confetti_ball: "🎊", trophy: "🏆", sports_medal: "🏅", first_place_medal: "🥇", second_place_medal: "🥈",
  third_place_medal: "🥉", dart: "🎯", rocket: "🚀", crown: "👑", gift: "🎁", balloon: "🎈", champagne: "🍾", clinking_glasses: "🥂",
  muscle: "💪", clap: "👏", raised_hands: "🙌", handshake: "🤝", wave: "👋", pray: "🙏", "+1": "👍", thumbsup: "👍", "-1": "👎",
  thumbsdown: "👎", ok_hand: "👌", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇", raised_hand: "✋",
  hand: "✋", runner: "🏃", busts_in_silhouette: "👥", bust_in_silhouette: "👤", technologist: "🧑‍💻", palm_tree: "🌴",
  desert_island: "🏝️", airplane: "✈️", face_with_thermometer: "🤒", coffee: "☕", pizza: "🍕", seedling: "🌱", herb: "🌿",
  deciduous_tree: "🌳", snowflake: "❄️", rainbow: "🌈", checkered_flag: "🏁", triangular_flag_on_post: "🚩", flag_on_post: "🚩",
  white_flag: "🏳️", magic_wand: "🪄", crystal_ball: "🔮", four_leaf_clover: "🍀", bee: "🐝", turtle: "🐢", snail: "🐌",
  // faces
  smile: "😄", grinning: "😀", slightly_smiling_face: "🙂", blush: "😊", wink: "😉", sunglasses: "😎", joy: "😂", heart_eyes: "😍",
  thinking_face: "🤔", neutral_face: "😐", disappointed: "😞", cry: "😢", sob: "😭", sweat_smile: "😅", scream: "😱", sleeping: "😴",
  partying_face: "🥳", face_with_monocle: "🧐", nerd_face: "🤓", hugging_face: "🤗", saluting_face: "🫡", upside_down_face: "🙃",
  // keycaps
  zero: "0️⃣", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", six: "6️⃣", seven: "7️⃣", eight: "8️⃣", nine: "9️⃣",
  keycap_ten: "🔟",
};

const VARIATION = /\uFE0F/g;
const NAMES = new Map(Object.entries(CHARACTERS).map(([name, char]) => [char.replace(VARIATION, ""), name]));

/** Finds emoji characters in running text; text-style signs such as ✔ or ↗ without U+FE0F stay text. */
export const EMOJI_CHARACTER = /\p{Emoji_Presentation}(?:\u200D\p{Emoji})*|\p{Emoji}\uFE0F\u20E3?/u;

/** @param {string} name without colons, e.g. "tada" @returns {Node|null} null when the name is not known */
export function emojiByName(name) {
  const [base] = name.split("::");
  const char = CHARACTERS[base];
  return char ? emojiNode(char, base) : null;
}

/** @param {string} char one emoji as it stands in a text @returns {Node} */
export function emojiByCharacter(char) {
  const name = NAMES.get(char.replace(VARIATION, ""));
  return name ? emojiNode(char, name) : document.createTextNode(char);
}

function emojiNode(char, name) {
  const drawing = svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("use", { href: `/static/emoji.svg#${symbolId(char)}` }));
  return el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, drawing);
}

function symbolId(char) {
  return [...char.replace(VARIATION, "")].map((point) => point.codePointAt(0).toString(16)).join("-");
}
