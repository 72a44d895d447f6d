/**
 * The desk's ground: takes fragments in without losing focus, open menus or ticked boxes, sends
 * the list's name along, and says what went wrong. The other desk-*.js files hear
 *   desk:changed           something on the page was replaced or added
 *   desk:board  {next}     a new list has come; preventDefault keeps it for later
 * and may ask for a swap by desk:morph {next}.
 */
(() => {
  "use strict";

  const body = document.body;
  const PARTS = new Set(["conversation-head", "side", "composer-bar", "team"]);
  /** @param {string} name @param {unknown} [detail] */
  const tell = (name, detail) =>
    document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));

  /* ---- fragments ----------------------------------------------------------------------- */

  const KEEP = {
    // What the reader opened or ticked is theirs; a fragment does not know of it.
    beforeAttributeUpdated: (/** @type {string} */ name, /** @type {Element} */ element) =>
      !(name === "open" && element instanceof HTMLDetailsElement),
    beforeNodeMorphed: (/** @type {Node} */ old) =>
      !(old instanceof HTMLInputElement && old.type === "checkbox"),
  };

  /** Make the element with the same id look like the new one, and keep it the same element.
   * @param {Element} next */
  function morph(next) {
    const target = document.getElementById(next.id);
    if (!target) return;
    Idiomorph.morph(target, next, {
      morphStyle: "outerHTML",
      ignoreActiveValue: true,
      callbacks: KEEP,
    });
    const now = document.getElementById(next.id);
    if (now) htmx.process(now);
    changed();
  }

  let telling = false;
  /** Once for all parts that one answer changed, and before anything is painted. */
  function changed() {
    if (telling) return;
    telling = true;
    queueMicrotask(() => {
      telling = false;
      tell("desk:changed");
    });
  }

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const next = fragment.firstElementChild;
    if (!next || next.id !== target.id) return;
    if (next.id === "board") {
      event.preventDefault();
      // The answer to a form may speak of another list than the one that is looked at.
      if (next.dataset.view === body.dataset.view && tell("desk:board", { next })) morph(next);
    } else if (PARTS.has(next.id)) {
      event.preventDefault();
      morph(next);
    }
  });
  document.addEventListener("desk:morph", (event) => morph(event.detail.next));
  document.addEventListener("helpdesk:rows", changed);
  document.addEventListener("helpdesk:swapped", changed);

  document.addEventListener("htmx:configRequest", (event) => {
    const { path } = event.detail;
    if (!path.startsWith("/desk/c/")) return;
    event.detail.path = `${path}${path.includes("?") ? "&" : "?"}view=${body.dataset.view}`;
  });

  /* ---- what is mine -------------------------------------------------------------------- */

  const PRESENCE = { available: "Available", busy: "Busy", away: "Away" };

  function mark() {
    const mine = body.dataset.agentId;
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-mine-word]")
    )) {
      const word = place.querySelector("bdi") ?? place;
      if (place.dataset.agentId === mine) word.textContent = place.dataset.mineWord ?? "";
    }
    const bar = document.getElementById("composer-bar");
    const conversation = document.getElementById("conversation");
    if (bar && conversation) {
      const own = bar.dataset.status === "active" && bar.dataset.agentId === mine;
      conversation.dataset.mine = own ? "yes" : "no";
    }
    const presence = /** @type {HTMLElement | null} */ (
      document.querySelector(`#team [data-agent-id="${mine}"]`)
    )?.dataset.presence;
    const word = document.querySelector("[data-my-presence-word]");
    if (!presence || !word) return;
    word.textContent = PRESENCE[/** @type {keyof typeof PRESENCE} */ (presence)] ?? presence;
    const dot = document.querySelector("[data-my-presence]");
    if (dot) dot.className = `hd-presence hd-presence-${presence}`;
  }
  document.addEventListener("desk:changed", mark);

  /* ---- what went wrong ----------------------------------------------------------------- */

  document.addEventListener(
    "submit",
    (event) => {
      const notice = document.getElementById("notice");
      if (notice) notice.textContent = "";
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        if (menu.contains(/** @type {Node} */ (event.submitter))) menu.removeAttribute("open");
      }
      // "Resolve" tells the server how far we had read.
      const seen = /** @type {HTMLElement} */ (event.target).querySelector("[data-seen-seq]");
      const last = document.getElementById("log")?.dataset.last;
      if (seen instanceof HTMLInputElement && last) seen.value = last;
    },
    true,
  );

  document.addEventListener("helpdesk:refused", (event) => {
    const notice = document.getElementById("notice");
    if (!notice || notice.textContent?.trim()) return;
    if (event.detail.status === 401) {
      const link = document.createElement("a");
      link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
      link.textContent = "Sign in";
      notice.append("You are signed out. Your drafts are kept in this browser. ", link);
    } else {
      notice.textContent = "That did not reach the server. Nothing was changed. Try again.";
    }
  });

  /* ---- menus, the side panel, dialogs -------------------------------------------------- */

  /** @param {Element | null} [but] */
  function closeMenus(but = null) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== but && !menu.contains(but)) menu.removeAttribute("open");
    }
  }

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    closeMenus(target.closest("details[data-menu]"));
    const opener = target.closest("[data-open-dialog]");
    if (!opener) return;
    const dialog = document.getElementById(opener.getAttribute("data-open-dialog") ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      closeMenus();
      menu.querySelector("summary")?.focus();
    } else if (location.hash === "#side") {
      location.hash = "#conversation";
    }
  });

  // The panel opens by an address, so that "back" closes it; the focus goes along.
  addEventListener("hashchange", (event) => {
    if (location.hash === "#side") document.getElementById("side")?.focus();
    else if (event.oldURL.endsWith("#side")) document.getElementById("head-why")?.focus();
  });

  // Another list keeps the open conversation beside it, where both fit.
  document.addEventListener("click", (event) => {
    const tab = /** @type {Element} */ (event.target).closest("a.hd-tab");
    if (!(tab instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (!body.dataset.conversation || innerWidth < 640) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    location.assign(`/desk/c/${body.dataset.conversation}${new URL(tab.href).search}`);
  });

  mark();
})();
