// Cek status bantuan: the proof of work is found while the number is typed, and no answer stays in the history.
const form = document.querySelector("form[data-challenge]");
const proof = form.elements.bukti;
const waiting = form.querySelector("[data-waiting]");
const ON_ITS_WAY = 15000; // milliseconds in which a second tap would throw away the answer to the first, and its proof
let solving = null;
let sentAt = -ON_ITS_WAY;

// Without a secure context (plain http on a foreign host) there is no WebCrypto: the slower path without a proof stays.
const solve = () => {
  if (solving || !window.crypto.subtle || !window.Worker) return solving;
  const worker = new Worker(form.dataset.solver);
  solving = new Promise((done) => {
    worker.onmessage = (event) => { proof.value = event.data; done(); };
    worker.onerror = done;
  }).finally(() => worker.terminate());
  worker.postMessage(JSON.parse(form.dataset.challenge));
  return solving;
};

form.addEventListener("input", solve, { once: true });
form.addEventListener("submit", (event) => {
  if (event.timeStamp - sentAt < ON_ITS_WAY) return event.preventDefault();
  sentAt = event.timeStamp;
  if (proof.value || !solve()) return;
  event.preventDefault();
  waiting.textContent = waiting.dataset.waiting;
  solving.then(() => form.submit());
});

// The entry in the history becomes the empty form: going back or loading again asks nothing anew and shows nothing.
window.history.replaceState(null, "", window.location.pathname);
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
window.addEventListener("pagehide", () => form.reset());
