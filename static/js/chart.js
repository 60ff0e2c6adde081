// The values of a chart by pointer, touch and arrow keys. Without this module the table beside each chart says the same.
const language = document.documentElement.lang === "en" ? "en" : "id";
const number = (value) => Number(value).toLocaleString(language).replace("-", "−");

const made = (name, attributes = {}) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

const line = (name, words) => Object.assign(document.createElement(name), { textContent: words });

/** One drawing: where its rows are in percent of its width, and what is said of each. */
class Plot {
  constructor(svg) {
    this.svg = svg;
    this.figure = svg.closest(".chart");
    this.table = this.figure.querySelector("table");
    const { at, wide } = svg.dataset.at ? svg.dataset : this.table.dataset;
    this.left = at.split(" ").map(Number);
    this.wide = Number(wide);
    this.at = -1;
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("pointermove", (event) => this.point(event));
    svg.addEventListener("pointerdown", (event) => this.point(event));
    svg.addEventListener("pointerleave", (event) => this.leave(event));
    svg.addEventListener("focus", () => { if (this.at < 0) this.show(this.left.length - 1); });
    svg.addEventListener("blur", () => this.hide());
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("click", (event) => { if (event.detail > 1) this.follow(); });
  }

  /** Show the row that lies nearest to the pointer. */
  point(event) {
    const box = this.svg.getBoundingClientRect();
    const x = (100 * (event.clientX - box.left)) / box.width;
    const away = (index) => Math.abs(this.left[index] + this.wide / 2 - x);
    this.show(this.left.reduce((best, _, index) => (away(index) < away(best) ? index : best), 0));
  }

  /** A finger that lifts leaves too: what it touched stays in sight until it touches something else. */
  leave(event) {
    if (event.pointerType !== "touch" && document.activeElement !== this.svg) this.hide();
  }

  key(event) {
    const last = this.left.length - 1;
    const to = {
      ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0, End: last,
      PageDown: this.at + 4, PageUp: this.at - 4,
    }[event.key];
    if (event.key === "Escape") this.hide();
    if (event.key === "Enter") this.follow();
    if (to === undefined) return;
    event.preventDefault();
    this.show(Math.min(last, Math.max(0, to)));
  }

  /** Open the rows behind the value, where the table leads to them. */
  follow() {
    const link = !this.svg.dataset.values && this.at >= 0 && this.table.tBodies[0].rows[this.at].querySelector("a");
    if (link) link.click();
  }

  words(index) {
    if (this.svg.dataset.values) {
      const name = this.svg.closest("th").querySelector("a").textContent;
      return [`${name}, ${this.table.dataset.days.split("|")[index]}`, [number(this.svg.dataset.values.split(" ")[index])]];
    }
    const heads = [...this.table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const [name, ...cells] = [...this.table.tBodies[0].rows[index].cells].map((cell) => cell.textContent.trim());
    return [`${heads.length > 2 ? "" : `${heads[0]} `}${name}`, cells.map((cell, place) => `${heads[place + 1]}: ${cell}`)];
  }

  show(index) {
    if (index === this.at) return;
    this.at = index;
    this.readout ??= this.figure.appendChild(Object.assign(line("p", ""), { className: "readout", ariaLive: "polite" }));
    const [name, values] = this.words(index);
    this.readout.replaceChildren(line("strong", name), ...values.map((words) => line("span", words)));
    this.readout.hidden = false;
    this.band ??= this.svg.insertBefore(made("rect", { class: "band", y: 0, height: "100%" }), this.svg.firstChild);
    this.band.setAttribute("x", `${this.left[index]}%`);
    this.band.setAttribute("width", `${this.wide}%`);
    this.place(index);
  }

  /** Put the readout above the row, within the figure. */
  place(index) {
    const [frame, box] = [this.figure.getBoundingClientRect(), this.svg.getBoundingClientRect()];
    const middle = box.left - frame.left + ((this.left[index] + this.wide / 2) / 100) * box.width;
    const x = Math.min(Math.max(0, middle - this.readout.offsetWidth / 2), frame.width - this.readout.offsetWidth);
    this.readout.style.transform = `translate(${x}px, ${box.top - frame.top - this.readout.offsetHeight - 6}px)`;
  }

  hide() {
    this.at = -1;
    if (this.readout) this.readout.hidden = true;
    this.band?.remove();
    this.band = undefined;
  }
}

for (const svg of document.querySelectorAll(".chart svg:is([data-at], [data-values])")) new Plot(svg);
