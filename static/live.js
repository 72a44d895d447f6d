/**
 * The live view of a page: one socket that only pushes, a guard that lets every row in once and in
 * order, and the ways back when the socket is silent, refused or gone. The only file that knows
 * the names of htmx's events; the widget and the desk share it.
 *
 * The page offers
 *   #live                ws-connect (hx-ext="ws") and data-since, or neither until the server says
 *                        data-live-socket and data-live-since on a part that it swaps in
 *   #log                 data-last, data-last-note (desk), data-epoch, data-conversation
 *   [data-live-status]   receives the state in words
 * and hears, on the document
 *   helpdesk:rows        {rows, live}   rows that now stand in the log
 *   helpdesk:swapped     parts of the page were replaced
 *   helpdesk:live        {state, code}  idle|connecting|live|reconnecting|polling|offline|closed
 *   helpdesk:refused     {status}       an action got no usable answer (0: none at all)
 *   helpdesk:reload      the page is about to be loaded again
 * It listens to helpdesk:answer {html}: fragments that came by a request of another script.
 */
(() => {
  "use strict";

  const SILENCE_MS = 45_000;
  const NAP_MS = 10_000;
  const POLL_MS = 3_000;
  /** A socket that lived this long was no failed attempt. */
  const STEADY_MS = 5_000;
  const ROWS = "article[data-seq],article[data-note]";
  /** Closed for good; 4409 (too many sockets) only stops the socket, not the polling. */
  const FATAL = new Set([4401, 4403, 4404]);
  const CROWDED = 4409;
  /** @type {Record<string, string>} */
  const WORDS = {
    connecting: "Connecting…",
    live: "Live",
    reconnecting: "Reconnecting…",
    polling: "Checking every 3 seconds",
    offline: "Offline",
    4401: "Signed out",
    4403: "Not allowed",
    4404: "No longer here",
  };

  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {{reconnect: () => void} | null} */
  let wrapper = null;
  let state = "idle";
  let code = 0;
  let heardAt = Date.now();
  let openedAt = 0;
  let failures = 0;
  let retryTimer = 0;
  let pollTimer = 0;
  /** @type {Promise<boolean> | null} */
  let fetching = null;
  let settling = false;
  let leaving = false;
  /** The highest numbers the server has named, for the log it named them for. */
  let named = { log: /** @type {HTMLElement | null} */ (null), last: 0, lastNote: 0 };

  const log = () => document.getElementById("log");
  /** @param {string} name @param {unknown} [detail] */
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  /** @param {string | undefined} value */
  const count = (value) => Number(value) || 0;

  /* ---- the state, in words ------------------------------------------------------------- */

  function paint() {
    for (const place of document.querySelectorAll("[data-live-status]")) {
      const words = WORDS[code] ?? WORDS[state];
      if (words && place.textContent !== words) place.textContent = words;
      /** @type {HTMLElement} */ (place).dataset.state = state;
    }
  }

  /** @param {string} next @param {number} [reason] */
  function become(next, reason = 0) {
    if (!navigator.onLine && next !== "closed") next = "offline";
    if (next === state && reason === code) return;
    state = next;
    code = reason;
    paint();
    tell("helpdesk:live", { state, code });
  }

  /* ---- the guard ----------------------------------------------------------------------- */

  /** @param {HTMLElement} row */
  const isNote = (row) => row.dataset.note !== undefined;

  /** Where a row stands: by public number, a desk row after the public row it follows.
   * @param {HTMLElement} row @returns {[number, number]} */
  const rank = (row) =>
    isNote(row) ? [count(row.dataset.after), count(row.dataset.note)] : [count(row.dataset.seq), 0];

  /** Put a row where it belongs; false if it stands there already.
   * @param {HTMLElement} row */
  function place(row) {
    const rows = log();
    if (!rows || document.getElementById(row.id)) return false;
    const [major, minor] = rank(row);
    let before = null;
    for (let at = rows.lastElementChild; at; at = at.previousElementSibling) {
      if (!at.matches(ROWS)) continue;
      const [other, otherMinor] = rank(/** @type {HTMLElement} */ (at));
      if (other < major || (other === major && otherMinor < minor)) break;
      before = at;
    }
    rows.insertBefore(row, before);
    return true;
  }

  /** True for the one row that comes next; a row known is dropped, a later one is fetched first.
   * @param {HTMLElement} row */
  function admit(row) {
    const rows = log();
    if (!rows) return false;
    const cursor = isNote(row) ? "lastNote" : "last";
    const number = count(isNote(row) ? row.dataset.note : row.dataset.seq);
    const last = count(rows.dataset[cursor]);
    if (number > last + 1) hear(cursor, number);
    if (number !== last + 1) return false;
    rows.dataset[cursor] = String(number);
    return true;
  }

  /** The server named a number. Are we behind it?
   * @param {"last" | "lastNote"} cursor @param {number} number */
  function hear(cursor, number) {
    if (named.log !== log()) named = { log: log(), last: 0, lastNote: 0 };
    named[cursor] = Math.max(named[cursor], number);
  }

  function behind() {
    const rows = log();
    if (!rows || named.log !== rows) return false;
    return (
      named.last > count(rows.dataset.last) || named.lastNote > count(rows.dataset.lastNote)
    );
  }

  /** Take fragments in: rows through the guard, everything else by its id.
   * The answer to one's own message is placed at its number but never moves the cursor: a row
   * with a lower number may still be on its way.
   * @param {string} html @param {boolean} live */
  function apply(html, live) {
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    const rows = [];
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (
      parsed.content.querySelectorAll(ROWS)
    )) {
      const wrap = row.parentElement;
      row.remove();
      if (wrap && !wrap.childElementCount) wrap.remove();
      const admitted = !live || admit(row);
      if (admitted && place(row)) rows.push(row);
    }
    if (parsed.content.childElementCount) {
      htmx.swap(document.body, parsed.innerHTML, { swapStyle: "none" });
    }
    if (rows.length) tell("helpdesk:rows", { rows, live });
    if (behind()) catchUp();
  }

  /* ---- catching up and polling --------------------------------------------------------- */

  function since() {
    const source = document.querySelector("[data-live-since]");
    const path = source?.getAttribute("data-live-since") ?? document.getElementById("live")?.dataset.since;
    if (!path) return null;
    const url = new URL(path, location.href);
    cursors(url);
    return url;
  }

  /** @param {URL} url */
  function cursors(url) {
    const rows = log();
    if (!rows) return;
    url.searchParams.set("after", String(count(rows.dataset.last)));
    if (rows.dataset.lastNote !== undefined) {
      url.searchParams.set("after_note", String(count(rows.dataset.lastNote)));
    }
    if (rows.dataset.epoch) url.searchParams.set("e", rows.dataset.epoch);
  }

  /** Fetch what is missing, one request at a time. True when the server answered. */
  function catchUp() {
    fetching ??= ask().finally(() => {
      fetching = null;
      if (behind()) setTimeout(catchUp, 1_000 + Math.random() * 1_000);
    });
    return fetching;
  }

  async function ask() {
    const url = since();
    if (!url) return false;
    const rows = log();
    try {
      const answer = await fetch(url, {
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.redirected) close(4401);
      else if (FATAL.has(4000 + answer.status)) close(4000 + answer.status);
      if (answer.redirected || !answer.ok) return false;
      const html = await answer.text();
      if (/^\s*<!--reset-->/.test(html)) reload();
      else if (rows === log()) apply(html, true);
      return true;
    } catch {
      return false; // the next heartbeat, poll or timer asks again
    }
  }

  const settled = () => state === "live" || state === "closed";

  function poll() {
    if (pollTimer) return;
    const round = async () => {
      pollTimer = 0;
      if (settled()) return;
      const answered = await catchUp();
      if (settled()) return;
      become(answered ? "polling" : "reconnecting");
      poll();
    };
    pollTimer = setTimeout(round, document.hidden ? 5 * POLL_MS : POLL_MS);
  }

  /* ---- the socket ---------------------------------------------------------------------- */

  /** @param {number} reason */
  function close(reason) {
    clearTimeout(retryTimer);
    const old = socket;
    socket = null;
    old?.close();
    become("closed", reason);
  }

  /** Drop what there is, half-open or not, and connect again at once. */
  function reconnect() {
    clearTimeout(retryTimer);
    if (state === "closed") return;
    const old = socket;
    heardAt = Date.now();
    if (!wrapper) {
      old?.close(); // its close event brings the wrapper
      return;
    }
    socket = null;
    old?.close();
    wrapper.reconnect();
  }

  /** How long until the next try; the spread keeps a restart from becoming a stampede.
   * @param {number} reason */
  function pauseFor(reason) {
    if (reason === 4429) return 30_000;
    if (reason === 1012) return Math.random() * 3_000;
    return Math.random() * Math.min(15_000, 500 * 2 ** failures);
  }

  /** @param {number} reason */
  function closed(reason) {
    if (FATAL.has(reason)) {
      close(reason);
      return;
    }
    if (state !== "polling") become("reconnecting");
    failures = openedAt && Date.now() - openedAt > STEADY_MS ? 1 : failures + 1;
    openedAt = 0;
    if (failures > 1 || reason === CROWDED) poll();
    clearTimeout(retryTimer);
    if (reason !== CROWDED) retryTimer = setTimeout(reconnect, pauseFor(reason));
  }

  /** The extension opens sockets through this hook: here the cursor joins the address. */
  htmx.createWebSocket = (/** @type {string} */ address) => {
    const url = new URL(address);
    cursors(url);
    const old = socket;
    socket = new WebSocket(url);
    old?.close(); // one socket a page
    wrapper = null;
    heardAt = Date.now();
    if (state !== "polling") become(state === "idle" ? "connecting" : "reconnecting");
    return socket;
  };
  // The extension reconnects after four close codes only, and leaks when asked too: we do it.
  htmx.config.wsReconnectDelay = () => 2 ** 31 - 1;

  document.addEventListener("htmx:wsOpen", (event) => {
    if (event.detail.event.target !== socket) return;
    wrapper = event.detail.socketWrapper;
    heardAt = Date.now();
    openedAt = heardAt;
    become("live");
  });

  document.addEventListener("htmx:wsClose", (event) => {
    if (event.detail.event.target !== socket) return;
    wrapper = event.detail.socketWrapper;
    socket = null;
    if (!leaving) closed(event.detail.event.code);
  });

  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    event.preventDefault();
    heardAt = Date.now();
    const frame = event.detail.message;
    const beat = /^\s*<!--hb (\d+)(?: (\d+))?-->/.exec(frame);
    if (beat) {
      hear("last", count(beat[1]));
      if (beat[2] && log()?.dataset.lastNote !== undefined) hear("lastNote", count(beat[2]));
      if (behind()) catchUp();
    } else if (/^\s*<!--reset-->/.test(frame)) reload();
    else apply(frame, true);
  });

  setInterval(() => {
    if (socket && Date.now() - heardAt > SILENCE_MS) reconnect();
  }, 5_000);

  /** Back from sleep, from a tunnel or from another tab: what looks open may be long dead. */
  function wake() {
    if (state === "idle" || state === "closed" || document.hidden || !navigator.onLine) return;
    if (state === "live" && Date.now() - heardAt < NAP_MS) return;
    if (socket?.readyState === WebSocket.CONNECTING && Date.now() - heardAt < NAP_MS) return;
    reconnect();
  }
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", (event) => event.persisted && wake());
  addEventListener("online", () => {
    if (state === "idle" || state === "closed") return;
    failures = 0;
    become("reconnecting");
    reconnect();
  });
  addEventListener("offline", () => state !== "idle" && become("offline"));
  addEventListener("pagehide", () => {
    leaving = true;
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });

  /* ---- the page ------------------------------------------------------------------------ */

  /** Load the page again, at most every five seconds. */
  function reload() {
    if (leaving) return;
    leaving = true;
    setTimeout(
      () => {
        tell("helpdesk:reload");
        location.reload();
      },
      Math.max(0, 5_000 - performance.now()),
    );
  }

  /** Connect as soon as the server has named a socket; start over if it is about another chat. */
  function follow() {
    const source = document.querySelector("[data-live-socket]");
    const live = document.getElementById("live");
    const rows = log();
    const conversation = source?.getAttribute("data-conversation");
    if (!source || !live || !rows || !conversation) return;
    if (rows.dataset.conversation && rows.dataset.conversation !== conversation) {
      reload();
      return;
    }
    rows.dataset.conversation = conversation;
    if (live.hasAttribute("ws-connect")) return;
    live.setAttribute("hx-ext", "ws");
    live.setAttribute("ws-connect", source.getAttribute("data-live-socket") ?? "");
    htmx.process(live);
  }

  /** Once for all parts that one answer replaced. */
  function swapped() {
    if (settling) return;
    settling = true;
    queueMicrotask(() => {
      settling = false;
      follow();
      paint();
      tell("helpdesk:swapped");
    });
  }

  document.addEventListener("helpdesk:answer", (event) => apply(event.detail.html, false));
  document.addEventListener("htmx:afterSettle", swapped);

  // A button's answer may bring rows; they pass the guard like all others.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, serverResponse, shouldSwap } = event.detail;
    if (!shouldSwap || requestConfig?.elt?.getAttribute("hx-swap") !== "none") return;
    event.detail.shouldSwap = false;
    apply(serverResponse, false);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) =>
      tell("helpdesk:refused", { status: event.detail.xhr?.status ?? 0 }),
    );
  }
})();
