// What forms share: the class finder, one row at a time, a character count.
import { enhance } from "./categories.js";

export function comforts(page) {
  for (const box of page.querySelectorAll("[data-combobox]")) enhance(box);
  for (const list of page.querySelectorAll("[data-rows]")) rows(list);
  for (const field of page.querySelectorAll(".counted textarea[maxlength]")) count(field);
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

function count(field) {
  const line = document.createElement("p");
  line.className = "counter";
  const show = () => { line.textContent = `${[...field.value].length} / ${field.maxLength}`; };
  field.addEventListener("input", show);
  field.after(line);
  show();
}
