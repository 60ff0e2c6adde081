"""The figures, breakdowns and addresses of one choice of programme and days, as the charts of `/transparansi/` ask."""

from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import figures as numbers
from ksbb import charts
from ksbb.templatetags.formats import day, day_range
from programs.models import NeedPeriod
from programs.reference import rows as fixture

BASES = {"komitmen.total": "committed", "tersalurkan.total": "delivered"}


class Dashboard:
    """Totals and breakdowns of the chosen programme and days, and where each leads."""

    def __init__(self, given):
        self.program, self.until, self.since = given.get("program"), given.get("sampai"), given.get("dari")
        self.today = timezone.localdate()
        self.as_of = self.until or self.today
        self.totals = numbers.totals(self.until, self.since, self.program)

    def breakdown(self, per):
        return numbers.breakdown(per, self.until, self.since, self.program)

    def delivered_by_city(self):
        return numbers.delivered_by_city(self.until, self.since, self.program)

    @cached_property
    def equity(self):
        return numbers.equity(self.until, self.program)

    def published(self):
        """Return (day, basis, amount) of the totals that the city published itself."""
        for row in fixture("published_totals"):
            if row["figure"] in BASES and (self.program is None or row["program"] in ("", self.program.slug)):
                yield date.fromisoformat(row["as_of"]), BASES[row["figure"]], int(row["value"])

    # --- Where a figure leads -----------------------------------------------------------------------------------------
    def address(self, name, *args, **more):
        """Return an address that carries programme and days along, and `more` parameters; None leaves one out."""
        query = {"program": self.program and self.program.slug, "dari": self.since, "sampai": self.until, **more}
        text = urlencode({key: value for key, value in query.items() if value}, doseq=True)
        return reverse(name, args=args) + (f"?{text}" if text else "")

    def rows(self, **more):
        """Return the page that lists the collaborations behind a figure."""
        return self.address("collaborations", **more)

    def span(self, first, step):
        """Return the page that lists what was promised, accepted or received in `step` days from `first` on."""
        last = first + timedelta(days=step - 1)
        since = max(first, self.since) if self.since else first
        return self.rows(dari=since, sampai=min(last, self.until) if self.until else last)

    def places(self, **more):
        """Return the page that lists the places whose needs were open on the chosen day."""
        return self.address("locations", dari=None, sampai=None, periode=self._periods, **more)

    def places_in_class(self, index):
        """Return the list of the places of one class of fulfilment; of an earlier day, of all places of its periods."""
        if self._is_past:
            return self.places()
        return self.places(terpenuhi_min=str(10 * index), terpenuhi_maks="" if index == 10 else str(10 * index + 9))

    @property
    def _is_past(self):
        return bool(self.until) and self.until < self.today

    @cached_property
    def _periods(self):
        """The periods that were open at the end of an earlier day; nothing for today, whose periods are the default."""
        if not self._is_past:
            return []
        return list(NeedPeriod.objects.open_on(self.until).newest_first().values_list("slug", flat=True))

    # --- Packing ------------------------------------------------------------------------------------------------------
    def chart(self, slug, name, unit, head, entries, *, about, finding="", says="", per="", csv="", **more):
        """Return a chart with what every chart carries: day, definition, file, and the sentence to quote."""
        return charts.chart(
            slug,
            name,
            unit,
            head,
            entries,
            title=finding,
            as_of=self.as_of,
            version=numbers.DEFINITION_VERSION,
            definition=f"{reverse('definitions')}#{about}",
            csv=csv or self.address("dataset", "angka", "csv", per=per),
            quote=self._quote(slug, name, says),
            **more,
        )

    def _quote(self, slug, name, says):
        """Return a sentence that stays true: what, of which programme and days, by which definition, and where."""
        words = {
            "name": name,
            "says": says,
            "program": self.program.name if self.program else _("semua program"),
            "days": day_range(self.since, self.as_of) if self.since else _("per %s") % day(self.as_of),
            "version": numbers.DEFINITION_VERSION,
            "url": f"{settings.SITE_URL}{self.address('figures', sampai=self.as_of)}#{slug}",
        }
        return _("%(name)s. %(says)s KSBB, %(program)s, %(days)s (definisi versi %(version)s). %(url)s") % words
