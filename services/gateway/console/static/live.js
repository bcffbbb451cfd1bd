// Keeps parts of a page live: an event says what changed, the page asks for the part it shows.

// `#live` says whether what is shown is still true: the stream is open, and the last look was answered.
export function listen(onChange) {
  const events = new EventSource("/console/events");
  const state = document.getElementById("live");
  let waiting = false;
  let again = false;
  function show(on) {
    const text = on ? state.dataset.on : state.dataset.off;
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("lost", !on);
  }
  async function look(changed) {
    if (waiting) { again = true; return; }
    waiting = true;
    try { await onChange(changed); show(true); } catch { show(false); /* the next event tries once more */ }
    waiting = false;
    if (again) { again = false; look([]); }
  }
  events.addEventListener("changed", (event) => look(JSON.parse(event.data)));
  events.addEventListener("open", () => look([]));
  events.addEventListener("error", () => show(false));
  window.addEventListener("pagehide", () => events.close());
}

let validator = "";

// The parts of a page as they are now; null when nothing changed. Whoever is signed out is shown the way in.
// Throws while a service behind the page does not answer.
export async function fetchParts(source) {
  const headers = { "X-Fragment": "1" };
  if (validator) headers["If-None-Match"] = validator;
  const answer = await fetch(source, { headers, cache: "no-store" });
  if (answer.status === 401) { location.reload(); return null; }
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Error(`${source}: ${answer.status}`);
  validator = answer.headers.get("ETag") ?? "";
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Where an element is, so that it is found again in new content; empty for what cannot be told apart.
function placeOf(one) {
  if (one.dataset.case) return `[data-case="${CSS.escape(one.dataset.case)}"]`;
  const keyed = one.closest("[data-key]");
  const within = keyed ? `[data-key="${CSS.escape(keyed.dataset.key)}"] ` : "";
  if (one.name) return `${within}[name="${CSS.escape(one.name)}"]`;
  if (keyed && one.form === keyed) return within + one.localName;
  if (one.form) return `${within}form[action="${CSS.escape(one.form.getAttribute("action"))}"] ${one.localName}`;
  if (keyed && one.matches("summary")) return `${within}> summary`;
  return one.matches("a[href]") ? `a[href="${CSS.escape(one.getAttribute("href"))}"]` : "";
}

// Puts new content in place of old: what was opened stays open, what was chosen or written and not yet sent stays there,
// the keyboard stays where it is, and what is being written in this moment is left alone.
export function replace(old, fresh) {
  if (old.innerHTML === fresh.innerHTML) return;
  const active = document.activeElement;
  if (old.contains(active) && active.matches("input, textarea, select")) return;
  const opened = new Set([...old.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));
  const drafts = [...old.querySelectorAll("[data-key] :is(input:not([type=hidden]), textarea, select)")]
    .map((field) => [placeOf(field), field.value]);
  const focused = old.contains(active) ? placeOf(active) : "";
  old.replaceChildren(...fresh.childNodes);
  for (const one of old.querySelectorAll("details[data-key]")) one.open = opened.has(one.dataset.key);
  for (const [place, words] of drafts) {
    const field = old.querySelector(place);
    if (field) field.value = words;
  }
  if (focused) old.querySelector(focused)?.focus({ preventScroll: true });
}
