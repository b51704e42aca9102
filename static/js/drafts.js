// What is typed into a form is kept on the server a second after the last key, sealed for this browser: a reload, a
// session that ends, a language changed in the middle loses none of it. Without script the form is sent as it is.
const PAUSE = 1000;
const SMALL = 60_000; // what a browser still sends while it leaves the page
const kept = new Map();

// Looked for when somebody types: a list that was fetched anew has a form of its own.
for (const what of ["input", "change"]) {
  addEventListener(what, ({ target: { form } }) => {
    const field = form?.querySelector("input[name=draft][data-keep]");
    if (field && !kept.has(form)) kept.set(form, new Keeper(field));
    kept.get(form)?.type();
  });
}

function Keeper(field) {
  const form = field.form;
  let timer = 0;
  let typed = false; // since it was last kept
  let failed = false;
  let sent = false;
  let running = null;
  let begun = false;

  const line = document.createElement("p");
  line.className = "quiet small kept";
  line.setAttribute("role", "status");
  [...form.querySelectorAll("button[type=submit]")].at(-1)?.after(line); // empty: what changes in it is read out

  function body() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data);
  }

  function say(text) {
    if (line.textContent === text) return; // once a minute is enough
    line.textContent = text;
  }

  // Keeps what is typed; while the page is left, as far as the browser allows.
  this.keep = async (leaving = false) => {
    clearTimeout(timer);
    if (!typed || sent) return;
    typed = false;
    const content = body();
    const keepalive = leaving && content.toString().length < SMALL;
    running = new AbortController();
    try {
      const answer = await fetch(field.dataset.keep, {
        method: "POST", body: content, keepalive, signal: running.signal, headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(answer.status);
      failed = false;
      say(`${field.dataset.kept} ${(await answer.json()).saved}`);
    } catch (error) {
      if (sent || error.name === "AbortError") return;
      typed = failed = true;
      say(field.dataset.failed);
    }
  };

  this.type = () => {
    typed = true;
    if (!begun) { begun = true; this.keep(); return; } // at once: from now on every page knows that there is a draft
    clearTimeout(timer);
    timer = setTimeout(this.keep, PAUSE);
  };
  form.addEventListener("submit", (event) => {
    // Another listener may hold the form back, to send it itself or never.
    setTimeout(() => { if (!event.defaultPrevented) { sent = true; clearTimeout(timer); running?.abort(); } });
  });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("pagehide", () => this.keep(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) this.keep(true); });
  addEventListener("beforeunload", (event) => { if (failed && typed && !sent) event.preventDefault(); });
}

// 语言 and 大字版 where the page has several forms: what was typed is kept first. (Without script they open a new page.)
for (const button of document.querySelectorAll("[data-redraw]")) {
  (button.form ?? button).removeAttribute("target");
  button.addEventListener("click", async (event) => {
    if (button.dataset.ready || kept.size === 0 || button.hasAttribute("formaction")) return;
    event.preventDefault();
    await Promise.all([...kept.values()].map((keeper) => keeper.keep()));
    button.dataset.ready = "yes";
    button.click();
  });
}
