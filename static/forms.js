// @ts-check
/* Small help for plain forms: show a password, count its characters, say that we are busy. */
(() => {
  for (const box of document.querySelectorAll("[data-reveal]")) {
    const input = box.querySelector("input");
    const button = box.querySelector("button");
    if (!input || !button) continue;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      input.focus();
    });
  }

  for (const input of document.querySelectorAll("input[data-counted]")) {
    const words = input.closest(".hd-field")?.querySelector("[data-counted-words]");
    if (!(input instanceof HTMLInputElement) || !words) continue;
    const least = Number(input.dataset.counted);
    const before = words.textContent;
    input.addEventListener("input", () => {
      const count = [...input.value].length;
      if (count === 0) words.textContent = before;
      else if (count < least) words.textContent = `${least - count} more to go.`;
      else words.textContent = `${count} characters, long enough.`;
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement)) return;
    if (!form.dataset.busy || event.defaultPrevented) return;
    button.setAttribute("aria-disabled", "true");
    button.classList.add("hd-busy");
    if (!button.name) button.textContent = form.dataset.busy;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // back to a page whose button still says "busy"
  });

  const wrong = document.querySelector('[aria-invalid="true"]');
  if (wrong instanceof HTMLElement) wrong.focus();
})();
