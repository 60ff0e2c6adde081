// What is left by now at the places of this promise, asked again and again while somebody looks; it only ever tells.
const SECONDS = 15;
const form = document.querySelector("#janji");
const numbers = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "id-ID");
const places = [...form.querySelectorAll("[data-place]")];

const wanted = (row) => Number(row.dataset.wanted ?? row.querySelector("input").value.replace(/[.,\s]/g, "")) || 0;

const words = (row, left) => {
  const { one, many, none } = row.dataset;
  return left ? (left === 1 ? one : many).replace("{n}", numbers.format(left)) : none;
};

const warn = (row) => {
  const left = Number(row.dataset.left);
  // An error beside the box says so already.
  const tooMany = row.dataset.left !== undefined && wanted(row) > left && !row.querySelector(".field-error");
  const text = tooMany ? `${words(row, left)}. ${form.dataset.over}` : "";
  const live = row.querySelector(".live");
  if (live.textContent !== text) live.textContent = text;
};

const show = (row, left) => {
  row.dataset.left = left;
  const message = row.querySelector(".progress-head strong");
  if (message) message.textContent = words(row, left);
  warn(row);
};

const ask = async (place) => {
  const answer = await fetch(place.dataset.place);
  if (!answer.ok) return;
  const left = new Map((await answer.json()).kebutuhan.map((need) => [need.kode, need.sisa_kebutuhan]));
  for (const row of place.querySelectorAll("[data-need]")) show(row, left.get(row.dataset.need) ?? 0);
};

const askAll = () => {
  if (document.visibilityState === "visible") Promise.allSettled(places.map(ask));
};

form.addEventListener("input", (event) => {
  const row = event.target.closest("[data-need]");
  if (row) warn(row);
});
document.addEventListener("visibilitychange", askAll);
setInterval(askAll, SECONDS * 1000);
askAll();
