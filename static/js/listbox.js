// The list under a box in which one types (WAI-ARIA combobox): what was found, one of which is chosen by arrows or a click.
// `find` returns what was found for what is typed, null where nothing is asked; `draw` fills the line of one.
export function listbox(input, { id, label, texts, find, draw, choose, first = () => 0, closed = () => {} }) {
  const list = element("ul");
  const status = element("p", "hide");
  let shown = [];
  let active = -1;

  Object.assign(input, { type: "text", id: `${id}_search`, autocomplete: "off" });
  set(input, { role: "combobox", "aria-expanded": "false", "aria-controls": `${id}_list`, "aria-autocomplete": "list" });
  set(list, { role: "listbox", id: `${id}_list`, "aria-label": label });
  status.setAttribute("role", "status");
  list.hidden = true;

  // While an input method is composing, its letters are no words and its Enter chooses nothing.
  input.addEventListener("input", (event) => event.isComposing || search(input.value));
  input.addEventListener("compositionend", () => search(input.value));
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(() => document.activeElement === input || close(), 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(shown[Number(option.dataset.at)]);
  });

  function search(typed) {
    const found = find(typed);
    if (!found) return close();
    shown = found;
    list.replaceChildren(...shown.map((one, at) => option(one, at, typed)));
    if (!shown.length) {
      const none = element("li", "none", texts.none);
      none.setAttribute("role", "presentation");
      list.append(none);
    }
    status.textContent = shown.length ? texts.found.replace("{n}", shown.length) : texts.none;
    list.classList.toggle("end", input.getBoundingClientRect().left > innerWidth / 2); // room for what is wider than the box
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    light(shown.length ? first(shown) : -1);
  }

  function option(one, at, typed) {
    const item = element("li");
    set(item, { role: "option", id: `${id}_option_${at}`, "aria-selected": "false" });
    item.dataset.at = at;
    item.append(...draw(one, typed));
    return item;
  }

  function onKey(event) {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return search(input.value);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) light((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (shown[active]) choose(shown[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  }

  function light(at) {
    active = at;
    [...list.querySelectorAll("[role=option]")].forEach((item, i) => {
      item.classList.toggle("active", i === at);
      item.setAttribute("aria-selected", String(i === at));
      if (i === at) item.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) input.setAttribute("aria-activedescendant", `${id}_option_${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    closed();
  }

  return { list, status, search, close };
}

// Puts the box in the place of a <select>, which stays the field that is sent: its label and what describes it go along.
export function standIn(select, input, anchor) {
  const id = select.id;
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.hidden = true;
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
  if (label) label.htmlFor = input.id;
  // The error summary and the page of checked answers lead to the select's id: hand it on to what can be seen.
  select.id = `${id}_value`;
  anchor.id = id;
  for (const link of document.querySelectorAll(`a[href="#${CSS.escape(id)}"]`)) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      [...anchor.querySelectorAll("button, input")].find((one) => one.offsetParent)?.focus();
    });
  }
}

// Chooses an option of the select, as if it were done there.
export function pick(select, value) {
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

// Those that rank above nothing, the best first.
export function best(all, rank) {
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((hit) => hit.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((hit) => hit.one);
}

export function marked(text, wanted) {
  const word = wanted.find((one) => text.toLowerCase().includes(one));
  if (!word) return [text];
  const at = text.toLowerCase().indexOf(word);
  return [text.slice(0, at), element("mark", "", text.slice(at, at + word.length)), text.slice(at + word.length)];
}

export function element(tag, css = "", text = "") {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text) made.textContent = text;
  return made;
}

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
