/** The blocks `table` and `data_table`. */
import { el, icon, iconButton, refill } from "./dom.js";
import { richText } from "./richtext.js";

/** @param {object} block first row is the header @returns {HTMLElement} */
export function table(block, scope) {
  const [head = [], ...body] = block.rows;
  const settings = block.column_settings ?? [];
  return scrolling(
    "Table",
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((cell, at) =>
            el("th", { scope: "col", class: columnClass(settings[at]), dir: "auto" }, cellContent(cell, scope)),
          ),
        ),
      ),
      el(
        "tbody",
        {},
        body.map((row) =>
          el(
            "tr",
            {},
            row.map((cell, at) =>
              el("td", { class: columnClass(settings[at]), dir: "auto" }, cellContent(cell, scope)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Sorts by a press on a column's head, and shows `page_size` rows at a time. */
export function dataTable(block, ctx) {
  const [head, ...body] = block.rows;
  const size = block.page_size ?? 5;
  const view = { page: 0, column: null, down: false };
  const node = el("div", {});
  const draw = () => refill(node, page());
  const sortBy = (column) => {
    Object.assign(view, { down: view.column === column && !view.down, column, page: 0 });
    draw();
  };
  const turn = (step) => {
    view.page += step;
    draw();
  };
  const page = () => {
    const rows = view.column === null ? body : sorted(body, view.column, view.down);
    const shown = rows.slice(view.page * size, (view.page + 1) * size);
    return [
      scrolling(
        block.caption,
        el(
          "table",
          {},
          el("caption", { dir: "auto" }, block.caption),
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              head.map((cell, at) => heading(cell, at, body, view, sortBy)),
            ),
          ),
          el(
            "tbody",
            {},
            shown.map((row) =>
              el(
                "tr",
                {},
                row.map((cell, at) => bodyCell(cell, at, block, ctx)),
              ),
            ),
          ),
        ),
      ),
      body.length > size && pager(view.page, Math.ceil(body.length / size), turn),
    ];
  };
  draw();
  return node;
}

/** A table that scrolls sideways by itself, and with the keyboard. */
export function scrolling(label, content) {
  return el("div", { class: "table-scroll", role: "group", "aria-label": label, tabindex: "0" }, content);
}

function heading(cell, at, body, view, sortBy) {
  const order = view.column !== at ? "none" : view.down ? "descending" : "ascending";
  return el(
    "th",
    { scope: "col", "aria-sort": order, class: isNumeric(body, at) ? "right" : "" },
    el(
      "button",
      { type: "button", class: "sort", on: { click: () => sortBy(at) } },
      cell.text,
      icon(order === "none" ? "updown" : "down"),
    ),
  );
}

function bodyCell(cell, at, block, ctx) {
  const names = at === (block.row_header_column_index ?? 0);
  return el(
    names ? "th" : "td",
    { scope: names ? "row" : null, class: cell.type === "raw_number" ? "right" : "", dir: "auto" },
    cellContent(cell, ctx.scope),
  );
}

function pager(at, pages, turn) {
  return el(
    "div",
    { class: "pager" },
    iconButton("left", "Previous page", () => turn(-1), { disabled: at === 0 }),
    el("span", {}, `${at + 1} of ${pages}`),
    iconButton("right", "Next page", () => turn(1), { disabled: at === pages - 1 }),
  );
}

function cellContent(cell, scope) {
  if (!cell) return "";
  return cell.type === "rich_text" ? richText(cell, scope) : (cell.text ?? String(cell.value ?? ""));
}

function columnClass(setting) {
  return `${setting?.align ?? ""} ${setting?.is_wrapped ? "wrapped" : ""}`.trim();
}

function isNumeric(body, at) {
  return body.every((row) => row[at]?.type === "raw_number");
}

function sorted(rows, column, down) {
  const key = (row) => (row[column]?.type === "raw_number" ? row[column].value : (row[column]?.text ?? ""));
  const order = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), undefined, { numeric: true });
  return [...rows].sort((one, other) => order(key(one), key(other)) * (down ? -1 : 1));
}
