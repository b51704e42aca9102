// In English, what citizens and officials wrote stays Chinese: it says so, and a screen reader reads it with that voice.
const HAN = /\p{Script=Han}/u;
const PIECES = /[^\p{Script=Latin}]*\p{Script=Han}[^\p{Script=Latin}]*/gu;

function mark(part) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT, (text) =>
    HAN.test(text.data) && !text.parentElement.closest("[lang^=zh], script, style") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const text of found) {
    const around = text.parentElement;
    if (around.childNodes.length === 1 && (around.matches("option, textarea") || !/\p{Script=Latin}/u.test(text.data))) around.lang = "zh-Hans";
    else text.replaceWith(divided(text.data));
  }
}

// One box in the place of the text, as before: a row of boxes keeps its gaps.
function divided(words) {
  const box = document.createElement("span");
  let at = 0;
  for (const { 0: piece, index } of words.matchAll(PIECES)) {
    const chinese = document.createElement("span");
    chinese.lang = "zh-Hans";
    chinese.textContent = piece;
    box.append(words.slice(at, index), chinese);
    at = index + piece.length;
  }
  box.append(words.slice(at));
  return box;
}

mark(document.body);
new MutationObserver((changes) => { for (const { target } of changes) if (target.isConnected) mark(target); })
  .observe(document.body, { childList: true, subtree: true });
