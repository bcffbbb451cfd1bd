import { fetchParts, listen, replace } from "/console/static/live.js";

const figures = document.getElementById("figures");
// Figures are sums over a day: they need not be counted anew for every message.
const PAUSE = 3000;
let last = Date.now();

listen(async () => {
  if (document.hidden || Date.now() - last < PAUSE) return;
  last = Date.now();
  const fresh = await fetchParts(figures.dataset.source);
  if (fresh) replace(figures, fresh.body);
});
