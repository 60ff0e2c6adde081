// Names on the map: kota, then kecamatan, then kelurahan with zoom; none over another or over a cluster.
import { levelAt } from "./map_clusters.js";

const STYLES = { 5: [700, 14], 8: [650, 12.5], 13: [600, 12] }; // by the length of an area's code: weight, pixels
const ABOVE = [650, 11.5]; // names of what lies around the areas that the zoom is about: small capitals
const HALO = 3.5;
const DETOURS = [0, 28, -28, 52, -52, 80, -80]; // pixels by which a name may leave the middle of its area

const meet = (one, other) => (
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
);

const boxAround = (x, y, width, height) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });

export class Labels {
  constructor(root, layers) {
    Object.assign(this, { layers, places: layers.places, family: getComputedStyle(root).fontFamily, widths: new Map() });
    [this.ink, this.soft] = ["--ink", "--soft"].map((name) => layers.points.styles.getPropertyValue(name));
    document.fonts.addEventListener("loadingdone", () => { this.widths.clear(); layers.look(layers.view); });
  }

  *paint(pen, view) {
    const circles = this.layers.clusters?.shown ?? [];
    const taken = circles.map(({ x, y, radius }) => boxAround(x, y, 2 * radius, 2 * radius));
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const label of [...this.ofClusters(circles), ...this.ofAreas(view)]) {
      yield;
      this.put(pen, label, taken);
    }
  }

  // Below each cluster the name of its area, the largest first.
  ofClusters(circles) {
    return [...circles].sort((one, other) => other.area.left - one.area.left).map(({ area, x, y, radius, away }) => {
      const text = this.layers.clusters.name(area);
      const spots = (width) => (away ? [[x + radius + 6 + width / 2, y]] : [[x, y + radius + 11], [x, y - radius - 10]]);
      return { text: away ? `${text} ↑` : text, length: area.code.length, spots };
    });
  }

  // Nearer by, the names of kecamatan, and where there are no clusters those of kelurahan, near their middle.
  ofAreas(view) {
    const length = levelAt(view.zoom, this.layers.first.zoom)?.length;
    if (length < 13) return [];
    const districts = [...this.places.areas.values()].filter(({ code }) => code.length === 8);
    return [...(length ? [] : this.ofVillages(view)), ...districts.map((area) => this.near(area, area.name, 8, view))];
  }

  ofVillages(view) {
    if (!this.layers.named()) return [];
    return this.places.villages.map((village, index) => (
      this.near(this.middle(village), this.places.villageName(index), 13, view)
    ));
  }

  middle({ from, to }) {
    const sum = { x: 0, y: 0 };
    for (let index = from; index < to; index += 1) { sum.x += this.places.x[index]; sum.y += this.places.y[index]; }
    return { x: sum.x / (to - from), y: sum.y / (to - from) };
  }

  near(at, text, length, view) {
    const [x, y] = [at.x * view.scale - view.left, at.y * view.scale - view.top];
    const here = x > 0 && y > 0 && x < view.width && y < view.height;
    return { text: length < 13 ? text.toUpperCase() : text, above: length < 13, length, spots: () => (here ? DETOURS.map((down) => [x, y + down]) : []) };
  }

  put(pen, { text, length, spots, above }, taken) {
    if (!text) return;
    const [weight, size] = above ? ABOVE : STYLES[length];
    pen.letterSpacing = above ? "1.2px" : "0px";
    pen.font = `${weight} ${size}px ${this.family}`;
    const width = this.width(pen, text) + 6;
    const free = spots(width).find(([x, y]) => !taken.some((box) => meet(box, boxAround(x, y, width, size + 5))));
    if (!free) return;
    taken.push(boxAround(...free, width, size + 5));
    pen.lineWidth = HALO;
    pen.strokeStyle = "rgba(255, 255, 255, .85)";
    pen.fillStyle = above ? this.soft : this.ink;
    pen.strokeText(text, ...free);
    pen.fillText(text, ...free);
  }

  width(pen, text) {
    const key = pen.font + pen.letterSpacing + text;
    if (!this.widths.has(key)) this.widths.set(key, pen.measureText(text).width);
    return this.widths.get(key);
  }
}
