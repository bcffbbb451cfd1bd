import { fetchParts, listen, replace } from "/console/static/live.js";

const talk = document.querySelector(".talk");
const answer = document.getElementById("answer");
const canned = document.getElementById("canned");
const thread = document.getElementById("thread");

function atEnd() { return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60; }
function toEnd() { thread.scrollTop = thread.scrollHeight; }
toEnd();
// On a phone the newest words and the place to answer them are what is seen first.
document.getElementById("compose").scrollIntoView({ block: "nearest" });

listen(async (changed) => {
  if (changed.length && !changed.includes(talk.dataset.session)) return;
  const follow = atEnd();
  const fresh = await fetchParts(talk.dataset.source);
  if (!fresh) return;
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now) continue;
    if ("held" in now.dataset) part.dataset.held = ""; else delete part.dataset.held;
    replace(part, now);
  }
  document.getElementById("compose").hidden = !("held" in document.getElementById("head").dataset);
  if (follow) toEnd();
});

canned?.addEventListener("change", () => {
  if (!canned.value) return;
  answer.value = answer.value ? `${answer.value}\n${canned.value}` : canned.value;
  canned.value = "";
  answer.focus();
});

for (const field of document.querySelectorAll("textarea")) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "r" && !document.getElementById("compose").hidden) {
    event.preventDefault();
    answer.focus();
  }
  if (event.key === "Escape") location.assign("/console/queue");
});
