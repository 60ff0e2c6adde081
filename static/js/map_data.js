// The map's file of places as typed arrays. Names and needs are files of their own, fetched when somebody asks.
import { inSlices, pause } from "./map_points.js";

const WEEK = 7 * 24 * 3600 * 1000;
const NEVER = 255;
const PERIOD = 12000; // milliseconds from one question what changed to the next
const LONGEST = 120000; // while nobody answers
const AGES = "0123456789abcdefghijklmnopqrstuvwxyz";

const sums = (steps, target) => {
  let value = 0;
  for (let index = 0; index < steps.length; index += 1) {
    value += steps[index];
    target[index] = value;
  }
  return target;
};

export const json = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};

// Degrees to the pixels of the whole world at zoom 0 (256 wide), as every web map counts them.
export const worldX = (east) => 256 * (east / 360 + 0.5);
export const worldY = (north) => {
  const sine = Math.sin((north * Math.PI) / 180);
  return 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
};

// `count` places, each column indexed by place: `ids`; `east`, `north` in degrees; `x`, `y` in the world's pixels;
// `kinds` (index into `kindNames`); `village` (index into `villages`); `share` in percent, -1 without needs; `left`
// packages lacking of what is shown; `lacking` of everything; `needCount`; `priority`; `weeks` since verified (255: never); `shown`.
class Places extends EventTarget {
  // A generator: between its steps the page may do something else.
  *read(table, grid = 20000) {
    this.count = table.id.length;
    this.ids = sums(table.id, new Float64Array(this.count));
    this.east = sums(table.x, new Float64Array(this.count)).map((value) => value / grid);
    this.north = sums(table.y, new Float64Array(this.count)).map((value) => value / grid);
    yield;
    this.x = this.east.map(worldX);
    this.y = this.north.map(worldY);
    yield;
    this.kinds = Uint8Array.from(table.j);
    this.kindNames = table.jenis;
    this.needCount = Uint16Array.from(table.n);
    this.priority = new Uint8Array(this.count);
    for (let index = 0; index < this.count; index += 1) this.priority[index] = table.p[index] === "1" ? 1 : 0;
    this.shown = new Uint8Array(this.count).fill(1);
    yield;
    this.readFigures(table);
    this.readAreas(table, grid);
  }

  get atId() {
    this.positions ??= new Map(Array.from(this.ids, (id, index) => [id, index]));
    return this.positions;
  }

  readFigures(table) {
    this.share = Int8Array.from(table.terpenuhi);
    this.lacking = new Float64Array(this.count);
    this.left = this.lacking;
    this.weeks = new Uint8Array(this.count);
    const monday = Date.parse(`${table.diperiksa}T00:00+07:00`);
    const newest = table.diperiksa ? Math.max(0, Math.floor((Date.now() - monday) / WEEK)) : 0;
    for (let index = 0, next = 0; index < this.count; index += 1) {
      if (this.share[index] >= 0 && this.share[index] < 100) {
        this.lacking[index] = table.sisa[next];
        next += 1;
      }
      this.weeks[index] = table.usia[index] === "-" ? NEVER : Math.min(NEVER - 1, newest + AGES.indexOf(table.usia[index]));
    }
  }

  // Kelurahan as {code, from, to, families}: its places are those from `from` up to, not with, `to`.
  readAreas(table, grid) {
    let from = 0;
    this.villages = table.kelurahan.map((code, index) => {
      const village = { code, from, to: from + table.banyak[index], families: table.rentan[index] };
      from = village.to;
      return village;
    });
    this.village = new Uint16Array(this.count);
    this.villages.forEach((village, index) => this.village.fill(index, village.from, village.to));
    this.areas = new Map(table.wilayah.map(([code, name, east, north]) => (
      [code, { code, name, east: east / grid, north: north / grid, x: worldX(east / grid), y: worldY(north / grid) }]
    )));
  }

  at(index) {
    return [this.north[index], this.east[index]];
  }

  // West, south, east and north of what is shown, or of all where nothing is.
  box() {
    const some = this.shown.some((flag) => flag);
    const box = [180, 90, -180, -90];
    for (let index = 0; index < this.count; index += 1) {
      if (some && !this.shown[index]) continue;
      const [north, east] = this.at(index);
      box[0] = Math.min(box[0], east - 0.01);
      box[1] = Math.min(box[1], north - 0.01);
      box[2] = Math.max(box[2], east + 0.01);
      box[3] = Math.max(box[3], north + 0.01);
    }
    return box;
  }

  // Resolves once `code`, `name`, `villageName` and `indexOf` know their answers.
  names() {
    this.waitingForNames ??= json(this.addresses.names).then((table) => {
      this.nameTable = table;
      this.byCode = new Map();
      for (let index = 0; index < this.count; index += 1) this.byCode.set(this.code(index), index);
    }).catch((error) => { this.waitingForNames = null; throw error; });
    return this.waitingForNames;
  }

  // A place's code is its kelurahan's digits and what the file keeps of it.
  code(index) {
    const rest = this.nameTable.kode[index];
    const area = this.villages[this.village[index]].code;
    return rest.startsWith("=") ? rest.slice(1) : `${area.replaceAll(".", "")}-${rest}`;
  }

  name(index) {
    return this.nameTable.nama[index];
  }

  villageName(index) {
    return this.nameTable.kelurahan[index];
  }

  indexOf(code) {
    return this.byCode.get(code) ?? -1;
  }

  // Resolves to a function from a place's index to its open needs as [{package, quantity, reserved}, …].
  needs() {
    this.waitingForNeeds ??= json(this.addresses.needs).then((table) => {
      const start = sums(this.needCount, new Float64Array(this.count));
      return (index) => {
        const end = start[index];
        return [...Array(this.needCount[index]).keys()].map((step) => end - this.needCount[index] + step).map((row) => (
          { package: table.paket[table.k[row]], quantity: table.butuh[row], reserved: table.janji[row] }
        ));
      };
    }).catch((error) => { this.waitingForNeeds = null; throw error; });
    return this.waitingForNeeds;
  }

  // Show the places that `wanted` picks: a function of an index, or a mask; `left` (optional) says what each lacks of
  // the packages that are asked for.
  show(wanted, left = this.lacking) {
    if (typeof wanted === "function") for (let index = 0; index < this.count; index += 1) this.shown[index] = wanted(index) ? 1 : 0;
    else this.shown.set(wanted);
    this.left = left;
  }

  // Show what the server's filter picked: {id: steps, sisa: what each lacks of the packages asked for, or null for all}.
  showMatches(matches) {
    const mask = new Uint8Array(this.count);
    const left = matches.sisa ? new Float64Array(this.count) : this.lacking;
    sums(matches.id, new Float64Array(matches.id.length)).forEach((id, row) => {
      const index = this.atId.get(id);
      if (index === undefined) return;
      mask[index] = 1;
      if (matches.sisa) left[index] = matches.sisa[row];
    });
    this.show(mask, left);
  }

  // Take over [[id, share, left], …] as they are now and tell whoever listens which places differ. What is lacking of
  // some packages alone only `matches` knows: an address, asked anew.
  async change(rows, matches) {
    const changed = rows.map((row) => this.changeOne(...row)).filter((index) => index >= 0);
    if (!changed.length) return;
    if (this.left !== this.lacking && matches) this.showMatches(await json(matches));
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
  }

  changeOne(id, share, left) {
    const index = this.atId.get(id) ?? -1;
    if (index < 0 || (this.share[index] === share && this.lacking[index] === left)) return -1;
    this.share[index] = share;
    this.lacking[index] = left;
    return index;
  }

  // Become the places of a newer file; what the filters picked stays picked.
  async become(newer, matches) {
    const all = this.shown.every((flag) => flag);
    const filtered = this.left !== this.lacking;
    newer.show((index) => {
      const before = this.atId.get(newer.ids[index]);
      return before === undefined ? all : this.shown[before];
    });
    Object.assign(this, { waitingForNames: null, waitingForNeeds: null, nameTable: null, positions: null }, newer);
    if (filtered && matches) this.showMatches(await json(matches));
    this.dispatchEvent(new CustomEvent("change"));
  }
}

// One kind of sum over many: what an area's places lack together, how many there are, and how far they are helped.
export const total = (places, from, to) => {
  const sum = { left: 0, count: 0, x: 0, y: 0, needs: 0, share: 0 };
  for (let index = from; index < to; index += 1) {
    if (!places.shown[index]) continue;
    sum.count += 1;
    sum.left += places.left[index];
    sum.x += places.x[index];
    sum.y += places.y[index];
    if (places.share[index] < 0) continue;
    sum.needs += places.needCount[index];
    sum.share += places.needCount[index] * places.share[index];
  }
  return sum;
};

// Fetch the places of the file that `addresses` name; a large city is read in several tasks.
const fetched = async (addresses) => {
  const table = await json(addresses.data);
  const places = new Places();
  places.addresses = addresses;
  await pause();
  await inSlices(places.read(table));
  return places;
};

// Fetch the places, and what the filters picked of them.
export const load = async (settings) => {
  const [places, matches] = await Promise.all([fetched(settings), settings.matches ? json(settings.matches) : null]);
  if (matches) places.showMatches(matches);
  else if (settings.priority) places.show((index) => places.priority[index]);
  return places;
};

// What others promise shows on an open page: every few seconds, while somebody looks, the places that changed.
export const poll = (places, settings) => {
  let since = settings.version;
  let wait = PERIOD;
  let timer = 0;
  let turns = 0;

  const ask = async () => {
    const changes = await json(`${settings.changes}?sejak=${since}`);
    if (changes.baru) await renew();
    else {
      await places.change(changes.tempat, settings.matches);
      since = changes.versi;
    }
  };

  // Too much changed to tell: the whole file anew, as the manifest names it.
  const renew = async () => {
    const now = await json(settings.manifest);
    Object.assign(settings, { version: now.versi, data: now.url, names: now.nama, needs: now.kebutuhan });
    since = now.versi;
    await places.become(await fetched(settings), settings.matches);
  };

  const turn = async () => {
    if (document.hidden) return;
    turns += 1;
    const mine = turns;
    wait = await ask().then(() => PERIOD, () => Math.min(LONGEST, 2 * wait));
    if (mine === turns) timer = setTimeout(turn, wait);
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) turn();
  });
  turn(); // the file may be some seconds older than the page
};
