// Small comforts on every page; without scripts the buttons below stay hidden and nothing is lost.
const show = (selector, act) => {
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
};

const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.done;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { words.textContent = before; }, 2500);
};

if (navigator.clipboard) show("[data-copy]", copy);
show("[data-print]", () => window.print());

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The other language opens at the same spot of the page: a heading, a place on the map, its view.
for (const link of document.querySelectorAll("a.lang")) link.addEventListener("click", () => { link.hash = window.location.hash; });

// The browser moved past the error summary on load: bring people to it, as its links lead to the fields.
document.querySelector(".error-summary")?.focus();

// The search box of a list brings its suggestions once somebody enters it.
document.querySelector(".filter input[data-suggest]")?.addEventListener("focus", () => import("./locations.js"), { once: true });
