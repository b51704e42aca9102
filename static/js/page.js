// Every page: small comforts. Each page works without them.

// What a link or an answer leads to: an act or a field that is folded is unfolded, and what it is for gets the focus.
const CONTROL = "summary, button, input, select, textarea, a";

function arrive() {
  const place = document.getElementById(location.hash.slice(1));
  for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (place?.matches("details, .combobox")) [...place.querySelectorAll(CONTROL)].find((one) => one.offsetParent)?.focus();
  return place;
}
addEventListener("hashchange", arrive);

// What went wrong, or what was done, gets the focus, so that a screen reader starts there. Browsers do so by themselves
// where the page was not opened at a #place; a control that was asked for keeps it.
function begin() {
  const place = arrive();
  if (place?.matches(CONTROL)) return;
  (place?.closest("[autofocus]") ?? place?.querySelector("[autofocus]") ?? document.querySelector("[autofocus]"))?.focus();
}
begin();

// When a browser first draws a page it goes to the #place, and takes the focus away if the place itself cannot have it.
addEventListener("load", () => setTimeout(() => { if (document.activeElement === document.body) begin(); }, 100));

// A second click while the first is on its way does nothing. (The server files once all the same.)
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelector("button[type=submit]")?.setAttribute("aria-disabled", "true");
  });
}

// Coming back with the Back button finds the form usable again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.querySelector("button[type=submit]")?.removeAttribute("aria-disabled");
  }
});

// Leaving with unsent text asks first, where nothing keeps it. Nothing typed is stored on the device, which may be shared.
for (const form of document.querySelectorAll("form[data-leave]")) {
  if (form.elements.draft) continue; // kept on the server: drafts.js
  let typed = form.querySelector("[aria-invalid=true]") !== null;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
