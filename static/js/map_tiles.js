// Streets behind the fills, where a tile server answers. Tiles that do not come leave no broken pictures: the layer
// goes, the soft ground and the names stay.
export const addTiles = (map, root, settings) => {
  if (!settings.tiles) return;
  const tiles = window.L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 19 });
  let loaded = 0;
  tiles.on("tileload", () => {
    loaded += 1;
    root.classList.add("map--tiles");
  });
  tiles.on("tileerror", (event) => {
    event.tile.hidden = true;
    if (!loaded) tiles.remove();
  });
  tiles.addTo(map);
};
