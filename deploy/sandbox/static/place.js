/** Where the page is: whose eyes, which room, which tab. It stands in the address, so that a link leads back here. */

const REMEMBERED = "sandbox.as";

/** @returns {{as: string|null, room: string|null, tab: "home"|"messages"}} */
export function placeInAddress() {
  const query = new URLSearchParams(location.search);
  return {
    as: query.get("as") ?? localStorage.getItem(REMEMBERED),
    room: query.get("room"),
    tab: query.get("tab") === "home" ? "home" : "messages",
  };
}

/** Writes the place into the address without a new page. */
export function rememberPlace({ as, room, tab }) {
  localStorage.setItem(REMEMBERED, as);
  const query = new URLSearchParams({ as, room, ...(tab === "home" ? { tab } : {}) });
  history.replaceState(null, "", `?${query}`);
}

/** The room with this id, else the one of the same kind (another person's app), else the app's, else any. */
export function roomOrDefault(rooms, id, kind) {
  return (
    rooms.find((room) => room.id === id) ??
    rooms.find((room) => room.kind === kind) ??
    rooms.find((room) => room.kind === "app") ??
    rooms[0]
  );
}
