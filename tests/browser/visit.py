"""A visitor: one browser page that writes down whatever a page does wrong."""

from axe_playwright_python.sync_playwright import Axe

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What axe found in order it need not describe: that takes longer than to find it.
RULES = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
HEIGHT = 800
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visit:
    """Opens pages of one portal at one width; `problems` collects console errors, policy violations, exceptions."""

    def __init__(self, browser, url, width=1280, javascript=True, **options):
        self.url, self.javascript, self.problems, self.expected = url, javascript, [], []
        size = {"width": width, "height": HEIGHT}
        self.context = browser.new_context(
            viewport=size, java_script_enabled=javascript, base_url=url, locale="id-ID", **options
        )
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))

    def _heard(self, message):
        foreign = message.location.get("url", "").startswith("http") and not message.location["url"].startswith(
            self.url
        )
        if message.type == "error" and not foreign:
            self.problems.append(f"{message.location.get('url', '')}: {message.text}")

    def open(self, path, status=200):
        """Go to a path and hold its status; a page that is meant to be an error may say so in the console."""
        answer = self.page.goto(path)
        assert answer.status == status, f"{path}: {answer.status}"
        if status >= 400:
            self.expect(f"status of {status}")
        return self.page

    def expect(self, text):
        """Allow a message that the test means to provoke."""
        self.expected.append(text)

    def accessibility_faults(self):
        """Return axe's findings on the page as it stands, one line for each element; axe itself needs JavaScript."""
        assert self.javascript
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def overflow(self, *widths):
        """Return how many pixels the page is wider than its window, or at most than windows of these widths."""
        if not widths:
            return self.page.evaluate(OVERFLOW)
        return max(self._overflow_at(width) for width in widths)

    def _overflow_at(self, width):
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        return self.overflow()

    def close(self):
        """Close the browser's window and return what went wrong and was not expected."""
        self.context.close()
        return [problem for problem in self.problems if not any(text in problem for text in self.expected)]
