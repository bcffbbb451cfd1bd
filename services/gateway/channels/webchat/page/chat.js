// The chat page: a token, messages out, a stream in. Everything a guest or the hotel wrote is shown as text, never as HTML.
"use strict";

const WORDS = {
  es: {
    open: "En línea", connecting: "Conectando…", lost: "Sin conexión, reintentando…", waiting: "Recepción está escribiendo",
    label: "Su mensaje", placeholder: "Escriba su mensaje…", send: "Enviar", log: "Conversación", skip: "Ir a escribir",
    again: "No se envió. Reintentar", slow: "Demasiados mensajes seguidos; se enviará en un momento.", you: "Usted", hotel: "Hotel",
    note: "Le atiende un asistente automático. Puede pedir hablar con una persona en cualquier momento.",
    greeting: "Bienvenido al Hotel Alameda. ¿En qué podemos ayudarle? Por ejemplo: «¿Tienen una doble del 3 al 6 de diciembre para dos?»",
  },
  en: {
    open: "Online", connecting: "Connecting…", lost: "Offline, trying again…", waiting: "Reception is writing",
    label: "Your message", placeholder: "Write your message…", send: "Send", log: "Conversation", skip: "Go to the message field",
    again: "Not sent. Try again", slow: "Too many messages in a row; it will be sent in a moment.", you: "You", hotel: "Hotel",
    note: "An automatic assistant answers you. You can ask for a person at any time.",
    greeting: "Welcome to Hotel Alameda. How can we help you? For example: “Do you have a double from 3 to 6 December for two?”",
  },
};

const byId = (id) => document.getElementById(id);
const log = byId("log"), form = byId("form"), words = byId("words"), state = byId("state"), waiting = byId("waiting");
const shown = new Map();
let language = remembered("language") || (navigator.language || "es").slice(0, 2).toLowerCase();
let stream = null;
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
  if (greeting) greeting.querySelector(".words").textContent = say.greeting;
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
  shown.set(message.client_id || message.id, node);
  // Choices that were offered before are no longer the question.
  log.querySelectorAll(".choices button").forEach((button) => { button.disabled = true; });
  add(node);
  if (message.choices && message.choices.length) add(offer(message.choices));
  if (message.from === "hotel") wait(false);
}

async function begin() {
  const answer = await fetch("/webchat/session", { method: "POST", credentials: "same-origin" });
  if (!answer.ok) throw new Error("session " + answer.status);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function listen() {
  for (let failures = 0; ; failures += 1) {
    try {
      await begin();
      break;
    } catch {
      tell("lost");
      await pause(Math.min(15000, 1000 * 2 ** failures));
    }
  }
  // The browser reconnects by itself and sends Last-Event-ID; a refused stream is begun anew with a fresh token.
  let last = "";
  const open = () => {
    stream = new EventSource("/webchat/events" + (last ? "?after=" + last : ""));
    stream.addEventListener("open", () => tell("open"));
    stream.addEventListener("message", (event) => {
      last = event.lastEventId || last;
      receive(JSON.parse(event.data));
    });
    stream.addEventListener("error", async () => {
      tell("lost");
      if (stream.readyState !== EventSource.CLOSED) return;
      await pause(2000);
      try { await begin(); } catch { /* the next try follows */ }
      open();
    });
  };
  open();
}

function newId() {
  return crypto.randomUUID ? crypto.randomUUID() : Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
}

function post(message) {
  const body = { id: newId(), ...message };
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
        headers: { "Content-Type": "application/json" },
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

const greeting = bubble("hotel", "", "");
greeting.id = "greeting";
add(greeting);
speak();
tell("connecting");
listen();
