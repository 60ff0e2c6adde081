// All places on a canvas: colour says what the chosen view is about, shape what kind of place, size how much it lacks.
const SLICE = 12; // milliseconds of painting before the page may do something else
const REACH = 22; // pixels: half of what a finger hits
const NONE = "--map-none";

// How each view sorts places and kelurahan into five steps at most; `limits` are the steps' lower ends.
export const VIEWS = {
  terpenuhi: { token: "--fulfilled", limits: [0, 20, 40, 60, 80] },
  rentan: { token: "--families", limits: [0, 250, 500, 1000, 2000] },
  verifikasi: { token: "--checked", limits: [0, 2, 4, 8, 16] },
};

export const stepOf = (limits, value) => limits.findLastIndex((limit) => value >= limit);

// The places' shapes on a circle of radius 1, as points; an RW is the circle itself.
const polygon = (corners, turn, size) => Array.from({ length: corners }, (_, corner) => {
  const angle = turn + (2 * Math.PI * corner) / corners;
  return [size * Math.sin(angle), -size * Math.cos(angle)];
});
const SQUARE = polygon(4, Math.PI / 4, 1.2);
const TRIANGLE = polygon(3, 0, 1.35);
const DIAMOND = polygon(4, 0, 1.25);
const HEXAGON = polygon(6, 0, 1.1);
const OUTLINES = { rw: null, sekolah: TRIANGLE, umkm: DIAMOND, pesantren: SQUARE };

export const outlineOf = (slug) => {
  if (slug in OUTLINES) return OUTLINES[slug];
  return slug.startsWith("panti") ? SQUARE : HEXAGON;
};

const trace = (pen, outline, x, y, radius) => {
  pen.beginPath();
  if (!outline) pen.arc(x, y, radius, 0, 2 * Math.PI);
  else {
    outline.forEach(([east, south]) => pen.lineTo(x + radius * east, y + radius * south));
    pen.closePath();
  }
};

const pause = () => new Promise((go) => { setTimeout(go); });

// Two canvases in one place: what is painted, slice by slice, on the hidden one is shown when it is whole.
export class Canvas {
  constructor(parent, name) {
    this.nodes = [0, 1].map(() => {
      const node = document.createElement("canvas");
      node.className = `map-canvas leaflet-zoom-animated ${name}`;
      node.hidden = true;
      parent.append(node);
      return node;
    });
    this.run = 0;
  }

  get shown() {
    return this.nodes[0];
  }

  // Resolves to whether this drawing was finished, and not overtaken by a later one.
  async draw(view, painters) {
    this.run += 1;
    const run = this.run;
    const pen = this.clean(this.nodes[1], view);
    let since = performance.now();
    for (const painter of painters) {
      for (const _ of painter.paint(pen, view)) {
        if (performance.now() - since < SLICE) continue;
        await pause();
        if (run !== this.run) return false;
        since = performance.now();
      }
    }
    this.nodes.reverse();
    this.view = view;
    view.place?.(this.shown);
    this.nodes.forEach((node, index) => { node.hidden = index > 0; });
    return true;
  }

  clean(node, view) {
    node.width = Math.round(view.width * view.dots);
    node.height = Math.round(view.height * view.dots);
    node.style.width = `${view.width}px`;
    node.style.height = `${view.height}px`;
    const pen = node.getContext("2d");
    pen.setTransform(view.dots, 0, 0, view.dots, 0, 0);
    return pen;
  }
}

export class Points {
  constructor(root, places) {
    this.places = places;
    this.styles = getComputedStyle(root);
    this.outlines = places.kindNames.map(({ slug }) => outlineOf(slug));
    this.chosen = -1;
    this.stamps = new Map();
    this.colourBy("terpenuhi");
  }

  colourBy(name) {
    const { token, limits } = VIEWS[name];
    this.limits = limits;
    this.column = { terpenuhi: "share", verifikasi: "weeks" }[name];
    this.colours = limits.map((_, step) => this.styles.getPropertyValue(`${token}-${step + 1}`));
    this.none = this.styles.getPropertyValue(NONE);
    this.stamps.clear();
  }

  // The colour of a place: none where it has no needs, or was never verified, or the view is not about places.
  colour(index) {
    const value = this.column ? this.places[this.column][index] : -1;
    return value < 0 || value === 255 ? this.none : this.colours[stepOf(this.limits, value)];
  }

  // Small over the whole city, a finger's half on a street; those that lack more are larger.
  radius(index, zoom) {
    const base = 1.1 + 1.15 * Math.max(0, zoom - 10.75);
    const more = 1 + Math.min(0.6, Math.sqrt(this.places.left[index]) / 25);
    return Math.min(11, Math.round(2 * base * more) / 2);
  }

  *paint(pen, view) {
    const { places } = this;
    for (let index = 0; index < places.count; index += 1) {
      if (index % 64 === 0) yield;
      if (!places.shown[index] || index === this.chosen) continue;
      const x = places.x[index] * view.scale - view.left;
      const y = places.y[index] * view.scale - view.top;
      if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
      const stamp = this.stamp(index, view);
      pen.drawImage(stamp, x - stamp.reach, y - stamp.reach, 2 * stamp.reach, 2 * stamp.reach);
    }
    if (this.chosen >= 0) this.paintChosen(pen, view);
  }

  // One picture for each shape, colour and size: painting it a thousand times costs next to nothing.
  stamp(index, view) {
    const [radius, colour] = [this.radius(index, view.zoom), this.colour(index)];
    const key = `${this.places.kinds[index]} ${radius} ${colour} ${view.dots}`;
    let stamp = this.stamps.get(key);
    if (!stamp) {
      stamp = document.createElement("canvas");
      stamp.reach = Math.ceil(radius * 1.4 + 1);
      stamp.width = 2 * stamp.reach * view.dots;
      stamp.height = stamp.width;
      const pen = stamp.getContext("2d");
      pen.scale(view.dots, view.dots);
      this.mark(pen, index, stamp.reach, stamp.reach, radius);
      this.stamps.set(key, stamp);
    }
    return stamp;
  }

  mark(pen, index, x, y, radius) {
    trace(pen, this.outlines[this.places.kinds[index]], x, y, radius);
    pen.fillStyle = this.colour(index);
    pen.fill();
    if (radius < 4) return;
    pen.strokeStyle = "#fff";
    pen.lineWidth = radius < 6 ? 1 : 1.5;
    pen.stroke();
  }

  paintChosen(pen, view) {
    const x = this.places.x[this.chosen] * view.scale - view.left;
    const y = this.places.y[this.chosen] * view.scale - view.top;
    const radius = Math.max(8, this.radius(this.chosen, view.zoom) * 1.25);
    trace(pen, null, x, y, radius + 6);
    pen.fillStyle = "#fff";
    pen.fill();
    pen.lineWidth = 3;
    pen.strokeStyle = this.styles.getPropertyValue("--ink");
    pen.stroke();
    this.mark(pen, this.chosen, x, y, radius);
  }

  // The shown place nearest to a point of the view, if one is within reach of a finger.
  near(point, view) {
    const { places } = this;
    let best = -1;
    let least = REACH * REACH;
    for (let index = 0; index < places.count; index += 1) {
      if (!places.shown[index]) continue;
      const distance = (places.x[index] * view.scale - view.left - point.x) ** 2 + (places.y[index] * view.scale - view.top - point.y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    return best;
  }
}
