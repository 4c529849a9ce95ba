/* proof.js: a worker that does the captcha's task: {salt, digest, size} -> the number below size for which digest is the
   SHA-256 of salt + number.  Written out because crypto.subtle is missing on plain http and slow for many short texts. */
const roots = [], part = x => (x - Math.floor(x)) * 2 ** 32 | 0;
for (let n = 2; roots.length < 64; n++) if (roots.every(p => n % p)) roots.push(n);
const K = Int32Array.from(roots, p => part(Math.cbrt(p))), H = Int32Array.from(roots.slice(0, 8), p => part(Math.sqrt(p)));
const W = new Int32Array(64), turn = (x, n) => x >>> n | x << 32 - n;

// the eight words of the digest of `text`: ASCII, at most 55 letters, so one block
const sha256 = text => {
  W.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) W[i >> 2] |= text.charCodeAt(i) << 24 - 8 * (i & 3);
  W[text.length >> 2] |= 0x80 << 24 - 8 * (text.length & 3);
  W[15] = 8 * text.length;
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = H;
  for (let i = 0; i < 64; i++) {
    const t = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
    const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => x + H[i] | 0);
};

onmessage = ({ data: { salt, digest, size } }) => {
  const want = digest.match(/.{8}/g).map(x => parseInt(x, 16) | 0);
  for (let n = 0; n < size; n++) if (sha256(salt + n).every((x, i) => x === want[i])) return postMessage(n);
  throw new Error('no number fits');
};
