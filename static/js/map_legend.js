// What colours and marks mean, with numbers: how many kelurahan are in each step; and the switch between three views.
import { drawn, element, filled, number } from "./nodes.js";

const WIDE = "(min-width: 100rem) and (min-height: 40rem)";

const shape = (outline) => {
  const form = outline
    ? drawn("polygon", { points: outline.map((corner) => corner.join()).join(" ") })
    : drawn("circle", { r: 1.1 });
  return drawn("svg", { class: "mark", viewBox: "-1.5 -1.5 3 3", "aria-hidden": "true" }, form);
};

export class Legend {
  constructor(layers, settings) {
    Object.assign(this, { layers, words: settings.words.legend });
    this.root = document.getElementById("map-legend");
    this.root.open = window.matchMedia(WIDE).matches;
    this.select = document.getElementById("map-colours");
    this.select.addEventListener("change", () => layers.colourBy(this.view));
    layers.addEventListener("colour", () => this.count());
    layers.addEventListener("change", () => this.count());
    layers.addEventListener("shapes", () => this.borders());
    this.kinds();
    this.count();
    this.borders();
  }

  // Nobody drew the outlines that come with the project; real ones say so themselves.
  borders() {
    document.getElementById("map-borders").hidden = !this.layers.approximate;
  }

  get view() {
    return this.select.value;
  }

  count() {
    const steps = this.layers.legend();
    document.getElementById("map-classes").replaceChildren(...steps.map((step) => element(
      "li", {}, this.key(step), this.label(step), element("span", { class: "n" }, filled(this.words.villages, number(step.villages))),
    )));
    document.getElementById("map-ramp").replaceChildren(...steps.filter(({ from }) => from !== null).map((step) => this.key(step)));
  }

  key({ colour }) {
    const key = element("i", { class: "key" });
    key.style.background = colour;
    return key;
  }

  // "di bawah 20 %", "20–39 %", "80 % atau lebih"
  label({ from, to }) {
    if (from === null) return this.words.none[this.view];
    if (to === null) return filled(this.words.above, filled(this.words.unit[this.view], number(from)));
    if (!from) return filled(this.words.below, filled(this.words.unit[this.view], number(to)));
    return filled(this.words.unit[this.view], to - from === 1 ? number(from) : `${number(from)}–${number(to - 1)}`);
  }

  // Kinds that are drawn alike share a line.
  kinds() {
    const alike = new Map();
    for (const { nama, outline } of this.layers.kinds()) {
      const key = JSON.stringify(outline);
      alike.set(key, { outline, names: [...(alike.get(key)?.names ?? []), nama] });
    }
    document.getElementById("map-kinds").replaceChildren(
      ...[...alike.values()].map(({ outline, names }) => element("li", {}, shape(outline), names.join(", "))),
      element("li", {}, this.words.size),
    );
  }
}
