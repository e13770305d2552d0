/** What floats over the page: it stays at its anchor, above dialogs too, and never leaves the window. */

const GAP = 4;
const EDGE = 8;

/**
 * Shows `popup` (an element with popover="manual" that stands in the document) at `anchor`.
 * @param {{wide?: boolean, align?: "start"|"end", onOutside?: () => void}} options wide: at least as wide as the
 *   anchor; onOutside: the person pressed elsewhere
 * @returns {() => void} hides it
 */
export function showPopup(popup, anchor, { wide = false, align = "start", onOutside = () => {} } = {}) {
  const reposition = () => place(popup, anchor, wide, align);
  const press = (event) => {
    if (!popup.contains(event.target) && !anchor.contains(event.target)) onOutside();
  };
  popup.showPopover();
  reposition();
  window.addEventListener("scroll", reposition, true);
  window.addEventListener("resize", reposition);
  document.addEventListener("pointerdown", press, true);
  return () => {
    window.removeEventListener("scroll", reposition, true);
    window.removeEventListener("resize", reposition);
    document.removeEventListener("pointerdown", press, true);
    if (popup.isConnected && popup.matches(":popover-open")) popup.hidePopover();
  };
}

function place(popup, anchor, wide, align) {
  const box = anchor.getBoundingClientRect();
  popup.style.minWidth = wide ? `${box.width}px` : "";
  popup.style.maxHeight = "";
  const below = window.innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const upward = popup.offsetHeight > below && above > below;
  popup.style.maxHeight = `${Math.max(upward ? above : below, 80)}px`;
  const left = align === "end" ? box.right - popup.offsetWidth : box.left;
  popup.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - popup.offsetWidth - EDGE))}px`;
  popup.style.top = `${upward ? box.top - GAP - popup.offsetHeight : box.bottom + GAP}px`;
}
