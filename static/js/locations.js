// The list of places: its search box offers areas (the list of one) and places (their page).
import { addressOf } from "./nodes.js";
import { SearchBox } from "./search.js";

const input = document.querySelector("input[data-suggest]");

new SearchBox(input, (row) => {
  const place = input.dataset.place.replace("KODE", encodeURIComponent(row.kode));
  window.location.assign(row.jenis === "lokasi" ? place : addressOf(input.form, { q: "", wilayah: row.kode }));
});
