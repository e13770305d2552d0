/**
 * The sandbox's own interface under /ui. Answers are JSON; a server that is gone answers with an error like
 * any other.
 */

const UNREACHABLE = { ok: false, error: "sandbox_unreachable" };
const RETRY_MS = 1500;

/** @param {string} name e.g. "state" @param {object} query @returns {Promise<object>} */
export function look(name, query) {
  return ask(`/ui/${name}?${new URLSearchParams(query)}`);
}

/** @param {string} name e.g. "press" @param {object} body @returns {Promise<object>} */
export function act(name, body) {
  return ask(`/ui/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * Follows what changes for one person, and comes back by itself after every interruption.
 * @param {{changed: (notice: object) => void, opened: () => void, lost: () => void}} listener
 * @returns {() => void} ends it
 */
export function follow(as, { changed, opened, lost }) {
  let source = null;
  let timer = null;
  const open = () => {
    source = new EventSource(`/ui/stream?as=${encodeURIComponent(as)}`);
    source.onopen = opened;
    source.onmessage = (event) => changed(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      lost();
      timer = setTimeout(open, RETRY_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/**
 * A caller of `work` who comes while it runs gets the next run, shared with all who wait: bursts cost two runs,
 * and nobody is answered with what was true before they asked.
 */
export function coalesced(work) {
  let running = null;
  let next = null;
  return function run() {
    if (!running) {
      running = work().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  };
}

async function ask(address, options) {
  try {
    const response = await fetch(address, options);
    return await response.json();
  } catch {
    return UNREACHABLE;
  }
}
