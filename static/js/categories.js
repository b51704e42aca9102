// Content class: a search box (WAI-ARIA combobox) and browsing in three levels over the plain grouped <select>.
// The select stays the field that is sent; without script it is all there is.

import { heard, learn } from "./pinyin.js";

const SPACED = /^[\x00-\x7f]+$/; // a word of a script that puts spaces between words
const LITTLE = new Set("a an and are at by do for from has have i in is it my no not of on or our t the there to was we were with".split(" "));

export function enhance(box) {
  const select = box.querySelector("select");
  if (!select) return;
  const texts = { ...box.dataset, unsure: select.dataset.unsure };
  const leaves = read(select);
  const host = element("div", "combobox");
  const chosen = element("p", "chosen");
  const input = element("input");
  const list = element("ul");
  const status = element("p", "hide");
  const id = select.id;

  // What is typed and not chosen is sent too: the form comes back with it.
  Object.assign(input, {
    type: "text", id: `${id}_search`, name: `${select.name}_words`, value: select.dataset.typed ?? "",
    autocomplete: "off", placeholder: texts.search,
  });
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  set(input, { role: "combobox", "aria-expanded": "false", "aria-controls": `${id}_list`, "aria-autocomplete": "list" });
  set(list, { role: "listbox", id: `${id}_list`, "aria-label": texts.search });
  status.setAttribute("role", "status");
  list.hidden = true;
  const anchor = element("div", "combobox");
  anchor.append(input, list);
  host.append(chosen, anchor, status);
  const unsure = unsureButton();
  if (texts.unsure) host.append(unsure);
  const browse = levels(select, leaves, texts, choose);
  host.append(browse.node);
  select.hidden = true;
  select.after(host);
  const label = box.querySelector(`label[for="${id}"]`);
  if (label) label.htmlFor = input.id;
  // A link of the error summary points at the select's id: hand it on to the box that can be seen.
  select.id = `${id}_value`;
  anchor.id = id;
  for (const link of document.querySelectorAll(`a[href="#${CSS.escape(id)}"]`)) {
    link.addEventListener("click", (event) => { event.preventDefault(); input.focus(); });
  }

  let shown = [];
  let active = -1;

  // While an input method is composing, its letters are no words and its Enter chooses no class.
  input.addEventListener("input", (event) => event.isComposing || search(input.value));
  input.addEventListener("compositionend", () => search(input.value));
  input.addEventListener("keydown", onKey);
  input.addEventListener("focus", () => learn().then(() => document.activeElement === input && search(input.value)), { once: true });
  input.addEventListener("blur", () => setTimeout(() => document.activeElement === input || close(), 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(shown[Number(option.dataset.at)]);
  });
  show();

  function search(words) {
    const wanted = sought(words);
    if (!wanted.length) return close();
    shown = best(rank, wanted);
    if (!shown.length) shown = best(rankHeard, wanted);
    list.replaceChildren(...shown.map((leaf, at) => option(leaf, at, wanted)));
    if (!shown.length) {
      const none = element("li", "none", texts.none);
      none.setAttribute("role", "presentation");
      list.append(none);
    }
    status.textContent = shown.length ? texts.found.replace("{n}", shown.length) : texts.none;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    light(shown.length ? 0 : -1);
  }

  function best(ranked, wanted) {
    return leaves
      .map((leaf) => ({ leaf, rank: ranked(leaf, wanted) }))
      .filter((hit) => hit.rank > 0)
      .sort((a, b) => b.rank - a.rank)
      .slice(0, 12)
      .map((hit) => hit.leaf);
  }

  function option(leaf, at, wanted) {
    const item = element("li");
    set(item, { role: "option", id: `${id}_option_${at}`, "aria-selected": "false" });
    item.dataset.at = at;
    const name = element("span");
    name.append(...marked(leaf.names.at(-1), wanted));
    const where = element("small", "", leaf.names.slice(0, -1).join(" › "));
    const meant = everyday(leaf, wanted) ?? leaf.words.find((one) => wanted.some((word) => heard(one, word) > 1));
    if (meant && !leaf.text.includes(meant)) where.append(" · ", element("mark", "", meant));
    item.append(name, where);
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
  }

  // Who cannot tell says so: the words that found nothing are not sent, and the box is out of the way.
  function unsureButton() {
    const button = element("button", "link", texts.unsure);
    button.type = "button";
    button.addEventListener("click", () => { choose(null); say(texts.unsure).focus(); });
    return button;
  }

  function choose(leaf) {
    select.value = leaf ? leaf.code : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.dispatchEvent(new Event("input", { bubbles: true }));
    input.value = "";
    close();
    const inBox = anchor.contains(document.activeElement);
    const again = show();
    if (inBox) again?.focus(); // the box is gone: the focus stays with what was chosen
  }

  function show() {
    const leaf = leaves.find((one) => one.code === select.value);
    browse.follow(leaf);
    chosen.replaceChildren();
    anchor.hidden = unsure.hidden = Boolean(leaf);
    return leaf && say(leaf.names.join(" › "));
  }

  function say(text) {
    anchor.hidden = unsure.hidden = true;
    const again = element("button", "link", texts.change);
    again.type = "button";
    again.addEventListener("click", () => { choose(null); input.focus(); });
    chosen.replaceChildren(element("strong", "", text), again);
    status.textContent = text;
    return again;
  }
}

// What was typed, without the words that every sentence has; alone, such a word is the beginning of another.
function sought(words) {
  const typed = split(words.toLowerCase());
  const telling = typed.filter((word) => !LITTLE.has(word));
  return telling.length ? telling : typed;
}

function split(text) {
  return text.split(/[\s,.;:!?'’()/-]+/).filter(Boolean);
}

// The leaves of the select: optgroup = level 1, "level 2 / level 3" = text.
function read(select) {
  return [...select.querySelectorAll("optgroup option")].map((option) => {
    const names = [option.parentElement.label, ...option.textContent.split(" / ")].map((name) => name.trim());
    const words = (option.dataset.words ?? "").toLowerCase().split(" ").filter(Boolean);
    return { code: option.value, names, words, text: names.join(" ").toLowerCase() };
  });
}

// The more words are found, and the nearer to the leaf's own name or its everyday words, the better.
function rank(leaf, wanted) {
  return wanted.reduce((sum, word) => sum + (SPACED.test(word) ? rankSpaced(leaf, word) : rankChinese(leaf, word)), 0);
}

// Words that are found nowhere as they are written may be pinyin: ludeng, or ld.
function rankHeard(leaf, wanted) {
  const own = leaf.names.at(-1);
  const sounds = (word) => Math.max(heard(own, word), ...leaf.words.map((one) => heard(one, word) - 0.5));
  return wanted.reduce((sum, word) => sum + Math.max(sounds(word), 0), 0);
}

function rankChinese(leaf, word) {
  const own = leaf.names.at(-1).toLowerCase();
  if (leaf.words.includes(word)) return 5;
  if (own.startsWith(word)) return 4;
  if (everyday(leaf, [word]) || own.includes(word)) return 3;
  if (leaf.text.includes(word)) return 1;
  return word.length > 2 && pairs(word).some((pair) => own.includes(pair)) ? 0.5 : 0;
}

// Where words have spaces between them, each is found by its beginning: the "art" of "apartment" is no art.
function rankSpaced(leaf, word) {
  const own = split(leaf.names.at(-1));
  const known = [...own, ...leaf.words];
  if (known.some((one) => same(one, word))) return 5;
  if (own[0].startsWith(word)) return 4;
  if (known.some((one) => one.startsWith(word))) return 3;
  return split(leaf.text).some((one) => one.startsWith(word)) ? 1 : 0;
}

// One word, in the singular or the plural, or with another short ending: pothole and potholes, leak and leaking.
function same(one, other) {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const rest = long.slice(short.length);
  return long.startsWith(short) && (["", "s", "es"].includes(rest) || (short.length > 3 && ["ed", "ing"].includes(rest)));
}

// The everyday word that was meant: "路灯坏了" and "路" both mean "路灯".
function everyday(leaf, wanted) {
  const meant = (word) => (one) =>
    SPACED.test(word) ? same(one, word) || one.startsWith(word) : one.includes(word) || word.includes(one);
  for (const word of wanted) {
    const found = leaf.words.filter(meant(word)).sort((a, b) => b.length - a.length)[0];
    if (found) return found;
  }
  return undefined;
}

// "拖欠工资" finds "工资拖欠": two characters at a time.
function pairs(word) {
  return Array.from({ length: word.length - 1 }, (_, i) => word.slice(i, i + 2));
}

function marked(text, wanted) {
  const word = wanted.find((one) => text.toLowerCase().includes(one));
  if (!word) return [text];
  const at = text.toLowerCase().indexOf(word);
  return [text.slice(0, at), element("mark", "", text.slice(at, at + word.length)), text.slice(at + word.length)];
}

// Three selects, each filled from the one before.
function levels(select, leaves, texts, choose) {
  const node = element("details", "fold levels");
  const row = element("div");
  const names = texts.levels.split("|");
  const boxes = names.map((name, at) => {
    const label = element("label", "", name);
    const box = element("select");
    box.id = `${select.id}_level_${at}`;
    label.htmlFor = box.id;
    const cell = element("div");
    cell.append(label, box);
    row.append(cell);
    box.addEventListener("change", () => changed(at));
    return box;
  });
  node.append(element("summary", "", texts.browse), row);
  fill(0);

  function prefix(upto) {
    return boxes.slice(0, upto).map((box) => box.value);
  }

  function fill(at) {
    const before = prefix(at);
    const possible = new Set();
    if (before.every(Boolean)) {
      for (const leaf of leaves) if (before.every((name, i) => leaf.names[i] === name)) possible.add(leaf.names[at]);
    }
    boxes[at].replaceChildren(new Option(texts.pick, ""), ...[...possible].filter(Boolean).map((name) => new Option(name, name)));
    boxes[at].disabled = possible.size === 0;
  }

  function changed(at) {
    for (let next = at + 1; next < boxes.length; next += 1) fill(next);
    const before = prefix(boxes.length);
    const leaf = leaves.find((one) => before.every((name, i) => (one.names[i] ?? "") === name));
    if (leaf && before.every(Boolean)) choose(leaf);
    else if (select.value) choose(null);
  }

  function follow(leaf) {
    if (!leaf) return;
    leaf.names.forEach((name, at) => { fill(at); boxes[at].value = name; });
  }

  return { node, follow };
}

function element(tag, css = "", text = "") {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text) made.textContent = text;
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
