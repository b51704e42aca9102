// Every page: small comforts. Each page works without them.

// What went wrong, or what was done, gets the focus, so that a screen reader starts there.
(document.querySelector(":target[data-focus]") ?? document.querySelector("[data-focus]"))?.focus();

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

// A link to an act unfolds it.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) { target.open = true; (target.querySelector("[data-focus]") ?? target.querySelector("summary")).focus(); }
}
addEventListener("hashchange", unfold);
if (location.hash.startsWith("#act-")) unfold();
