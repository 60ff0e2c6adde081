// Leaflet takes over the view that is drawn already: it moves the canvases, and brings what lies on and around them.
import { Clusters } from "./map_areas.js";
import { inSlices, pause, shown } from "./map_points.js";

const PADDING = 0.2; // of the map's size, drawn beyond each edge so that a small move shows no gap
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const leaflet = () => window.L || new Promise((go, fail) => {
  const script = document.getElementById("leaflet");
  script.addEventListener("load", go);
  script.addEventListener("error", fail);
});

const north = (y) => (Math.atan(Math.sinh(Math.PI * (1 - y / 128))) * 180) / Math.PI;
const east = (x) => (x / 256 - 0.5) * 360;

// The map in the very view that `view` is.
const mapIn = (root, view, words) => {
  const map = window.L.map(root, {
    zoomControl: false, minZoom: 8, maxZoom: 18, zoomSnap: 0, wheelPxPerZoomLevel: 90,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: false, inertia: !calm, bounceAtZoomLimits: false,
  });
  const [x, y] = [(view.left + view.width / 2) / view.scale, (view.top + view.height / 2) / view.scale];
  map.setView([north(y), east(x)], view.zoom, { animate: false });
  map.attributionControl.setPrefix(false);
  window.L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out, position: "bottomright" }).addTo(map);
  return map;
};

// What a canvas has to show now, and where in Leaflet's pane it then lies.
const viewOf = (map, dots) => {
  const size = map.getSize();
  const corner = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
  const from = corner.add(map.getPixelOrigin());
  const zoom = map.getZoom();
  return {
    width: Math.ceil(size.x * (1 + 2 * PADDING)), height: Math.ceil(size.y * (1 + 2 * PADDING)),
    scale: 2 ** zoom, left: from.x, top: from.y, zoom, dots, corner,
    place: (node) => window.L.DomUtil.setTransform(node, corner, 1),
  };
};

// While fingers or an animation change the zoom, the canvases stretch with the map.
const stretch = (map, layers, { center, zoom }) => {
  const factor = map.getZoomScale(zoom, layers.view.zoom);
  const corner = window.L.point(layers.view.left, layers.view.top).multiplyBy(factor);
  const origin = map._getNewPixelOrigin(center, zoom);
  layers.canvases.forEach((canvas) => canvas.nodes.forEach((node) => {
    window.L.DomUtil.setTransform(node, corner.subtract(origin), factor);
  }));
};

const follow = (map, layers) => {
  const { dots } = layers.view;
  layers.canvas.nodes.forEach((node) => map.getPanes().overlayPane.append(node));
  map.on("moveend viewreset resize", () => layers.look(viewOf(map, dots)));
  map.once("movestart zoomstart", () => map.getContainer().classList.add("map--moved"));
  map.on("zoomanim", (event) => stretch(map, layers, event));
  map.on("zoom", () => stretch(map, layers, { center: map.getCenter(), zoom: map.getZoom() }));
  return layers.look(viewOf(map, dots));
};

// A click picks the place beneath it; the pointer says where one is.
const pick = (map, layers) => {
  const near = ({ containerPoint }) => {
    const at = map.containerPointToLayerPoint(containerPoint).subtract(layers.view.corner);
    return layers.points.near(at, layers.view);
  };
  map.on("click", (event) => {
    const index = near(event);
    if (index >= 0) layers.dispatchEvent(new CustomEvent("pick", { detail: index }));
  });
  map.on("mousemove", (event) => { map.getContainer().classList.toggle("map--hit", near(event) >= 0); });
};

// Move the map to the places that `wanted` lists or picks; at `least` that zoom, so that a step in always is one.
const frame = (map, places, wanted, least = 0) => {
  const picks = Array.isArray(wanted) ? wanted : [...places.ids.keys()].filter(wanted);
  if (!picks.length) return;
  const bounds = window.L.latLngBounds(picks.map((index) => places.at(index)));
  const fit = Math.min(16, map.getBoundsZoom(bounds, false, window.L.point(48, 48)));
  map.setView(bounds.getCenter(), Math.max(fit, least), { animate: !calm });
};

// Streets behind the fills, where a tile server answers. Tiles that do not come leave no broken pictures: the layer
// goes, the soft ground and the names stay.
export const addTiles = (map, settings) => {
  if (!settings.tiles) return;
  const tiles = window.L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 19 });
  let loaded = false;
  tiles.on("tileload", () => {
    loaded = true;
    map.getContainer().classList.add("map--tiles");
  });
  tiles.on("tileerror", (event) => {
    event.tile.hidden = true;
    if (!loaded) tiles.remove();
  });
  tiles.addTo(map);
};

// The kelurahan below the places; `layers.legend` tells of them before their outlines are there.
export const addCells = (map, layers, cells) => {
  layers.legend = () => cells.legend();
  layers.below.push(cells);
  layers.canvases.push(cells.canvas);
  layers.addEventListener("change", () => { if (cells.sort()) cells.draw(layers.view); });
};

export const bring = async ({ root, places, layers, settings }) => {
  await leaflet();
  await shown();
  const map = mapIn(root, layers.view, settings.words);
  await shown();
  layers.frame = (wanted, least) => frame(map, places, wanted, least);
  layers.clusters = new Clusters(map, layers, settings.words);
  await inSlices(layers.clusters.count());
  await pause();
  follow(map, layers);
  root.setAttribute("role", "application"); // from here on it takes keys of its own
  root.setAttribute("aria-label", root.dataset.label);
  root.classList.add("map--ready");
  pick(map, layers);
  performance.mark("peta:siap");
  return map;
};
