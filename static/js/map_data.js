// The columns of the snapshot as typed arrays, and which places the filters chose.
const GRID = 100000;

const sums = (steps, target) => {
  let value = 0;
  steps.forEach((step, index) => { value += step; target[index] = value; });
  return target;
};

const json = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};

class Places {
  constructor(table, chosen) {
    this.count = table.id.length;
    this.ids = sums(table.id, new Float64Array(this.count));
    this.east = sums(table.x, new Float64Array(this.count));
    this.north = sums(table.y, new Float64Array(this.count));
    this.kinds = Uint8Array.from(table.j);
    this.share = Int8Array.from(table.terpenuhi);
    this.left = Float64Array.from(table.sisa);
    this.isRw = table.jenis.map((kind) => kind.slug === "rw");
    this.table = table;
    this.shown = new Uint8Array(this.count).fill(1);
    if (chosen) {
      const wanted = new Set(sums(chosen.id, new Float64Array(chosen.id.length)));
      this.ids.forEach((id, index) => { this.shown[index] = wanted.has(id) ? 1 : 0; });
    }
  }

  at(index) {
    return [this.north[index] / GRID, this.east[index] / GRID];
  }

  // A place's code is its kelurahan's digits and what the file keeps of it.
  code(index) {
    if (!this.codes) {
      this.codes = [];
      this.table.kelurahan.forEach((area, group) => {
        for (let many = this.table.banyak[group]; many > 0; many -= 1) this.codes.push(area.replaceAll(".", ""));
      });
    }
    const rest = this.table.kode[index];
    return rest.startsWith("=") ? rest.slice(1) : `${this.codes[index]}-${rest}`;
  }

  indexOf(code) {
    if (!code) return -1;
    for (let index = 0; index < this.count; index += 1) if (this.code(index) === code) return index;
    return -1;
  }

  shownBounds() {
    const points = [];
    for (let index = 0; index < this.count; index += 1) if (this.shown[index]) points.push(this.at(index));
    return points.length ? window.L.latLngBounds(points) : null;
  }
}

export const load = async (settings) => {
  const [table, chosen] = await Promise.all([
    json(settings.manifest).then((manifest) => json(manifest.url)),
    settings.matches ? json(settings.matches) : null,
  ]);
  return new Places(table, chosen);
};
