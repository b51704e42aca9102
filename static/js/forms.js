// What forms share: the class finder, one row at a time, a character count.
import { enhance } from "./categories.js";

export function comforts(page) {
  for (const box of page.querySelectorAll("[data-combobox]")) enhance(box);
  for (const list of page.querySelectorAll("[data-rows]")) rows(list);
  for (const field of page.querySelectorAll("textarea[data-most]")) count(field);
}

// Rows not yet used stay out of the way until asked for.
function rows(list) {
  const all = [...list.querySelectorAll("[data-row]")];
  const used = (row) => row.querySelector(".wrong, .note") || [...row.querySelectorAll("input[type=text]")].some((input) => input.value);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = "＋ " + list.dataset.add;
  const waiting = () => all.filter((row) => row.hidden);
  all.slice(1).forEach((row) => { row.hidden = !used(row); });
  button.addEventListener("click", () => {
    const next = waiting()[0];
    next.hidden = false;
    next.querySelector("input:not([type=hidden]), select").focus();
    button.hidden = waiting().length === 0;
  });
  button.hidden = waiting().length === 0;
  list.append(button);
}

// Counts as the server does: a character is one, and so is a line break. Where the form does not ask for a long text,
// the count appears as the limit comes near; then it is also read out, when the keys rest. Nothing is cut off: too much
// is shown as too much.
function count(field) {
  const line = document.createElement("p");
  const aloud = document.createElement("p");
  let resting = 0;
  const most = Number(field.dataset.most);
  const always = field.closest(".counted");
  line.className = "counter";
  aloud.className = "hide";
  aloud.setAttribute("role", "status");
  const show = () => {
    const length = [...field.value.trim()].length;
    line.textContent = `${length} / ${most}`;
    const near = length >= most * 0.9;
    line.hidden = !always && !near;
    line.classList.toggle("over", length > most);
    clearTimeout(resting);
    resting = setTimeout(() => { aloud.textContent = near ? line.textContent : ""; }, 1000);
  };
  field.addEventListener("input", show);
  field.after(line, aloud);
  show();
}
