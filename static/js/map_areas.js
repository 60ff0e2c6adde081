// Kota, then kecamatan, then kelurahan with zoom: what is lacking in each as a button that steps into it, and its name.
import { total } from "./map_data.js";
import { number, short } from "./nodes.js";

const LEVELS = [
  { until: 11.2, length: 5, least: 24, most: 31, next: 11.4 },
  { until: 12.8, length: 8, least: 19, most: 23, next: 12.9 },
  { until: 14.2, length: 13, least: 19, most: 23, next: 14.3 },
];
const WIDE = window.matchMedia("(min-width: 56.01rem)"); // where the page's own drawing sums by kecamatan too
const FINGER = 22; // no two buttons' middles are nearer than twice this
const TRIES = 40;

// The level of a zoom; on a wide screen the first view is one of kecamatan, however low the map is.
const levelAt = (zoom, first) => LEVELS.find(({ until }, at) => zoom < (at || !WIDE.matches ? until : Math.min(until, first - 0.25)));

// Move circles apart as little as it takes until none touch.
const push = (one, other) => {
  const [across, down] = [other.x - one.x || 1, other.y - one.y];
  const [length, least] = [Math.hypot(across, down), Math.max(FINGER, one.radius + 1) + Math.max(FINGER, other.radius + 1)];
  if (length >= least) return false;
  const share = (least - length) / 2 / length;
  one.x -= across * share;
  one.y -= down * share;
  other.x += across * share;
  other.y += down * share;
  return true;
};

const apart = (circles) => {
  for (let turn = 0; turn < TRIES; turn += 1) {
    let moved = false;
    circles.forEach((one, at) => { for (let next = at + 1; next < circles.length; next += 1) moved = push(one, circles[next]) || moved; });
    if (!moved) return;
  }
};

const add = (sums, code, sum, village) => {
  const area = sums.get(code) ?? { code, village, left: 0, count: 0, x: 0, y: 0 };
  for (const name of ["left", "count", "x", "y"]) area[name] += sum[name];
  sums.set(code, area);
};

export class Clusters {
  constructor(map, layers, words) {
    Object.assign(this, { map, layers, words, places: layers.places, sums: new Map(), nodes: new Map(), shown: [] });
    this.holder = window.L.DomUtil.create("div", "map-clusters leaflet-zoom-hide", map.getPanes().markerPane);
    layers.addEventListener("change", () => { for (const _ of this.count()); this.place(); });
    layers.addEventListener("view", () => this.place());
  }

  // The sums of every kelurahan, and of what lies above: a generator, as a large city takes a while the first time.
  *count() {
    const sums = new Map();
    for (const [index, village] of this.places.villages.entries()) {
      const sum = total(this.places, village.from, village.to);
      if (sum.count) for (const { length } of LEVELS) add(sums, village.code.slice(0, length), sum, index);
      yield;
    }
    this.sums = sums;
  }

  // The circles of the level that this zoom shows, on the screen and apart.
  circles(view) {
    const level = levelAt(view.zoom, this.layers.first.zoom);
    if (!level) return [];
    const areas = [...this.sums.values()].filter(({ code }) => code.length === level.length);
    const most = Math.max(1, ...areas.map(({ left }) => left));
    const circles = areas.map((area) => {
      const radius = Math.round(level.least + (level.most - level.least) * Math.sqrt(area.left / most));
      return { area, level, radius, ...this.spot(area, view) };
    }).filter(({ x, y }) => x > -40 && y > -40 && x < view.width + 40 && y < view.height + 40);
    apart(circles);
    return [...circles, ...this.beyond(view)];
  }

  spot(area, view) {
    const { x, y } = this.places.areas.get(area.code) ?? { x: area.x / area.count, y: area.y / area.count };
    return { x: x * view.scale - view.left, y: y * view.scale - view.top };
  }

  // Islands far off, which no view of the whole city can show: at its upper edge, as on the page's own drawing.
  beyond(view) {
    const { first } = this.layers;
    if (view.zoom > first.zoom + 0.3) return [];
    const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((edge) => first.edges[edge]);
    const far = [...this.sums.values()].filter(({ code }) => {
      const at = code.length === LEVELS[0].length && this.places.areas.get(code);
      return at && (at.x < left || at.y < top || at.x > right || at.y > bottom);
    });
    return far.map((area, place) => {
      const at = this.spot(area, view);
      if (at.x > 0 && at.y > 0 && at.x < view.width && at.y < view.height) return null;
      const radius = LEVELS[0].least;
      const [x, y] = [left * view.scale - view.left + radius + 8 + 5 * radius * place, top * view.scale - view.top + radius + 8];
      return { area, level: LEVELS[0], radius, x, y, away: true };
    }).filter(Boolean);
  }

  place() {
    const { view } = this.layers;
    this.shown = this.circles(view);
    if (this.shown[0]?.level.length === 13) this.layers.named();
    const kept = new Set(this.shown.map((circle) => circle.area.code));
    this.nodes.forEach((node, code) => { if (!kept.has(code)) { node.remove(); this.nodes.delete(code); } });
    this.shown.forEach((circle) => this.draw(circle, view.corner));
  }

  draw({ area, level, radius, x, y }, corner) {
    let node = this.nodes.get(area.code);
    if (!node) {
      node = this.holder.appendChild(document.createElement("button"));
      node.type = "button";
      this.nodes.set(area.code, node);
      node.addEventListener("click", (event) => this.enter(event, node.dataset.code));
      node.dataset.code = area.code;
    }
    node.className = area.left ? "map-cluster" : "map-cluster map-cluster--full";
    node.textContent = area.left < (radius < 24 ? 10000 : 100000) ? number(area.left) : short(area.left);
    node.setAttribute("aria-label", this.label(area));
    node.dataset.level = level.length;
    node.style.width = node.style.height = `${2 * radius}px`;
    window.L.DomUtil.setPosition(node, window.L.point(x - radius, y - radius).add(corner).round());
  }

  name({ code, village }) {
    return this.places.areas.get(code)?.name ?? (this.places.nameTable ? this.places.villageName(village) : "");
  }

  label(area) {
    const values = { name: this.name(area), left: number(area.left), places: number(area.count) };
    return this.words.cluster.replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  }

  enter(event, code) {
    event.stopPropagation();
    if (event.detail && this.map.dragging.moved()) return;
    const { places } = this;
    const level = LEVELS.find(({ length }) => length === code.length);
    this.map.getContainer().focus({ preventScroll: true });
    this.layers.frame((index) => places.shown[index] && places.villages[places.village[index]].code.startsWith(code), level.next);
  }
}

// --- Names: none over another or over a cluster ---
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
