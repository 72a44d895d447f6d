/**
 * Canned responses: "/" at the start of a reply, or the button, opens what the team keeps ready,
 * filled for this conversation. What nobody could fill is a gap, and a reply with one is not sent.
 */
(() => {
  "use strict";

  const FRESH_MS = 30_000;
  const GAP = /\{\{[a-z_]{1,40}\}\}/g;
  const field = document.getElementById("reply-body");
  const panel = document.getElementById("canned");
  const list = document.getElementById("canned-list");
  const preview = document.getElementById("canned-preview");
  const status = document.getElementById("canned-status");
  const button = document.querySelector("[data-canned-open]");
  if (!(field instanceof HTMLTextAreaElement && panel && list && preview && status && button))
    return;
  const conversation = document.getElementById("composer")?.dataset.conversation ?? "";

  /** Where the "/" stands that opened the list; -1 while it is closed. */
  let start = -1;
  /** The "/" that Escape was pressed on, so that the next letter does not open the list again. */
  let refused = -1;
  let fetched = 0;
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {HTMLElement[]} */
  let shown = [];
  let active = -1;

  /* ---- what there is ---------------------------------------------------------------------- */

  async function load() {
    if (Date.now() - fetched < FRESH_MS) return true;
    try {
      const answer = await fetch(`/desk/c/${conversation}/canned-responses`, {
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) return false;
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      options = [...read.querySelectorAll("li")].map((one) => document.importNode(one, true));
      fetched = Date.now();
      return true;
    } catch {
      return false;
    }
  }

  /** How well a response fits what was typed; 0 is best, -1 not at all.
   * @param {HTMLElement} option @param {string} query */
  function rank(option, query) {
    const { shortcut = "", title = "", text = "" } = option.dataset;
    const [name, all] = [title.toLowerCase(), `${shortcut} ${title} ${text}`.toLowerCase()];
    if (!query.split(" ").every((word) => all.includes(word))) return -1;
    if (shortcut.startsWith(query)) return 0;
    return shortcut.includes(query) || name.includes(query) ? 1 : 2;
  }

  /** The words between the "/" and the cursor; null where the cursor has left them. */
  function query() {
    const [from, to] = [field?.selectionStart ?? 0, field?.selectionEnd ?? 0];
    if (start < 0 || from !== to || from <= start || field?.value[start] !== "/") return null;
    const typed = field.value.slice(start + 1, from);
    return typed.includes("\n") ? null : typed.trim().toLowerCase();
  }

  /* ---- the list ---------------------------------------------------------------------------- */

  function close() {
    start = -1;
    choose(-1);
    if (panel) panel.hidden = true;
    button?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-controls");
  }

  /** @param {string} words */
  function say(words, wrong = false) {
    if (!status) return;
    if (status.textContent !== words) status.textContent = words;
    status.toggleAttribute("data-wrong", wrong);
  }

  /** @param {number} index */
  function choose(index) {
    shown[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = shown[index];
    if (!option) {
      field?.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field?.setAttribute("aria-activedescendant", option.id);
    const text = option.dataset.text ?? "";
    const missing = new Set((option.dataset.missing ?? "").split(" "));
    /** @type {(string | Node)[]} */
    const parts = [];
    let end = 0;
    for (const found of text.matchAll(GAP)) {
      if (!missing.has(found[0].slice(2, -2))) continue;
      const mark = document.createElement("mark");
      mark.textContent = found[0];
      parts.push(text.slice(end, found.index), mark);
      end = found.index + found[0].length;
    }
    preview?.replaceChildren(...parts, text.slice(end));
  }

  function draw() {
    const typed = query();
    if (typed === null) {
      close();
      return;
    }
    const ranked = options
      .map((option) => ({ option, fit: rank(option, typed) }))
      .filter(({ fit }) => fit >= 0)
      .sort((a, b) => a.fit - b.fit);
    choose(-1);
    shown = ranked.map(({ option }) => option);
    // Nothing fits: it is a reply that begins with a "/", not a search.
    if (!shown.length && options.length) {
      say("No canned response fits.");
      if (panel) panel.hidden = true;
      return;
    }
    list?.replaceChildren(...shown);
    if (panel) panel.hidden = false;
    panel?.toggleAttribute("data-empty", !shown.length);
    button?.setAttribute("aria-expanded", "true");
    field?.setAttribute("aria-controls", "canned-list");
    choose(shown.length ? 0 : -1);
    say(
      shown.length
        ? `${shown.length} canned ${shown.length === 1 ? "response" : "responses"}. Arrows choose, Enter inserts.`
        : "There are no canned responses yet. Admins add them.",
    );
  }

  /** @param {number} at */
  async function open(at) {
    start = at;
    if (!(await load())) {
      say("The canned responses could not be loaded. Try again in a moment.", true);
      close();
    } else if (start >= 0) draw();
  }

  /* ---- into the reply ------------------------------------------------------------------------ */

  /** Replace a part of the reply so that "undo" takes it back.
   * @param {number} from @param {number} to @param {string} text */
  function put(from, to, text) {
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.focus();
    field.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, from, to, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** Select the first gap, so that what one types next fills it. */
  function toGap() {
    if (!(field instanceof HTMLTextAreaElement)) return "";
    GAP.lastIndex = 0;
    const gap = GAP.exec(field.value);
    if (!gap) return "";
    field.focus();
    field.setSelectionRange(gap.index, gap.index + gap[0].length);
    return gap[0];
  }

  /** @param {HTMLElement | undefined} option */
  function insert(option) {
    if (!(field instanceof HTMLTextAreaElement) || !option) return;
    const [from, to] = [start, field.selectionStart];
    close();
    put(from, to, option.dataset.text ?? "");
    const gap = option.dataset.missing ? toGap() : "";
    say(gap ? `${gap} is not known here. Write what belongs there.` : "Inserted.", gap !== "");
  }

  field.addEventListener("input", () => {
    if (start >= 0) draw();
    else {
      say("");
      if (!field.value.startsWith("/")) refused = -1;
      else if (refused !== 0 && field.selectionStart > 0) open(0);
    }
  });

  // Before the desk's own keys: here Escape closes the list and leaves the cursor in the box.
  field.addEventListener(
    "keydown",
    (event) => {
      if (panel.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
        return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && shown.length) choose((active + step + shown.length) % shown.length);
      else if ((event.key === "Enter" || event.key === "Tab") && shown[active])
        insert(shown[active]);
      else if (event.key === "Escape") {
        refused = start;
        close();
        say("");
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  field.addEventListener("blur", () =>
    setTimeout(() => document.activeElement === field || close()),
  );
  field.addEventListener("click", () => start >= 0 && draw());

  // The cursor stays in the box while the pointer is in the list.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = /** @type {Element} */ (event.target).closest("[role=option]");
    if (option instanceof HTMLElement) insert(option);
  });

  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!panel.hidden) {
      close();
      field.focus();
      return;
    }
    refused = -1;
    const at = document.activeElement === field ? field.selectionStart : field.value.length;
    const before = field.value.slice(0, at);
    const space = before && !/\s$/.test(before) ? " " : "";
    put(at, at, `${space}/`);
    if (start < 0) open(at + space.length);
  });

  /* ---- a reply with a gap is not sent ---------------------------------------------------------- */

  field.form?.addEventListener(
    "submit",
    (event) => {
      const gap = toGap();
      if (!gap) return;
      event.preventDefault();
      event.stopPropagation();
      say(`Not sent: the customer would read ${gap}. Write what belongs there.`, true);
    },
    true,
  );
})();
