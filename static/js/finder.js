// Long lists on the desk: an organ or a person is found by a part of the name, by its pinyin or by its initials.
// The box looks and works like the <select> before which it stands; without script that is all there is.
import { best, element, listbox, marked, pick, standIn } from "./listbox.js";
import { heard, learn } from "./pinyin.js";

const LONG = 20; // a shorter list is read at a glance

export function finders(page, texts) {
  for (const select of page.querySelectorAll("select")) {
    if (select.options.length > LONG && !select.closest("[data-combobox]")) find(select, texts);
  }
}

function find(select, texts) {
  const options = [...select.options];
  const empty = options.find((option) => !option.value);
  const anchor = element("div", "combobox finder");
  const input = element("input");
  const box = listbox(input, {
    id: select.id,
    label: select.labels[0]?.firstChild.textContent ?? "",
    texts: { none: texts.finderNone, found: texts.finderFound },
    find: found,
    draw,
    choose,
    first: (shown) => Math.max(shown.indexOf(select.selectedOptions[0]), 0),
    closed: settle,
  });
  input.placeholder = [empty?.textContent, texts.finderHint].filter(Boolean).join(" · ");
  anchor.append(input, box.list, box.status);
  select.after(anchor);
  standIn(select, input, anchor);
  say();

  const open = () => input.getAttribute("aria-expanded") === "true";
  input.addEventListener("focus", () => { input.select(); learn().then(() => open() && box.search(input.value)); });
  input.addEventListener("click", () => open() || box.search(input.value));
  select.addEventListener("change", say);
  addEventListener("pageshow", say); // the browser may have filled in what was chosen before

  // What is chosen asks for nothing: all are offered.
  function found(typed) {
    const wanted = typed === chosen() ? [] : typed.toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return options;
    return best(options.filter((option) => option.value), (option) => Math.min(...wanted.map((word) => rank(option.text, word))));
  }

  function draw(option, typed) {
    const name = element("span");
    name.append(...marked(option.text, typed.toLowerCase().split(/\s+/).filter(Boolean)));
    const group = option.parentElement.label;
    return group ? [name, element("small", "", group)] : [name];
  }

  function choose(option) {
    if (option.value !== select.value) pick(select, option.value);
    say();
    box.close();
  }

  // An emptied box chooses none, where that can be chosen; words that were not chosen from the list go.
  function settle() {
    if (!input.value.trim() && empty && select.value) pick(select, "");
    say();
  }

  function chosen() {
    return select.value ? select.selectedOptions[0].text : "";
  }

  function say() {
    input.value = chosen();
  }
}

// The nearer to the name, the better; 住建局 is 住房和城乡建设局 with characters left out.
function rank(text, word) {
  const name = text.toLowerCase();
  if (name.startsWith(word)) return 5;
  if (name.includes(word)) return 4;
  let at = -1;
  const inOrder = word.length > 1 && [...word].every((one) => (at = name.indexOf(one, at + 1)) >= 0);
  return Math.max(heard(name, word), Number(inOrder));
}
