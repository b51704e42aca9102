// How Chinese characters are read: 住建局 is found by zhujian, zjj and zhujj. The table is fetched when it is first
// needed (massline/pinyin.py).
const known = new Map();
let fetched;

export function learn() {
  fetched ??= fetch("/pinyin.txt").then((answer) => answer.text()).then(read).catch(() => {});
  return fetched;
}

function read(table) {
  for (const line of table.split("\n")) {
    const [syllable, characters] = line.split(" ");
    for (const character of characters) known.set(character, [...(known.get(character) ?? []), syllable]);
  }
}

// How well letters name a text: 3 from its beginning on, 2 from within it, 1 where they leave characters out, else 0.
export function heard(text, letters) {
  if (!/^[a-z]{2,}$/.test(letters)) return 0;
  const characters = [...text];
  if (follow(characters, letters)) return 3;
  if (characters.some((_, at) => follow(characters.slice(at), letters))) return 2;
  return characters.some((_, at) => follow(characters.slice(at), letters, true)) ? 1 : 0;
}

// Whether letters are the readings or the initials of characters, one after the other; the last may be unfinished.
function follow(characters, letters, leavingOut = false) {
  let reached = new Set([0]);
  for (const [at, character] of characters.entries()) {
    const next = new Set(leavingOut && at ? reached : []);
    for (const done of reached) {
      const rest = letters.slice(done);
      for (const reading of known.get(character) ?? []) {
        if (reading.startsWith(rest)) return true;
        for (const part of [reading, reading[0], ...(/^[zcs]h/.exec(reading) ?? [])]) {
          if (rest.startsWith(part)) next.add(done + part.length);
        }
      }
    }
    reached = next;
  }
  return false;
}
