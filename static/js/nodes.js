// What modules build pages from: nodes, never strings of HTML; numbers and distances as the page's language writes them;
// the address that a form leads to.
const language = document.documentElement.lang === "en" ? "en" : "id";
const SVG = "http://www.w3.org/2000/svg";

const fill = (node, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child || child === 0));
  return node;
};

export const element = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

export const drawn = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

export const icon = (path) => drawn("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn("path", { d: path }));

export const CROSS = "M6 6l12 12M18 6 6 18";

// Thousands by hand: the browser's own way takes a cheap phone longer to get ready than drawing the map.
export const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, language === "en" ? "," : ".");

// "12,3 rb", "123 rb", "1,2 jt", rounded down as on the server.
const SCALES = [[1e9, "M", "bn"], [1e6, "jt", "m"], [1e3, "rb", "k"]];
export const short = (value) => {
  const [size, word, english] = SCALES.find(([least]) => value >= least) ?? [];
  if (!size) return number(value);
  const shrunk = value >= 100 * size ? Math.floor(value / size) : Math.floor((10 * value) / size) / 10;
  return language === "en" ? shrunk + english : `${String(shrunk).replace(".", ",")} ${word}`;
};

export const percent = (share) => `${number(Math.floor(share * 100))}${language === "en" ? "" : " "}%`;

export const distance = (metres) => (metres < 950
  ? `${number(Math.max(50, Math.round(metres / 50) * 50))} m`
  : `${(metres / 1000).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} km`);

export const day = (iso) => new Date(iso).toLocaleDateString(language === "en" ? "en-GB" : "id", {
  day: "numeric", month: "long", year: "numeric", timeZone: "Asia/Jakarta",
});

export const filled = (words, ...values) => values.reduce((text, value) => text.replace("%s", value), words);

// The address that a form would lead to, without its empty fields (`prioritas=` says "all" and stays).
export const addressOf = (form, changed = {}) => {
  const query = new URLSearchParams();
  const fields = [...new FormData(form)].filter(([name]) => !(name in changed));
  for (const [name, value] of [...fields, ...Object.entries(changed)]) {
    if (value || (name === "prioritas" && !query.has(name))) query.append(name, value);
  }
  return `${form.action.split("?")[0]}?${query}`;
};
