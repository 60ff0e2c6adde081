// The map: one canvas of all places from one file, a panel for the place that was clicked. Without this module the page
// keeps its list and its table, which are the same set.
import { load } from "./map_data.js";
import { Points } from "./map_points.js";
import { Panel } from "./map_panel.js";

const settings = JSON.parse(document.getElementById("map-settings").textContent);
const root = document.getElementById("map");
const JAKARTA = [[-6.375, 106.685], [-6.085, 106.975]];

const labels = () => [...document.querySelectorAll("[data-north]")].map((row) => ({
  name: row.dataset.label,
  at: [Number(row.dataset.north), Number(row.dataset.east)],
}));

// Tiles that do not come leave no broken pictures: the layer goes, the soft ground and the names stay.
const addTiles = (map) => {
  if (!settings.tiles) return;
  const tiles = window.L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 19 });
  let loaded = 0;
  tiles.on("tileload", () => {
    loaded += 1;
    root.classList.add("map--tiles");
    if (loaded === 1) map.fire("viewreset");
  });
  tiles.on("tileerror", (event) => {
    event.tile.hidden = true;
    if (!loaded) tiles.remove();
  });
  tiles.addTo(map);
};

const view = (map, places) => {
  const shown = places.shownBounds();
  if (shown && settings.matches) map.fitBounds(shown, { maxZoom: 15, padding: [24, 24] });
  else map.fitBounds(JAKARTA);
};

const start = async () => {
  const places = await load(settings);
  root.hidden = false;
  const map = window.L.map(root, {
    zoomControl: false,
    attributionControl: true,
    minZoom: 9,
    zoomSnap: 0.5,
    maxZoom: 18,
    zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  map.attributionControl.setPrefix(false);
  window.L.control.zoom({ zoomInTitle: settings.words.zoom_in, zoomOutTitle: settings.words.zoom_out }).addTo(map);
  view(map, places);
  addTiles(map);
  const points = new Points(map, places, labels());
  const panel = new Panel(settings, () => points.choose(-1));
  const open = (index) => {
    points.choose(index);
    panel.open(places.code(index));
  };
  points.onPick(open);
  document.getElementById("map-legend").hidden = false;
  const wanted = places.indexOf(decodeURIComponent(window.location.hash.slice(1)));
  if (wanted >= 0) {
    map.setView(places.at(wanted), 15);
    open(wanted);
  }
};

start().catch((error) => { console.error(error); root.hidden = true; });
