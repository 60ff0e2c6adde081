// Solves one challenge of ALTCHA's protocol (version 2, PBKDF2) beside the page: finds the counter whose key begins as
// asked. The key is derived from the nonce and the counter (four bytes, the highest first).
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

const derive = async (parameters, password) => {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(rule, key, parameters.keyLength * 8));
};

const solve = async (parameters) => {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const tail = new DataView(password.buffer, nonce.length);
  for (let counter = 0; ; counter += 1) {
    tail.setUint32(0, counter);
    const derivedKey = await derive(parameters, password);
    if (derivedKey.startsWith(parameters.keyPrefix)) return { counter, derivedKey };
  }
};

self.addEventListener("message", async ({ data: challenge }) => {
  const solution = await solve(challenge.parameters);
  self.postMessage(btoa(JSON.stringify({ challenge, solution })));
});
