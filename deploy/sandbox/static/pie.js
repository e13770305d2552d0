/** The pie chart, drawn as a ring, with a legend that carries the figures. */
import { el, svg } from "./dom.js";

const RADIUS = 78;
const THICKNESS = 34;
const CENTRE = 100;
const AROUND = 2 * Math.PI * RADIUS;
const GAP = 2; // px between two pieces

/** @param {{label: string, value: number}[]} segments @returns {SVGElement[]} in a square of 200 by 200 */
export function pie(segments, number) {
  const total = sum(segments);
  let before = 0;
  return segments.map(({ label, value }, index) => {
    const length = (value / total) * AROUND;
    const offset = -before;
    before += length;
    return svg(
      "circle",
      {
        class: `piece series-${index}`,
        cx: CENTRE,
        cy: CENTRE,
        r: RADIUS,
        fill: "none",
        "stroke-width": THICKNESS,
        "stroke-dasharray": `${Math.max(length - (segments.length > 1 ? GAP : 0), 0.5)} ${AROUND}`,
        "stroke-dashoffset": offset,
        transform: `rotate(-90 ${CENTRE} ${CENTRE})`,
      },
      svg("title", {}, `${label}: ${number.format(value)} (${percent(value, total)})`),
    );
  });
}

/** @returns {HTMLElement} every piece with its figure and its share */
export function pieLegend(segments, number) {
  const total = sum(segments);
  return el(
    "ul",
    { class: "legend upright", "aria-hidden": "true" },
    segments.map(({ label, value }, index) =>
      el(
        "li",
        {},
        el("span", { class: `key series-${index}` }),
        el("span", { dir: "auto" }, label),
        el("strong", {}, number.format(value)),
        el("span", { class: "muted" }, percent(value, total)),
      ),
    ),
  );
}

function percent(value, total) {
  return `${Math.round((value / total) * 100)} %`;
}

function sum(segments) {
  return segments.reduce((total, { value }) => total + value, 0);
}
