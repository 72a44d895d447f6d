/** The chat in its customer's hands: composer, log, times, and the page around the frame. */
(() => {
  "use strict";

  const NEAR_END_PX = 100;
  const GROUP_MS = 2 * 60_000;
  const QUIET_MS = 5_000;
  const byId = (/** @type {string} */ id) =>
    /** @type {HTMLElement} */ (document.getElementById(id));
  const [scroll, log, newer, sound] = ["scroll", "log", "newer", "sound"].map(byId);
  const composer = /** @type {HTMLFormElement} */ (byId("composer"));
  const field = /** @type {HTMLTextAreaElement} */ (byId("body"));
  const menu = /** @type {HTMLDetailsElement} */ (byId("menu"));
  const framed = window.parent !== window;
  const mouse = matchMedia("(pointer: fine)");
  const { title } = document;

  /** @type {MessagePort | null} */
  let port = null;
  let open = !framed;
  let atEnd = true;
  let missed = 0;
  let said = "";
  let asked = false;
  /** @type {Element | null} */
  let focused = null;

  /** Storage may be blocked in a frame; then the page's memory has to do. */
  const memory = new Map();
  function recall(/** @type {string} */ key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return memory.get(key) ?? null;
    }
  }
  function remember(/** @type {string} */ key, /** @type {string} */ value) {
    memory.set(key, value);
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // blocked
    }
  }

  /* The brand's colour: own words and the send button, in black or white, whichever reads better. */

  function paint() {
    const color = (document.body.dataset.color ?? "").toLowerCase();
    if (!/^#[0-9a-f]{6}$/.test(color) || color === "#0b6b66") return;
    const [r, g, b] = [1, 3, 5].map(
      (at) => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2,
    );
    const ink = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
    for (const name of ["own", "brand"]) {
      document.documentElement.style.setProperty(`--hd-${name}`, color);
      document.documentElement.style.setProperty(`--hd-${name}-on`, ink);
    }
  }

  /* Rows: local times, days, and one header for what one person says within two minutes. */

  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const day = new Intl.DateTimeFormat(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
  });

  function dayOf(/** @type {Date} */ at) {
    const [today, yesterday] = [0, 1].map((ago) => {
      const then = new Date();
      then.setDate(then.getDate() - ago);
      return then.toDateString();
    });
    const that = at.toDateString();
    return that === today ? "Today" : that === yesterday ? "Yesterday" : day.format(at);
  }

  function arrange() {
    /** @type {HTMLElement | null} */
    let above = null;
    let shown = "Today";
    for (const row of /** @type {Iterable<HTMLElement>} */ (log.children)) {
      const at = new Date(row.dataset.at ?? "");
      for (const time of row.querySelectorAll("time")) time.textContent = clock.format(at);
      const name = dayOf(at);
      if (name !== shown) row.dataset.day = name;
      shown = name;
      const follows =
        above?.classList[1] === row.classList[1] &&
        above?.dataset.agentId === row.dataset.agentId &&
        !row.dataset.day &&
        at.getTime() - new Date(above?.dataset.at ?? "").getTime() < GROUP_MS;
      row.classList.toggle("hd-follows", follows);
      above?.classList.toggle("hd-followed", follows);
      above = row;
    }
  }

  /* The end of the log, and what the customer has not seen. */

  function toEnd() {
    scroll.scrollTop = scroll.scrollHeight;
  }

  function look() {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    if (atEnd) missed = 0;
    newer.hidden = !missed;
    const words = missed === 1 ? "1 new message" : `${missed} new messages`;
    newer.querySelector("span")?.replaceChildren(words);
    count();
  }

  const theirs = (/** @type {HTMLElement} */ row) => /^(ai|agent)$/.test(row.dataset.sender ?? "");
  const seq = (/** @type {HTMLElement | undefined} */ row) => Number(row?.dataset.seq ?? 0);

  function count() {
    const rows = /** @type {HTMLElement[]} */ ([...log.children]);
    const key = `seen:${log.dataset.conversation}`;
    if (recall(key) === null || (open && !document.hidden && atEnd)) {
      remember(key, String(seq(rows.at(-1))));
    }
    const seen = Number(recall(key));
    const unread = rows.filter((row) => theirs(row) && seq(row) > seen).length;
    port?.postMessage({ type: "unread", count: unread });
    document.title = unread && document.hidden ? `(${unread}) ${title}` : title;
  }

  function announce(/** @type {HTMLElement} */ row) {
    const text = (row.querySelector(".hd-body")?.textContent ?? "").slice(0, 280);
    const name = row.querySelector(".hd-by")?.textContent?.trim() ?? "";
    const initials = document.querySelector(".hd-avatar-agent bdi")?.textContent ?? name[0];
    port?.postMessage({ type: "message", sender: row.dataset.sender, name, initials, text });
    if (!open || document.hidden) chime();
  }

  /** Only after the customer has done something here; the sound comes with the first need. */
  function chime() {
    if (recall("sound") === "off" || !navigator.userActivation?.hasBeenActive) return;
    const { src } = sound.dataset;
    delete sound.dataset.src;
    if (src) document.head.append(Object.assign(document.createElement("script"), { src }));
    else document.dispatchEvent(new CustomEvent("helpdesk:chime"));
  }

  document.addEventListener("helpdesk:rows", ({ detail }) => {
    arrange();
    const news = detail.rows.filter(theirs);
    if (atEnd) toEnd();
    else missed += news.length;
    if (detail.live) news.forEach(announce);
    look();
  });

  /* The composer and the state. */

  function follow() {
    const flow = byId("chat-flow").dataset;
    composer.setAttribute("action", flow.action ?? "");
    // The card survives a change of state with what was typed into it, so it opens by itself once.
    const card = /** @type {HTMLDetailsElement | null} */ (document.getElementById("leave"));
    if (card && flow.asks !== undefined && !asked) card.open = true;
    asked = flow.asks !== undefined;
    field.placeholder = flow.placeholder ?? "";
    if (said && flow.say && flow.say !== said) byId("said").textContent = flow.say;
    said = flow.say || " ";
    port?.postMessage({ type: "status", status: flow.status, begun: Boolean(flow.conversation) });
  }

  function measure() {
    const limit = Number(field.dataset.limit);
    const { length } = [...field.value];
    const hint = byId("count");
    const rest = length > limit ? ". Shorten it to send it." : "";
    hint.hidden = length < limit * 0.9;
    hint.textContent = `${length.toLocaleString()} of ${limit.toLocaleString()} characters${rest}`;
    hint.toggleAttribute("data-over", length > limit);
    remember("draft", field.value);
  }

  document.addEventListener("helpdesk:swapped", () => {
    follow();
    if (atEnd) toEnd();
    // A button that was replaced while it had the focus must not drop the reader at the top.
    const lost = focused && !focused.isConnected && document.activeElement === document.body;
    const again = lost && focused?.id ? document.getElementById(focused.id) : null;
    if (again) again.focus();
    else if (lost && mouse.matches) field.focus();
  });
  document.addEventListener("focusin", ({ target }) => {
    focused = /** @type {Element} */ (target);
  });
  field.addEventListener("input", measure);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !mouse.matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  document.addEventListener("submit", () => {
    byId("notice").replaceChildren();
    menu.open = false;
  });
  document.addEventListener("helpdesk:outbox", ({ detail }) => {
    if (!detail.added) return;
    atEnd = true;
    toEnd();
  });
  // 409 brings the state as it is now, and 422 its own words: both say enough.
  document.addEventListener("helpdesk:refused", ({ detail }) => {
    const place = byId("notice");
    if ([409, 422].includes(detail.status) || place.textContent?.trim()) return;
    place.textContent = "That did not reach us. Try again in a moment.";
  });

  /* The connection. */

  let bannerTimer = 0;
  /** @type {Record<string, [string, string]>} */
  const banners = {
    offline: ["You are offline.", " Keep writing. We send your messages when you are back."],
    reconnecting: ["No connection right now.", " Keep writing. We try again, nothing is lost."],
    closed: ["Live updates have stopped.", " Your words are kept."],
  };
  function banner(/** @type {string} */ state) {
    const line = /** @type {HTMLElement} */ (byId("banner").firstElementChild);
    const [strong, rest] = banners[state] ?? ["", ""];
    line.hidden = !strong;
    line.querySelector("b")?.replaceChildren(strong);
    line.querySelector("b + span")?.replaceChildren(rest);
    line.querySelector("a")?.toggleAttribute("hidden", state !== "closed");
  }
  document.addEventListener("helpdesk:live", ({ detail: { state } }) => {
    clearTimeout(bannerTimer);
    bannerTimer = setTimeout(banner, state === "reconnecting" ? QUIET_MS : 0, state);
  });

  /* The page around the frame. */

  function hear(/** @type {string} */ type) {
    if (type === "open") {
      open = true;
      if (atEnd) toEnd();
      if (mouse.matches) field.focus();
      look();
    } else if (type === "close") {
      open = false;
      count();
    } else if (type === "human") {
      /** @type {HTMLFormElement | null} */
      const form = document.querySelector('#chat-menu form[action$="/handoff"]');
      form?.requestSubmit();
    }
  }
  addEventListener("message", (event) => {
    const host = location.ancestorOrigins?.[0] ?? event.origin;
    if (!framed || event.source !== window.parent || event.origin !== host) return;
    if (event.data?.type !== "helpdesk:hello" || !event.ports[0]) return;
    port?.close();
    port = event.ports[0];
    port.onmessage = ({ data }) => hear(data?.type);
    byId("close").hidden = false;
    port.postMessage({ type: "ready" });
    follow();
    count();
  });

  const shut = () => port?.postMessage({ type: "close" });
  byId("close").addEventListener("click", shut);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (!menu.open) return shut();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!menu.contains(target)) menu.open = false;
    const { opens } =
      /** @type {HTMLElement | null} */ (target.closest("[data-opens]"))?.dataset ?? {};
    const card = /** @type {HTMLDetailsElement | null} */ (opens && document.getElementById(opens));
    if (!card) return;
    event.preventDefault();
    menu.open = false;
    card.open = true;
    card.scrollIntoView({ block: "nearest" });
    card.querySelector("input:not([type=hidden])")?.focus();
  });

  function hush() {
    const on = recall("sound") !== "off";
    sound.setAttribute("aria-pressed", String(on));
    sound.querySelector(".hd-menu-state")?.replaceChildren(on ? "On" : "Off");
  }
  sound.addEventListener("click", () => {
    remember("sound", recall("sound") === "off" ? "on" : "off");
    hush();
  });

  // On a page of its own nobody has told the server yet what time it is here.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!document.body.dataset.zone)
    fetch(`${location.pathname}?tz=${encodeURIComponent(timeZone)}`, { method: "HEAD" }).catch(
      () => {},
    );

  for (const part of document.querySelectorAll("[data-needs-js]")) part.removeAttribute("hidden");
  field.value ||= recall("draft") ?? "";
  paint();
  hush();
  arrange();
  follow();
  measure();
  scroll.addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", look);
  newer.addEventListener("click", () => {
    toEnd();
    field.focus();
  });
  // New rows, a growing composer, the keyboard of a phone: whoever reads the end keeps it.
  const watcher = new ResizeObserver(() => atEnd && toEnd());
  for (const box of [scroll, log, byId("pending")]) watcher.observe(box);
  toEnd();
  look();
})();
