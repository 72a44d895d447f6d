/**
 * The transcript as it is read: times of the reader's zone, days, one head for several rows of one
 * speaker, evidence that points at its finding, and an end that stays in view.
 */
(() => {
  "use strict";

  const NEAR_END_PX = 100;
  const GROUP_MS = 2 * 60_000;
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const day = new Intl.DateTimeFormat(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const both = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const scroll = document.getElementById("scroll");
  const log = document.getElementById("log");
  const jump = document.getElementById("jump");
  let atEnd = true;
  let missed = 0;

  /* ---- times --------------------------------------------------------------------------- */

  /** @param {Date} at @param {string} how */
  function words(at, how) {
    if (how === "date") return date.format(at);
    if (how === "datetime") return both.format(at);
    const today = at.toDateString() === new Date().toDateString();
    return how === "near" && !today ? both.format(at) : time.format(at);
  }

  function localise() {
    for (const place of document.querySelectorAll("time[data-local]")) {
      const at = new Date(place.getAttribute("datetime") ?? "");
      if (Number.isNaN(at.getTime())) continue;
      const now = words(at, place.getAttribute("data-local") ?? "");
      if (place.textContent !== now) place.textContent = now;
      place.setAttribute("title", both.format(at));
    }
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-zone-clock]")
    )) {
      try {
        const there = new Intl.DateTimeFormat(undefined, {
          timeStyle: "short",
          timeZone: place.dataset.zoneClock,
        });
        place.textContent = `${there.format(new Date())}, `;
      } catch {
        place.textContent = ""; // a zone this browser does not know
      }
    }
  }

  function language() {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-locale]")
    )) {
      try {
        const names = new Intl.DisplayNames(["en"], { type: "language" });
        place.textContent = names.of(place.dataset.locale ?? "") ?? place.textContent;
      } catch {
        // Not a language tag: it is shown as it came.
      }
    }
  }

  /* ---- days and groups ----------------------------------------------------------------- */

  /** @param {Date} at */
  function dayName(at) {
    const then = at.toDateString();
    const today = new Date();
    if (then === today.toDateString()) return "Today";
    today.setDate(today.getDate() - 1);
    return then === today.toDateString() ? "Yesterday" : day.format(at);
  }

  /** @param {HTMLElement} row */
  const voice = (row) =>
    `${row.dataset.sender}:${row.dataset.agentId}:${row.dataset.note !== undefined}`;

  function arrange() {
    /** @type {HTMLElement | null} */
    let above = null;
    let before = "Today";
    for (const row of /** @type {Iterable<HTMLElement>} */ (log?.children ?? [])) {
      const at = new Date(row.dataset.at ?? "");
      const name = dayName(at);
      if (name !== before) row.dataset.day = name;
      else delete row.dataset.day;
      before = name;
      const follows =
        above !== null &&
        row.dataset.sender !== "system" &&
        row.dataset.kind === above.dataset.kind &&
        voice(row) === voice(above) &&
        !row.dataset.day &&
        at.getTime() - new Date(above.dataset.at ?? "").getTime() < GROUP_MS &&
        // An assistant's certainty belongs to one answer and is never hidden.
        row.dataset.sender !== "ai";
      row.classList.toggle("hd-msg-grouped", follows);
      above = row;
    }
  }

  /** A row stays as it was sent; the reply that answered it came later. */
  function answered() {
    const status = document.getElementById("composer-bar")?.dataset.status ?? "";
    const over = status === "resolved" || status === "closed";
    const replies = [...(log?.querySelectorAll('[data-seq][data-sender="agent"]') ?? [])]
      .filter((row) => row.getAttribute("data-kind") === "text")
      .map((row) => Number(row.getAttribute("data-seq")));
    const last = Math.max(0, ...replies);
    for (const chip of document.querySelectorAll("[data-followup]")) {
      const seq = Number(chip.closest("article")?.getAttribute("data-seq"));
      /** @type {HTMLElement} */ (chip).hidden = over || seq < last;
    }
  }

  function all() {
    localise();
    language();
    arrange();
    answered();
  }
  document.addEventListener("desk:changed", all);
  setInterval(localise, 30_000);

  /* ---- evidence ------------------------------------------------------------------------ */

  /** @param {Event} event */
  function point(event) {
    const at = /** @type {Element} */ (event.target).closest?.("[data-finding]");
    const number = at?.getAttribute("data-finding");
    for (const part of document.querySelectorAll("[data-finding]")) {
      part.classList.toggle("hd-pointed", part.getAttribute("data-finding") === number);
    }
  }
  document.addEventListener("pointerover", point);

  /* ---- the end ------------------------------------------------------------------------- */

  function toEnd() {
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
  }

  function look() {
    if (!scroll || !jump) return;
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    if (atEnd) missed = 0;
    jump.hidden = atEnd;
    const place = jump.querySelector("[data-jump-words]");
    if (!place) return;
    if (!missed) place.textContent = "To the end";
    else place.textContent = missed === 1 ? "1 new message" : `${missed} new messages`;
  }

  if (scroll && log) {
    scroll.addEventListener("scroll", look, { passive: true });
    jump?.addEventListener("click", () => {
      toEnd();
      scroll.focus({ preventScroll: true });
    });
    document.addEventListener("helpdesk:rows", (event) => {
      if (!atEnd) missed += event.detail.rows.length;
      look();
    });
    document.addEventListener("helpdesk:outbox", (event) => {
      if (event.detail.added) toEnd();
    });
    // New rows, a taller composer, the keyboard of a phone: whoever reads the end keeps it.
    const watcher = new ResizeObserver(() => atEnd && toEnd());
    for (const box of [scroll, log, document.getElementById("pending")]) {
      if (box) watcher.observe(box);
    }
  }

  all();
  toEnd();
  look();
})();
