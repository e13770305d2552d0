/** The axes of bar, line and area charts: scales with round steps, grid lines, labels that do not touch. */
import { svg } from "./dom.js";

const LETTER = 6.4; // px, the mean width of a letter in the labels' size
const MARGIN = { top: 30, right: 18, bottom: 26 };
const LONGEST = 14; // letters of a slanted label before it is cut

/**
 * @param {{type: string, series: object[], axis_config: object}} data
 * @param {number} width px @param {number} height px, without what slanted labels add
 * @returns {{x: (label: string) => number, y: (value: number) => number, slot: number, ticks: number[], …}}
 *   slot: px per category
 */
export function makeScales(data, width, height, number) {
  const { categories, x_label: xLabel } = data.axis_config;
  const ticks = roundTicks(range(data));
  const left = Math.max(...ticks.map((tick) => number.format(tick).length)) * LETTER + 14;
  const slot = (width - left - MARGIN.right) / categories.length;
  const slanted = Math.max(...categories.map((label) => label.length)) * LETTER + 6 > slot;
  const longest = Math.min(LONGEST, Math.max(...categories.map((label) => label.length)));
  const bottom = MARGIN.bottom + (slanted ? longest * LETTER * 0.6 : 0) + (xLabel ? 18 : 0);
  const total = height + (slanted ? 30 : 0);
  const [low, high] = [ticks[0], ticks.at(-1)];
  return {
    width,
    height: total,
    left,
    right: width - MARGIN.right,
    bottom: total - bottom,
    slot,
    slanted,
    ticks,
    x: (label) => left + (categories.indexOf(label) + 0.5) * slot,
    y: (value) => total - bottom - ((value - low) / (high - low)) * (total - bottom - MARGIN.top),
  };
}

/** @returns {SVGElement} grid, figures at the left, categories below, both titles */
export function drawAxes(data, scales, number) {
  const { categories, x_label: xLabel, y_label: yLabel } = data.axis_config;
  const { left, right, bottom, height, ticks, y } = scales;
  return svg(
    "g",
    { class: "axes" },
    ticks.map((tick) =>
      svg(
        "g",
        {},
        svg("line", { class: tick === 0 ? "grid zero" : "grid", x1: left, x2: right, y1: y(tick), y2: y(tick) }),
        svg("text", { class: "tick", x: left - 8, y: y(tick) + 4 }, number.format(tick)),
      ),
    ),
    categories.map((label) => categoryLabel(label, scales)),
    yLabel && svg("text", { class: "title", x: 0, y: 12 }, yLabel),
    xLabel && svg("text", { class: "title middle", x: (left + right) / 2, y: height - 4 }, xLabel),
    svg("line", { class: "grid base", x1: left, x2: right, y1: bottom, y2: bottom }),
  );
}

function categoryLabel(label, { x, bottom, slanted }) {
  const [at, below] = [x(label), bottom + 18];
  if (!slanted) return svg("text", { class: "category", x: at, y: below }, label);
  const short = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
  return svg(
    "text",
    { class: "category slanted", x: at + 4, y: below - 4, transform: `rotate(-38 ${at + 4} ${below - 4})` },
    short,
    svg("title", {}, label),
  );
}

/** Bars and areas start at zero; a line may start near its lowest value, where its movement is seen. */
function range({ type, series }) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const fromZero = type !== "line" || (low >= 0 && low < high * 0.5);
  return fromZero ? [Math.min(low, 0), Math.max(high, 0)] : [low, high];
}

/** Four or five steps of 1, 2 or 5 times a power of ten that hold the range. */
function roundTicks([low, high]) {
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
