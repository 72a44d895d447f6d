/**
 * The desk by keyboard. Single keys never work while somebody types, and can be turned off.
 */
(() => {
  "use strict";

  const KEY = "hd.keys";
  let on = true;
  try {
    on = localStorage.getItem(KEY) !== "off";
  } catch {
    // Storage is blocked: the keys are on, and the switch holds for this page.
  }
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    if (box instanceof HTMLInputElement) box.checked = on;
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches("[data-keys-switch]")) return;
    on = box.checked;
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // It holds for this page only.
    }
  });

  /** @param {Element} place */
  const visible = (place) => place.getClientRects().length > 0;

  /** @param {number} step */
  function move(step) {
    const links = [...document.querySelectorAll("#board .hd-row")].filter(visible);
    if (!links.length) return;
    const here = links.indexOf(/** @type {Element} */ (document.activeElement));
    const open = links.findIndex((link) => link.hasAttribute("aria-current"));
    const from = here >= 0 ? here : open;
    const to = from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + step));
    const link = /** @type {HTMLElement} */ (links[to]);
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  /** Press the button that carries this key, if it is there and may be pressed.
   * @param {string} key */
  function press(key) {
    for (const button of document.querySelectorAll(`[data-key="${key}"]`)) {
      if (!(button instanceof HTMLButtonElement) || button.disabled || !button.form) continue;
      // The label's buttons work from behind the closed panel; the others only where one sees them.
      if (!visible(button) && !button.closest("#side")) continue;
      button.click(); // a click, so that the form knows which of its buttons it was
      return;
    }
  }

  function resolve() {
    const menu = document.getElementById("resolve-menu");
    if (!(menu instanceof HTMLDetailsElement) || !visible(menu)) return;
    menu.open = true;
    const button = menu.querySelector("[data-resolve]");
    if (button instanceof HTMLElement) button.focus();
  }

  function why() {
    const side = document.getElementById("side");
    if (!side) return;
    if (visible(side)) side.focus();
    else location.hash = "#side";
  }

  function help() {
    const dialog = document.getElementById("keys");
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  }

  /** @param {string} kind */
  const write = (kind) =>
    document.dispatchEvent(new CustomEvent("desk:write", { detail: { kind } }));

  /** @type {Record<string, () => void>} */
  const deeds = {
    j: () => move(1),
    k: () => move(-1),
    c: () => press("c"),
    t: () => press("t"),
    r: () => write("reply"),
    n: () => write("note"),
    1: () => press("1"),
    2: () => press("2"),
    3: () => press("3"),
    w: why,
    e: resolve,
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.matches("#composer textarea")) {
      // Out of the box, so that the single keys work again.
      document.getElementById("scroll")?.focus({ preventScroll: true });
      return;
    }
    if (!on || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = /** @type {Element} */ (event.target);
    if (at.closest("input:not([type='checkbox']), textarea, select, [contenteditable], dialog"))
      return;
    const deed = deeds[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
