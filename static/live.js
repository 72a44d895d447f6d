/**
 * The live view: one socket that only pushes, a guard that lets each row in once and in order, and
 * the ways back when the socket is silent, refused or gone. README.md has attributes and events.
 */
(() => {
  "use strict";

  const SILENCE_MS = 45_000;
  const NAP_MS = 10_000;
  const POLL_MS = 3_000;
  /** A socket that lived this long was no failed attempt. */
  const STEADY_MS = 5_000;
  /** Closed for good. After CROWDED (too many sockets) only the socket stays closed. */
  const FATAL = new Set([4401, 4403, 4404]);
  const CROWDED = 4409;
  const ROWS = "article[data-seq],article[data-note]";
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

  const log = () => document.getElementById("log");
  const number = (/** @type {unknown} */ value) => Number(value) || 0;
  const tell = (/** @type {string} */ name, /** @type {unknown} */ detail) =>
    document.dispatchEvent(new CustomEvent(name, { detail }));

  /* The state, in words. */

  function paint() {
    const words = WORDS[code] ?? WORDS[state];
    for (const place of document.querySelectorAll("[data-live-status]")) {
      if (words && place.textContent !== words) place.textContent = words;
      place.setAttribute("data-state", state);
    }
  }

  function become(/** @type {string} */ next, reason = 0) {
    const now = navigator.onLine || next === "closed" ? next : "offline";
    if (now === state && reason === code) return;
    state = now;
    code = reason;
    paint();
    tell("helpdesk:live", { state, code });
  }

  /* The guard. Cursors live on #log, so that another log brings its own. */

  const isNote = (/** @type {HTMLElement} */ row) => row.dataset.note !== undefined;

  /** Public rows stand by number, a desk row after the public row that it follows. */
  function compare(/** @type {HTMLElement} */ one, /** @type {HTMLElement} */ two) {
    const [a, b] = [one, two].map(({ dataset }) => [
      number(dataset.after ?? dataset.seq),
      number(dataset.note),
    ]);
    return a[0] - b[0] || a[1] - b[1];
  }

  /** Put a row where it belongs; false if it stands there already. */
  function place(/** @type {HTMLElement} */ row) {
    const rows = log();
    if (!rows || document.getElementById(row.id)) return false;
    let before = null;
    for (const other of [...rows.querySelectorAll(ROWS)].reverse()) {
      if (compare(/** @type {HTMLElement} */ (other), row) < 0) break;
      before = other;
    }
    rows.insertBefore(row, before);
    return true;
  }

  /** A row that is shown already was said anew: edited, erased, or marked. */
  function renew(/** @type {HTMLElement} */ row) {
    document.getElementById(row.id)?.replaceWith(row);
    swapped();
    return false;
  }

  /** The server has named a number; if it is ahead of us, something is missing. */
  function hear(/** @type {string} */ cursor, /** @type {number} */ named) {
    const rows = log();
    if (rows?.dataset[cursor] === undefined) return;
    rows.dataset[`${cursor}Named`] = String(
      Math.max(named, number(rows.dataset[`${cursor}Named`])),
    );
  }

  function behind() {
    const data = log()?.dataset ?? {};
    return ["last", "lastNote"].some((at) => number(data[`${at}Named`]) > number(data[at]));
  }

  /** True for the one row that comes next; a known row is dropped, after a gap we fetch first. */
  function admit(/** @type {HTMLElement} */ row) {
    const cursor = isNote(row) ? "lastNote" : "last";
    const seq = number(row.dataset.note ?? row.dataset.seq);
    const data = log()?.dataset ?? {};
    hear(cursor, seq);
    if (seq !== number(data[cursor]) + 1) return false;
    data[cursor] = String(seq);
    return true;
  }

  /** Take fragments in: rows through the guard, everything else by its id. The answer to one's own
   * message stands at its number but never moves the cursor: a lower number may be on its way. */
  function apply(/** @type {string} */ html, /** @type {boolean} */ live) {
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    const rows = /** @type {HTMLElement[]} */ ([...parsed.content.querySelectorAll(ROWS)]);
    const news = rows.filter((row) => {
      const wrap = row.closest("[hx-swap-oob]");
      row.remove();
      if (!wrap?.childElementCount) wrap?.remove();
      if (wrap?.getAttribute("hx-swap-oob")?.startsWith("outerHTML")) return renew(row);
      return (!live || admit(row)) && place(row);
    });
    if (parsed.content.childElementCount) {
      htmx.swap(document.body, parsed.innerHTML, { swapStyle: "none" });
    }
    if (news.length) tell("helpdesk:rows", { rows: news, live });
    if (behind()) catchUp();
  }

  /* Catching up and polling. */

  function point(/** @type {URL} */ url) {
    const data = log()?.dataset;
    if (!data) return url;
    url.searchParams.set("after", String(number(data.last)));
    if (data.lastNote) url.searchParams.set("after_note", data.lastNote);
    if (data.epoch) url.searchParams.set("e", data.epoch);
    return url;
  }

  async function ask() {
    const named = document.querySelector("[data-live-since]")?.getAttribute("data-live-since");
    const path = named ?? document.getElementById("live")?.dataset.since;
    if (!path) return false;
    const rows = log();
    try {
      const answer = await fetch(point(new URL(path, location.href)), {
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(10_000),
      });
      const reason = answer.redirected ? 4401 : 4000 + answer.status;
      if (FATAL.has(reason)) stop(reason);
      if (answer.redirected || !answer.ok) return false;
      const html = await answer.text();
      if (html.startsWith("<!--reset")) reload();
      else if (rows === log()) apply(html, true);
      return true;
    } catch {
      return false; // the next heartbeat, poll or timer asks again
    }
  }

  /** Fetch what is missing, one request at a time. True when the server answered. */
  function catchUp() {
    fetching ??= ask().finally(() => {
      fetching = null;
      if (behind()) setTimeout(catchUp, 1_000 + Math.random() * 1_000);
    });
    return fetching;
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

  /* The socket. */

  function drop() {
    clearTimeout(retryTimer);
    const old = socket;
    socket = null;
    old?.close();
  }

  function stop(/** @type {number} */ reason) {
    drop();
    become("closed", reason);
  }

  /** Drop what there is, half-open or not, and connect again at once. */
  function reconnect() {
    if (state === "closed") return;
    heardAt = Date.now();
    if (!wrapper)
      socket?.close(); // its close event brings the wrapper
    else {
      drop();
      wrapper.reconnect();
    }
  }

  /** The spread keeps a restart from becoming a stampede. */
  function pauseAfter(/** @type {number} */ reason) {
    if (reason === 4429) return 30_000;
    return Math.random() * (reason === 1012 ? 3_000 : Math.min(15_000, 500 * 2 ** failures));
  }

  function closed(/** @type {number} */ reason) {
    if (FATAL.has(reason)) return stop(reason);
    if (state !== "polling") become("reconnecting");
    failures = openedAt && Date.now() - openedAt > STEADY_MS ? 1 : failures + 1;
    openedAt = 0;
    if (failures > 1 || reason === CROWDED) poll();
    clearTimeout(retryTimer);
    if (reason !== CROWDED) retryTimer = setTimeout(reconnect, pauseAfter(reason));
  }

  // The extension opens sockets through this hook: the cursors join the address, and there is
  // never more than one socket.
  htmx.createWebSocket = (/** @type {string} */ address) => {
    drop();
    wrapper = null;
    heardAt = Date.now();
    socket = new WebSocket(point(new URL(address)));
    if (state !== "polling") become(state === "idle" ? "connecting" : "reconnecting");
    return socket;
  };
  // It reconnects after four close codes only, and leaks sockets when asked as well: we do it.
  htmx.config.wsReconnectDelay = () => 2 ** 31 - 1;

  document.addEventListener("htmx:wsOpen", ({ detail }) => {
    if (detail.event.target !== socket) return;
    wrapper = detail.socketWrapper;
    heardAt = openedAt = Date.now();
    become("live");
  });
  document.addEventListener("htmx:wsClose", ({ detail }) => {
    if (detail.event.target !== socket) return;
    wrapper = detail.socketWrapper;
    socket = null;
    if (!leaving) closed(detail.event.code);
  });
  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    event.preventDefault();
    heardAt = Date.now();
    const frame = event.detail.message.trimStart();
    const beat = /^<!--hb (\d+)(?: (\d+))?-->/.exec(frame);
    if (frame.startsWith("<!--reset")) reload();
    else if (!beat) apply(frame, true);
    else {
      hear("last", number(beat[1]));
      hear("lastNote", number(beat[2]));
      if (behind()) catchUp();
    }
  });
  setInterval(() => {
    if (socket && Date.now() - heardAt > SILENCE_MS) reconnect();
  }, 5_000);

  /** Back from sleep, a tunnel or another tab: what looks open may be long dead. */
  function wake() {
    if (state === "idle" || document.hidden || !navigator.onLine) return;
    const young = socket?.readyState === WebSocket.CONNECTING || state === "live";
    if (!young || Date.now() - heardAt > NAP_MS) reconnect();
  }
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) wake();
  });
  addEventListener("pagehide", () => {
    leaving = true;
  });
  addEventListener("offline", () => {
    if (state !== "idle") become("offline");
  });
  addEventListener("online", () => {
    if (state === "idle" || state === "closed") return;
    failures = 0;
    become("reconnecting");
    reconnect();
  });

  /* The page. */

  /** Load the page again, at most every five seconds. */
  function reload() {
    if (leaving) return;
    leaving = true;
    const again = () => {
      tell("helpdesk:reload");
      location.reload();
    };
    setTimeout(again, Math.max(0, 5_000 - performance.now()));
  }

  /** Connect once the server has named a socket; start over when it is about another chat. */
  function follow() {
    const part = document.querySelector("[data-live-socket]");
    const live = document.getElementById("live");
    const rows = log();
    const conversation = part?.getAttribute("data-conversation");
    if (!part || !live || !rows || !conversation) return;
    const known = rows.dataset.conversation;
    if (known && known !== conversation) return reload();
    rows.dataset.conversation = conversation;
    if (live.hasAttribute("ws-connect")) return;
    live.setAttribute("hx-ext", "ws");
    live.setAttribute("ws-connect", part.getAttribute("data-live-socket") ?? "");
    htmx.process(live);
  }

  /** Once for all the parts that one answer replaced. */
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

  document.addEventListener("htmx:afterSettle", swapped);
  document.addEventListener("helpdesk:answer", ({ detail }) => apply(detail.html, false));
  // A button's answer may bring rows; they pass the guard like all others.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.shouldSwap || detail.requestConfig?.elt?.getAttribute("hx-swap") !== "none") return;
    detail.shouldSwap = false;
    apply(detail.serverResponse, false);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, ({ detail }) =>
      tell("helpdesk:refused", { status: number(detail.xhr?.status) }),
    );
  }
})();
