// Finds the number of a challenge (ALTCHA): the one whose SHA-256 (FIPS 180-4), with the salt before it, is the challenge.
// crypto.subtle exists on https only, and takes longer for texts as short as these.

const K = new Int32Array(64), BEGIN = new Int32Array(8), W = new Int32Array(64), state = new Int32Array(8);
const OFTEN = 5_000; // numbers between two messages that it still works

/** Fills K and BEGIN: the first 32 bits of the fractions of the primes' roots. */
function prepare() {
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  /** @type {number[]} */
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) {
    if (primes.some((prime) => n % prime === 0)) continue;
    K[primes.length] = fraction(Math.cbrt(n));
    if (primes.length < 8) BEGIN[primes.length] = fraction(Math.sqrt(n));
    primes.push(n);
  }
}

/** Mixes the 16 words at the beginning of W into the state. Plain on purpose: it runs hundreds of thousands of times. */
function mix() {
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3))
      + W[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10));
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const one = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/** Writes the hash into the state. @param {Uint8Array} text in whole blocks of 64 bytes @param {number} length of it */
function sha256(text, length) {
  const blocks = (length + 72) >> 6; // the text, a bit of 1, and its length in 8 bytes
  state.set(BEGIN);
  text[length] = 0x80;
  text.fill(0, length + 1, blocks * 64);
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0, at = block * 64; i < 16; i += 1, at += 4) {
      W[i] = text[at] << 24 | text[at + 1] << 16 | text[at + 2] << 8 | text[at + 3];
    }
    if (block === blocks - 1) W[15] = length * 8;
    mix();
  }
}

/** Returns the number, or null if none up to `most` is. @param {string} challenge hex @param {string} salt ASCII @param {number} most */
function search(challenge, salt, most) {
  prepare();
  const wanted = Int32Array.from(challenge.match(/.{8}/g), (word) => parseInt(word, 16) | 0);
  const text = new Uint8Array((Math.ceil((salt.length + 20) / 64) + 1) * 64), from = salt.length;
  for (let i = 0; i < from; i += 1) text[i] = salt.charCodeAt(i);
  for (let number = 0; number <= most; number += 1) {
    let digits = 1;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
    for (let at = from + digits - 1, rest = number; at >= from; at -= 1, rest = Math.floor(rest / 10)) text[at] = 48 + rest % 10;
    sha256(text, from + digits);
    if (state[0] === wanted[0] && state.every((word, i) => word === wanted[i])) return number;
    if (number % OFTEN === 0) postMessage({ tried: number });
  }
  return null;
}

addEventListener("message", ({ data: { challenge, salt, most } }) => {
  postMessage({ number: search(challenge, salt, most) });
});
