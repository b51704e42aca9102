// The filing form: proof of work, one row at a time, a character count, the class finder.
import { enhance } from "./categories.js";
import { prove } from "./altcha.js";

const form = document.querySelector("form[data-challenge], form[data-entry]");

if (form) {
  for (const box of form.querySelectorAll("[data-combobox]")) enhance(box);
  for (const list of form.querySelectorAll("[data-rows]")) rows(list);
  for (const field of form.querySelectorAll(".counted textarea[maxlength]")) count(field);
  if (form.dataset.challenge) form.addEventListener("submit", proveFirst);
}

async function proveFirst(event) {
  const field = form.elements.altcha;
  if (!field || field.value || event.defaultPrevented) return;
  event.preventDefault();
  const status = form.querySelector("[data-status]");
  status.textContent = form.dataset.busy;
  try {
    field.value = await prove(form.dataset.challenge);
  } catch {
    form.removeEventListener("submit", proveFirst); // without proof the limit per address applies
  }
  delete form.dataset.sent;
  form.requestSubmit();
  status.textContent = "";
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
