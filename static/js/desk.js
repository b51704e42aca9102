// The desk by keyboard: Ctrl+K to the search; in a list, / too, arrows move from row to row and Enter opens.
// No single-letter shortcuts outside a focused list: speech input would trip over them (WCAG 2.1.4).
import { finders } from "./finder.js";
import { comforts } from "./forms.js";

comforts(document);
finders(document, document.querySelector("main").dataset);

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
  } else if (event.key === "ArrowDown" && event.target === document.body && document.querySelector(ROWS)) {
    event.preventDefault(); // nothing has the focus yet: it goes to the first row
    step(null, 1);
  }
});

function step(from, by) {
  const links = [...document.querySelectorAll(ROWS)];
  const next = links[links.indexOf(from) + by];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}

// Print one letter, or those that are ticked: the others step aside while the paper is made.
function printLetters(chosen) {
  const all = [...document.querySelectorAll(".to-tell > .tell-row")];
  const others = all.filter((row) => chosen.length && !chosen.includes(row));
  others.forEach((row) => row.classList.add("noprint"));
  addEventListener("afterprint", () => others.forEach((row) => row.classList.remove("noprint")), { once: true });
  print();
}
for (const button of document.querySelectorAll("[data-print-one]")) {
  button.hidden = false;
  button.addEventListener("click", () => printLetters([button.closest(".tell-row")]));
}
for (const button of document.querySelectorAll("[data-print-picked]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    printLetters([...document.querySelectorAll(".tell-row:has(.pick :checked)")]);
  });
}

// A list that is wider than its frame scrolls there; the frame of one that fits lets its head stay in sight.
const frames = new ResizeObserver((entries) => {
  for (const { target } of entries) target.classList.toggle("fits", target.scrollWidth <= target.clientWidth);
});
function watchFrames() {
  for (const frame of document.querySelectorAll(".scroll.sticky")) frames.observe(frame);
}
addEventListener("htmx:afterSettle", watchFrames);
watchFrames();

// One box ticks all that belong to its form; the list may have been fetched anew.
function offerAll() {
  for (const label of document.querySelectorAll("[data-pick-all]")) label.hidden = false;
}
addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all] input")) return;
  for (const box of event.target.form.elements) if (["number", "letter"].includes(box.name)) box.checked = event.target.checked;
});
addEventListener("htmx:afterSettle", offerAll);

// What came in the place of something is read out, from a place that was there before: a new one stays unheard.
const said = document.createElement("p");
said.className = "hide";
said.setAttribute("role", "status");
if (document.querySelector("[hx-get]")) document.querySelector("main").append(said);
addEventListener("htmx:afterSettle", () => {
  const words = [...document.querySelectorAll("[data-said]")].map((one) => one.textContent.trim()).join(" ");
  if (said.textContent !== words) said.textContent = words;
});

// A list that could not be fetched is opened as a page: that one says what is wrong.
addEventListener("htmx:responseError", (event) => {
  if (event.target.matches("form[role=search]")) location.assign(event.detail.pathInfo.finalRequestPath);
});
offerAll();

// Whoever wrote a letter is told by letter, and others by SMS, until an official chooses otherwise.
const entry = document.querySelector("form[data-answered-by-channel]");
entry?.addEventListener("change", ({ target }) => {
  if (target.name === "tell_by") entry.dataset.answeredByChannel = "chosen";
  if (target.name !== "channel" || entry.dataset.answeredByChannel) return;
  entry.querySelector(`[name=tell_by][value=${target.value === "letter" ? "letter" : "sms"}]`).checked = true;
});

// On a narrow screen a long story begins with its last steps; the earlier ones unfold, and are printed.
const LAST_STEPS = 5;
for (const story of document.querySelectorAll("[data-earlier]")) {
  const earlier = [...story.children].slice(0, -LAST_STEPS);
  if (earlier.length < 3 || !matchMedia("(max-width: 40rem)").matches) continue;
  const button = document.createElement("button");
  const unfold = () => {
    earlier.forEach((step) => { step.hidden = false; });
    button.remove();
  };
  button.type = "button";
  button.className = "button plain";
  button.textContent = `${story.dataset.earlier} (${earlier.length})`;
  button.addEventListener("click", () => {
    unfold();
    story.tabIndex = -1;
    story.focus();
  });
  addEventListener("beforeprint", unfold, { once: true });
  earlier.forEach((step) => { step.hidden = true; });
  story.before(button);
}
