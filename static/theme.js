// @ts-check
/* Runs before the first paint: says that scripts work, and sets the theme the reader chose. */
(() => {
  const KEY = "hd.theme";
  const root = document.documentElement;
  root.classList.add("hd-js");

  /** @returns {string} "light", "dark" or "system" */
  function chosen() {
    try {
      return localStorage.getItem(KEY) || "system";
    } catch {
      return "system"; // storage is blocked: the system's wish holds
    }
  }

  /** @param {string} theme */
  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
    for (const input of document.querySelectorAll("[data-theme-choice] input")) {
      if (input instanceof HTMLInputElement) input.checked = input.value === theme;
    }
  }

  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  addEventListener("storage", (event) => {
    if (event.key === KEY) show(chosen());
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.closest("[data-theme-choice]")) return;
    try {
      localStorage.setItem(KEY, input.value);
    } catch {
      // The choice holds for this page only.
    }
    show(input.value);
  });
})();
