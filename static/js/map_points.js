// All places on a canvas: colour says what the chosen view is about, shape what kind of place, size how much it lacks.
const SLICE = 12; // milliseconds of work before the page may do something else
const REACH = 22; // pixels: half of what a finger hits
const ROUND = 2.5; // pixels of radius below which no shape can be told
const NONE = "--map-none";

// How each view sorts places and kelurahan into five steps at most; `limits` are the steps' lower ends.
export const VIEWS = {
  terpenuhi: { token: "--fulfilled", limits: [0, 20, 40, 60, 80] },
  rentan: { token: "--families", limits: [0, 500, 1000, 2000, 5000] }, // until the city's own numbers are there
  verifikasi: { token: "--checked", limits: [0, 1, 2, 4, 8] },
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

// What follows is a task of its own, before which the page may answer somebody.
export const pause = () => window.scheduler?.yield?.() ?? new Promise((go) => { setTimeout(go); });

// The same, after what stands so far is laid out and shown: who then asks where something lies makes nobody wait.
export const shown = () => new Promise((go) => { requestAnimationFrame(() => setTimeout(go)); });

// Take a generator's steps in slices. Resolves to whether all were taken, and not `stale` before.
export const inSlices = async (steps, stale = () => false) => {
  let since = performance.now();
  for (const _ of steps) {
    if (performance.now() - since < SLICE) continue;
    await pause();
    if (stale()) return false;
    since = performance.now();
  }
  return true;
};

// Red, green and blue of a colour written as six digits.
export const partsOf = (colour) => [1, 3, 5].map((at) => parseInt(colour.trim().slice(at, at + 2), 16));

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
    const steps = function* steps() { for (const painter of painters) yield* painter.paint(pen, view); };
    if (!await inSlices(steps(), () => run !== this.run)) return false;
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

// Pixels of one mark: where they lie around its middle, and their colours as the canvas keeps them.
// `drawn`: the places of its pixels in the square around it; `colour` says what stands at one.
const markOf = (reach, drawn, colour) => {
  const size = 2 * reach + 1;
  return {
    reach,
    across: Int32Array.from(drawn, (at) => (at % size) - reach),
    down: Int32Array.from(drawn, (at) => Math.floor(at / size) - reach),
    colours: Uint32Array.from(drawn, colour),
  };
};

const scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const stampOf = (draw, reach) => {
  const size = 2 * reach + 1;
  scratch.canvas.width = size;
  scratch.canvas.height = size;
  draw(scratch, reach + 0.5);
  const pixels = new Uint32Array(scratch.getImageData(0, 0, size, size).data.buffer);
  return markOf(reach, [...pixels.keys()].filter((at) => pixels[at] >>> 24), (at) => pixels[at]);
};

// A small round mark, without the canvas's detour: its edge covers of a pixel what reaches into it.
const discOf = (radius, [red, green, blue]) => {
  const reach = Math.ceil(radius);
  const size = 2 * reach + 1;
  const cover = (at) => Math.min(1, radius + 0.5 - Math.hypot((at % size) - reach, Math.floor(at / size) - reach));
  const colour = (at) => (Math.round(255 * cover(at)) << 24) | (blue << 16) | (green << 8) | red;
  return markOf(reach, [...Array(size * size).keys()].filter((at) => cover(at) > 0), colour);
};

// One pixel over another, each red, green, blue and opacity in a number; what lies below counts as opaque.
const over = (top, bottom) => {
  const share = top >>> 24;
  const rest = 255 - share;
  const ends = ((((top & 0xff00ff) * share) + ((bottom & 0xff00ff) * rest)) >>> 8) & 0xff00ff;
  const middle = ((((top >>> 8) & 255) * share + ((bottom >>> 8) & 255) * rest) >>> 8) << 8;
  return (Math.max(share, bottom >>> 24) << 24) | middle | ends;
};

const press = (pixels, width, stamp, x, y) => {
  const middle = y * width + x;
  for (let each = 0; each < stamp.colours.length; each += 1) {
    const at = middle + stamp.down[each] * width + stamp.across[each];
    const colour = stamp.colours[each];
    pixels[at] = colour >>> 24 === 255 || !pixels[at] ? colour : over(colour, pixels[at]);
  }
};

export class Points {
  constructor(root, places) {
    this.places = places;
    this.styles = getComputedStyle(root);
    this.outlines = places.kindNames.map(({ slug }) => outlineOf(slug));
    this.chosen = -1;
    this.colourBy("terpenuhi");
  }

  colourBy(name) {
    const { token, limits } = VIEWS[name];
    this.column = { terpenuhi: "share", verifikasi: "weeks" }[name];
    this.colours = [...limits.map((_, step) => `${token}-${step + 1}`), NONE].map((property) => this.styles.getPropertyValue(property));
    this.steps = Uint8Array.from({ length: 256 }, (_, value) => (value === 255 ? limits.length : stepOf(limits, value)));
    this.stamps = [];
  }

  // The step of a place, the last where it has no needs, or was never verified, or the view is not about places.
  step(index) {
    return this.column ? this.steps[this.places[this.column][index] & 255] : this.colours.length - 1;
  }

  // Small over the whole city, a finger's half on a street; those that lack more are larger.
  radius(index, zoom) {
    const base = 1.1 + 1.15 * Math.max(0, zoom - 10.75);
    const more = 1 + Math.min(0.6, Math.sqrt(this.places.left[index]) / 25);
    return Math.min(11, Math.round(2 * base * more) / 2);
  }

  // The canvas's own way to draw a small picture costs a hundred times as much as setting its pixels.
  *paint(pen, view) {
    const { places } = this;
    const image = new ImageData(pen.canvas.width, pen.canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let index = 0; index < places.count; index += 1) {
      if (index % 256 === 0) yield;
      if (!places.shown[index] || index === this.chosen) continue;
      const x = Math.round((places.x[index] * view.scale - view.left) * view.dots);
      const y = Math.round((places.y[index] * view.scale - view.top) * view.dots);
      if (x < 0 || y < 0 || x > image.width || y > image.height) continue;
      const stamp = this.stamp(index, view);
      if (x < stamp.reach || y < stamp.reach || x + stamp.reach >= image.width || y + stamp.reach >= image.height) continue;
      press(pixels, image.width, stamp, x, y);
    }
    pen.putImageData(image, 0, 0);
    if (this.chosen >= 0) this.paintChosen(pen, view);
  }

  // One stamp for each shape, size and colour; what is too small to show a shape is round.
  stamp(index, { zoom, dots }) {
    const radius = this.radius(index, zoom);
    const kind = radius < ROUND ? this.outlines.length : this.places.kinds[index];
    const key = (kind * 32 + 2 * radius) * 8 + this.step(index);
    this.stamps[key] ??= radius < ROUND ? discOf(radius * dots, partsOf(this.colours[this.step(index)])) : stampOf((pen, middle) => {
      pen.setTransform(dots, 0, 0, dots, middle, middle);
      this.mark(pen, index, 0, 0, radius);
    }, Math.ceil((radius * 1.4 + 1) * dots));
    return this.stamps[key];
  }

  mark(pen, index, x, y, radius) {
    trace(pen, radius < ROUND ? null : this.outlines[this.places.kinds[index]], x, y, radius);
    pen.fillStyle = this.colours[this.step(index)];
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
