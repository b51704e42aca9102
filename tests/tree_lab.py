"""The page as a screen reader has it: rules that every page keeps, whatever it is about."""

from typing import Any

# Roles and names are the browser's own (tests/live_site.py). A fault is a line that says what is wrong with which part.
FAULTS = r"""() => {
  const faults = [];
  const html = one => one.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const say = (rule, one) => faults.push(`${rule}: ${typeof one === "string" ? one : html(one)}`);
  const shown = one => one.checkVisibility({visibilityProperty: true}) && !one.closest("[aria-hidden=true]");
  const all = selector => [...document.querySelectorAll(selector)].filter(shown);
  const name = one => (one.computedName || "").replace(/\s+/g, " ").trim();
  const speaks = text => /[\p{L}\p{N}]/u.test(text);

  // Landmarks and headings.
  for (const [what, selector] of [["main", "main"], ["banner", "body > header"], ["h1", "main h1"]])
    if (all(selector).length !== 1) say(`one ${what}`, String(all(selector).length));
  const navs = all("nav").map(name);
  if (navs.some(one => !one) || new Set(navs).size !== navs.length) say("each nav has a name of its own", navs.join());
  let level = 0;
  for (const one of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(one.localName[1]);
    if (own > level + 1) say(`h${own} after h${level}`, one);
    if (!speaks(one.textContent)) say("an empty heading", one);
    level = own;
  }

  // Names.
  const regions = all("section[aria-label], section[aria-labelledby], form[aria-label], [role=region]").map(name);
  if (new Set(regions).size !== regions.length) say("each region has a name of its own", regions.join());
  const controls = all("a[href], button, input:not([type=hidden]), select, textarea");
  for (const one of controls) if (!speaks(name(one))) say("a control without a name", one);
  for (const one of all("summary")) if (!speaks(one.textContent)) say("a fold without a name", one);
  for (const one of all("fieldset")) if (!speaks(name(one))) say("a group without a name", one);
  for (const one of all("table")) {
    if (!one.caption && !one.closest("[role=region][aria-label]")) say("a table without a name", one);
    for (const cell of one.querySelectorAll("thead th"))
      if (!speaks(cell.textContent)) say("a column without a name", cell);
  }
  for (const one of all("svg, img, [role=img]"))
    if (!one.matches("img[alt='']") && !speaks(name(one))) say("a picture neither named nor hidden", one);

  // One name, one thing: what a list of links, buttons or folds tells apart. A row tells what stands in it;
  // without script each form offers the other language and size.
  const goes = one => one.localName === "a" ? one.href : one.localName === "summary" ? one.parentElement.textContent
    : [one.form?.action ?? "", one.name, one.value].join();
  for (const kind of ["a[href]", "button", "summary"]) {
    const by = new Map();
    for (const one of all(kind).filter(one => !one.matches("td *, li *, [name=redraw]"))) {
      const called = name(one) || one.textContent.replace(/\s+/g, " ").trim();
      if (/\p{L}/u.test(called) && by.has(called) && by.get(called) !== goes(one)) say("one name for two things", one);
      by.set(called, goes(one));
    }
  }

  // What refers to something, and what is read out by itself.
  const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  for (const id of ids.filter((one, at) => ids.indexOf(one) !== at)) say("an id twice", id);
  for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const one of document.querySelectorAll(`[${attribute}]`))
      for (const id of one.getAttribute(attribute).split(/\s+/))
        if (!document.getElementById(id)) say(`${attribute} of nothing`, one);
  for (const one of all("[autofocus]:not(input)"))
    if (!one.matches("[role=status], [role=alert], h2, section[aria-labelledby]")) say("said to nobody", one);
  for (const one of all("[role=status], [role=alert]"))
    if (one.matches("li, button, a")) say("a live region that is something else", one);
  for (const one of all(".error, .summary, .note.bad:not(.danger)"))
    if (!one.closest("[role=alert]") && !document.querySelector(`[aria-describedby~="${one.id || "-"}"]`))
      say("wrong, and said to nobody", one);

  // Languages: text in other writing than the page's says which it is.
  if (document.documentElement.lang === "en") {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      if (/\p{Script=Han}/u.test(text.data) && shown(text.parentElement) && !text.parentElement.closest("[lang^=zh]"))
        say("Chinese that says it is English", text.parentElement);
  }
  return faults;
}"""


def tree_faults(page: Any) -> list[str]:
    """Returns what a screen reader would stumble over on the page that is open."""
    return page.evaluate(FAULTS)
