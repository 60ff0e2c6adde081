// The point of a place: two number inputs and a map that say the same. The map is a comfort; the numbers are the form.
const box = document.querySelector(".point-map");
const inputs = {
  lat: document.querySelector("[data-point=latitude]"),
  lng: document.querySelector("[data-point=longitude]"),
};

const typed = () => {
  const point = [inputs.lat.valueAsNumber, inputs.lng.valueAsNumber];
  return point.every(Number.isFinite) && Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180 ? point : null;
};

const start = () => {
  const centre = box.dataset.centre.split(",").map(Number);
  const map = window.L.map(box, { scrollWheelZoom: false }).setView(typed() ?? centre, typed() ? 16 : 11);
  window.L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map);
  const icon = window.L.divIcon({ className: "point-pin", iconSize: [22, 22] });
  const pin = window.L.marker(typed() ?? centre, { icon, draggable: true, opacity: typed() ? 1 : 0.4 }).addTo(map);

  const write = ({ lat, lng }) => {
    inputs.lat.value = lat.toFixed(5);
    inputs.lng.value = lng.toFixed(5);
    pin.setLatLng([lat, lng]).setOpacity(1);
  };
  const read = () => {
    const point = typed();
    if (!point) return;
    pin.setLatLng(point).setOpacity(1);
    map.panTo(point);
  };

  map.on("click", (event) => write(event.latlng));
  pin.on("dragend", () => write(pin.getLatLng()));
  Object.values(inputs).forEach((input) => input.addEventListener("change", read));
  const hint = document.createElement("p");
  hint.className = "help";
  hint.textContent = box.dataset.hint;
  box.after(hint);
};

if (box && inputs.lat && inputs.lng && window.L) start();
