// All places on one canvas: colour says how far a place is helped, size how much it lacks, a square that it is no RW.
const REACH = 14;
const GROUND_METRES = 750;
const METRES_PER_PIXEL = 156543; // at zoom 0 near the equator
const STEPS = [[34, "--map-low"], [67, "--map-mid"], [101, "--map-high"]];

const colourOf = (styles) => {
  const colours = STEPS.map(([limit, name]) => [limit, styles.getPropertyValue(name)]);
  const none = styles.getPropertyValue("--map-none");
  return (share) => (share < 0 ? none : colours.find(([limit]) => share < limit)[1]);
};

export class Points {
  constructor(map, places, labels) {
    this.map = map;
    this.places = places;
    this.labels = labels;
    this.chosen = -1;
    this.styles = getComputedStyle(map.getContainer());
    this.colour = colourOf(this.styles);
    this.canvas = window.L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPanes().overlayPane);
    map.on("moveend zoomend resize viewreset", () => this.draw());
    map.on("mousemove", (event) => { map.getContainer().style.cursor = this.near(event.containerPoint) < 0 ? "" : "pointer"; });
    this.draw();
  }

  onPick(act) {
    this.map.on("click", (event) => {
      const index = this.near(event.containerPoint);
      if (index >= 0) act(index);
    });
  }

  choose(index) {
    this.chosen = index;
    this.draw();
  }

  radius(index) {
    const zoom = Math.max(0, this.map.getZoom() - 11);
    return 1.3 + zoom + Math.min(2 + zoom / 2, Math.sqrt(this.places.left[index]) / 8);
  }

  draw() {
    const size = this.map.getSize();
    const dots = window.devicePixelRatio || 1;
    this.canvas.width = size.x * dots;
    this.canvas.height = size.y * dots;
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    window.L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
    const pen = this.canvas.getContext("2d");
    pen.scale(dots, dots);
    this.drawGround(pen, size);
    this.drawPoints(pen, size);
    this.drawLabels(pen);
  }

  // Soft ground around every place, where no tiles say what the city looks like. No line: nobody drew a border here.
  drawGround(pen, size) {
    if (this.map.getContainer().classList.contains("map--tiles")) return;
    const wide = (GROUND_METRES * 2 ** this.map.getZoom()) / METRES_PER_PIXEL;
    pen.fillStyle = this.styles.getPropertyValue("--paper");
    pen.beginPath();
    for (let index = 0; index < this.places.count; index += 1) {
      const { x, y } = this.map.latLngToContainerPoint(this.places.at(index));
      if (x < -wide || y < -wide || x > size.x + wide || y > size.y + wide) continue;
      pen.moveTo(x + wide, y);
      pen.arc(x, y, wide, 0, 2 * Math.PI);
    }
    pen.fill();
  }

  drawPoints(pen, size) {
    this.onScreen = [];
    for (let index = 0; index < this.places.count; index += 1) {
      if (!this.places.shown[index]) continue;
      const point = this.map.latLngToContainerPoint(this.places.at(index));
      if (point.x < -20 || point.y < -20 || point.x > size.x + 20 || point.y > size.y + 20) continue;
      this.onScreen.push([index, point]);
      if (index !== this.chosen) this.mark(pen, index, point);
    }
    const chosen = this.onScreen.find(([index]) => index === this.chosen);
    if (chosen) this.markChosen(pen, ...chosen);
  }

  mark(pen, index, point) {
    const radius = this.radius(index);
    pen.fillStyle = this.colour(this.places.share[index]);
    pen.beginPath();
    if (this.places.isRw[this.places.kinds[index]]) pen.arc(point.x, point.y, radius, 0, 2 * Math.PI);
    else pen.rect(point.x - radius, point.y - radius, 2 * radius, 2 * radius);
    pen.fill();
    if (radius > 4) {
      pen.strokeStyle = "#fff";
      pen.lineWidth = 1;
      pen.stroke();
    }
  }

  markChosen(pen, index, point) {
    this.mark(pen, index, point);
    pen.strokeStyle = this.styles.getPropertyValue("--ink");
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(point.x, point.y, this.radius(index) + 5, 0, 2 * Math.PI);
    pen.stroke();
  }

  drawLabels(pen) {
    pen.font = `700 13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = "center";
    pen.lineWidth = 4;
    pen.strokeStyle = "rgba(255, 255, 255, .85)";
    pen.fillStyle = this.styles.getPropertyValue("--ink");
    for (const label of this.labels) {
      const point = this.map.latLngToContainerPoint(label.at);
      pen.strokeText(label.name, point.x, point.y);
      pen.fillText(label.name, point.x, point.y);
    }
  }

  // The place nearest to a point of the screen, if one is within reach of a finger.
  near(point) {
    let best = -1;
    let least = REACH * REACH;
    for (const [index, at] of this.onScreen) {
      const distance = (at.x - point.x) ** 2 + (at.y - point.y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    return best;
  }
}
