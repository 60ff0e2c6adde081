// What a complaint is about: a suggested place puts its name and its code into the box.
import { SearchBox } from "./search.js";

const input = document.querySelector("input[data-suggest]");

if (input) new SearchBox(input, (row) => { input.value = `${row.nama} ${row.kode}`; }, "lokasi");
