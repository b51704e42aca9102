// The desk by keyboard: Ctrl+K to the search; in a list, / too, arrows move from row to row and Enter opens.
// No single-letter shortcuts outside a focused list: speech input would trip over them (WCAG 2.1.4).
import { comforts } from "./forms.js";

comforts(document);

const ROWS = "[data-rows-by-key] .title a";
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const search = document.querySelector("form[role=search] input:not([type=hidden])");
  const asked = event.ctrlKey || event.metaKey ? event.key === "k" : event.key === "/" && event.target.matches(ROWS);
  if (asked && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key in STEPS && !event.ctrlKey && !event.metaKey && event.target.matches(ROWS)) {
    event.preventDefault();
    step(event.target, STEPS[event.key]);
  }
});

function step(from, by) {
  const links = [...document.querySelectorAll(ROWS)];
  const next = links[links.indexOf(from) + by];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}

// Print one telling only: the others step aside while the paper is made.
for (const button of document.querySelectorAll("[data-print-one]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const one = document.getElementById(button.dataset.printOne);
    const others = [...document.querySelectorAll(".to-tell > .tell")].filter((card) => card !== one);
    others.forEach((card) => card.classList.add("noprint"));
    addEventListener("afterprint", () => others.forEach((card) => card.classList.remove("noprint")), { once: true });
    print();
  });
}

// One box ticks all that belong to its form; the list may have been fetched anew.
function offerAll() {
  for (const label of document.querySelectorAll("[data-pick-all]")) label.hidden = false;
}
addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all] input")) return;
  for (const box of event.target.form.elements) if (box.name === "number") box.checked = event.target.checked;
});
addEventListener("htmx:afterSettle", offerAll);

// A list that could not be fetched is opened as a page: that one says what is wrong.
addEventListener("htmx:responseError", (event) => {
  if (event.target.matches("form[role=search]")) location.assign(event.detail.pathInfo.finalRequestPath);
});
offerAll();
