import { fetchParts, listen, replace } from "/console/static/live.js";

const rows = document.getElementById("rows");

listen(async () => {
  const fresh = await fetchParts(rows.dataset.source);
  if (fresh) replace(rows, fresh.body);
});

// J and K move through the rows; Enter opens the one in focus, as for every link.
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const links = [...rows.querySelectorAll("a[data-case]")];
  const next = links.indexOf(document.activeElement) + step;
  links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
});
