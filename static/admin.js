// @ts-check
/**
 * Help for the admin's forms, all of which work without it: previews while one types, marked
 * placeholders, rows that are added, local times, and a warning before words are lost.
 */
(() => {
  "use strict";

  /** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
  const all = (selector, within = document) => [...within.querySelectorAll(selector)].map(asHtml);
  const asHtml = (/** @type {Element} */ element) => /** @type {HTMLElement} */ (element);

  /* ---- times ---------------------------------------------------------------------------- */

  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const both = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  /** Say times by the reader's clock. @param {ParentNode} [within] */
  function showTimes(within = document.querySelector(".hd-settings") ?? document) {
    for (const place of all("time[data-local]", within)) {
      const at = new Date(place.getAttribute("datetime") ?? "");
      if (Number.isNaN(at.getTime())) continue;
      const today = at.toDateString() === new Date().toDateString();
      const short = place.dataset.local === "time" || (place.dataset.local === "near" && today);
      place.textContent = short ? time.format(at) : both.format(at);
      place.title = both.format(at);
    }
  }
  showTimes();
  document.addEventListener("htmx:afterSettle", () => showTimes()); // a delivery under way asks again

  for (const field of all("input[data-own-zone]")) {
    if (field instanceof HTMLInputElement) field.value = ownZone;
  }

  // "Saved" is said once, not again when the page is loaded again.
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    history.replaceState(null, "", address);
  }

  /* ---- words that are not saved yet ------------------------------------------------------ */

  let unsaved = false;
  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = /** @type {HTMLInputElement} */ (field).form;
    if (form?.hasAttribute("data-guard") && field instanceof HTMLElement)
      unsaved ||= !field.matches("[data-reader-zone], [name=nameless]");
  });
  document.addEventListener("submit", () => {
    unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    const form = document.querySelector("form[data-guard]");
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const wrong = document.querySelector('.hd-settings [aria-invalid="true"]');
  if (wrong instanceof HTMLElement) wrong.focus();

  /* ---- texts with placeholders ----------------------------------------------------------- */

  const PLACEHOLDER = /\{\{ {0,4}([A-Za-z_]{1,40}) {0,4}\}\}|\{\{[^{}\n]{0,40}\}?\}?|\{[%#]/g;

  /** @param {HTMLElement} editor */
  function prepare(editor) {
    const field = editor.querySelector("textarea");
    const marks = editor.querySelector("[data-editor-marks]");
    const count = editor.closest(".hd-field")?.querySelector("[data-editor-count]");
    if (!field || !marks) return;
    const names = new Set((editor.dataset.names ?? "").split(" "));
    const most = Number(field.dataset.most);

    function paint() {
      const text = field?.value ?? "";
      /** @type {(Node | string)[]} */
      const parts = [];
      let end = 0;
      for (const found of text.matchAll(PLACEHOLDER)) {
        parts.push(text.slice(end, found.index));
        const mark = document.createElement("mark");
        if (!names.has(found[1])) mark.className = "hd-mark-wrong";
        mark.textContent = found[0];
        parts.push(mark);
        end = found.index + found[0].length;
      }
      marks?.replaceChildren(...parts, text.slice(end), "\n");
      if (count)
        count.textContent = `${[...text].length.toLocaleString()} of ${most.toLocaleString()} characters.`;
    }
    field.addEventListener("input", paint);
    field.addEventListener("scroll", () => {
      marks.scrollTop = field.scrollTop;
    });
    paint();
  }
  for (const editor of all("[data-editor]")) prepare(editor);

  document.addEventListener("click", (event) => {
    const button = asHtml(/** @type {Element} */ (event.target)).closest("[data-insert]");
    if (!(button instanceof HTMLElement)) return;
    const field = document.getElementById(button.dataset.target ?? "");
    if (!(field instanceof HTMLTextAreaElement)) return;
    const { selectionStart, selectionEnd } = field;
    field.setRangeText(`{{${button.dataset.insert}}}`, selectionStart, selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });

  /* ---- the stage -------------------------------------------------------------------------- */

  const stage = document.getElementById("preview");
  const waiting = stage?.querySelector("template[shadowrootmode]");
  if (stage && waiting instanceof HTMLTemplateElement) {
    stage.attachShadow({ mode: "open" }).append(waiting.content); // an older browser
    waiting.remove();
  }
  const scene = () => stage?.shadowRoot?.querySelector("[data-scene]");

  function tellScene() {
    const place = scene();
    const words = document.getElementById("preview-words");
    const said = place?.querySelector("[data-said]")?.getAttribute("data-said");
    if (words) words.textContent = said ? `Customers read: ${said}` : "This text cannot be said.";
    if (place) showTimes(place);
  }
  const begun = scene();
  if (begun) showTimes(begun);

  // The answer goes into the stage's own tree; the page takes nothing of it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!detail.requestConfig?.elt?.hasAttribute("data-preview")) return;
    detail.shouldSwap = false;
    const place = scene();
    if (!place || !detail.xhr || detail.xhr.status !== 200) return;
    place.innerHTML = detail.serverResponse;
    tellScene();
  });

  document.addEventListener("change", (event) => {
    const choice = event.target;
    if (!(choice instanceof HTMLInputElement) || !choice.closest("[data-stage-theme]")) return;
    if (stage) stage.dataset.bsTheme = choice.value;
  });

  /* ---- hours: more times, more dates ------------------------------------------------------ */

  const hours = document.querySelector("form[data-hours]");
  const recount = () => hours?.dispatchEvent(new Event("hours:changed"));

  /** @param {HTMLElement} range */
  function night(range) {
    const [start, end] = [...range.querySelectorAll("input")].map((input) => input.value);
    const words = range.querySelector("[data-next-day]");
    if (words instanceof HTMLElement)
      words.hidden = !start || !end || end > start || end === "00:00";
  }

  /** @param {Element} place */
  function addRange(place) {
    const spare = place.querySelector("[data-spare]");
    if (!(spare instanceof HTMLElement)) return;
    const more = /** @type {HTMLElement} */ (spare.cloneNode(true));
    for (const input of more.querySelectorAll("input")) input.value = "";
    spare.removeAttribute("data-spare");
    spare.setAttribute("data-shown", "");
    spare.after(more);
    spare.querySelector("input")?.focus();
  }

  function addDate() {
    const list = document.querySelector("[data-dates]");
    const last = list?.querySelector("[data-date]:last-of-type");
    if (!list || !last) return;
    const next = all("[data-date]").length;
    const more = /** @type {HTMLElement} */ (last.cloneNode(true));
    for (const range of all("[data-range]", more).slice(1)) {
      if (!range.closest("[data-spare]")) range.closest(".hd-range-spare")?.remove();
    }
    for (const input of more.querySelectorAll("input")) {
      input.name = input.name.replace(/-\d+/, `-${next}`);
      if (input.type === "checkbox") input.checked = false;
      else input.value = "";
    }
    list.append(more);
    more.querySelector("input")?.focus();
  }

  hours?.addEventListener("input", (event) => {
    const range = asHtml(/** @type {Element} */ (event.target)).closest("[data-range]");
    if (range instanceof HTMLElement) night(range);
  });
  hours?.addEventListener("click", (event) => {
    const target = asHtml(/** @type {Element} */ (event.target));
    const place = target.closest("[data-add-range]")?.parentElement;
    if (place) addRange(place);
    if (target.closest("[data-add-date]")) addDate();
    if (place || target.closest("[data-add-date]")) recount();
  });
  const reader = document.querySelector("[data-reader-zone]");
  if (hours && reader instanceof HTMLInputElement) {
    const known = document.querySelector(`#zones option[value="${CSS.escape(ownZone)}"]`);
    if (known && reader.value !== ownZone) {
      reader.value = ownZone;
      addEventListener("load", recount);
    }
  }

  /* ---- numbers, colours, copies ----------------------------------------------------------- */

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.dataset.slide) {
      const number = document.getElementById(field.dataset.slide);
      if (!(number instanceof HTMLInputElement)) return;
      number.value = String(Number(field.value));
      number.dispatchEvent(new InputEvent("input", { bubbles: true }));
    } else {
      const slide = document.querySelector(`[data-slide="${CSS.escape(field.name)}"]`);
      if (slide instanceof HTMLInputElement) slide.value = field.value.replace(",", ".");
    }
  });

  /** Rows that differ from what is in force. @param {HTMLElement} row */
  function mark(row) {
    const was = [];
    for (const field of row.querySelectorAll("[data-was]")) {
      if (field instanceof HTMLInputElement && field.type === "radio" && !field.checked) continue;
      const now = /** @type {HTMLInputElement} */ (field).value.replace(",", ".");
      const before = asHtml(field).dataset.was ?? "";
      if (now !== before && !(now && Number(now) === Number(before))) was.push(before);
    }
    row.classList.toggle("hd-changed", was.length > 0);
    const words = row.querySelector("[data-was-words]");
    if (!(words instanceof HTMLElement)) return;
    words.hidden = was.length === 0;
    words.textContent = `was ${was.map((word) => word.replace(/^\w/, (c) => c.toLowerCase())).join(", ")}`;
  }
  function markAll() {
    for (const row of all("[data-row]")) mark(row);
  }
  if (document.querySelector("[data-changes]")) {
    document.addEventListener("input", markAll);
    markAll();
  }

  const light = (/** @type {string} */ color) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  /** @param {string} color */
  function showColor(color) {
    const there = light(color);
    const [white, black] = [1.05 / (there + 0.05), (there + 0.05) / 0.05];
    const ink = white >= black ? "#FFFFFF" : "#000000";
    for (const part of document.querySelectorAll("[data-look-fill] > *"))
      part.setAttribute("fill", color);
    for (const part of document.querySelectorAll("[data-look-ink] > *"))
      part.setAttribute(part.hasAttribute("stroke") ? "stroke" : "fill", ink);
    const hint = document.querySelector("[data-color-hint]");
    const word = ink === "#000000" ? "Black" : "White";
    if (hint)
      hint.textContent = `${word} words on it measure ${Math.max(white, black).toFixed(1)}:1, at least 4.5:1 is needed.`;
  }

  const well = document.querySelector("[data-color-well]");
  const code = document.querySelector("[data-color-text]");
  if (well instanceof HTMLInputElement && code instanceof HTMLInputElement) {
    well.addEventListener("input", () => {
      code.value = well.value.toUpperCase();
      showColor(well.value);
    });
    code.addEventListener("input", () => {
      if (!/^#[0-9a-f]{6}$/i.test(code.value)) return;
      well.value = code.value;
      showColor(code.value);
    });
  }

  document.addEventListener("click", async (event) => {
    const button = asHtml(/** @type {Element} */ (event.target)).closest("[data-copy]");
    if (!(button instanceof HTMLElement)) return;
    const field = document.getElementById(button.dataset.copy ?? "");
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    const words = button.querySelector("[data-copy-words]");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // plain http: the old way still works on what is selected
    }
    if (!words) return;
    words.textContent = "Copied";
    setTimeout(() => {
      words.textContent = "Copy";
    }, 2_000);
  });
})();
