// "Di dekat saya": the browser's own position, asked for on a click only and kept here; shows the nearest places that lack.
import { CROSS, distance, element, filled, icon, number } from "./nodes.js";

const FAR = 30_000; // metres; whoever is farther from every place is not in this city
const MOST = 5;
const METRES_PER_DEGREE = 111_200;
const PATIENCE = { timeout: 15_000, maximumAge: 60_000 };

const position = () => new Promise((found, failed) => {
  navigator.geolocation.getCurrentPosition(found, failed, PATIENCE);
});

export class Near {
  constructor({ map, places, settings }) {
    Object.assign(this, { map, places, settings, words: settings.words });
    this.button = document.querySelector("[data-near]");
  }

  async start() {
    if (!navigator.geolocation || !window.isSecureContext) return this.say(this.words.near_unavailable);
    this.button.disabled = true;
    this.say(this.words.near_waiting);
    try {
      const { coords } = await position();
      await this.places.names();
      this.found(coords.latitude, coords.longitude);
    } catch (error) {
      this.say(error.code === 1 ? this.words.near_denied : this.words.near_unavailable);
    } finally {
      this.button.disabled = false;
    }
    return null;
  }

  found(north, east) {
    const nearest = this.nearest(north, east);
    if (!nearest.length || nearest[0].metres > FAR) {
      this.say(this.words.near_outside);
      return;
    }
    this.mark?.remove();
    this.mark = window.L.circleMarker([north, east], { radius: 9, weight: 4, color: "#fff", fillColor: "#17191f", fillOpacity: 1, interactive: false });
    this.mark.addTo(this.map);
    this.map.setView([north, east], 14);
    this.say(this.words.near_kept, nearest.map((each) => this.row(each)));
  }

  nearest(north, east) {
    const { places } = this;
    const narrow = Math.cos((north * Math.PI) / 180);
    const found = [];
    for (let index = 0; index < places.count; index += 1) {
      if (!places.shown[index] || !places.left[index]) continue;
      const metres = METRES_PER_DEGREE * Math.hypot(places.north[index] - north, (places.east[index] - east) * narrow);
      found.push({ index, metres });
    }
    return found.sort((a, b) => a.metres - b.metres).slice(0, MOST);
  }

  row({ index, metres }) {
    const code = this.places.code(index);
    const href = this.settings.page.replace("KODE", encodeURIComponent(code));
    const lacking = filled(this.words.lacking, number(this.places.left[index]));
    return element(
      "li", {},
      element("a", { href, "data-place": code }, this.places.name(index)),
      element("div", { class: "place" }, `${this.places.villageName(this.places.village[index])} · ${distance(metres)}`),
      element("span", { class: "small" }, lacking),
    );
  }

  say(words, rows = []) {
    const box = document.getElementById("map-near");
    const cross = element("button", { type: "button", class: "close", "aria-label": this.words.close }, icon(CROSS));
    cross.addEventListener("click", () => this.close());
    const head = element("div", { class: "head" }, element("h2", {}, this.words.near), cross);
    box.replaceChildren(head, element("p", { class: "small", role: "status" }, words), ...(rows.length ? [element("ol", { class: "rows", role: "list" }, ...rows)] : []));
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  }

  close() {
    document.getElementById("map-near").hidden = true;
    this.mark?.remove();
    this.button.focus();
  }
}
