import { fetchParts, listen, replace } from "/console/static/live.js";

const figures = document.getElementById("figures");
const state = document.getElementById("live");
// Figures are sums over a day: they need not be counted anew for every message.
const PAUSE = 3000;
let last = Date.now();

listen(async () => {
  if (document.hidden || Date.now() - last < PAUSE) return;
  last = Date.now();
  const fresh = await fetchParts(figures.dataset.source);
  if (fresh) replace(figures, fresh.body);
}, (on) => {
  state.textContent = on ? state.dataset.on : state.dataset.off;
  state.classList.toggle("lost", !on);
});
