/**
 * The list at the left: no row jumps while the pointer or the focus is in it, a row that leaves is
 * seen leaving, and where there is no socket the list is asked for again.
 */
(() => {
  "use strict";

  const LEAVE_MS = 2_000;
  const RETRY_S = 4;
  const body = document.body;
  /** The newest list that is not shown yet. @type {HTMLElement | null} */
  let held = null;
  let leaving = 0;

  const board = () => document.getElementById("board");
  const list = () => document.getElementById("board-list");
  /** @param {ParentNode | null} within @returns {HTMLElement[]} */
  const rows = (within) => [...(within?.querySelectorAll(".hd-row-item") ?? [])];
  /** @param {ParentNode | null} within */
  const ids = (within) => rows(within).map((row) => row.id);
  /** @param {Element} next */
  const show = (next) =>
    document.dispatchEvent(new CustomEvent("desk:morph", { detail: { next } }));

  /** Whether somebody is about to press a row. */
  function occupied() {
    const now = list();
    return Boolean(now?.matches(":hover") || now?.contains(document.activeElement));
  }

  function release() {
    clearTimeout(leaving);
    leaving = 0;
    const next = held;
    held = null;
    if (next) show(next);
  }

  /** Keep the order, but let what is there tell the truth. @param {HTMLElement} next */
  function hold(next) {
    held = next;
    const kept = new Set(ids(next));
    const shown = new Set(ids(board()));
    for (const part of [next.querySelector("#board-head"), ...rows(next)]) {
      if (part && document.getElementById(part.id))
        show(/** @type {Element} */ (part.cloneNode(true)));
    }
    for (const row of rows(board())) {
      if (!kept.has(row.id)) row.classList.add("hd-row-gone");
    }
    const fresh = [...kept].filter((id) => !shown.has(id)).length;
    const pill = document.getElementById("board-new");
    if (!pill) return;
    pill.hidden = false;
    pill.textContent = fresh ? `${fresh} new` : "Show the new order";
  }

  document.addEventListener("desk:board", (event) => {
    const next = event.detail.next;
    const before = ids(board());
    const after = ids(next);
    if (before.join() === after.join()) {
      held = null;
      return; // nothing moves: show it at once
    }
    event.preventDefault();
    if (occupied()) {
      hold(next);
      return;
    }
    const gone = before.filter((id) => !after.includes(id));
    if (!gone.length || document.hidden) {
      held = next;
      release();
      return;
    }
    hold(next);
    const pill = document.getElementById("board-new");
    if (pill) pill.hidden = true;
    leaving ||= setTimeout(release, LEAVE_MS);
  });

  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("#board-new")) release();
  });
  /** The list is free again: what was kept may be shown. */
  function freed() {
    if (held && !leaving && !occupied()) release();
  }
  document.addEventListener("pointermove", freed, { passive: true });
  document.addEventListener("focusin", freed);
  document.addEventListener("visibilitychange", () => document.hidden && held && release());

  /* ---- the open row, and the place in the list across pages ------------------------------ */

  function mark() {
    for (const row of rows(board())) {
      const link = row.querySelector("a");
      if (row.id === `row-${body.dataset.conversation}`) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
    const count = Number(board()?.dataset.waiting ?? 0);
    const badge = document.querySelector("[data-waiting-badge]");
    if (badge instanceof HTMLElement) badge.hidden = !count;
    const number = document.querySelector("[data-waiting-number]");
    if (number) number.textContent = count > 99 ? "99+" : String(count);
  }
  document.addEventListener("desk:changed", mark);

  /** With nothing open, the page says what the list says. */
  function follow() {
    const counts = board()?.dataset ?? {};
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-count-of]")
    )) {
      const count = counts[place.dataset.countOf ?? ""] ?? "0";
      place.textContent = Number(count) > 99 ? "99+" : count;
    }
    const begun = Number(counts.assistant) > 0 || Number(counts.mine) > 0;
    const first = document.querySelector('[data-empty="first"]:not([hidden])');
    const state = Number(counts.waiting) ? "waiting" : first && !begun ? "first" : "done";
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-empty]")
    )) {
      part.hidden = part.dataset.empty !== state;
    }
    body.classList.toggle("hd-first", state === "first" && !body.dataset.conversation);
  }
  document.addEventListener("desk:changed", follow);

  const KEY = `hd.scroll.${body.dataset.view}`;
  addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(KEY, String(list()?.scrollTop ?? 0));
    } catch {
      // The list starts at its top again.
    }
  });
  try {
    const top = Number(sessionStorage.getItem(KEY));
    if (top) list()?.scrollTo({ top });
  } catch {
    // Storage is blocked.
  }

  /* ---- without a socket ------------------------------------------------------------------ */

  let retry = 0;
  let seconds = RETRY_S;
  let asking = false;

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(10_000) });
      if (answer.redirected) throw new Error("signed out");
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("board");
      const event = new CustomEvent("desk:board", { detail: { next }, cancelable: true });
      if (next && document.dispatchEvent(event)) show(next);
      const team = page.getElementById("team");
      if (team) show(team);
      failed(false);
    } catch {
      failed(true);
    } finally {
      asking = false;
      seconds = RETRY_S;
    }
  }

  /** @param {boolean} is */
  function failed(is) {
    const strip = document.getElementById("board-error");
    if (strip) strip.hidden = !is;
  }

  function count() {
    seconds -= 1;
    if (seconds <= 0) ask();
    const place = document.querySelector("[data-retry-seconds]");
    if (place) place.textContent = String(Math.max(0, seconds));
  }

  document.addEventListener("helpdesk:live", (event) => {
    clearInterval(retry);
    const { state } = event.detail;
    if (state === "live" || state === "polling") failed(false);
    else if (state !== "closed" && state !== "connecting") retry = setInterval(count, 1000);
  });
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-retry-now]")) ask();
  });

  mark();
})();
