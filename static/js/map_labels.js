// Names on the map: kota, then kecamatan, then kelurahan with zoom; none over another or over a cluster.
import { levelAt } from "./map_clusters.js";

const STYLES = { 5: [700, 14], 8: [650, 12.5], 13: [600, 12] }; // by the length of an area's code: weight, pixels
const HALO = 3.5;

const meet = (one, other) => (
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
);

const boxAround = (x, y, width, height) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });

export class Labels {
  constructor(root, layers) {
    Object.assign(this, { layers, places: layers.places, family: getComputedStyle(root).fontFamily, widths: new Map() });
    this.ink = layers.points.styles.getPropertyValue("--ink");
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
    return [...circles].sort((one, other) => other.area.left - one.area.left).map(({ area, x, y, radius, away }) => (
      { text: `${this.layers.clusters.name(area)}${away ? " ↑" : ""}`, length: area.code.length, spots: [[x, y + radius + 9], [x, y - radius - 9]] }
    ));
  }

  // The names of the areas above, and where there are no clusters those of kelurahan, near their middle.
  ofAreas(view) {
    const length = levelAt(view.zoom, this.layers.first.zoom)?.length ?? 14;
    const areas = [...this.places.areas.values()].filter((area) => area.code.length < length && (view.zoom < 13 || area.code.length > 5));
    return [...(length > 13 ? this.ofVillages(view) : []), ...areas.map((area) => this.near(area, area.name, area.code.length, view))];
  }

  ofVillages(view) {
    if (!this.places.nameTable) {
      this.places.names().then(() => this.layers.look(this.layers.view), () => {});
      return [];
    }
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
    const spots = x < 0 || y < 0 || x > view.width || y > view.height ? [] : [0, 28, -28, 52, -52, 80, -80].map((down) => [x, y + down]);
    return { text, length, spots };
  }

  put(pen, { text, length, spots }, taken) {
    if (!text) return;
    const [weight, size] = STYLES[length];
    pen.font = `${weight} ${size}px ${this.family}`;
    const width = this.width(pen, text) + 6;
    const free = spots.find(([x, y]) => !taken.some((box) => meet(box, boxAround(x, y, width, size + 5))));
    if (!free) return;
    taken.push(boxAround(...free, width, size + 5));
    pen.lineWidth = HALO;
    pen.strokeStyle = "rgba(255, 255, 255, .85)";
    pen.fillStyle = this.ink;
    pen.strokeText(text, ...free);
    pen.fillText(text, ...free);
  }

  width(pen, text) {
    const key = pen.font + text;
    if (!this.widths.has(key)) this.widths.set(key, pen.measureText(text).width);
    return this.widths.get(key);
  }
}
