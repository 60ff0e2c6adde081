"""A cheap phone in a crowded network: slow 4G and a four times slower processor, as Chromium emulates them."""

from dataclasses import dataclass

ROUND_TRIP = 562  # milliseconds for each request
BYTES_PER_SECOND = 1_440_000 / 8
SLOWDOWN = 4

WATCH = """
window.seen = {lcp: 0, shift: 0, tasks: []};
const watch = (type, take) => {
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({type, buffered: true});
};
watch("largest-contentful-paint", (entry) => { window.seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) window.seen.shift += entry.value; });
watch("longtask", (entry) => window.seen.tasks.push([entry.startTime, entry.duration]));
// What a page says of itself is heard from its console: whoever asks again and again works on its one thread too.
watch("mark", (entry) => console.debug(`mark ${entry.name}`));
// Total blocking time: what tasks take above 50 milliseconds once something is to be seen.
window.blocking = () => {
  const seen = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const tasks = window.seen.tasks.map(([start, took]) => Math.min(took, start + took - seen));
  return tasks.reduce((sum, took) => sum + Math.max(0, took - 50), 0);
};
"""


@dataclass(frozen=True)
class Weight:
    """What one opening of a page cost: bytes over the wire, requests, and what the person felt, in milliseconds."""

    size: int
    requests: int
    lcp: float
    shift: float
    blocking: float


class SlowPhone:
    """One window of such a phone with an empty cache; `visit` is a `tests.browser.visit.Visit`."""

    def __init__(self, visit):
        self.page, self.answers = visit.page, {}
        self.page.set_default_timeout(120_000)  # it is slow
        session = visit.context.new_cdp_session(self.page)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        limits = {"latency": ROUND_TRIP, "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
        session.send("Network.emulateNetworkConditions", {"offline": False, **limits})
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        self.page.add_init_script(WATCH)

    def _finished(self, event):
        self.answers[event["requestId"]] = event["encodedDataLength"]

    def open(self, path):
        """Open a page, wait until nothing moves any more, and return its Weight."""
        self.answers.clear()
        self.page.goto(path, wait_until="networkidle")
        return self.weight()

    def until(self, path, mark):
        """Open a page and return once it set the performance mark of this name."""
        with self.page.expect_console_message(lambda message: message.text == f"mark {mark}"):
            self.page.goto(path)

    def weight(self):
        """Return what the page cost until now."""
        seen = self.page.evaluate("({...window.seen, blocking: window.blocking()})")
        size = int(sum(self.answers.values()))
        return Weight(size, len(self.answers), seen["lcp"], seen["shift"], seen["blocking"])
