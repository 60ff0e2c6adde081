"""Borders of areas: given ones replace what the map guessed."""

from django.db import transaction

from ksbb.core import audit
from locations import boundaries
from locations.models import Boundary


@transaction.atomic
def replace(rows, report, now, by=None):
    """Keep the borders of `rows` ({Kemendagri code: GeoJSON in degrees}) and draw all outlines anew.

    None for a GeoJSON withdraws what was given; borders of other areas stay. The report counts what is new, changed
    (withdrawn too) or the same; nothing happens when all are the same.
    """
    kept = dict(Boundary.objects.filter(geometry__isnull=False).values_list("area_id", "geometry"))
    report.same = sum(kept.get(code) == table for code, table in rows.items())
    report.new = sum(code not in kept for code, table in rows.items() if table)
    report.changed = len(rows) - report.same - report.new
    if not report.new + report.changed:
        return
    given = {code: table for code, table in {**kept, **rows}.items() if table}
    outlines = boundaries.drawn(given) if given else {}
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create(
        Boundary(area_id=code, geometry=given.get(code), outline=outlines.get(code), changed_at=now)
        for code in sorted(given.keys() | outlines.keys())
    )
    audit.record("boundaries.replaced", report.file, by=by, now=now, new=report.new, changed=report.changed)
