// Kelurahan as soft fills in the colour of what the chosen view is about. Lines stand only where somebody gave a border.
import { Canvas, VIEWS, inSlices, partsOf, pause, stepOf } from "./map_points.js";
import { json, total, worldX, worldY } from "./map_data.js";

const PALE = 0.5; // how much of a step's colour the fill has, the rest is paper
const NEVER = 255;

const mixed = (colour, paper, share) => {
  const [over, under] = [partsOf(colour), partsOf(paper)];
  return `rgb(${over.map((value, index) => Math.round(value * share + under[index] * (1 - share))).join(" ")})`;
};

const middle = (values) => values.sort((one, other) => one - other)[values.length >> 1];

// The lower ends of five steps that hold about as many values each, rounded so that people can say them.
const evenly = (values) => {
  const sorted = [...values].sort((one, other) => one - other);
  const rounded = [1, 2, 3, 4].map((part) => {
    const value = sorted[Math.floor((part * sorted.length) / 5)] ?? 0;
    const unit = 10 ** Math.floor(Math.log10(Math.max(1, value))) / 2;
    return Math.max(1, Math.round(value / unit) * unit);
  });
  return [0, ...new Set(rounded)];
};

// What a kelurahan's colour says, by view; undefined where there is nothing to say.
const VALUES = {
  terpenuhi: (places, village) => {
    const { needs, share } = total(places, village.from, village.to);
    return needs ? share / needs : undefined;
  },
  rentan: (places, village) => village.families || undefined,
  verifikasi: (places, village) => {
    const weeks = [...places.weeks.subarray(village.from, village.to)].filter((_, index) => places.shown[village.from + index]);
    const usual = middle(weeks);
    return usual === NEVER ? undefined : usual;
  },
};

// TopoJSON's arc as the world's pixels around an origin, so that a path stays exact on every zoom.
const decoded = (arc, { scale, translate }, origin) => {
  let [x, y] = [0, 0];
  return arc.map(([east, north]) => {
    x += east;
    y += north;
    return [worldX(x * scale[0] + translate[0]) - origin.x, worldY(y * scale[1] + translate[1]) - origin.y];
  });
};

const run = (arcs, index) => (index < 0 ? [...arcs[~index]].reverse() : arcs[index]);

const ringPath = (path, arcs, ring) => {
  ring.flatMap((index) => run(arcs, index)).forEach(([x, y], at) => { if (at) path.lineTo(x, y); else path.moveTo(x, y); });
  path.closePath();
};

const outline = (arcs, geometry) => {
  const path = new Path2D();
  const polygons = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
  polygons.forEach((rings) => rings.forEach((ring) => ringPath(path, arcs, ring)));
  return path;
};

const lines = (arcs, geometry) => {
  const path = new Path2D();
  geometry?.arcs.forEach((line) => line.forEach((index) => arcs[index < 0 ? ~index : index].forEach(([x, y], at) => { if (at) path.lineTo(x, y); else path.moveTo(x, y); })));
  return path;
};

export class Cells {
  constructor(layers, pane) {
    Object.assign(this, { layers, places: layers.places, canvas: new Canvas(pane, "map-cells"), outlines: new Map() });
    VIEWS.rentan.limits = evenly(this.places.villages.map(({ families }) => families).filter(Boolean));
    this.colourBy(layers.colours);
  }

  // Until the outlines are there the legend knows its numbers already.
  async load(url) {
    const topology = await json(url);
    await pause();
    await inSlices(this.read(topology));
    this.layers.approximate = topology.properties?.perkiraan ?? true;
    this.layers.dispatchEvent(new CustomEvent("shapes"));
    this.fills = null;
    await this.layers.look(this.layers.view);
  }

  // A generator, as what it reads takes a cheap phone longer than somebody should wait for an answer.
  *read({ arcs, transform, objects }) {
    const [east, north] = transform.translate;
    const [origin, points, outlines] = [{ x: worldX(east), y: worldY(north) }, [], []];
    for (const arc of arcs) {
      points.push(decoded(arc, transform, origin));
      yield;
    }
    for (const geometry of objects.kelurahan.geometries) {
      outlines.push([geometry.id, outline(points, geometry)]);
      yield;
    }
    Object.assign(this, { origin, outlines: new Map(outlines), lines: lines(points, objects.garis) });
  }

  colourBy(name) {
    this.name = name;
    const { token, limits } = VIEWS[name];
    const { styles } = this.layers.points;
    const paper = styles.getPropertyValue("--map-ground");
    this.colours = [...limits.map((_, step) => `${token}-${step + 1}`), "--map-none"].map((property) => mixed(styles.getPropertyValue(property), paper, PALE));
    this.sort();
  }

  // Which kelurahan has which step; the last stands for those that have nothing to say. Returns whether one moved.
  sort() {
    const { limits } = VIEWS[this.name];
    const before = this.steps?.join();
    this.steps = this.places.villages.map((village) => {
      const value = VALUES[this.name](this.places, village);
      return value === undefined ? limits.length : stepOf(limits, value);
    });
    this.fills = null;
    return before !== this.steps.join();
  }

  // One path for each colour: neighbours of one colour then have no seam between them.
  paths() {
    const paths = this.colours.map(() => new Path2D());
    const stepOfCode = new Map(this.places.villages.map(({ code }, index) => [code, this.steps[index]]));
    this.outlines.forEach((path, code) => paths[stepOfCode.get(code) ?? this.colours.length - 1].addPath(path));
    return paths;
  }

  *paint(pen, view) {
    this.fills ??= this.paths();
    const scale = view.scale * view.dots;
    pen.setTransform(scale, 0, 0, scale, (this.origin.x * view.scale - view.left) * view.dots, (this.origin.y * view.scale - view.top) * view.dots);
    for (let step = this.fills.length - 1; step >= 0; step -= 1) {
      yield;
      pen.fillStyle = this.colours[step];
      pen.strokeStyle = this.colours[step];
      pen.lineWidth = 0.7 / view.scale;
      pen.fill(this.fills[step]);
      pen.stroke(this.fills[step]);
    }
    pen.strokeStyle = this.layers.points.styles.getPropertyValue("--map-line");
    pen.lineWidth = Math.min(1.25, Math.max(0.3, 0.25 * (view.zoom - 8))) / view.scale; // over a whole city finer than beside a street
    pen.stroke(this.lines);
  }

  async draw(view) {
    const dots = this.layers.approximate ? 1 : view.dots; // fills without lines have no edge to be sharp
    if (this.outlines.size) await this.canvas.draw({ ...view, dots }, [this]);
  }

  // How many kelurahan stand on each step, with its colour and bounds.
  legend() {
    const { limits } = VIEWS[this.name];
    return this.colours.map((colour, step) => ({
      colour,
      from: limits[step] ?? null,
      to: limits[step + 1] ?? null,
      villages: this.steps.filter((each) => each === step).length,
    }));
  }
}
