/**
 * The block `data_visualization`: a drawing, its legend, and the same figures as a table one press away.
 * Slack offers no colours or number formats: the drawing takes the page's own.
 */
import { el, icon, refill, svg } from "./dom.js";
import { drawAxes, makeScales } from "./axes.js";
import { pie, pieLegend } from "./pie.js";
import { scrolling } from "./table.js";

const HEIGHT = 240;
const LABELLED_BARS = 12; // with more bars than this, the figures above them would touch

/** @param {object} block @param {object} scope whose `me.locale` writes the numbers @returns {HTMLElement} */
export function chart(block, scope) {
  const data = block.chart;
  const number = new Intl.NumberFormat(scope.me?.locale || "en-US", { maximumFractionDigits: 2 });
  const drawing = el("div", { class: "chart-drawing" });
  const figures = figuresTable(block, number);
  const toggle = el("button", {
    type: "button",
    class: "button quiet",
    "aria-pressed": "false",
    on: { click: () => swap() },
  });
  const swap = (asTable = figures.hidden) => {
    figures.hidden = !asTable;
    drawing.hidden = asTable;
    toggle.setAttribute("aria-pressed", String(asTable));
    refill(toggle, icon(asTable ? "chart" : "table"), asTable ? "Show as chart" : "Show as table");
  };
  swap(false);
  drawWhenSized(drawing, (width) => draw(block, width, number));
  const legend = data.type === "pie" ? null : data.series.length > 1 && seriesLegend(data.series);
  return el(
    "figure",
    { class: "chart" },
    el("figcaption", {}, el("strong", { dir: "auto" }, block.title), toggle),
    drawing,
    legend,
    figures,
  );
}

/** Draws at the real width, again whenever that changes, so that letters keep their size. */
function drawWhenSized(host, make) {
  let last = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width === 0 || width === last) return;
    last = width;
    refill(host, make(width));
  }).observe(host);
}

function draw(block, width, number) {
  const data = block.chart;
  if (data.type === "pie")
    return el(
      "div",
      { class: "pie" },
      frame(block, 200, 200, pie(data.segments, number)),
      pieLegend(data.segments, number),
    );
  const scales = makeScales(data, width, HEIGHT, number);
  const marks = { bar: bars, line: lines, area: areas }[data.type](data, scales, number);
  return frame(block, width, scales.height, [drawAxes(data, scales, number), marks]);
}

function frame(block, width, height, content) {
  return svg(
    "svg",
    {
      role: "img",
      "aria-label": `${block.title}. ${summary(block.chart)}`,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
    },
    content,
  );
}

/** What a screen reader says of the drawing: the kind, and each series with its figures. */
function summary(data) {
  if (data.type === "pie")
    return `Pie chart: ${data.segments.map(({ label, value }) => `${label} ${value}`).join(", ")}`;
  const kinds = { bar: "Bar chart", line: "Line chart", area: "Area chart" };
  const figures = (points) => points.map(({ label, value }) => `${label} ${value}`).join(", ");
  return `${kinds[data.type]}: ${data.series.map((one) => `${one.name}: ${figures(one.data)}`).join("; ")}`;
}

function bars({ series, axis_config: axis }, { x, y, slot }, number) {
  const width = Math.min(34, (slot * 0.72) / series.length);
  const labelled = series.length * axis.categories.length <= LABELLED_BARS;
  return series.map((one, index) =>
    svg(
      "g",
      { class: `series-${index}` },
      one.data.map((point) => {
        const left = x(point.label) + (index - series.length / 2) * width;
        const [top, bottom] = [y(Math.max(point.value, 0)), y(Math.min(point.value, 0))];
        return svg(
          "g",
          {},
          svg(
            "rect",
            {
              class: "bar",
              x: left + 1,
              width: Math.max(width - 2, 1),
              y: top,
              height: Math.max(bottom - top, 1),
              rx: 3,
            },
            tip(one, point, number),
          ),
          labelled &&
            svg(
              "text",
              { class: "figure", x: left + width / 2, y: point.value < 0 ? bottom + 13 : top - 5 },
              number.format(point.value),
            ),
        );
      }),
    ),
  );
}

function lines({ series }, { x, y }, number) {
  return series.map((one, index) =>
    svg("g", { class: `series-${index}` }, lineWithDots(one, x, y, number), lastFigure(one, x, y, number)),
  );
}

function areas({ series }, { x, y }, number) {
  return series.map((one, index) => {
    const [first, last] = [one.data[0], one.data.at(-1)];
    const shape = `${path(one.data, x, y)}L${x(last.label)} ${y(0)}L${x(first.label)} ${y(0)}Z`;
    return svg(
      "g",
      { class: `series-${index}` },
      svg("path", { class: "area", d: shape }),
      lineWithDots(one, x, y, number),
    );
  });
}

function lineWithDots(series, x, y, number) {
  const dot = (point) =>
    svg("circle", { class: "dot", cx: x(point.label), cy: y(point.value), r: 3.5 }, tip(series, point, number));
  return [svg("path", { class: "line", d: path(series.data, x, y) }), series.data.map(dot)];
}

function path(points, x, y) {
  return points.map((point, at) => `${at ? "L" : "M"}${x(point.label)} ${y(point.value)}`).join("");
}

/** The figure of the last point, which is the one that people look for. */
function lastFigure(series, x, y, number) {
  const point = series.data.at(-1);
  return svg("text", { class: "figure", x: x(point.label), y: y(point.value) - 9 }, number.format(point.value));
}

function tip(series, point, number) {
  return svg("title", {}, `${series.name} · ${point.label}: ${number.format(point.value)}`);
}

function seriesLegend(series) {
  return el(
    "ul",
    { class: "legend", "aria-hidden": "true" },
    series.map(({ name }, index) => el("li", {}, el("span", { class: `key series-${index}` }), name)),
  );
}

function figuresTable({ title, chart: data }, number) {
  const columns = data.type === "pie" ? [{ name: "Value", data: data.segments }] : data.series;
  const labels = data.type === "pie" ? data.segments.map(({ label }) => label) : data.axis_config.categories;
  const figure = (series, label) => {
    const point = series.data.find((each) => each.label === label);
    return point ? number.format(point.value) : "–";
  };
  return scrolling(
    `${title}, figures`,
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, data.axis_config?.x_label ?? ""),
          columns.map(({ name }) => el("th", { scope: "col", class: "right" }, name)),
        ),
      ),
      el(
        "tbody",
        {},
        labels.map((label) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, label),
            columns.map((series) => el("td", { class: "right" }, figure(series, label))),
          ),
        ),
      ),
    ),
  );
}
