// Places collected into one promise, remembered in this tab from page to page. Without this module the ticks are a plain
// form. The page holds one `#basket` bar; ticks belong to it by their `form` attribute.
const KEPT = "tempat";
const MOST = 20;
const bar = document.getElementById("basket");
const words = bar.querySelector("p");
const [give, empty] = bar.querySelectorAll("button");

const read = () => {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(KEPT));
    return Array.isArray(kept) ? kept.filter((place) => place && typeof place.code === "string") : [];
  } catch {
    return [];
  }
};

let places = read();

const ticks = () => document.querySelectorAll('input[name="lokasi"][form="basket"]');

export const holds = (code) => places.some((place) => place.code === code);

// Shows on the whole page what is collected: ticks, the bar, and room for it at the foot of the page.
export const show = () => {
  for (const tick of ticks()) {
    tick.checked = holds(tick.value);
    tick.disabled = !tick.checked && places.length >= MOST;
  }
  bar.hidden = !places.length;
  document.documentElement.classList.toggle("has-basket", Boolean(places.length));
  words.textContent = places.length === 1 ? bar.dataset.one : bar.dataset.many.replace("%s", places.length);
};

const keep = (next) => {
  places = next;
  try { window.sessionStorage.setItem(KEPT, JSON.stringify(places)); } catch { /* a full or closed store: this page only */ }
  show();
};

const others = (code) => places.filter((place) => place.code !== code);

document.addEventListener("change", (event) => {
  const tick = event.target;
  if (tick.name !== "lokasi" || tick.form !== bar) return;
  keep(tick.checked ? [...others(tick.value), { code: tick.value, name: tick.dataset.name }] : others(tick.value));
});

bar.addEventListener("submit", (event) => {
  event.preventDefault();
  window.location.assign(`${bar.action}?${new URLSearchParams(places.map((place) => ["lokasi", place.code]))}`);
});

empty.addEventListener("click", () => {
  keep([]);
  document.getElementById("isi").focus();
});

// A page that comes back from the browser's memory may be older than what was collected meanwhile.
window.addEventListener("pageshow", () => {
  places = read();
  show();
});

bar.classList.add("basket--bar");
give.disabled = false;
empty.hidden = false;
show();
