// The map. First its own file of places, drawn on a canvas in the view of the drawing that came with the page; then
// Leaflet to move it, clusters, outlines, names, tiles; then the panel and the search beside it. Whatever does not
// come leaves the page as it is: its list and its table are the same set.
//
// What others build on: `places` (map_data.js) and `layers`:
//   layers.choose(index)             mark a place (-1: none)
//   layers.onPick(act)               act(index) when somebody picks a place on the map
//   layers.colourBy(name)            "terpenuhi", "rentan" or "verifikasi"
//   layers.show(wanted, left)        show the places of a function or mask; `left`: packages each lacks of those asked for
//   layers.redraw()                  after a change in `places` that did not come through these
//   layers.legend()                  [{colour, from, to, villages}] of the chosen view, `to` exclusive, null: no limit
//   layers.kinds()                   [{slug, nama, outline}]: outline is null (a circle) or the corners on radius 1
//   layers.frame(wanted)             move the map to the places of a list of indices or a function
//   layers.addEventListener("change" | "colour" | "view", …)
import { load, poll, worldX, worldY } from "./map_data.js";
import { Canvas, Points, outlineOf, pause, shown } from "./map_points.js";

const MOST_DOTS = 2; // a third canvas pixel per point is not seen, but costs as much as the first two

const settings = JSON.parse(document.getElementById("map-settings").textContent);
const root = document.getElementById("map");

class Layers extends EventTarget {
  constructor(places) {
    super();
    this.places = places;
    this.points = new Points(root, places);
    this.canvas = new Canvas(root, "map-points");
    this.painters = [this.points];
    this.canvases = [this.canvas];
    this.below = []; // what has a canvas of its own below the points: {draw(view), colourBy(name)}
    this.view = firstView(places);
    this.first = this.view;
    this.colours = "terpenuhi";
    places.addEventListener("change", ({ detail }) => this.redraw(detail));
  }

  // Draw the places anew: after a filter, or after `changed` ones got other figures.
  redraw(changed) {
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
    return this.canvas.draw(this.view, this.painters);
  }

  look(view) {
    this.view = view;
    this.dispatchEvent(new CustomEvent("view", { detail: view }));
    return Promise.all([...this.below.map((layer) => layer.draw(view)), this.canvas.draw(view, this.painters)]);
  }

  // Whether the names of kelurahan are there; when they come, everything is drawn with them.
  named() {
    if (!this.places.nameTable) this.waiting ??= this.places.names().then(() => this.look(this.view), () => { this.waiting = null; });
    return Boolean(this.places.nameTable);
  }

  choose(index) {
    this.points.chosen = index;
    this.canvas.draw(this.view, this.painters);
  }

  onPick(act) {
    this.addEventListener("pick", ({ detail }) => act(detail));
  }

  colourBy(name) {
    this.colours = name;
    this.points.colourBy(name);
    this.below.forEach((layer) => layer.colourBy(name));
    this.dispatchEvent(new CustomEvent("colour", { detail: name }));
    this.look(this.view);
  }

  show(wanted, left) {
    this.places.show(wanted, left);
    this.redraw();
  }

  kinds() {
    return this.places.kindNames.map((kind) => ({ ...kind, outline: outlineOf(kind.slug) }));
  }
}

// The view of the drawing in the page, which says what box it shows; without one, of what there is to see.
const firstView = (places) => {
  const { clientWidth: width, clientHeight: height } = root;
  const [west, south, east, north] = root.querySelector("svg")?.dataset.box?.split(" ").map(Number) ?? places.box();
  const [x, y] = [worldX(west), worldY(north)];
  const [wide, high] = [worldX(east) - x, worldY(south) - y];
  const scale = Math.min(width / wide, height / high);
  const [left, top] = [(x + wide / 2) * scale - width / 2, (y + high / 2) * scale - height / 2];
  const edges = { left: x, top: y, right: x + wide, bottom: y + high };
  return { edges, width, height, scale, left, top, zoom: Math.log2(scale), dots: Math.min(MOST_DOTS, window.devicePixelRatio || 1) };
};

// What is drawn needs the page's styles; this module may come before them.
const styled = () => Promise.all([...document.head.querySelectorAll("link[rel=stylesheet]:not([media])")].map((link) => (
  link.sheet || new Promise((go) => { link.addEventListener("load", go); })
)));

// After the places: what moves the map, then what lies below it, and what stands around it.
const start = async () => {
  const [places] = await Promise.all([load(settings), styled()]);
  await pause();
  const layers = new Layers(places);
  await layers.canvas.draw(layers.view, layers.painters);
  performance.mark("peta:tempat");
  const { addCells, addTiles, bring } = await import("./map_leaflet.js");
  const map = await bring({ root, places, layers, settings });
  const [{ Cells }, { Labels }, shell] = await Promise.all([
    import("./map_cells.js"), import("./map_areas.js"), import("./map_shell.js"),
  ]);
  const cells = new Cells(layers, map.createPane("cells"));
  addCells(map, layers, cells);
  layers.painters.push(new Labels(root, layers));
  const drawn = cells.load(settings.shapes).then(() => root.classList.add("map--cells"), (error) => console.error(error));
  await shown();
  shell.start({ map, places, layers, settings });
  await shown();
  addTiles(map, settings);
  await pause();
  poll(places, settings);
  await drawn;
  performance.mark("peta:lengkap");
};

start().catch((error) => { console.error(error); });
