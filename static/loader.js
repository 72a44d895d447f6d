/**
 * The launcher: a button on somebody else's page and, from the first press on, the chat in a frame.
 *
 *   <script async src="https://desk.example/widget/v1/loader.js" data-inbox="KEY"
 *           data-color="#0b6b66" data-position="right"></script>
 *
 * One global, Helpdesk(verb, …): open, close, toggle, requestHuman, on(event, callback), with
 * events ready, opened, closed, unread, message, status (also on window as "helpdesk:…"). Calls
 * made before this file arrived wait in Helpdesk.q. It sets no cookie and reads nothing of the
 * page; sessionStorage remembers only that a chat was begun, so that the badge follows along.
 */
(() => {
  "use strict";

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const inbox = script?.dataset.inbox;
  const page = /** @type {any} */ (window);
  const early = page.Helpdesk;
  if (!script || !inbox || early?.ready) return;

  const { origin } = new URL(script.src);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const address = `${origin}/chat/${encodeURIComponent(inbox)}?tz=${encodeURIComponent(timeZone)}`;
  const side = script.dataset.position === "left" ? "left" : "right";
  const narrow = matchMedia("(max-width: 479.98px)");
  const memo = `helpdesk:${inbox}`;
  const color = /^#[0-9a-f]{6}$/i.test(script.dataset.color ?? "")
    ? script.dataset.color
    : "#0b6b66";

  /** Black or white, whichever reads better on a colour. @param {string} hex */
  function inkOn(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  }

  const css = `
:host{all:initial!important;--brand:${color};--on:${inkOn(color ?? "")};--surface:#fff;--sunken:#ebeeef;--line:#dbe0e3;--ink:#17212b;--ink-3:#5a6672;--soft:#e0f0ee;--soft-ink:#0a5752;--focus:#1459c7;font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink)}
@media (prefers-color-scheme:dark){:host{--surface:#161e24;--sunken:#212b33;--line:#2a353d;--ink:#e9eef1;--ink-3:#97a4ae;--soft:#12312f;--soft-ink:#84dcd2;--focus:#8ab8ff}}
*{box-sizing:border-box}
button{font:inherit;color:inherit;border:0;background:none;padding:0;cursor:pointer}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;box-shadow:0 0 0 2px var(--surface)}
[hidden]{display:none!important}
.launcher,.panel,.preview{position:fixed;${side}:24px;z-index:2147483000}
.launcher{bottom:24px;width:60px;height:60px;border-radius:20px;background:var(--brand);color:var(--on);display:grid;place-items:center;box-shadow:0 4px 14px rgb(16 24 32/.22);transition:transform .12s cubic-bezier(.2,0,0,1)}
.launcher:hover{transform:translateY(-2px)}
.launcher[aria-expanded=true]{visibility:hidden}
.badge{position:absolute;top:-7px;right:-7px;min-width:24px;height:24px;padding:0 6px;border-radius:12px;background:#c4262e;color:#fff;border:2px solid #fff;font-size:12px;font-weight:650;line-height:20px;text-align:center;font-variant-numeric:tabular-nums}
.panel{bottom:24px;width:400px;height:680px;max-width:calc(100vw - 48px);max-height:calc(100vh - 48px);max-height:calc(100dvh - 48px);border-radius:20px;background:var(--surface);box-shadow:0 18px 48px rgb(16 24 32/.24),0 0 0 1px var(--line);overflow:hidden;visibility:hidden;opacity:0;transform:translateY(8px);transition:opacity .14s,transform .14s,visibility 0s .14s}
.panel.open{visibility:visible;opacity:1;transform:none;transition:opacity .18s,transform .18s cubic-bezier(.2,0,0,1)}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;opacity:0;pointer-events:none}
.ready iframe{opacity:1;pointer-events:auto}
.ready>.wait,.ready>.x{display:none}
.wait{padding:20px 16px;display:grid;gap:12px}
.wait i{height:14px;border-radius:7px;background:var(--sunken);width:70%}
.wait i:first-child{width:38%}
.wait p{margin:24px 0 0}
.wait a{color:var(--soft-ink)}
.x{width:40px;height:40px;border-radius:8px;display:grid;place-items:center;color:var(--ink-3)}
.panel>.x{position:absolute;top:10px;right:10px}
.preview{bottom:100px;width:356px;max-width:calc(100vw - 48px);padding:14px 16px;border-radius:16px;border-bottom-${side}-radius:4px;background:var(--surface);box-shadow:0 18px 48px rgb(16 24 32/.18),0 0 0 1px var(--line);animation:in .18s cubic-bezier(.2,0,0,1)}
.who{display:flex;gap:10px;align-items:center}
.face{width:34px;height:34px;border-radius:50%;background:var(--soft);color:var(--soft-ink);display:grid;place-items:center;font-size:12px;font-weight:650;flex:none}
.who div{flex:1;min-width:0;line-height:1.25}
.who b{font-weight:650}
small{display:block;font-size:13px;color:var(--ink-3)}
.text{all:unset;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;margin-top:8px;width:100%;line-height:1.4;overflow-wrap:anywhere;cursor:pointer}
.text:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
@media (max-width:479.98px){.panel{inset:0;width:auto;height:auto;max-width:none;max-height:none;border-radius:0}.launcher,.preview{${side}:16px}.launcher{bottom:calc(16px + env(safe-area-inset-bottom,0px))}.preview{bottom:92px;max-width:calc(100vw - 32px)}}
@media (prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
@media (forced-colors:active){.launcher,.panel,.preview,.badge{border:2px solid}}
@media print{:host{display:none!important}}`;

  const shapes = {
    chat: "M8 10.5h.01M12 10.5h.01M16 10.5h.01M20.5 11.5a8 8 0 0 1-8.5 7.6 9 9 0 0 1-3.4-.6L4 20l1.3-3.6a7.2 7.2 0 0 1-1.8-4.9A8 8 0 0 1 12 4a8 8 0 0 1 8.5 7.5z",
    cross: "M18 6 6 18M6 6l12 12",
  };

  /** @param {string} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} children */
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /** @param {string} path @param {number} size */
  function drawing(path, size) {
    const draw = (/** @type {string} */ tag) =>
      document.createElementNS("http://www.w3.org/2000/svg", tag);
    const svg = draw("svg");
    const line = draw("path");
    const given = {
      viewBox: "0 0 24 24",
      width: size,
      height: size,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.75,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": true,
    };
    for (const [name, value] of Object.entries(given)) svg.setAttribute(name, String(value));
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  /** @param {string} label */
  const cross = (label) =>
    make("button", { class: "x", type: "button", "aria-label": label }, drawing(shapes.cross, 20));

  const badge = make("span", { class: "badge", hidden: "", "aria-hidden": "true" });
  const launcher = make(
    "button",
    {
      class: "launcher",
      type: "button",
      "aria-expanded": "false",
      "aria-controls": "panel",
      "aria-label": "Open chat",
    },
    drawing(shapes.chat, 28),
    badge,
  );
  const shut = cross("Close the chat");
  const wait = make("div", { class: "wait" }, make("i"), make("i"), make("i"));
  const panel = make(
    "div",
    { class: "panel", id: "panel", role: "dialog", "aria-label": "Chat" },
    wait,
    shut,
  );
  const face = make("span", { class: "face", "aria-hidden": "true" });
  const name = make("b");
  const text = make("button", { class: "text", type: "button" });
  const dismiss = cross("Dismiss this message");
  const preview = make(
    "div",
    { class: "preview", role: "status", hidden: "" },
    make(
      "div",
      { class: "who" },
      face,
      make("div", {}, name, make("small", {}, "Support agent · just now")),
      dismiss,
    ),
    text,
  );
  const host = make("div", { "data-helpdesk": "" });
  const root = host.attachShadow({ mode: "open" });
  root.append(launcher, panel, preview);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, css)); // browsers before 2023
  }

  let open = false;
  let scroll = "";
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  /** @type {MessagePort | null} */
  let port = null;
  /** @type {string[]} */
  const later = [];
  /** @type {Map<string, ((detail: unknown) => void)[]>} */
  const listeners = new Map();

  /** @param {string} event @param {unknown} [detail] */
  function tell(event, detail) {
    for (const callback of listeners.get(event) ?? []) callback(detail);
    window.dispatchEvent(new CustomEvent(`helpdesk:${event}`, { detail }));
  }

  /** @param {string} type */
  function say(type) {
    if (port) port.postMessage({ type });
    else if (type === "human") later.push(type);
  }

  /** @param {boolean} begun */
  function remember(begun) {
    try {
      if (begun) sessionStorage.setItem(memo, "1");
      return sessionStorage.getItem(memo) === "1";
    } catch {
      return false;
    }
  }

  /** What the chat may tell us; anything else is ignored. @param {any} data */
  function hear(data) {
    if (data?.type === "ready") {
      panel.classList.add("ready");
      say(open ? "open" : "close");
      if (open) frame?.focus();
      for (const type of later.splice(0)) say(type);
      tell("ready");
    } else if (data?.type === "close") toggle(false);
    else if (data?.type === "unread" && Number.isInteger(data.count)) unread(data.count);
    else if (data?.type === "message" && typeof data.text === "string") show(data);
    else if (data?.type === "status" && typeof data.status === "string") {
      remember(data.begun === true);
      tell("status", data.status);
    }
  }

  /** @param {number} count */
  function unread(count) {
    badge.hidden = count < 1;
    badge.textContent = count > 9 ? "9+" : String(count);
    const words = count === 1 ? ", 1 unread message" : `, ${count} unread messages`;
    launcher.setAttribute("aria-label", `Open chat${count ? words : ""}`);
    if (!count) preview.hidden = true;
    tell("unread", count);
  }

  /** @param {{sender?: string, name?: string, initials?: string, text: string}} data */
  function show(data) {
    tell("message", { sender: data.sender, text: data.text });
    if (open || data.sender !== "agent") return;
    face.textContent = String(data.initials ?? "");
    name.textContent = String(data.name ?? "");
    text.textContent = data.text;
    preview.hidden = false;
  }

  function load() {
    if (frame) return;
    frame = /** @type {HTMLIFrameElement} */ (
      make("iframe", {
        title: "Chat",
        allow: "",
        sandbox: "allow-scripts allow-forms allow-same-origin allow-popups",
        src: address,
      })
    );
    frame.addEventListener("load", () => {
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = (event) => hear(event.data);
      frame?.contentWindow?.postMessage({ type: "helpdesk:hello" }, origin, [channel.port2]);
    });
    panel.append(frame);
    setTimeout(() => {
      if (panel.classList.contains("ready")) return;
      wait.append(
        make(
          "p",
          {},
          "The chat could not be loaded. ",
          make("a", { href: address, target: "_blank", rel: "noopener" }, "Open it in a new tab"),
        ),
      );
    }, 8000);
  }

  /** @param {boolean} [to] */
  function toggle(to = !open) {
    if (to === open) return;
    open = to;
    const inside = document.activeElement === host;
    if (open) load();
    preview.hidden = true;
    launcher.setAttribute("aria-expanded", String(open));
    panel.classList.toggle("open", open);
    panel.setAttribute("aria-modal", String(open && narrow.matches));
    const html = document.documentElement;
    if (open && narrow.matches) {
      scroll = html.style.overflow;
      html.style.overflow = "hidden";
    } else if (!open && html.style.overflow === "hidden") html.style.overflow = scroll;
    say(open ? "open" : "close");
    if (open) (panel.classList.contains("ready") ? frame : shut)?.focus();
    else if (inside) launcher.focus();
    tell(open ? "opened" : "closed");
  }

  launcher.addEventListener("click", () => toggle(true));
  text.addEventListener("click", () => toggle(true));
  shut.addEventListener("click", () => toggle(false));
  dismiss.addEventListener("click", () => {
    preview.hidden = true;
    launcher.focus();
  });
  root.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key !== "Escape") return;
    if (open) toggle(false);
    else preview.hidden = true;
  });

  /** @type {Record<string, (...given: any[]) => void>} */
  const verbs = {
    open: () => toggle(true),
    close: () => toggle(false),
    toggle: () => toggle(),
    requestHuman() {
      toggle(true);
      say("human");
    },
    on(event, callback) {
      if (typeof callback === "function")
        listeners.set(event, [...(listeners.get(event) ?? []), callback]);
    },
  };
  /** @param {string} verb @param {unknown[]} given */
  function Helpdesk(verb, ...given) {
    if (Object.hasOwn(verbs, verb)) verbs[verb](...given);
  }
  Helpdesk.ready = true;
  page.Helpdesk = Helpdesk;

  function begin() {
    document.body.append(host);
    for (const call of early?.q ?? []) Helpdesk(call[0], ...Array.prototype.slice.call(call, 1));
    if (remember(false)) load();
  }
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
