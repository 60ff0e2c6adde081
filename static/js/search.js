// A search box that offers areas and places while somebody types: a combobox with a list (WAI-ARIA 1.2). The box stays a
// field of its form: Enter without a choice searches as ever.
import { element, filled } from "./nodes.js";

const WAIT = 180;
const SHORTEST = 2;

export class SearchBox {
  // `choose(row)` is called with the chosen row of the answer; rows of one `kind` only, or of both.
  constructor(input, choose, kind = "") {
    this.input = input;
    this.choose = choose;
    this.kind = kind;
    this.words = input.dataset;
    this.rows = [];
    this.active = -1;
    this.list = element("ul", { class: "suggestions", id: `${input.id}_saran`, role: "listbox", "aria-label": this.label() });
    this.status = element("span", { class: "sr", role: "status" });
    this.list.hidden = true;
    input.after(this.list, this.status);
    input.parentElement.classList.add("suggesting");
    const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    this.listen();
    if (input.value !== input.defaultValue) this.typed(); // before we were loaded
  }

  label() {
    return document.querySelector(`label[for="${this.input.id}"]`)?.textContent.trim() || "";
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    this.input.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(Number(option.dataset.index));
    });
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST) this.close();
    else this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.asked?.abort();
    this.asked = new AbortController();
    const url = `${this.words.suggest}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(url, { signal: this.asked.signal }).catch(() => null);
    if (!answer?.ok) return; // the form still searches
    const { results } = await answer.json().catch(() => ({ results: [] }));
    if (document.activeElement === this.input && this.input.value.trim() === text) this.show(results.filter((row) => !this.kind || row.jenis === this.kind));
  }

  show(rows) {
    this.rows = rows;
    this.list.replaceChildren(...rows.map((row, index) => element(
      "li", { role: "option", id: `${this.list.id}_${index}`, "data-index": index, "aria-selected": "false" },
      element("strong", {}, row.nama),
      element("span", { class: "place" }, row.keterangan),
    )));
    this.status.textContent = rows.length ? filled(this.words.found, rows.length) : this.words.none;
    this.open(rows.length > 0);
    this.point(-1);
  }

  open(opened) {
    this.list.hidden = !opened;
    this.input.setAttribute("aria-expanded", String(opened));
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.open(false);
    this.point(-1);
    this.status.textContent = "";
  }

  point(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
      this.list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden) {
      event.preventDefault();
      const many = this.rows.length + 1; // one stop is the box itself
      this.point(((this.active + 1 + step + many) % many) - 1);
    } else if (step === 1) {
      this.typed();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // a first Escape closes the list, a second one empties the box
      this.close();
    }
  }

  take(index) {
    const row = this.rows[index];
    this.close();
    this.input.value = row.jenis === "wilayah" ? "" : row.nama;
    this.choose(row);
  }
}
