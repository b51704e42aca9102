// Content class: a search box (WAI-ARIA combobox) and browsing in three levels over the plain grouped <select>.
// The select stays the field that is sent; without script it is all there is.

import { best, element, listbox, marked, pick, standIn } from "./listbox.js";
import { heard, learn } from "./pinyin.js";

const SPACED = /^[\x00-\x7f]+$/; // a word of a script that puts spaces between words
const LITTLE = new Set("a an and are at by do for from has have i in is it my no not of on or our t the there to was we were with".split(" "));

export function enhance(field) {
  const select = field.querySelector("select");
  if (!select) return;
  const texts = { ...field.dataset, unsure: select.dataset.unsure };
  const leaves = read(select);
  const id = select.id;
  const host = element("div", "combobox");
  const anchor = element("div", "combobox");
  const chosen = element("p", "chosen");
  const input = element("input");
  const box = listbox(input, { id, label: texts.search, texts, find, draw, choose });

  // What is typed and not chosen is sent too: the form comes back with it.
  Object.assign(input, { name: `${select.name}_words`, value: select.dataset.typed ?? "", placeholder: texts.search });
  anchor.append(input, box.list);
  host.append(chosen, anchor, box.status);
  const unsure = unsureButton();
  if (texts.unsure) host.append(unsure);
  const browse = levels(select, leaves, texts, choose);
  host.append(browse.node);
  select.after(host);
  standIn(select, input, host);
  const near = nearest(input.value);
  if (near) anchor.before(near);
  const again = () => document.activeElement === input && box.search(input.value);
  input.addEventListener("focus", () => learn().then(again), { once: true });
  show();

  function find(words) {
    const wanted = sought(words);
    if (!wanted.length) return null;
    const found = best(leaves, (leaf) => rank(leaf, wanted));
    return (found.length ? found : best(leaves, (leaf) => rankHeard(leaf, wanted))).slice(0, 12);
  }

  function draw(leaf, words) {
    const wanted = sought(words);
    const name = element("span");
    name.append(...marked(leaf.names.at(-1), wanted));
    const where = element("small", "", leaf.names.slice(0, -1).join(" › "));
    const meant = everyday(leaf, wanted) ?? leaf.words.find((one) => wanted.some((word) => heard(one, word) > 1));
    if (meant && !leaf.text.includes(meant)) where.append(" · ", element("mark", "", meant));
    return [name, where];
  }

  // What came back typed and not chosen: the classes that it may mean, each a button.
  function nearest(words) {
    const found = (words && find(words))?.slice(0, 5) ?? [];
    if (!found.length) return null;
    const list = element("p", "row nearest", texts.nearest);
    for (const leaf of found) {
      const button = element("button", "button plain", leaf.names.slice(1).join(" › "));
      button.type = "button";
      button.addEventListener("click", () => choose(leaf)?.focus());
      list.append(" ", button);
    }
    return list;
  }

  // Who cannot tell says so: the words that found nothing are not sent, and the box is out of the way.
  function unsureButton() {
    const button = element("button", "link", texts.unsure);
    button.type = "button";
    button.addEventListener("click", () => { choose(null); box.status.textContent = texts.unsure; say(texts.unsure).focus(); });
    return button;
  }

  function choose(leaf) {
    pick(select, leaf ? leaf.code : "");
    input.value = "";
    box.close();
    const inBox = anchor.contains(document.activeElement);
    const again = show();
    box.status.textContent = leaf ? leaf.names.join(" › ") : "";
    if (inBox) again?.focus(); // the box is gone: the focus stays with what was chosen
    return again;
  }

  function show() {
    const leaf = leaves.find((one) => one.code === select.value);
    browse.follow(leaf);
    chosen.replaceChildren();
    near?.toggleAttribute("hidden", Boolean(leaf));
    anchor.hidden = unsure.hidden = Boolean(leaf);
    return leaf && say(leaf.names.join(" › "));
  }

  function say(text) {
    anchor.hidden = unsure.hidden = true;
    const again = element("button", "link", texts.change);
    again.type = "button";
    again.addEventListener("click", () => { choose(null); input.focus(); });
    again.append(element("span", "hide", `：${field.querySelector("label").firstChild.textContent}`));
    chosen.replaceChildren(element("strong", "", text), again);
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
