/**
 * Every clock of the desk, set once a second in one place. A clock is an element with data-clock
 *   waited  time since data-since, with a ring that fills towards data-due
 *   left    time until data-due, or how long it is over; due and in are other words for it
 *   plain   time since data-since
 * Screen readers hear the moment itself from the fragment, and "over" once from here.
 */
(() => {
  "use strict";

  const NEAR = 0.7;
  /** @type {Record<string, (span: string) => string>} */
  const LEFT = {
    left: (span) => `${span} left`,
    due: (span) => span,
    in: (span) => `in ${span}`,
  };
  /** Rows that were announced, and how often: at the target and at twice the target.
   * @type {Map<string, number>} */
  const told = new Map();

  /** @param {number} ms */
  function span(ms) {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
    if (seconds < 86_400)
      return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))}`;
    return `${Math.floor(seconds / 86_400)} d`;
  }

  /** @param {string | undefined} moment */
  const at = (moment) => (moment ? Date.parse(moment) : Number.NaN);

  /** How much of the way to the target is gone; NaN without a target.
   * @param {HTMLElement} clock @param {number} now */
  function progress(clock, now) {
    const due = at(clock.dataset.due);
    const since = at(clock.dataset.since);
    if (Number.isNaN(due)) return Number.NaN;
    if (Number.isNaN(since)) return now > due ? 1 : 0;
    return (now - since) / Math.max(1, due - since);
  }

  /** @param {HTMLElement} clock @param {number} now */
  function wordsOf(clock, now) {
    const kind = clock.dataset.clock ?? "";
    if (!(kind in LEFT)) return span(Math.max(0, now - at(clock.dataset.since)));
    const left = at(clock.dataset.due) - now;
    return left < 0 ? `${span(left)} over` : LEFT[kind](span(left));
  }

  /** @param {HTMLElement} clock @param {number} now */
  function set(clock, now) {
    const part = progress(clock, now);
    if (part >= 1) clock.dataset.state = "late";
    else if (part >= NEAR) clock.dataset.state = "near";
    else delete clock.dataset.state;
    const text = clock.querySelector("[data-clock-text]");
    const words = wordsOf(clock, now);
    if (text && text.textContent !== words) text.textContent = words;
    const ring = clock.querySelector(".hd-ring-value");
    const filled = Number.isNaN(part) ? 0 : Math.round(100 * Math.min(1, Math.max(0, part)));
    ring?.setAttribute("stroke-dasharray", `${filled} 100`);
    if (clock.dataset.clock === "waited") remind(clock, part);
  }

  /** @param {HTMLElement} clock @param {number} part */
  function remind(clock, part) {
    const row = clock.closest("li");
    if (!row || Number.isNaN(part)) return;
    const level = part >= 2 ? 2 : part >= 1 ? 1 : 0;
    const before = told.get(row.id);
    told.set(row.id, level);
    // What was late when the page opened is no news.
    if (before === undefined || level <= before) return;
    const name = row.querySelector(".hd-row-name")?.textContent ?? "";
    const text = level === 1 ? `${name} is over the target` : `${name} waits twice the target`;
    document.dispatchEvent(new CustomEvent("desk:say", { detail: { text } }));
  }

  function tick() {
    const now = Date.now();
    for (const clock of document.querySelectorAll("[data-clock]")) {
      set(/** @type {HTMLElement} */ (clock), now);
    }
  }

  document.addEventListener("desk:changed", tick);
  setInterval(tick, 1000);
  tick();
})();
