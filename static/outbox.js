/**
 * Sending: what somebody has written is kept until the server shows it back. First in, first out,
 * one request in flight, the same id on every try. README.md has attributes and events.
 */
(() => {
  "use strict";

  const TIMEOUT_MS = 10_000;
  const TRIES = 10;
  const PATIENCE_MS = 5 * 60_000;
  /** Words for refusals that come without; of these only REPEATABLE ones may change by themselves.
   * @type {Record<number, string>} */
  const REFUSED = {
    401: "You are signed out. Sign in, then retry.",
    403: "This page is out of date. Reload it, then retry.",
    404: "This chat is no longer here.",
    409: "Something changed meanwhile.",
    413: "This is too long.",
  };
  const REPEATABLE = new Set([408, 425, 429]);

  /**
   * `tries` are counted while online, `since` is when the first of them failed, `failed` says why
   * it is not sent (empty while there is hope), `edit` that only other words can help.
   * @typedef {{id: string, body: string, fields: string[][], tries: number, since: number,
   *   failed: string, edit: boolean}} Item
   */

  /** A browser may block storage in a frame; then the words live as long as the page. */
  const memory = new Map();

  function read(/** @type {string} */ key) {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? "[]");
    } catch {
      return memory.get(key) ?? [];
    }
  }

  function keep(/** @type {string} */ key, /** @type {Item[]} */ items) {
    memory.set(key, items);
    try {
      if (items.length) sessionStorage.setItem(key, JSON.stringify(items));
      else sessionStorage.removeItem(key);
    } catch {
      // blocked or full
    }
  }

  /** crypto.randomUUID, also where a page came by plain http. */
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  const fieldsOf = (/** @type {HTMLFormElement} */ form) =>
    /** @type {string[][]} */ (
      [...new FormData(form)].filter(([name]) => name !== "body" && name !== "client_msg_id")
    );

  class Outbox {
    constructor(/** @type {HTMLFormElement} */ form, /** @type {string} */ key) {
      this.key = `outbox:${key}`;
      this.form = form;
      this.busy = false;
      this.wakeUp = () => {};
      /** @type {Map<string, HTMLElement>} */
      this.rows = new Map();
      /** @type {Item[]} */
      this.items = read(this.key).filter(
        (/** @type {Item} */ { id }) => !document.querySelector(`article[id][data-mid="${id}"]`),
      );
    }

    get field() {
      return /** @type {HTMLTextAreaElement} */ (this.form.querySelector('textarea[name="body"]'));
    }

    fill(/** @type {string} */ words) {
      this.field.value = words;
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    add(/** @type {string} */ body) {
      const fields = fieldsOf(this.form);
      this.items.push({ id: newId(), body, fields, tries: 0, since: 0, failed: "", edit: false });
      this.changed(true);
      this.pump();
    }

    forget(/** @type {string | undefined} */ id) {
      const left = this.items.filter((item) => item.id !== id);
      if (left.length === this.items.length) return;
      this.items = left;
      this.changed();
    }

    retry(/** @type {Item} */ item) {
      Object.assign(item, { failed: "", tries: 0, since: 0, fields: fieldsOf(this.form) });
      this.changed();
      this.wakeUp();
      this.pump();
    }

    /** Bring the words back to where they can be changed. */
    edit(/** @type {Item} */ item) {
      this.fill([item.body, this.field.value].filter(Boolean).join("\n"));
      this.forget(item.id);
    }

    async pump() {
      if (this.busy) return;
      this.busy = true;
      const next = () => this.items.find((item) => !item.failed);
      try {
        for (let item = next(); item; item = next()) {
          const pause = await this.post(item);
          this.changed();
          if (pause && this.items.includes(item)) await this.rest(pause);
        }
      } finally {
        this.busy = false;
      }
    }

    /** One try. How long to wait before the next, 0 when there is nothing to wait for. */
    async post(/** @type {Item} */ item) {
      const body = new URLSearchParams(item.fields);
      body.set("client_msg_id", item.id);
      body.set("body", item.body);
      try {
        const answer = await fetch(this.form.getAttribute("action") ?? "", {
          method: "POST",
          body,
          headers: { "HX-Request": "true" },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return this.judge(item, answer, await answer.text());
      } catch {
        return this.missed(item, 0);
      }
    }

    judge(/** @type {Item} */ item, /** @type {Response} */ answer, /** @type {string} */ html) {
      const status = answer.redirected ? 401 : answer.status;
      if (status >= 400 && status < 500 && !REPEATABLE.has(status)) {
        const said = new DOMParser().parseFromString(html, "text/html");
        const reason = said.querySelector("[data-error]")?.textContent?.trim();
        item.failed = reason || (REFUSED[status] ?? "This cannot be sent.");
        item.edit = status === 413 || status === 422;
        return 0;
      }
      // Only our own row is an acknowledgement; a login page of some café's wifi is none.
      if (!answer.ok || !html.includes(`data-mid="${item.id}"`)) {
        return this.missed(item, 1_000 * (Number(answer.headers.get("Retry-After")) || 0));
      }
      document.dispatchEvent(new CustomEvent("helpdesk:answer", { detail: { html } }));
      this.forget(item.id);
      return 0;
    }

    missed(/** @type {Item} */ item, /** @type {number} */ atLeast) {
      if (navigator.onLine) {
        item.tries += 1;
        item.since ||= Date.now();
        if (item.tries >= TRIES || Date.now() - item.since > PATIENCE_MS) {
          item.failed = "No answer from the server.";
          return 0;
        }
      }
      return Math.max(50, atLeast, Math.random() * Math.min(15_000, 200 * 2 ** item.tries));
    }

    rest(/** @type {number} */ pause) {
      return new Promise((resolve) => {
        this.wakeUp = () => resolve(0);
        setTimeout(resolve, pause);
      });
    }

    changed(added = false) {
      keep(this.key, this.items);
      this.draw();
      const failed = this.items.filter((item) => item.failed).length;
      const detail = { key: this.key, added, queued: this.items.length - failed, failed };
      document.dispatchEvent(new CustomEvent("helpdesk:outbox", { detail }));
    }

    draw() {
      const { outboxList = "", outboxRow = "" } = this.form.dataset;
      const list = document.getElementById(outboxList);
      const template = document.getElementById(outboxRow);
      const known = new Set(this.items.map((item) => item.id));
      for (const [id, row] of this.rows) {
        if (known.has(id) && row.isConnected) continue;
        row.remove();
        this.rows.delete(id);
      }
      if (!list || !(template instanceof HTMLTemplateElement)) return;
      for (const item of this.items) {
        const row = this.rows.get(item.id) ?? this.newRow(item, template);
        if (!row.isConnected) list.append(row);
        this.show(item, row);
      }
    }

    newRow(/** @type {Item} */ item, /** @type {HTMLTemplateElement} */ template) {
      const copy = document.importNode(template.content, true);
      const row = /** @type {HTMLElement} */ (copy.firstElementChild);
      const words = row.querySelector("[data-outbox-body]");
      if (words) words.textContent = item.body;
      row.dataset.mid = item.id;
      /** @type {Record<string, () => void>} */
      const deeds = {
        retry: () => this.retry(item),
        edit: () => this.edit(item),
        delete: () => this.forget(item.id),
      };
      for (const [name, deed] of Object.entries(deeds)) {
        row.querySelector(`[data-outbox-${name}]`)?.addEventListener("click", () => {
          deed();
          this.field.focus();
        });
      }
      this.rows.set(item.id, row);
      return row;
    }

    show(/** @type {Item} */ item, /** @type {HTMLElement} */ row) {
      const failed = item.failed !== "";
      const waiting = !failed && (item.tries > 0 || !navigator.onLine);
      row.dataset.state = failed ? "failed" : waiting ? "queued" : "sending";
      const offered = { retry: failed && !item.edit, edit: failed && item.edit, delete: failed };
      for (const [name, shown] of Object.entries(offered)) {
        row.querySelector(`[data-outbox-${name}]`)?.toggleAttribute("hidden", !shown);
      }
      const place = row.querySelector("[data-outbox-state]");
      const words = waiting ? "Waiting for connection" : "Sending";
      const said = failed ? `Not sent. ${item.failed}` : words;
      if (!place || place.textContent === said) return;
      place.setAttribute("role", failed ? "alert" : "presentation");
      place.textContent = said;
    }
  }

  /** @type {Map<string, Outbox>} */
  const boxes = new Map();

  /** The queue of a form; a form that was swapped in takes over the queue of its key. */
  function boxOf(/** @type {HTMLFormElement} */ form) {
    const key = form.dataset.outboxKey;
    if (!key) return null;
    const box = boxes.get(key) ?? new Outbox(form, key);
    boxes.set(key, box);
    box.form = form;
    return box;
  }

  function adopt() {
    for (const form of document.querySelectorAll("form[data-outbox-key]")) {
      const box = boxOf(/** @type {HTMLFormElement} */ (form));
      if (!box?.items.length) continue;
      box.changed();
      box.pump();
    }
  }

  document.addEventListener("submit", (event) => {
    const pressed = /** @type {HTMLFormElement} */ (event.target);
    const via = document.getElementById(pressed.dataset.outboxVia ?? "");
    const box = boxOf(via instanceof HTMLFormElement ? via : pressed);
    if (!box) return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const typed = button?.name !== "body";
    const body = typed ? box.field.value : button.value;
    const limit = Number(box.field.dataset.limit) || Number.POSITIVE_INFINITY;
    if (!body.trim() || [...body].length > limit) {
      box.field.focus();
      return;
    }
    if (typed) box.fill("");
    box.add(body);
  });

  function kick() {
    for (const box of boxes.values()) {
      if (!box.items.length) continue;
      box.changed();
      box.wakeUp();
    }
  }
  addEventListener("online", kick);
  addEventListener("offline", kick);
  document.addEventListener("visibilitychange", kick);
  document.addEventListener("helpdesk:live", ({ detail }) => {
    if (detail.state === "live") kick();
  });
  document.addEventListener("helpdesk:swapped", adopt);
  // Whichever comes first, the answer or the live row, ends the waiting.
  document.addEventListener("helpdesk:rows", ({ detail }) => {
    for (const row of detail.rows) {
      for (const box of boxes.values()) box.forget(row.dataset.mid);
    }
  });

  let leaving = false;
  document.addEventListener("helpdesk:reload", () => {
    leaving = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && [...boxes.values()].some((box) => box.items.length)) event.preventDefault();
  });

  adopt();
})();
