// The chat, on its own page and in a frame on a hotel's site: a token, messages out, a stream in.
// Everything a guest or the hotel wrote is shown as text, never as HTML.
"use strict";

const WORDS = {
  es: {
    open: "En línea", connecting: "Conectando…", lost: "Sin conexión, reintentando…", waiting: "Recepción está escribiendo",
    label: "Su mensaje", placeholder: "Escriba su mensaje…", send: "Enviar", log: "Conversación", skip: "Ir a escribir",
    again: "No se envió. Reintentar", slow: "Demasiados mensajes seguidos; se enviará en un momento.", you: "Usted", hotel: "Hotel",
    close: "Cerrar el chat",
    note: "Le atiende un asistente automático. Puede pedir hablar con una persona en cualquier momento.",
    greeting: "{hotel} le da la bienvenida. ¿En qué podemos ayudarle? Por ejemplo: «¿Tienen una doble del 3 al 6 de diciembre para dos?»",
  },
  en: {
    open: "Online", connecting: "Connecting…", lost: "Offline, trying again…", waiting: "Reception is writing",
    label: "Your message", placeholder: "Write your message…", send: "Send", log: "Conversation", skip: "Go to the message field",
    again: "Not sent. Try again", slow: "Too many messages in a row; it will be sent in a moment.", you: "You", hotel: "Hotel",
    close: "Close the chat",
    note: "An automatic assistant answers you. You can ask for a person at any time.",
    greeting: "Welcome to {hotel}. How can we help you? For example: “Do you have a double from 3 to 6 December for two?”",
  },
};

const byId = (id) => document.getElementById(id);
const log = byId("log"), form = byId("form"), words = byId("words"), state = byId("state"), waiting = byId("waiting");
const shown = new Map();
// In a frame cookies of ours are a third party's: one that is for this site alone comes back, or else the page's own memory.
const property = location.pathname.startsWith("/webchat/embed/") ? location.pathname.split("/")[3] : "";
const told = new URLSearchParams(location.search).get("language");
let hotel = document.title;
let token = property ? remembered("token." + property) : null;
let language = told || remembered("language") || (navigator.language || "es").slice(0, 2).toLowerCase();
let waitingTimer = 0;
let outgoing = Promise.resolve();
if (!WORDS[language]) language = "en";

function remembered(key) {
  try { return localStorage.getItem("chat." + key); } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem("chat." + key, value); } catch { /* private browsing: forgotten with the page */ }
}

function speak() {
  const say = WORDS[language];
  document.documentElement.lang = language;
  document.querySelectorAll("[data-say]").forEach((node) => { node.textContent = say[node.dataset.say]; });
  document.querySelectorAll("[data-label]").forEach((node) => node.setAttribute("aria-label", say[node.dataset.label]));
  document.querySelectorAll("[data-language]").forEach((node) => {
    node.setAttribute("aria-pressed", String(node.dataset.language === language));
  });
  words.placeholder = say.placeholder;
  state.textContent = say[state.dataset.state];
  const greeting = byId("greeting");
  if (greeting) greeting.querySelector(".words").textContent = say.greeting.replace("{hotel}", hotel);
}

function tell(next) {
  state.dataset.state = next;
  state.textContent = WORDS[language][next];
}

function bubble(from, text, time) {
  const node = document.createElement("div");
  node.className = "message " + from;
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = WORDS[language][from === "guest" ? "you" : "hotel"] + ": ";
  const body = document.createElement("span");
  body.className = "words";
  body.dir = "auto";
  body.textContent = text;
  node.append(who, body);
  if (time) {
    const stamp = document.createElement("time");
    stamp.dateTime = time;
    stamp.textContent = new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
    node.append(stamp);
  }
  return node;
}

// A picture of the hotel's own, or a link; a link of another host says where it leads and tells that host nothing.
function shownFile(file) {
  const url = new URL(file.url, location.origin), ours = url.origin === location.origin;
  if (!/^https?:$/.test(url.protocol)) return document.createTextNode(file.name);
  const link = document.createElement("a");
  link.className = "file";
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (file.picture && ours) {
    const picture = document.createElement("img");
    picture.src = url.href;
    picture.alt = file.name;
    picture.addEventListener("load", () => { log.scrollTop = log.scrollHeight; });
    link.append(picture);
  } else {
    link.textContent = file.name + (ours ? "" : " (" + url.host + ")");
  }
  return link;
}

function add(node) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  log.append(node);
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function offer(choices) {
  const list = document.createElement("ul");
  list.className = "choices";
  for (const choice of choices) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = choice.title;
    if (choice.description) {
      const more = document.createElement("small");
      more.textContent = choice.description;
      button.append(more);
    }
    button.addEventListener("click", () => {
      list.querySelectorAll("button").forEach((other) => { other.disabled = true; });
      post({ text: choice.title, button_id: choice.id });
      words.focus();
    });
    item.append(button);
    list.append(item);
  }
  return list;
}

function wait(on) {
  clearTimeout(waitingTimer);
  waiting.hidden = !on;
  if (on) {
    log.scrollTop = log.scrollHeight;
    waitingTimer = setTimeout(() => { waiting.hidden = true; }, 30000);
  }
}

function receive(message) {
  const known = shown.get(message.client_id || message.id);
  if (known) {
    known.classList.remove("pending", "failed");
    return;
  }
  const node = bubble(message.from === "guest" ? "guest" : "hotel", message.text, message.time);
  if (message.language) node.querySelector(".words").lang = message.language;
  if (message.file) node.querySelector(".words").after(shownFile(message.file));
  shown.set(message.client_id || message.id, node);
  // Choices that were offered before are no longer the question.
  log.querySelectorAll(".choices button").forEach((button) => { button.disabled = true; });
  add(node);
  if (message.choices && message.choices.length) add(offer(message.choices));
  if (message.from === "hotel") {
    wait(false);
    announce("message");
  }
}

async function begin() {
  const answer = await fetch("/webchat/session" + (property ? "?property=" + encodeURIComponent(property) : ""), {
    method: "POST", credentials: "same-origin", headers: bearer(),
  });
  if (!answer.ok) throw new Error("session " + answer.status);
  const session = await answer.json();
  token = session.token;
  if (property) remember("token." + property, token);
  hotel = session.hotel;
  document.title = hotel + " · Chat";
  byId("hotel").textContent = hotel;
  speak();
}

function bearer() {
  return token ? { Authorization: "Bearer " + token } : {};
}

// To the page around the frame: it holds nothing that page must not know.
function announce(kind) {
  if (property && window.parent !== window) window.parent.postMessage({ source: "hotel-chat", kind }, "*");
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// A stream that breaks is opened again where it was; nothing is lost between, and nothing is shown twice.
async function listen() {
  let last = "";
  for (let failures = 0; ; failures += 1) {
    try {
      if (!token || failures) await begin();
      const answer = await fetch("/webchat/events", {
        credentials: "same-origin", headers: { ...bearer(), ...(last ? { "Last-Event-ID": last } : {}) },
      });
      if (!answer.ok) throw new Error("events " + answer.status);
      tell("open");
      await read(answer.body, (id, data) => {
        failures = 0;
        last = id || last;
        receive(JSON.parse(data));
      });
    } catch { /* offline, or the hotel restarts: tried again below */ }
    tell("lost");
    await pause(Math.min(15000, 500 * 2 ** Math.min(failures, 6)));
  }
}

// Server-Sent Events as they come: `id` and `data` lines, an empty line ends one. Silence means the line is dead.
async function read(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", id = "", data = "";
  for (;;) {
    const silence = setTimeout(() => reader.cancel().catch(() => {}), 45000);
    const { value, done } = await reader.read();
    clearTimeout(silence);
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("id: ")) id = line.slice(4);
      else if (line.startsWith("data: ")) data += line.slice(6);
      else if (!line && data) {
        take(id, data);
        data = "";
      }
    }
  }
}

function newId() {
  return crypto.randomUUID ? crypto.randomUUID() : Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
}

function post(message) {
  const body = { id: newId(), language, ...message };
  const node = bubble("guest", message.text, new Date().toISOString());
  node.classList.add("pending");
  shown.set(body.id, node);
  add(node);
  log.scrollTop = log.scrollHeight;
  // One after the other, so that the hotel reads them in the order they were written.
  outgoing = outgoing.then(() => deliver(body, node));
}

async function deliver(body, node) {
  for (let tries = 0; tries < 5; tries += 1) {
    let answer = null;
    try {
      answer = await fetch("/webchat/messages", {
        method: "POST",
        credentials: "same-origin",
        headers: { ...bearer(), "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    } catch { /* offline: tried again below */ }
    if (answer && answer.ok) {
      node.classList.remove("pending", "failed");
      wait(true);
      return;
    }
    if (answer && answer.status === 401) await begin().catch(() => {});
    else if (answer && answer.status === 429) {
      state.textContent = WORDS[language].slow;
      await pause(1000 * Math.min(60, Number(answer.headers.get("Retry-After")) || 5));
    } else if (answer && answer.status >= 400 && answer.status < 500) break;
    await pause(500 * 2 ** tries);
  }
  fail(body, node);
}

function fail(body, node) {
  node.classList.remove("pending");
  node.classList.add("failed");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "again";
  again.textContent = WORDS[language].again;
  again.addEventListener("click", () => {
    again.remove();
    node.classList.add("pending");
    outgoing = outgoing.then(() => deliver(body, node));
  });
  node.append(again);
}

function grow() {
  words.style.height = "auto";
  words.style.height = Math.min(words.scrollHeight, 144) + "px";
  words.style.overflowY = words.scrollHeight > 144 ? "auto" : "hidden";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  grow();
  post({ text });
  words.focus();
});

words.addEventListener("input", grow);
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.querySelectorAll("[data-language]").forEach((button) => {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    remember("language", language);
    speak();
  });
});

byId("close").hidden = !property;
byId("close").addEventListener("click", () => announce("close"));
if (property) document.body.classList.add("framed");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") announce("close"); });
window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.data && event.data.kind === "focus") words.focus();
});

const greeting = bubble("hotel", "", "");
greeting.id = "greeting";
add(greeting);
speak();
tell("connecting");
listen();
