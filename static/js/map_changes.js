// What others promise shows on an open page: every few seconds, while somebody looks, the places that changed.
import { Places, json } from "./map_data.js";

const PERIOD = 12000;
const LONGEST = 120000;

export const poll = (places, settings) => {
  let since = settings.version;
  let wait = PERIOD;
  let timer = 0;

  const ask = async () => {
    const changes = await json(`${settings.changes}?sejak=${since}`);
    if (changes.baru) await renew();
    else {
      places.change(changes.tempat);
      since = changes.versi;
    }
  };

  // Too much changed to tell: the whole file anew, as the manifest names it.
  const renew = async () => {
    const now = await json(settings.manifest);
    Object.assign(settings, { version: now.versi, data: now.url, names: now.nama, needs: now.kebutuhan });
    since = now.versi;
    places.become(new Places(await json(now.url)).from(settings));
  };

  const turn = async () => {
    if (document.hidden) return;
    wait = await ask().then(() => PERIOD, () => Math.min(LONGEST, 2 * wait));
    timer = setTimeout(turn, wait);
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) turn();
  });
  timer = setTimeout(turn, 1000);
};
