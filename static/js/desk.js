// The desk by keyboard: "/" to the search, J and K along the rows, Enter opens (the row's own link does that).
import { comforts } from "./forms.js";

comforts(document);

const search = document.querySelector("form[role=search] input:not([type=hidden])");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});

function step(by) {
  const links = [...document.querySelectorAll("[data-rows-by-key] .title a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

// Print one telling only: the others step aside while the paper is made.
for (const button of document.querySelectorAll("[data-print-one]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const one = document.getElementById(button.dataset.printOne);
    const others = [...document.querySelectorAll(".to-tell > article")].filter((card) => card !== one);
    others.forEach((card) => card.classList.add("noprint"));
    addEventListener("afterprint", () => others.forEach((card) => card.classList.remove("noprint")), { once: true });
    print();
  });
}
