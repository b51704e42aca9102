// The filing form: the shared comforts; and the proof of work before it is sent from the page that checks it.
import { comforts } from "./forms.js";
import { prove } from "./altcha.js";

const form = document.querySelector("form[data-challenge]");
comforts(document);
form?.addEventListener("submit", proveFirst);

// A proof counts once: one that came back with the page, by an error or the Back button, is spent.
if (form?.elements.altcha) addEventListener("pageshow", () => { form.elements.altcha.value = ""; });

async function proveFirst(event) {
  const field = form.elements.altcha;
  if (!field || field.value || event.defaultPrevented || event.submitter?.matches("[formaction], [name]")) return;
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
