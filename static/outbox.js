/**
 * Sending: what somebody has written is kept until the server shows it back. First in, first out,
 * one request in flight, the same id on every try; the widget and the desk share it.
 *
 * A form joins in by data attributes; without this script it is a plain form.
 *   data-outbox-key    names its queue (one per conversation and kind); kept in sessionStorage
 *   data-outbox-list   id of the element that shows what is not stored yet
 *   data-outbox-row    id of the <template> of such a row: [data-outbox-body], [data-outbox-state]
 *                      and the buttons [data-outbox-retry|edit|delete]
 *   data-outbox-via    on another form: send through the form with this id
 * The words are the field (or the pressed button) named "body"; all other fields go along as they
 * were when the words were written. "Stored" means: the answer, or the live log, shows a row with
 * our data-mid. On the document it tells
 *   helpdesk:answer {html}   fragments for live.js to take in
 *   helpdesk:outbox {key, added, queued, failed}   after every change
 */
(() => {
  "use strict";

  const TIMEOUT_MS = 10_000;
  const TRIES = 10;
  const PATIENCE_MS = 5 * 60_000;
  /** Answers that no repeat will change, and what to say when the server gives no reason.
   * @type {Record<number, string>} */
  const REFUSED = {
    401: "You are signed out. Sign in, then retry.",
    403: "This page is out of date. Reload it, then retry.",
    404: "This chat is no longer here.",
    409: "Something changed meanwhile.",
    413: "This is too long.",
    422: "This cannot be sent.",
  };

  /**
   * @typedef {object} Item
   * @property {string} id
   * @property {string} body
   * @property {[string, string][]} fields
   * @property {number} tries  counted while online only
   * @property {number} since  when the first of them failed
   * @property {string} failed why it is not sent; empty while there is hope
   * @property {boolean} editable  only other words can help
   */

  /** Survives a reload; where the browser blocks storage it lives as long as the page. */
  const memory = new Map();
  const keep = {
    /** @param {string} key @returns {Item[]} */
    read(key) {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? "[]");
      } catch {
        return memory.get(key) ?? [];
      }
    },
    /** @param {string} key @param {Item[]} items */
    write(key, items) {
      memory.set(key, items);
      try {
        if (items.length) sessionStorage.setItem(key, JSON.stringify(items));
        else sessionStorage.removeItem(key);
      } catch {
        // blocked or full: the page's memory has them
      }
    },
  };

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** @param {HTMLFormElement} form @returns {[string, string][]} */
  function fieldsOf(form) {
    const own = new Set(["body", "client_msg_id"]);
    return /** @type {[string, string][]} */ (
      [...new FormData(form)].filter(([name, value]) => !own.has(name) && typeof value === "string")
    );
  }

  /** @param {string} mid */
  const stored = (mid) => document.querySelector(`article[id][data-mid="${CSS.escape(mid)}"]`);

  class Outbox {
    /** @param {HTMLFormElement} form @param {string} key */
    constructor(form, key) {
      this.key = key;
      this.form = form;
      this.items = keep.read(`outbox:${key}`).filter((item) => !stored(item.id));
      this.busy = false;
      this.wakeUp = () => {};
      /** @type {Map<string, HTMLElement>} */
      this.rows = new Map();
    }

    /** @param {string} body @param {HTMLFormElement} form */
    add(body, form) {
      const fields = fieldsOf(form);
      this.items.push({ id: newId(), body, fields, tries: 0, since: 0, failed: "", editable: false });
      this.changed(true);
      this.pump();
    }

    /** @param {string} id */
    forget(id) {
      const left = this.items.filter((item) => item.id !== id);
      if (left.length === this.items.length) return;
      this.items = left;
      this.changed();
    }

    /** @param {Item} item */
    retry(item) {
      Object.assign(item, { failed: "", tries: 0, since: 0, fields: fieldsOf(this.form) });
      this.changed();
      this.wakeUp();
      this.pump();
    }

    /** Bring the words back to where they can be changed. @param {Item} item */
    edit(item) {
      const field = this.field();
      if (!field) return;
      field.value = field.value ? `${item.body}\n${field.value}` : item.body;
      this.forget(item.id);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }

    field() {
      return /** @type {HTMLTextAreaElement | null} */ (
        this.form.querySelector('textarea[name="body"]')
      );
    }

    async pump() {
      if (this.busy) return;
      this.busy = true;
      try {
        for (let item = this.next(); item; item = this.next()) {
          const pause = await this.post(item);
          this.changed();
          if (pause && this.items.includes(item) && !item.failed) await this.rest(pause);
        }
      } finally {
        this.busy = false;
      }
    }

    next() {
      return this.items.find((item) => !item.failed);
    }

    /** One try. How long to wait before the next one, 0 when there is none to wait for.
     * @param {Item} item */
    async post(item) {
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
        const html = await answer.text();
        return this.judge(item, answer, html);
      } catch {
        return this.failedTry(item, 0);
      }
    }

    /** @param {Item} item @param {Response} answer @param {string} html */
    judge(item, answer, html) {
      const status = answer.redirected ? 401 : answer.status;
      if (REFUSED[status]) {
        const said = new DOMParser().parseFromString(html, "text/html");
        item.failed = said.querySelector("[data-error]")?.textContent?.trim() || REFUSED[status];
        item.editable = status === 413 || status === 422;
        return 0;
      }
      if (answer.ok && html.includes(`data-mid="${item.id}"`)) {
        document.dispatchEvent(new CustomEvent("helpdesk:answer", { detail: { html } }));
        this.forget(item.id);
        return 0;
      }
      return this.failedTry(item, 1_000 * (Number(answer.headers.get("Retry-After")) || 0));
    }

    /** @param {Item} item @param {number} atLeast */
    failedTry(item, atLeast) {
      if (navigator.onLine) {
        item.tries += 1;
        item.since ||= Date.now();
        if (item.tries >= TRIES || Date.now() - item.since > PATIENCE_MS) {
          item.failed = "No answer from the server.";
          return 0;
        }
      }
      const spread = Math.random() * Math.min(15_000, 200 * 2 ** item.tries);
      return Math.max(50, atLeast, spread);
    }

    /** @param {number} pause */
    rest(pause) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, pause);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }

    changed(added = false) {
      keep.write(`outbox:${this.key}`, this.items);
      this.draw();
      const failed = this.items.filter((item) => item.failed).length;
      const detail = { key: this.key, added, queued: this.items.length - failed, failed };
      document.dispatchEvent(new CustomEvent("helpdesk:outbox", { detail }));
    }

    draw() {
      const list = document.getElementById(this.form.dataset.outboxList ?? "");
      const known = new Set(this.items.map((item) => item.id));
      for (const [id, row] of this.rows) {
        if (known.has(id) && row.isConnected) continue;
        row.remove();
        this.rows.delete(id);
      }
      for (const item of list ? this.items : []) {
        const row = this.rows.get(item.id) ?? this.newRow(item);
        if (!row) return;
        if (!row.isConnected) list?.append(row);
        this.show(item, row);
      }
    }

    /** @param {Item} item */
    newRow(item) {
      const template = document.getElementById(this.form.dataset.outboxRow ?? "");
      if (!(template instanceof HTMLTemplateElement)) return undefined;
      const copy = /** @type {DocumentFragment} */ (document.importNode(template.content, true));
      const row = /** @type {HTMLElement} */ (copy.firstElementChild);
      const words = row.querySelector("[data-outbox-body]");
      if (words) words.textContent = item.body;
      row.dataset.mid = item.id;
      /** @type {[string, () => void][]} */
      const deeds = [
        ["retry", () => this.retry(item)],
        ["edit", () => this.edit(item)],
        ["delete", () => this.forget(item.id)],
      ];
      for (const [name, deed] of deeds) {
        row.querySelector(`[data-outbox-${name}]`)?.addEventListener("click", () => {
          deed();
          this.field()?.focus();
        });
      }
      this.rows.set(item.id, row);
      return row;
    }

    /** @param {Item} item @param {HTMLElement} row */
    show(item, row) {
      const waiting = !item.failed && (item.tries > 0 || !navigator.onLine);
      row.dataset.state = item.failed ? "failed" : waiting ? "queued" : "sending";
      /** @param {string} name @param {boolean} shown */
      const offer = (name, shown) => {
        const button = row.querySelector(`[data-outbox-${name}]`);
        if (button instanceof HTMLElement) button.hidden = !shown;
      };
      offer("retry", item.failed !== "" && !item.editable);
      offer("edit", item.failed !== "" && item.editable);
      offer("delete", item.failed !== "");
      const place = row.querySelector("[data-outbox-state]");
      if (!place) return;
      if (item.failed) place.setAttribute("role", "alert");
      else place.removeAttribute("role");
      let words = waiting ? "Waiting for connection" : "Sending";
      if (item.failed) words = `Not sent. ${item.failed}`;
      if (place.textContent !== words) place.textContent = words;
    }
  }

  /** @type {Map<string, Outbox>} */
  const boxes = new Map();

  /** The queue of a form; a form that was swapped in takes over the queue of its key.
   * @param {HTMLFormElement} form */
  function boxOf(form) {
    const key = form.dataset.outboxKey;
    if (!key) return null;
    let box = boxes.get(key);
    if (!box) {
      box = new Outbox(form, key);
      boxes.set(key, box);
    }
    if (box.form !== form) {
      box.form = form;
    }
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
    const form = via instanceof HTMLFormElement ? via : pressed;
    const box = boxOf(form);
    if (!box) return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const field = box.field();
    const fixed = button?.name === "body" ? button.value : "";
    const body = fixed || (field?.value ?? "");
    const limit = Number(field?.dataset.limit) || Number.POSITIVE_INFINITY;
    if (!body.trim() || [...body].length > limit) {
      field?.focus();
      return;
    }
    if (field && !fixed) {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.add(body, form);
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
  document.addEventListener("helpdesk:live", (event) => {
    if (event.detail.state === "live") kick();
  });

  // Whichever comes first, the answer or the live row, ends the waiting.
  document.addEventListener("helpdesk:rows", (event) => {
    for (const row of event.detail.rows) {
      for (const box of boxes.values()) box.forget(row.dataset.mid);
    }
  });
  document.addEventListener("helpdesk:swapped", adopt);

  let leaving = false;
  document.addEventListener("helpdesk:reload", () => {
    leaving = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && [...boxes.values()].some((box) => box.items.length)) event.preventDefault();
  });

  adopt();
})();
