/**
 * Somebody waits: the number in the title, a sound, a notification of the browser, and one quiet
 * line for screen readers, at most every ten seconds.
 */
(() => {
  "use strict";

  const SAY_MS = 10_000;
  const KEY = "hd.sound";
  const title = document.title;
  let known = look(document.getElementById("board"));
  let waiting = counted();

  /** @param {ParentNode | null} board */
  function look(board) {
    /** @type {Map<string, HTMLElement>} */
    const found = new Map();
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (
      board?.querySelectorAll('.hd-row-item[data-status="waiting"], #rows-mine .hd-row-item') ?? []
    )) {
      found.set(row.id + row.dataset.status, row);
    }
    return found;
  }

  function counted() {
    return Number(document.getElementById("board")?.dataset.waiting ?? 0);
  }

  function count() {
    document.title = waiting ? `(${waiting > 99 ? "99+" : waiting}) ${title}` : title;
  }

  /* ---- the screen reader's line ---------------------------------------------------------- */

  /** @type {string[]} */
  let lines = [];
  let saidAt = 0;
  let timer = 0;

  /** @param {string} text */
  function say(text) {
    lines.push(text);
    if (!timer) timer = setTimeout(speak, Math.max(0, saidAt + SAY_MS - Date.now()));
  }

  function speak() {
    const place = document.getElementById("desk-status");
    if (place) place.textContent = `${lines.slice(-3).join(". ")}.`;
    lines = [];
    timer = 0;
    saidAt = Date.now();
  }
  document.addEventListener("desk:say", (event) => say(event.detail.text));

  /* ---- the sound ------------------------------------------------------------------------- */

  let sounds = true;
  try {
    sounds = localStorage.getItem(KEY) !== "off";
  } catch {
    // Storage is blocked: sounds are on, and the switch holds for this page.
  }

  function paint() {
    for (const box of document.querySelectorAll("[data-sound-switch]")) {
      if (box instanceof HTMLInputElement) box.checked = sounds;
    }
    for (const icon of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-sound-icon]")
    )) {
      icon.hidden = (icon.dataset.soundIcon === "on") !== sounds;
    }
  }

  /** Two short tones; browsers allow them only after the reader has pressed something. */
  async function ring() {
    const audio = new AudioContext();
    for (const [at, pitch] of [
      [0, 784],
      [0.14, 1047],
    ]) {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const start = audio.currentTime + at;
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0.08, start);
      level.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
      tone.connect(level).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.3);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await audio.close();
  }

  /** Once for all tabs of the desk. */
  function sound() {
    if (!sounds || !navigator.userActivation?.hasBeenActive) return;
    navigator.locks?.request("helpdesk-ring", { ifAvailable: true }, (lock) => lock && ring());
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches("[data-sound-switch]")) return;
    sounds = box.checked;
    try {
      localStorage.setItem(KEY, sounds ? "on" : "off");
    } catch {
      // It holds for this page only.
    }
    paint();
    if (sounds) ring();
  });

  /* ---- the browser's notification -------------------------------------------------------- */

  function permission() {
    const place = document.querySelector("[data-notify-words]");
    const button = document.querySelector("[data-notify-ask]");
    const trial = document.querySelector("[data-notify-test]");
    if (!place || !(button instanceof HTMLElement) || !(trial instanceof HTMLElement)) return;
    const state = "Notification" in window ? Notification.permission : "unsupported";
    button.hidden = state !== "default";
    trial.hidden = state !== "granted";
    if (state === "granted")
      place.textContent = "Your browser tells you when this page is in the background.";
    else if (state === "denied")
      place.textContent =
        "Notifications are blocked. You can allow them in the browser's site settings.";
    else if (state === "unsupported") place.textContent = "This browser shows no notifications.";
  }

  document.addEventListener("click", async (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-notify-test]")) {
      new Notification("This is a test", { body: "You hear of customers like this.", tag: "test" });
      if (sounds) ring();
    }
    if (!target.closest("[data-notify-ask]")) return;
    await Notification.requestPermission();
    permission();
  });

  /** No words of the customer leave the page: the name and the reason are enough.
   * @param {HTMLElement} row */
  function notify(row) {
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted")
      return;
    const name = row.querySelector(".hd-row-name")?.textContent ?? "Somebody";
    const waits = row.dataset.status === "waiting";
    const chips = [...row.querySelectorAll(".hd-row-chips .hd-chip")];
    const note = new Notification(waits ? `${name} is waiting` : `${name} wrote to you`, {
      body: chips.map((chip) => chip.textContent?.trim()).join(", "),
      tag: row.id,
    });
    note.addEventListener("click", () => {
      window.focus();
      row.querySelector("a")?.click();
      note.close();
    });
  }

  /* ---- news ------------------------------------------------------------------------------ */

  document.addEventListener("desk:board", (event) => {
    const next = /** @type {HTMLElement} */ (event.detail.next);
    const now = look(next);
    const seen = document.hidden ? "" : `row-${document.body.dataset.conversation}`;
    const fresh = [...now]
      .filter(([key, row]) => !known.has(key) && row.id !== seen)
      .map(([, row]) => row);
    const more = Number(next.dataset.waiting) > waiting;
    known = now;
    waiting = Number(next.dataset.waiting ?? 0);
    count();
    const queued = fresh.filter((row) => row.dataset.status === "waiting");
    if (!fresh.length && !more) return;
    sound();
    for (const row of fresh) notify(row);
    const urgent = queued.filter((row) => row.dataset.priority === "urgent").length;
    if (queued.length || more)
      say(`${queued.length || 1} new${urgent ? `, ${urgent} urgent` : ""}`);
    else say("Your turn");
  });

  count();
  paint();
  permission();
})();
