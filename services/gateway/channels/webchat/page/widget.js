// The hotel's chat on any site: <script src="https://…/webchat/widget.js" data-property="alameda" async></script>
// A button and, once it is asked for, a frame; both in a shadow root, so that neither page's styles reach the other.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script || window.hotelChat) return;
  const home = new URL(script.src).origin;
  const given = script.dataset;
  const language = (given.language || document.documentElement.lang || navigator.language || "es").slice(0, 2).toLowerCase();
  const WORDS = {
    es: { open: "Abrir el chat con el hotel", close: "Cerrar el chat", title: "Chat con el hotel", news: "Hay una respuesta del hotel" },
    en: { open: "Open the chat with the hotel", close: "Close the chat", title: "Chat with the hotel", news: "The hotel has answered" },
  };
  const say = WORDS[language] || WORDS.en;
  const color = /^#[0-9a-f]{3,8}$/i.test(given.color || "") ? given.color : "#1d4d4f";
  const side = given.side === "left" ? "left" : "right";
  const STYLE = `
    :host { all: initial; }
    button { position: fixed; z-index: 2147483000; bottom: max(1.25rem, env(safe-area-inset-bottom)); ${side}: 1.25rem;
      width: 3.75rem; height: 3.75rem; border: 0; border-radius: 50%; background: ${color}; color: #fff; cursor: pointer;
      box-shadow: 0 .4rem 1.4rem rgb(0 0 0 / 28%); transition: transform .15s; }
    button:hover { transform: scale(1.06); }
    button:focus-visible { outline: 3px solid #e7b766; outline-offset: 3px; }
    svg { width: 1.8rem; height: 1.8rem; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round;
      stroke-linejoin: round; vertical-align: middle; }
    .dot { position: absolute; top: .1rem; right: .1rem; width: 1rem; height: 1rem; border: 2px solid #fff; border-radius: 50%;
      background: #d4472c; }
    .dot[hidden], .panel[hidden] { display: none; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .panel { position: fixed; z-index: 2147483001; bottom: 6rem; ${side}: 1.25rem; width: 25rem; max-width: calc(100vw - 2.5rem);
      height: min(40rem, calc(100dvh - 8rem)); border-radius: 1.25rem; overflow: hidden; background: #fff;
      box-shadow: 0 1rem 3.5rem rgb(0 0 0 / 30%); animation: rise .2s ease-out; }
    iframe { width: 100%; height: 100%; border: 0; display: block; color-scheme: light dark; }
    @keyframes rise { from { opacity: 0; transform: translateY(.8rem); } }
    @media (max-width: 30rem), (max-height: 30rem) {
      .panel { inset: 0; width: 100%; max-width: none; height: 100dvh; border-radius: 0; }
    }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "panel");
  button.setAttribute("aria-label", say.open);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M4 5.5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1zM8 10h8M8 13.5h5");
  drawing.append(line);
  const dot = document.createElement("span");
  dot.className = "dot";
  dot.hidden = true;
  button.append(drawing, dot);
  const news = document.createElement("div");
  news.className = "unseen";
  news.setAttribute("role", "status");
  const panel = document.createElement("div");
  panel.id = "panel";
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", say.title);
  root.append(panel, button, news);

  let frame = null, loaded = false;

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = say.title;
      frame.src = `${home}/webchat/embed/${encodeURIComponent(given.property || "alameda")}?language=${language}`;
      frame.addEventListener("load", () => {
        loaded = true;
        focus();
      });
      panel.append(frame);
    }
    panel.hidden = false;
    dot.hidden = true;
    news.textContent = "";
    show(true);
    focus();
  }

  function close() {
    panel.hidden = true;
    show(false);
    button.focus();
  }

  function show(opened) {
    button.setAttribute("aria-expanded", String(opened));
    button.setAttribute("aria-label", opened ? say.close : say.open);
  }

  function focus() {
    if (panel.hidden) return;
    frame.focus();
    if (loaded) frame.contentWindow.postMessage({ kind: "focus" }, home);
  }

  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) close(); });
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    if (!event.data || event.data.source !== "hotel-chat") return;
    if (event.data.kind === "close" && !panel.hidden) close();
    if (event.data.kind === "message" && panel.hidden) {
      dot.hidden = false;
      news.textContent = say.news;
    }
  });

  // For a site's own links: <a href="#" onclick="hotelChat.open()">
  window.hotelChat = { open, close };
  (document.body || document.documentElement).append(host);
})();
