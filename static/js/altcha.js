// Solves the altcha proof of work: find the number whose SHA-256 with the salt is the challenge.
// Plain arithmetic rather than WebCrypto: faster for many short inputs, and there without HTTPS too.
const K = new Uint32Array(64);
const START = new Uint32Array(8);
constants();

export async function prove(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) throw new Error(`challenge: ${response.status}`);
  const asked = await response.json();
  const began = performance.now();
  const number = await search(asked.salt, asked.challenge, asked.maxnumber ?? asked.maxNumber ?? 1_000_000);
  const { algorithm, challenge, salt, signature } = asked;
  const took = Math.round(performance.now() - began);
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature, took }));
}

async function search(salt, challenge, most) {
  let pause = performance.now() + 12;
  for (let number = 0; number <= most; number += 1) {
    if (sha256(salt + number) === challenge) return number;
    if (number % 64 === 0 && performance.now() > pause) {
      await new Promise((resolve) => setTimeout(resolve)); // let the page breathe
      pause = performance.now() + 12;
    }
  }
  throw new Error("challenge has no solution");
}

// SHA-256 of ASCII text, as lower-case hexadecimal (FIPS 180-4).
export function sha256(text) {
  const blocks = ((text.length + 8) >> 6) + 1;
  const words = new Uint32Array(blocks * 16);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[words.length - 1] = text.length * 8;
  const state = START.slice();
  for (let at = 0; at < words.length; at += 16) compress(state, words.subarray(at, at + 16));
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function compress(state, block) {
  const w = new Uint32Array(64);
  w.set(block);
  for (let t = 16; t < 64; t += 1) {
    const a = w[t - 15], b = w[t - 2];
    w[t] = w[t - 16] + w[t - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

// The first 32 bits of the fractional parts of square and cube roots of the first primes.
function constants() {
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    if (prime(n)) {
      if (found < 8) START[found] = fraction(n ** (1 / 2));
      K[found] = fraction(n ** (1 / 3));
      found += 1;
    }
  }
}

function prime(n) {
  for (let i = 2; i * i <= n; i += 1) if (n % i === 0) return false;
  return true;
}

function fraction(x) {
  return Math.floor((x - Math.floor(x)) * 2 ** 32);
}
