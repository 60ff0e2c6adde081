// One place: a sheet on a phone, in the list's stead on a wide screen. Opens with what is loaded, then fetched in full.
import { CROSS, day, drawn, element, filled, icon, number, percent } from "./nodes.js";
import { holds, show as showBasket } from "./basket.js";

const FILLS = [
  [(need) => need.tersalurkan, { class: "s-delivered" }],
  [(need) => need.komitmen - need.tersalurkan, { fill: "url(#dots)" }],
  [(need) => need.diajukan, { fill: "url(#hatch)" }],
];
const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled])";
const MOST_NAMES = 4;

const bar = (need) => {
  const svg = drawn("svg", { class: "bar", width: "100%", height: "14", "aria-hidden": "true" });
  let start = 0;
  for (const [amount, fill] of FILLS) {
    const width = need.dibutuhkan ? (100 * amount(need)) / need.dibutuhkan : 0;
    if (width > 0) svg.append(drawn("rect", { ...fill, x: `${start}%`, width: `${width}%`, height: "14" }));
    start += width;
  }
  return svg;
};

const json = async (url) => {
  const answer = await fetch(url).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
};

export class Panel {
  constructor(settings, onClose) {
    this.settings = settings;
    this.words = settings.words;
    this.onClose = onClose;
    this.root = document.getElementById("map-panel");
    this.root.addEventListener("keydown", (event) => this.pressed(event));
  }

  // `known`: {code, name, where, left, share} as far as the map's files tell; `from`: where the focus returns to.
  async open(known, from) {
    this.code = known.code;
    this.from = from;
    this.fill(this.head(known), this.sum(known), element("p", { class: "soft small" }, this.words.loading));
    this.root.hidden = false;
    this.root.focus({ preventScroll: true });
    const code = encodeURIComponent(known.code);
    const [place, given] = await Promise.all([
      json(this.settings.place.replace("KODE", code)),
      json(`${this.settings.helpers}?${new URLSearchParams({ lokasi: known.code, ukuran: 50 })}`),
    ]);
    if (this.code === known.code) this.complete(known, place, given?.results ?? []);
  }

  close() {
    if (this.root.hidden) return;
    this.code = null;
    this.root.hidden = true;
    const back = this.from?.isConnected ? this.from : document.getElementById("map");
    back.focus({ preventScroll: true });
    this.onClose();
  }

  // The focus stays in the panel until it is closed: Escape, the cross, or the browser's back button.
  pressed(event) {
    if (event.key === "Escape") this.leave();
    if (event.key !== "Tab") return;
    const stops = [...this.root.querySelectorAll(FOCUSABLE)];
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement !== edge && document.activeElement !== this.root) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  }

  leave() {
    this.onLeave ? this.onLeave() : this.close();
  }

  fill(...parts) {
    const focused = this.root.contains(document.activeElement) && document.activeElement !== this.root;
    this.root.replaceChildren(...parts.filter(Boolean));
    this.root.scrollTop = 0;
    if (focused) this.root.focus({ preventScroll: true });
  }

  page(code) {
    return this.settings.page.replace("KODE", encodeURIComponent(code));
  }

  head({ code, name, where }) {
    const cross = element("button", { type: "button", class: "close", "aria-label": this.words.close }, icon(CROSS));
    cross.addEventListener("click", () => this.leave());
    const title = element("h2", { id: "map-panel-name" }, element("a", { href: this.page(code) }, name));
    return element("div", { class: "head" }, element("div", {}, title, where && element("p", { class: "place" }, where)), cross);
  }

  sum({ left, share }) {
    if (share === null) return element("p", {}, this.words.none);
    if (!left) return element("p", {}, this.words.full);
    const lacking = element("strong", {}, filled(this.words.lacking, number(left)));
    return element("p", { class: "sum" }, lacking, element("span", {}, filled(this.words.fulfilled, percent(share))));
  }

  complete(known, place, given) {
    if (!place) {
      const page = element("a", { class: "arrow-link", href: this.page(known.code) }, this.words.more);
      this.fill(this.head(known), this.sum(known), element("p", { role: "alert" }, this.words.failed), page);
      return;
    }
    const needs = place.kebutuhan.filter((need) => need.dibutuhkan > 0);
    const left = needs.reduce((sum, need) => sum + need.sisa_kebutuhan, 0);
    const area = place.wilayah;
    const where = `${this.settings.kinds[place.jenis] ?? ""} · ${area.kelurahan.nama}, ${area.kecamatan.nama}`;
    this.fill(
      this.head({ code: place.kode, name: place.nama, where }),
      this.sum({ left, share: needs.length ? place.terpenuhi : null }),
      ...needs.map((need) => this.need(need)),
      this.actions(place, needs, left),
      this.facts(place, needs, given),
      element("a", { class: "arrow-link", href: this.page(place.kode) }, this.words.more),
    );
    showBasket();
  }

  need(need) {
    const name = this.settings.packages[need.paket] || need.paket;
    const left = need.sisa_kebutuhan;
    const words = left ? this.words.left_of : this.words.full_of;
    return element(
      "div", { class: "progress" },
      element(
        "p", { class: "progress-head" },
        element("strong", {}, name),
        element("span", {}, left ? filled(words, number(left), number(need.dibutuhkan)) : filled(words, number(need.dibutuhkan))),
      ),
      bar(need),
    );
  }

  actions(place, needs, left) {
    if (!left) return null;
    const programs = [...new Set(needs.filter((need) => need.sisa_kebutuhan).map((need) => need.program))];
    const links = programs.map((program) => {
      const label = programs.length > 1 ? `${this.words.give}: ${this.settings.programs[program]}` : this.words.give;
      const query = new URLSearchParams({ lokasi: place.kode, program });
      return element("a", { class: "button button--small", href: `${this.settings.promise}?${query}` }, label);
    });
    const tick = element("input", { type: "checkbox", name: "lokasi", value: place.kode, form: "basket", "data-name": place.nama });
    tick.checked = holds(place.kode);
    return element("div", { class: "cluster" }, ...links, element("label", { class: "collect" }, tick, this.words.collect));
  }

  facts(place, needs, given) {
    const precision = { kelurahan: this.words.coarse, perkiraan: this.words.approximate }[place.ketelitian];
    const checked = place.diverifikasi_pada
      ? `${day(place.diverifikasi_pada)} · ${this.settings.levels[place.tingkat_verifikasi]}` : this.words.unchecked;
    const families = place.kk_rentan === null ? "" : number(place.kk_rentan);
    const rows = [
      [this.words.helpers, this.helpers(needs, given)],
      [this.words.checked, checked],
      [this.words.families, families],
      [this.words.point, precision],
    ].filter(([, value]) => value);
    return element("dl", { class: "facts facts--narrow" }, ...rows.map(([term, value]) => (
      element("div", {}, element("dt", {}, term), element("dd", {}, value))
    )));
  }

  // Who promised something of what is open now: the names that are shown, and how many more.
  helpers(needs, given) {
    const open = new Set(needs.map((need) => need.periode));
    const now = given.filter((each) => each.rincian.some((line) => open.has(line.periode)));
    const named = new Map(now.filter((each) => each.kolaborator).map((each) => [each.kolaborator.slug, each.kolaborator.nama]));
    const others = now.filter((each) => !each.kolaborator).length + Math.max(0, named.size - MOST_NAMES);
    const links = [...named].slice(0, MOST_NAMES).map(([slug, name]) => (
      element("a", { href: this.settings.collaborator.replace("SLUG", slug) }, name)
    ));
    const parts = [...links, ...(others ? [filled(links.length ? this.words.others : this.words.unnamed, number(others))] : [])];
    if (!parts.length) return this.words.nobody;
    return element("span", {}, ...parts.flatMap((part, index) => (index ? [", ", part] : [part])));
  }
}
