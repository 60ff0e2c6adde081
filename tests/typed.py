"""What a browser without scripts would send from a page: every control of a form as it stands there."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """Collects name → value of one form's controls, and (name, value, formaction) of its buttons."""

    def __init__(self, text, form_id):
        super().__init__()
        self.form_id, self.inside, self.fields, self.buttons = form_id, False, {}, []
        self.action, self.select, self.textarea = "", None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form" and found.get("id") == self.form_id:
            self.inside, self.action = True, found.get("action", "")
        if self.inside and hasattr(self, f"_{tag}"):
            getattr(self, f"_{tag}")(found)

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"
        if tag in ("select", "textarea"):
            setattr(self, tag, None)

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea] += data.removeprefix("\n")

    def _input(self, found):
        ticked = found.get("type") not in ("radio", "checkbox") or "checked" in found
        if ticked and found.get("name"):
            self.fields[found["name"]] = found.get("value", "")

    def _textarea(self, found):
        self.textarea = found["name"]
        self.fields[self.textarea] = ""

    def _select(self, found):
        self.select = found["name"]

    def _option(self, found):
        if "selected" in found or self.select not in self.fields:
            self.fields[self.select] = found.get("value", "")

    def _button(self, found):
        self.buttons.append((found.get("name"), found.get("value"), found.get("formaction")))
