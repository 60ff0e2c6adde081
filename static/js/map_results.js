// The list beside the map, its filters and its switch: each change is an address of this page, fetched and put in place.
import { addressOf } from "./nodes.js";

const PARTS = ["map-results", "map-switch", "map-active", "map-cities"];
const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

export class Results {
  // `onSettings(settings)` is told what the new page says to the map's script.
  constructor(onSettings) {
    this.onSettings = onSettings;
    this.form = document.getElementById("map-form");
    this.shown = window.location.search;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      document.getElementById("map-filters").open = false;
      this.go(addressOf(this.form));
    });
    this.form.addEventListener("change", (event) => {
      if (event.target.name !== "q") this.go(addressOf(this.form));
    });
    document.addEventListener("click", (event) => this.clicked(event));
  }

  clicked(event) {
    const link = event.target.closest?.("#map-results .pages a, .chips a, .empty a, #map-switch a, #map a[href]");
    if (!link || !plain(event) || event.defaultPrevented) return;
    const url = new URL(link.href);
    if (url.pathname !== window.location.pathname) return;
    event.preventDefault();
    const paging = Boolean(link.closest(".pages"));
    const next = link.closest("#map-switch") ? "#map-switch [aria-current]" : "#map-results";
    this.go(url, { stay: paging }).then(() => {
      document.querySelector(next)?.focus({ preventScroll: true });
      if (paging) document.getElementById("map-results").scrollIntoView({ block: "start" });
    });
  }

  // Put the page of another address in place; `push` false when the browser went there already; `stay`: same places.
  async go(address, { push = true, stay = false } = {}) {
    const url = new URL(address, window.location.href);
    this.asked?.abort();
    this.asked = new AbortController();
    document.getElementById("map-results").classList.add("busy");
    const answer = await fetch(url.pathname + url.search, { signal: this.asked.signal }).catch((error) => error);
    if (answer.name === "AbortError") return;
    const text = answer.ok ? await answer.text() : "";
    if (!text) {
      window.location.assign(url); // the browser itself tells what is wrong
      return;
    }
    if (push) window.history.pushState(null, "", url.pathname + url.search);
    this.shown = url.search;
    this.put(new DOMParser().parseFromString(text, "text/html"), stay);
  }

  put(page, stay) {
    const focused = document.activeElement?.id;
    for (const id of PARTS) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    document.getElementById("map-results").classList.remove("busy");
    this.match(page);
    document.querySelectorAll("a[hreflang]").forEach((link, at) => { link.href = page.querySelectorAll("a[hreflang]")[at].href; });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    document.getElementById("map-said").textContent = document.querySelector("#map-results .result-line").textContent;
    this.onSettings(JSON.parse(page.getElementById("map-settings").textContent), stay);
  }

  // Give the fields the values and numbers of the new page; the fields themselves stay, and with them the focus.
  match(page) {
    const fresh = page.getElementById("map-form");
    for (const select of this.form.querySelectorAll("select")) {
      select.replaceChildren(...page.getElementById(select.id).childNodes);
    }
    this.form.querySelectorAll("[type=hidden]").forEach((field) => field.remove());
    this.form.prepend(...fresh.querySelectorAll("[type=hidden]"));
    for (const field of fresh.querySelectorAll("input[id]:not([type=hidden])")) {
      const mine = document.getElementById(field.id);
      if (mine && mine !== document.activeElement) mine.value = field.getAttribute("value") ?? "";
      if (mine) mine.checked = field.checked;
    }
    const numbers = fresh.querySelectorAll(".choices .n");
    this.form.querySelectorAll(".choices .n").forEach((number, at) => { number.textContent = numbers[at]?.textContent ?? ""; });
  }
}
