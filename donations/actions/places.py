"""Places: entered, verified level by level by different people, published, marked as priority."""

from itertools import chain, count

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from donations.errors import Refused, Stale
from donations.models import ContactPerson
from ksbb.core import audit
from ksbb.core.crypto import encrypt, link_hash, private_link
from ksbb.core.models import AuditEntry
from locations.models import Location, Verification, VerificationLevel

LEVELS = list(VerificationLevel.values)


def code_for(area, name, rw):
    """Return a new place's stable code, never one in use: `3174051006-rw03` for an RW, else `<kelurahan>-<slug>`."""
    base = f"{area.code.replace('.', '')}-" + (f"rw{rw:02d}" if rw else slugify(name)[:50] or "lokasi")
    taken = set(Location.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in chain([base], (f"{base}-{n}" for n in count(2))) if code not in taken)


@transaction.atomic
def add(*, location, now, by):
    """Enter a place (an unsaved Location): unpublished and unchecked, until somebody else has verified it."""
    location.code = code_for(location.area, location.name, location.rw)
    location.published, location.verified_at, location.verified_level = False, None, VerificationLevel.PROPOSED
    location.created_by = by
    location.save(force_insert=True)
    audit.record("location.added", location.code, by=by, now=now)


def edit(*, location, changes, version, now, by):
    """Change what a place says about itself (`changes`: field → value), as seen with `version`, else Stale."""
    location.version = version
    _change(location, by=by, now=now, kind="location.changed", **changes)


@transaction.atomic
def verify(*, location, level, now, by, note=""):
    """Record that `by` checked a place at `level`. Levels come in order; nobody checks what she made or checked before,
    nor what she changed since it was last checked.

    A fresh check at a level already reached renews its date.
    """
    reached = location.verified_level if location.verified_at else VerificationLevel.PROPOSED
    if LEVELS.index(level) > LEVELS.index(reached) + 1:
        raise Refused(_("Tingkat sebelumnya belum memeriksa lokasi ini."), field="level")
    if level == VerificationLevel.PROPOSED:
        raise Refused(_("Usulan bukan pemeriksaan."), field="level")
    below = location.verifications.exclude(level=level).order_by("-at", "-pk").first()
    if location.created_by_id == by.pk or (below and below.by_id == by.pk) or _has_changed(location, by):
        raise Refused(_("Yang mengusulkan atau memeriksa sebelumnya tidak boleh memeriksa lagi."), field="level")
    step = Verification.objects.create(location=location, level=level, at=now, by=by, note=note)
    _change(location, by=by, now=now, kind="location.verified", verified_level=level, verified_at=now)
    return step


def _has_changed(location, by):
    """Tell whether somebody has changed what a place says since it was last checked."""
    changes = AuditEntry.objects.filter(kind="location.changed", subject=location.code, by=by.get_username())
    return (changes.filter(at__gte=location.verified_at) if location.verified_at else changes).exists()


def publish(*, location, published, now, by):
    """Show a place to the public, or take it from view; only a verified place is shown."""
    if published and not location.verified_at:
        raise Refused(_("Lokasi ini belum diperiksa siapa pun."), field="published")
    kind = "location.published" if published else "location.hidden"
    _change(location, by=by, now=now, kind=kind, published=published)


def mark_priority(*, location, is_priority, now, by):
    """Mark a place as *prioritas*, or take the mark away (Pokja's decision)."""
    kind = "location.prioritised" if is_priority else "location.unprioritised"
    _change(location, by=by, now=now, kind=kind, is_priority=is_priority)


@transaction.atomic
def _change(location, *, by, now, kind, **changes):
    rows = Location.objects.filter(pk=location.pk, version=location.version)
    if not rows.update(version=F("version") + 1, **changes):
        raise Stale(_("Lokasi ini baru saja diubah orang lain. Muat ulang, lalu periksa perbedaannya."))
    audit.record(kind, location.code, by=by, now=now, fields=sorted(changes))
    location.refresh_from_db()


@transaction.atomic
def set_contact(*, location, name, now, by, phone="", email="", role="Ketua RW"):
    """Set the person in charge of a place; her former link becomes void. Returns the ContactPerson."""
    contact, new = ContactPerson.objects.get_or_create(location=location)
    contact.role = role
    contact.name_cipher, contact.phone_cipher, contact.email_cipher = map(encrypt, (name, phone, email))
    contact.link_generation += not new
    contact.link_hash = link_hash(private_link("contact", contact.pk, contact.link_generation))
    contact.save()
    audit.record("contact.set", location.code, by=by, now=now)
    return contact


@transaction.atomic
def pause(*, contact, until, now):
    """The person in charge says *cukup dulu*: no new promises until a date (None lifts it)."""
    ContactPerson.objects.filter(pk=contact.pk).update(paused_until=until)
    contact.paused_until = until
    audit.record("location.paused" if until else "location.resumed", contact.location.code, now=now)
