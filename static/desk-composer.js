/**
 * The two boxes for words. Drafts are kept per conversation and box, in this tab; Ctrl+Enter sends;
 * who may reply follows the bar above, and what was written is never thrown away.
 */
(() => {
  "use strict";

  const SAVED_MS = 600;
  const composer = document.getElementById("composer");
  if (!composer) return;
  const conversation = composer.dataset.conversation ?? "";
  const state = document.getElementById("draft-state");
  const send = /** @type {HTMLButtonElement} */ (document.getElementById("reply-send"));
  const hint = document.getElementById("reply-hint");
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  /** @type {Record<string, HTMLTextAreaElement>} */
  const boxes = {
    reply: /** @type {HTMLTextAreaElement} */ (document.getElementById("reply-body")),
    note: /** @type {HTMLTextAreaElement} */ (document.getElementById("note-body")),
  };
  let timer = 0;

  /* ---- drafts ---------------------------------------------------------------------------- */

  /** @param {string} kind */
  const key = (kind) => `hd.draft.${conversation}.${kind}`;

  function save() {
    try {
      for (const [kind, box] of Object.entries(boxes)) {
        if (box.value) sessionStorage.setItem(key(kind), box.value);
        else sessionStorage.removeItem(key(kind));
      }
      if (state) state.textContent = shown().value ? `Draft kept ${clock.format(new Date())}` : "";
    } catch {
      // Storage is blocked or full: the words stay in the box, and nothing claims to keep them.
    }
  }

  function restore() {
    for (const [kind, box] of Object.entries(boxes)) {
      try {
        if (!box.value) box.value = sessionStorage.getItem(key(kind)) ?? "";
      } catch {
        return;
      }
    }
  }

  composer.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVED_MS);
    kept();
  });
  addEventListener("pagehide", save);

  /* ---- reply or note ---------------------------------------------------------------------- */

  /** @param {string} kind */
  const radio = (kind) =>
    /** @type {HTMLInputElement} */ (composer.querySelector(`input[value="${kind}"]`));

  function shown() {
    return radio("note").checked ? boxes.note : boxes.reply;
  }

  /** @param {string} kind */
  function open(kind) {
    radio(kind).checked = true;
    const box = boxes[kind];
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  composer.addEventListener("click", (event) => {
    const tab = event.target;
    // A click goes on to the box; the arrow keys stay on the tabs.
    if (tab instanceof HTMLInputElement && tab.name === "mode" && event.detail) open(tab.value);
  });
  document.addEventListener("desk:write", (event) => open(event.detail.kind));

  composer.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = /** @type {Element} */ (event.target).closest("form");
    const button = form?.querySelector("button:not([type])");
    if (!form || !(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    if (!button.disabled) form.requestSubmit(button);
  });

  /* ---- ready-made words -------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-use-draft]");
    if (!button) return;
    const words = button.parentElement
      ?.closest("#greeting, .hd-held")
      ?.querySelector("[data-draft-text]");
    const text = words?.textContent?.trim();
    if (!text) return;
    const box = boxes.reply;
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n${text}` : text;
    open("reply");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const greeting = button.closest("#greeting");
    if (greeting instanceof HTMLElement) greeting.hidden = true;
    if (location.hash === "#side") location.hash = "#conversation";
  });

  /* ---- who may reply ------------------------------------------------------------------------ */

  function kept() {
    const words = document.querySelector("[data-draft-kept]");
    if (words instanceof HTMLElement) words.hidden = !boxes.reply.value.trim();
  }

  function follow() {
    const bar = document.getElementById("composer-bar");
    if (!bar) return;
    const { status, epoch, send: word } = bar.dataset;
    const mine = document.getElementById("conversation")?.dataset.mine === "yes";
    const blocked = status === "closed" || (status === "active" && !mine);
    const place = send.querySelector("span");
    if (place && word) place.textContent = word;
    send.disabled = blocked;
    if (hint) {
      if (!blocked) hint.textContent = "The customer sees this.";
      else if (status === "closed")
        hint.textContent = "This conversation is closed. Notes are possible.";
      else hint.textContent = "Take it over to reply. Your text is kept.";
    }
    for (const field of document.querySelectorAll('#composer input[name="epoch"]')) {
      if (field instanceof HTMLInputElement && epoch) field.value = epoch;
    }
    kept();
  }
  document.addEventListener("desk:changed", follow);

  restore();
  follow();
})();
