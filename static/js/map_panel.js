// The panel beside the map: one place with its needs, built of nodes (never of strings).
const number = (value) => value.toLocaleString(document.documentElement.lang === "en" ? "en" : "id");

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
};

const drawn = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const FILLS = [
  ["tersalurkan", (need) => need.tersalurkan, { class: "s-delivered" }],
  ["komitmen", (need) => need.komitmen - need.tersalurkan, { fill: "url(#dots)" }],
  ["diajukan", (need) => need.diajukan, { fill: "url(#hatch)" }],
];

const bar = (need) => {
  const svg = drawn("svg", { class: "bar", width: "100%", height: "14", "aria-hidden": "true" });
  let start = 0;
  for (const [, amount, fill] of FILLS) {
    const width = need.dibutuhkan ? (100 * amount(need)) / need.dibutuhkan : 0;
    if (width > 0) svg.append(drawn("rect", { ...fill, x: `${start}%`, width: `${width}%`, height: "14" }));
    start += width;
  }
  return svg;
};

export class Panel {
  constructor(settings, onClose) {
    this.settings = settings;
    this.words = settings.words;
    this.onClose = onClose;
    this.root = document.getElementById("map-panel");
    this.list = document.getElementById("map-list");
    // On a phone the panel belongs right below the map, not after the table.
    if (window.innerWidth < 900) document.getElementById("map-legend").after(this.root);
    this.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  async open(code) {
    this.wanted = code;
    window.history.replaceState(null, "", `#${code}`);
    const answer = await fetch(this.settings.place.replace("KODE", encodeURIComponent(code))).catch(() => null);
    if (this.wanted !== code) return;
    const content = answer && answer.ok ? this.place(await answer.json()) : [element("p", {}, this.words.failed)];
    this.root.replaceChildren(...content, this.closer());
    this.root.hidden = false;
    this.list.hidden = true;
    this.root.focus({ preventScroll: window.innerWidth > 900 });
  }

  close() {
    this.wanted = null;
    this.root.hidden = true;
    this.list.hidden = false;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    this.onClose();
    document.getElementById("map").focus();
  }

  closer() {
    const button = element("button", { type: "button", class: "button button--quiet button--small" }, this.words.close);
    button.addEventListener("click", () => this.close());
    return button;
  }

  place(place) {
    const area = place.wilayah;
    const page = this.settings.page.replace("KODE", encodeURIComponent(place.kode));
    const open = place.kebutuhan.filter((need) => need.dibutuhkan > 0);
    const heading = element("h2", {}, element("a", { href: page }, place.nama));
    const where = element("p", { class: "place" }, `${area.kelurahan.nama}, ${area.kecamatan.nama}`);
    const precision = { kelurahan: this.words.coarse, perkiraan: this.words.approximate }[place.ketelitian];
    return [
      heading,
      where,
      ...(open.length ? open.map((need) => this.need(need)) : [element("p", {}, this.words.none)]),
      precision && element("p", { class: "tiny soft" }, precision),
      this.give(place, open, page),
    ].filter(Boolean);
  }

  need(need) {
    const name = this.settings.packages[need.paket] || need.paket;
    const left = need.sisa_kebutuhan;
    const message = left ? this.words.lacking.replace("%s", number(left)) : this.words.full;
    const of = left ? this.words.of.replace("%s", number(need.dibutuhkan)) : "";
    return element(
      "div", { class: "progress" },
      element("p", { class: "progress-head" }, element("strong", {}, name), element("span", {}, `${message} ${of}`)),
      bar(need),
    );
  }

  give(place, needs, page) {
    const wanted = [...new Set(needs.filter((need) => need.sisa_kebutuhan).map((need) => need.program))];
    const links = wanted.map((program) => {
      const query = new URLSearchParams({ lokasi: place.kode, program });
      const label = wanted.length > 1 ? `${this.words.give}: ${this.settings.programs[program]}` : this.words.give;
      return element("a", { class: "button button--small", href: `${this.settings.promise}?${query}` }, label);
    });
    const more = element("a", { class: "arrow-link", href: page }, this.words.more);
    return element("p", { class: "cluster" }, ...links, more);
  }
}
