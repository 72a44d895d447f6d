/**
 * The chat as its customer has it in hand: the composer follows the state, the log stays at its
 * end, times are local, and the page around the frame hears what it needs for its badge.
 */
(() => {
  "use strict";

  const NEAR_END_PX = 100;
  const GROUP_MS = 2 * 60_000;
  const QUIET_MS = 5_000;
  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [scroll, log, pending, menu, composer] = ["scroll", "log", "pending", "menu", "composer"].map(byId);
  const field = /** @type {HTMLTextAreaElement} */ (byId("body"));
  const framed = window.parent !== window;
  const fine = matchMedia("(pointer: fine)");
  const title = document.title;

  /** @type {MessagePort | null} */
  let port = null;
  let open = !framed;
  let atEnd = true;
  let missed = 0;
  let said = "";
  /** @type {Element | null} */
  let focused = null;

  /** Storage may be blocked in a frame; then the page's memory has to do. */
  const memory = new Map();
  const memo = {
    /** @param {string} key @returns {string | null} */
    get(key) {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return memory.get(key) ?? null;
      }
    },
    /** @param {string} key @param {string} value */
    set(key, value) {
      memory.set(key, value);
      try {
        sessionStorage.setItem(key, value);
      } catch {
        // blocked
      }
    },
  };

  /* ---- brand colour: own words, send button ---------------------------------------------- */

  function paint() {
    const color = document.body.dataset.color ?? "";
    if (!/^#[0-9a-f]{6}$/i.test(color) || color.toLowerCase() === "#0b6b66") return;
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const ink = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
    for (const name of ["own", "brand"]) {
      document.documentElement.style.setProperty(`--hd-${name}`, color);
      document.documentElement.style.setProperty(`--hd-${name}-on`, ink);
    }
  }

  /* ---- rows: local times, days, groups --------------------------------------------------- */

  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

  /** @param {Date} at */
  function dayName(at) {
    const today = new Date();
    if (at.toDateString() === today.toDateString()) return "Today";
    today.setDate(today.getDate() - 1);
    return at.toDateString() === today.toDateString() ? "Yesterday" : day.format(at);
  }

  function arrange() {
    /** @type {HTMLElement | null} */
    let above = null;
    let before = dayName(new Date());
    for (const row of /** @type {Iterable<HTMLElement>} */ (log.children)) {
      const at = new Date(row.dataset.at ?? "");
      for (const time of row.querySelectorAll("time")) time.textContent = clock.format(at);
      const name = dayName(at);
      if (name !== before) row.dataset.day = name;
      before = name;
      const follows =
        above?.className.split(" ")[1] === row.className.split(" ")[1] &&
        above?.dataset.agentId === row.dataset.agentId &&
        !row.dataset.day &&
        at.getTime() - new Date(above?.dataset.at ?? "").getTime() < GROUP_MS;
      row.classList.toggle("hd-follows", follows);
      above?.classList.toggle("hd-followed", follows);
      above = row;
    }
  }

  /* ---- the end of the log ---------------------------------------------------------------- */

  function toEnd() {
    scroll.scrollTop = scroll.scrollHeight;
  }

  function look() {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    if (atEnd) missed = 0;
    const newer = byId("newer");
    newer.hidden = !missed;
    const words = newer.querySelector("span");
    if (words) words.textContent = missed === 1 ? "1 new message" : `${missed} new messages`;
    count();
  }

  /* ---- what the customer has not seen ---------------------------------------------------- */

  /** @param {HTMLElement} row */
  const theirs = (row) => row.dataset.sender === "ai" || row.dataset.sender === "agent";
  const seenKey = () => `seen:${log.dataset.conversation}`;

  function count() {
    const rows = /** @type {HTMLElement[]} */ ([...log.children]);
    const last = Number(rows.at(-1)?.dataset.seq ?? 0);
    const kept = memo.get(seenKey());
    const inView = open && !document.hidden && atEnd;
    const seen = inView || kept === null ? last : Number(kept);
    if (inView || kept === null) memo.set(seenKey(), String(last));
    const unread = rows.filter((row) => theirs(row) && Number(row.dataset.seq) > seen).length;
    port?.postMessage({ type: "unread", count: unread });
    document.title = unread && document.hidden ? `(${unread}) ${title}` : title;
  }

  /** @param {HTMLElement} row */
  function announce(row) {
    const text = row.querySelector(".hd-body")?.textContent ?? "";
    const name = row.querySelector(".hd-by")?.textContent?.trim() ?? "";
    const initials = document.querySelector(".hd-avatar-agent bdi")?.textContent ?? name[0];
    const sender = row.dataset.sender;
    port?.postMessage({ type: "message", sender, name, initials, text: text.slice(0, 280) });
    if (!open || document.hidden) chime();
  }

  let sounds = memo.get("sound") !== "off";

  /** Two short tones, once for all tabs, and only after the customer has done something here. */
  function chime() {
    if (!sounds || !navigator.userActivation?.hasBeenActive) return;
    const play = async () => {
      const audio = new AudioContext();
      for (const [at, pitch] of [[0, 660], [0.12, 880]]) {
        const tone = audio.createOscillator();
        const level = audio.createGain();
        tone.frequency.value = pitch;
        level.gain.setValueAtTime(0.06, audio.currentTime + at);
        level.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.25);
        tone.connect(level).connect(audio.destination);
        tone.start(audio.currentTime + at);
        tone.stop(audio.currentTime + at + 0.25);
      }
      await new Promise((resolve) => setTimeout(resolve, 800));
      await audio.close();
    };
    navigator.locks
      ?.request("helpdesk-chime", { ifAvailable: true }, (lock) => lock && play())
      .catch(play); // a frame without storage has no locks
  }

  document.addEventListener("helpdesk:rows", (event) => {
    arrange();
    const news = event.detail.rows.filter(theirs);
    if (atEnd) toEnd();
    else missed += news.length;
    if (event.detail.live) news.forEach(announce);
    look();
  });

  /* ---- the composer and the state -------------------------------------------------------- */

  function follow() {
    const flow = byId("chat-flow").dataset;
    composer.setAttribute("action", flow.action ?? "");
    field.placeholder = flow.placeholder ?? "";
    if (said && flow.say && flow.say !== said) byId("said").textContent = flow.say;
    said = flow.say || " ";
    port?.postMessage({ type: "status", status: flow.status, begun: Boolean(flow.conversation) });
  }

  document.addEventListener("helpdesk:swapped", () => {
    follow();
    if (atEnd) toEnd();
    // A button that was replaced while it had the focus must not drop the reader at the top.
    if (focused && !focused.isConnected && document.activeElement === document.body) {
      if (fine.matches) field.focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    focused = /** @type {Element} */ (event.target);
  });

  function measure() {
    const limit = Number(field.dataset.limit);
    const length = [...field.value].length;
    const hint = byId("count");
    hint.hidden = length < limit * 0.9;
    hint.textContent = `${length.toLocaleString()} of ${limit.toLocaleString()} characters${length > limit ? ". Shorten it to send it." : ""}`;
    hint.toggleAttribute("data-over", length > limit);
    memo.set("draft", field.value);
  }
  field.addEventListener("input", measure);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !fine.matches) return;
    event.preventDefault();
    /** @type {HTMLFormElement} */ (composer).requestSubmit();
  });

  document.addEventListener("submit", () => {
    byId("notice").textContent = "";
    if (menu instanceof HTMLDetailsElement) menu.open = false;
  });
  document.addEventListener("helpdesk:outbox", (event) => {
    if (!event.detail.added) return;
    atEnd = true;
    toEnd();
  });
  document.addEventListener("helpdesk:refused", () => {
    const notice = byId("notice");
    if (!notice.textContent?.trim()) notice.textContent = "That did not reach us. Try again in a moment.";
  });

  /* ---- the connection -------------------------------------------------------------------- */

  let bannerTimer = 0;
  /** @param {string} strong @param {string} rest @param {boolean} [stopped] */
  function banner(strong, rest, stopped = false) {
    const line = /** @type {HTMLElement} */ (byId("banner").firstElementChild);
    line.hidden = !strong;
    const [first, second] = line.querySelectorAll("b, b + span");
    first.textContent = strong;
    second.textContent = rest;
    line.querySelector("a")?.toggleAttribute("hidden", !stopped);
  }
  document.addEventListener("helpdesk:live", (event) => {
    const { state } = event.detail;
    clearTimeout(bannerTimer);
    if (state === "offline") banner("You are offline.", " Keep writing. We send your messages when you are back.");
    else if (state === "closed") banner("Live updates have stopped.", " Your words are kept.", true);
    else if (state === "reconnecting") {
      bannerTimer = setTimeout(() => banner("No connection right now.", " Keep writing. We are trying again and nothing is lost."), QUIET_MS);
    } else banner("", "");
  });

  /* ---- the page around the frame --------------------------------------------------------- */

  function shut() {
    port?.postMessage({ type: "close" });
  }

  /** @param {any} data */
  function hear(data) {
    if (data?.type === "open") {
      open = true;
      if (atEnd) toEnd();
      if (fine.matches) field.focus();
      look();
    } else if (data?.type === "close") {
      open = false;
      count();
    } else if (data?.type === "human") {
      const form = document.querySelector('#chat-menu form[action$="/handoff"]');
      /** @type {HTMLFormElement | null} */ (form)?.requestSubmit();
    }
  }

  addEventListener("message", (event) => {
    const parentOrigin = location.ancestorOrigins?.[0] ?? event.origin;
    if (!framed || event.source !== window.parent || event.origin !== parentOrigin) return;
    if (event.data?.type !== "helpdesk:hello" || !event.ports[0]) return;
    port?.close();
    port = event.ports[0];
    port.onmessage = (message) => hear(message.data);
    byId("close").hidden = false;
    port.postMessage({ type: "ready" });
    follow();
    count();
  });

  byId("close").addEventListener("click", shut);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (menu instanceof HTMLDetailsElement && menu.open) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    } else shut();
  });
  document.addEventListener("click", (event) => {
    if (menu instanceof HTMLDetailsElement && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });

  const sound = byId("sound");
  function hush() {
    sound.setAttribute("aria-pressed", String(sounds));
    const words = sound.querySelector(".hd-menu-state");
    if (words) words.textContent = sounds ? "On" : "Off";
  }
  sound.addEventListener("click", () => {
    sounds = !sounds;
    memo.set("sound", sounds ? "on" : "off");
    hush();
  });

  /* ---- begin ----------------------------------------------------------------------------- */

  for (const part of document.querySelectorAll("[data-needs-js]")) part.removeAttribute("hidden");
  if (!field.value) field.value = memo.get("draft") ?? "";
  paint();
  hush();
  arrange();
  follow();
  measure();
  scroll.addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", look);
  byId("newer").addEventListener("click", () => {
    toEnd();
    field.focus();
  });
  // New rows, a growing composer, the keyboard of a phone: whoever reads the end keeps it.
  const watcher = new ResizeObserver(() => atEnd && toEnd());
  for (const box of [scroll, log, pending]) watcher.observe(box);
  toEnd();
  look();
})();
