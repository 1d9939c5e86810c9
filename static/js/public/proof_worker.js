// Finds the number of a challenge (ALTCHA): the one whose SHA-256 (FIPS 180-4), with the salt before it, is the challenge.
// crypto.subtle exists on https only, and takes longer for texts as short as these.

const K = new Uint32Array(64), BEGIN = new Uint32Array(8), W = new Uint32Array(64);

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

const turn = (word, by) => (word >>> by) | (word << (32 - by));

/** Mixes the 16 words at the beginning of W into the state. @param {Uint32Array} state */
function mix(state) {
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
}

/** Returns the hash as hex. @param {string} text of ASCII letters */
function sha256(text) {
  const state = BEGIN.slice(), blocks = Math.ceil((text.length + 9) / 64);
  for (let block = 0; block < blocks; block += 1) {
    W.fill(0, 0, 16);
    for (let i = 0; i < 64; i += 1) {
      const at = block * 64 + i;
      const byte = at < text.length ? text.charCodeAt(at) : at === text.length ? 0x80 : 0;
      W[i >> 2] |= byte << (24 - (i & 3) * 8);
    }
    if (block === blocks - 1) W[15] = text.length * 8;
    mix(state);
  }
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

addEventListener("message", ({ data: { challenge, salt, most } }) => {
  prepare();
  let number = 0;
  while (number <= most && sha256(salt + number) !== challenge) number += 1;
  postMessage(number <= most ? number : null);
});
