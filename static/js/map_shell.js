// Everything around the drawn map: search, filters, the panel of a place, "near me", colours, the address. Loaded after
// the places are drawn; without it the page is its list, its form and its table.
import { addressOf } from "./nodes.js";
import { Legend } from "./map_legend.js";
import { Panel } from "./map_panel.js";
import { Results } from "./map_results.js";
import { json } from "./map_data.js";

const CLOSE = 15;
const NARROW = 13; // from this zoom on, a list of what the screen shows says something
const ROOM = 40; // pixels between a place on the map and the sheet below it
const VIEW = /^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;

class Shell {
  constructor({ map, places, layers, settings }) {
    Object.assign(this, { map, places, layers, settings });
    this.panel = new Panel(settings, () => layers.choose(-1));
    this.panel.onLeave = () => this.leave();
    this.results = new Results((now, stay) => this.filtered(now, stay));
    this.legend = new Legend(layers, settings);
    this.listen();
  }

  listen() {
    const { map, layers } = this;
    layers.onPick((index) => this.open(index).then(() => this.clear(index)));
    map.on("moveend", () => this.moved());
    const input = document.querySelector("#map-form input[data-suggest]");
    input.addEventListener("focus", () => this.offer(input), { once: true });
    if (document.activeElement === input) this.offer(input);
    document.querySelector("[data-near]").addEventListener("click", () => this.nearMe());
    document.querySelector("[data-here]").addEventListener("click", () => this.listHere());
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target.matches?.("a[data-place]")) this.clicked(event);
    });
    window.addEventListener("popstate", () => this.wentBack());
    window.addEventListener("beforeprint", () => this.beforePrint());
    document.getElementById("map-tools").hidden = false;
  }

  // --- One place ------------------------------------------------------------------------------------------------------
  async open(index, from = document.activeElement) {
    const { places, layers } = this;
    layers.choose(index);
    await places.names();
    const code = places.code(index);
    const action = this.panel.code ? "replaceState" : "pushState";
    if (window.location.hash !== `#${code}`) window.history[action]({ panel: true }, "", `#${code}`);
    this.panel.open({
      code,
      name: places.name(index),
      where: places.villageName(places.village[index]),
      left: places.lacking[index],
      share: places.share[index] < 0 ? null : places.share[index] / 100,
    }, from);
  }

  // On a phone the sheet lies over the foot of the map: the place moves to where it is seen.
  clear(index) {
    const container = this.map.getContainer();
    const sheet = this.panel.root.getBoundingClientRect();
    if (sheet.left > container.getBoundingClientRect().left) return;
    container.scrollIntoView({ block: "start" });
    const { top } = container.getBoundingClientRect();
    const y = top + this.map.latLngToContainerPoint(this.places.at(index)).y;
    if (y > sheet.top - ROOM) this.map.panBy([0, Math.round(y - (top + sheet.top) / 2)], { animate: false });
  }

  async openCode(code, from) {
    await this.places.names();
    const index = this.places.indexOf(code);
    if (index < 0) return false;
    this.reveal(index);
    this.open(index, from);
    return true;
  }

  // A place that the filters leave out is drawn too, once somebody asks for it by name.
  reveal(index) {
    const { map, places, layers } = this;
    if (!places.shown[index]) {
      places.shown[index] = 1;
      layers.redraw();
    }
    const at = places.at(index);
    if (map.getZoom() < CLOSE || !map.getBounds().contains(at)) map.setView(at, Math.max(CLOSE, map.getZoom()));
  }

  clicked(event) {
    const link = event.target.closest?.("a[data-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    this.openCode(link.dataset.place, link).then((opened) => { if (!opened) window.location.assign(link.href); });
  }

  leave() {
    if (window.history.state?.panel) {
      window.history.back();
      return;
    }
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    this.panel.close();
  }

  // --- The address ----------------------------------------------------------------------------------------------------
  // `#<code>` opens a place, `#zoom/north/east` a view; anything else is nobody's.
  async follow(hash) {
    const [, zoom, north, east] = hash.match(VIEW) ?? [];
    if (zoom) {
      this.map.setView([Number(north), Number(east)], Number(zoom));
      return false;
    }
    return hash.length > 1 && this.openCode(decodeURIComponent(hash.slice(1)), null);
  }

  async wentBack() {
    if (window.location.search !== this.results.shown) await this.results.go(window.location.href, { push: false });
    if (!await this.follow(window.location.hash)) this.panel.close();
  }

  // The view is kept in the address without a step of its own in the browser's history.
  moved() {
    const { map } = this;
    document.querySelector("[data-here]").hidden = map.getZoom() < NARROW;
    if (this.panel.code) return;
    const { lat, lng } = map.getCenter();
    window.history.replaceState(window.history.state, "", `#${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
  }

  listHere() {
    const box = this.map.getBounds().pad(-0.001);
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
    this.keepView = true;
    this.results.go(addressOf(this.results.form, { bbox }));
  }

  // --- Filters --------------------------------------------------------------------------------------------------------
  async filtered(now, stay) {
    this.panel.close();
    if (stay) return;
    const { map, places, layers } = this;
    this.settings.matches = now.matches; // asked again when what it tells has changed
    if (now.matches) places.showMatches(await json(now.matches));
    else places.show((index) => !now.priority || places.priority[index]);
    layers.redraw();
    if (!this.keepView) layers.frame([...places.ids.keys()].filter((index) => places.shown[index]));
    this.keepView = false;
  }

  async offer(input) {
    const { SearchBox } = await import("./search.js");
    this.search ??= new SearchBox(input, (row) => this.found(row, input));
  }

  async nearMe() {
    const { Near } = await import("./map_near.js");
    this.near ??= new Near(this);
    this.near.start();
  }

  found(row, input) {
    if (row.jenis === "wilayah") this.results.go(addressOf(input.form, { q: "", wilayah: row.kode }));
    else this.openCode(row.kode, input);
  }

  // On paper the map keeps the picture of the screen, as wide as the page.
  beforePrint() {
    const { x, y } = this.map.getSize();
    const { style } = this.map.getContainer();
    style.setProperty("--wide", x);
    style.setProperty("--high", y);
    document.querySelectorAll("#map-legend, #map-legend details").forEach((part) => { part.open = true; });
    document.getElementById("map-address").textContent = window.location.href;
  }
}

export const start = (parts) => {
  const shell = new Shell(parts);
  shell.follow(window.location.hash);
  return shell;
};
