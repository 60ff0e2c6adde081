"""Rows for tests: plain functions with sensible defaults, each making what it needs when it is not given.

Everything that moves a counter goes through `donations.actions`, so that counters, lines and ledger always agree.
"""

from datetime import date, timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone

from donations.actions import commitments, complaints, deliveries, funds, givers, needs, places, promises
from donations.actions.ledger import wib_day
from donations.models import Aggregator, Attribution, Category, Collaborator, CostLimit, Giver, Licence
from locations.models import Area, Location, LocationKind, VerificationLevel
from programs.models import NeedPeriod, PackageType, PackageVersion, Program, ProgramStatus, Statement

_numbers = count(1)


def number():
    """Return a number no other call returned."""
    return next(_numbers)


def user(name="", **fields):
    """A member of staff."""
    fields = {"is_staff": True, **fields}
    return get_user_model().objects.create_user(name or f"staf{number()}", password="rahasia-sekali", **fields)


# --- Reference --------------------------------------------------------------------------------------------------------
AREAS = {
    "31": ("provinsi", "DKI Jakarta"),
    "31.74": ("kota", "Kota Administrasi Jakarta Selatan"),
    "31.74.05": ("kecamatan", "Kebayoran Lama"),
    "31.74.05.1001": ("kelurahan", "Kebayoran Lama Selatan"),
    "31.74.05.1006": ("kelurahan", "Kebayoran Lama Utara"),
    "31.74.04": ("kecamatan", "Pasar Minggu"),
    "31.74.04.1004": ("kelurahan", "Ragunan"),
    "31.71": ("kota", "Kota Administrasi Jakarta Pusat"),
    "31.71.01": ("kecamatan", "Gambir"),
    "31.71.01.1001": ("kelurahan", "Gambir"),
}


def area(code="31.74.05.1006"):
    """One of AREAS, with the areas above it."""
    if found := Area.objects.filter(code=code).first():
        return found
    level, name = AREAS[code]
    parent = area(code.rpartition(".")[0]) if "." in code else None
    point = {"latitude": "-6.24420", "longitude": "106.77830"}
    return Area.objects.create(code=code, level=level, name=name, parent=parent, **point)


def kind(slug="rw", name="RW", houses_children=False):
    fields = {"name": name, "houses_children": houses_children}
    return LocationKind.objects.get_or_create(slug=slug, defaults=fields)[0]


def program(slug="pangan", name="Pangan", status=ProgramStatus.RUNNING):
    fields = {"name": name, "status": status, "summary": "Bahan makanan untuk keluarga rentan."}
    return Program.objects.get_or_create(slug=slug, defaults=fields)[0]


def statement(slug="makanan", version=1):
    points = "Bersih dan higienis.\nHalal.\nMasa simpan cukup.\nTanpa lambang politik."
    fields = {"title": "Pernyataan makanan", "points": points}
    return Statement.objects.get_or_create(slug=slug, version=version, defaults=fields)[0]


def package(slug="sembako", price=200_000, *, kind="barang", of=None, with_statement=None, name=""):
    """A package type with one version; `of` is its programme."""
    if found := PackageType.objects.filter(slug=slug).first():
        return found
    made = PackageType.objects.create(
        slug=slug,
        program=of or program(),
        name=name or slug.replace("-", " ").capitalize(),
        kind=kind,
        statement=with_statement or statement(),
    )
    PackageVersion.objects.create(
        package=made,
        valid_from=date(2020, 4, 24),
        reference_price=price,
        unit_rule="1 paket untuk 1 keluarga",
        contents="Beras 5 kg\nMinyak goreng 1 liter",
    )
    return made


def period(starts_on=None, *, now=None):
    """The open week of `now`, or of another Monday."""
    today = wib_day(now or timezone.now())
    monday = starts_on or today - timedelta(days=today.weekday())
    fields = {"name": "", "starts_on": monday, "ends_on": monday + timedelta(days=6)}
    return NeedPeriod.objects.get_or_create(slug=monday.isoformat(), defaults=fields)[0]


# --- Places and needs -------------------------------------------------------------------------------------------------
def location(rw=None, *, within="31.74.05.1006", of_kind=None, published=True, **fields):
    """A published, verified RW (or a place of another kind)."""
    rw = rw or number()
    home, is_rw = area(within), of_kind is None
    code = within.replace(".", "") + (f"-rw{rw:02d}" if is_rw else f"-{of_kind.slug}-{rw}")
    fields = {
        "name": f"RW {rw:02d} {home.name}" if is_rw else f"{of_kind.name} {rw}",
        "rw": rw if is_rw else None,
        "longitude": "106.77830",
        "latitude": "-6.24420",
        "verified_at": timezone.now() - timedelta(days=1),
        "verified_level": VerificationLevel.TASK_FORCE,
        **fields,
    }
    return Location.objects.create(code=code, kind=of_kind or kind(), area=home, published=published, **fields)


def need(quantity=10, *, at=None, of=None, during=None, now=None):
    """An open need of `quantity` packages at a place, published through the ledger."""
    now = now or timezone.now()
    return needs.publish_need(
        location=at or location(), package=of or package(), period=during or period(now=now), quantity=quantity, now=now
    )


def contact(at, *, name="Ibu Sari", phone="6281234567890", email="sari@contoh.id", now=None):
    """The person in charge of a place."""
    return places.set_contact(location=at, name=name, phone=phone, email=email, now=now or timezone.now(), by=None)


# --- Promises ---------------------------------------------------------------------------------------------------------
def giver(contact="", *, name="", category=Category.PERSON, attribution=Attribution.NAMED, alias=""):
    """Who gives, as typed into the form; a new contact each time unless given."""
    n = number()
    return givers.GiverDetails(
        contact=contact or f"donatur{n}@contoh.id",
        name=name or f"Donatur {n}",
        category=category,
        attribution=attribution,
        alias=alias,
    )


def promise(of, quantity=1, *, by=None, now=None, key="", **terms):
    """A promise for one need (or for a dict of need → packages), still *diajukan*; `by` is a `giver(…)`."""
    lines = of if isinstance(of, dict) else {of: quantity}
    return promises.promise(
        lines={need.pk: packages for need, packages in lines.items()},
        giver=by or giver(),
        terms=promises.PromiseTerms(**terms),
        key=key or f"kunci-{number()}",
        now=now or timezone.now(),
    )


def registered(of, quantity=1, *, now=None, **more):
    """A promise whose contact is proved."""
    made = promise(of, quantity, now=now, **more)
    commitments.register(commitment=made, now=now or timezone.now())
    return made


def accepted(of, quantity=1, *, now=None, on=None, **more):
    """A promise that the place accepted for a date (today unless given): *komitmen*."""
    now = now or timezone.now()
    made = registered(of, quantity, now=now, **more)
    commitments.accept(commitment=made, date=on or wib_day(now), now=now, by=user() if made.needs_review else None)
    return made


def deliver(commitment, *, ok=None, damaged=0, short=0, lost=0, now=None, **more):
    """Count what arrived of a commitment's first line: all of it well, unless said otherwise. Returns the Delivery."""
    now = now or timezone.now()
    line = commitment.lines.select_related("need__location").order_by("pk").first()
    well = line.outstanding - damaged - short - lost if ok is None else ok
    return deliveries.record_delivery(
        commitment=commitment,
        location=line.need.location,
        counts={line.pk: deliveries.Count(well, damaged, short, lost)},
        delivered_at=now,
        now=now,
        **more,
    )


def delivered(of, quantity=1, **more):
    """A promise that arrived well."""
    made = accepted(of, quantity, **more)
    deliver(made, now=more.get("now"))
    made.refresh_from_db()
    return made


# --- Givers and money -------------------------------------------------------------------------------------------------
def collaborator(name="", category=Category.BUSINESS, attribution=Attribution.NAMED):
    n = number()
    owner = Giver.objects.create(created_at=timezone.now())
    return Collaborator.objects.create(
        giver=owner, slug=f"kolaborator-{n}", name=name or f"PT Contoh {n}", category=category, attribution=attribution
    )


def aggregator(name="", *, licensed=True, cost=None):
    """A distribution partner; `licensed=False`: its licence has run out; `cost`: {akad: basis points}."""
    n = number()
    made = Aggregator.objects.create(
        collaborator=collaborator(name or f"Lembaga Amil Contoh {n}", Category.CIVIL),
        account_note="Setor ke rekening contoh dan tulis nomor rujukan.",
    )
    today = wib_day(timezone.now())
    licence = Licence.objects.create(
        aggregator=made,
        number=f"IZIN-{n}",
        kind="LAZ",
        issuer="Kementerian Contoh",
        valid_from=date(2020, 1, 1),
        valid_until=today + timedelta(days=365) if licensed else today - timedelta(days=1),
    )
    for contract, points in (cost or {}).items():
        CostLimit.objects.create(licence=licence, contract=contract, basis_points=points)
    return made


def pledged(amount=20_000_000, *, to=None, by=None, contract="umum", now=None, reference="", **more):
    """Money promised to an aggregator, not yet received."""
    return funds.pledge(
        giver=by or giver(),
        aggregator=to or aggregator(),
        amount=amount,
        contract=contract,
        reference=reference or funds.new_reference(),
        now=now or timezone.now(),
        **more,
    )


def received(amount=20_000_000, **more):
    """Money that arrived at an aggregator."""
    made = pledged(amount, **more)
    funds.receive(contribution=made, amount=amount, now=more.get("now") or timezone.now(), by=user())
    made.refresh_from_db()
    return made


# --- Complaints -------------------------------------------------------------------------------------------------------
def complaint(text="Paket kami belum datang.", *, category="tidak-menerima", contact="", now=None, **about):
    """A complaint; `about` may name a location, a commitment, a page and a figure."""
    return complaints.submit(
        number=complaints.new_number(),
        category=category,
        text=text,
        subject=complaints.Subject(**about),
        contact=contact,
        now=now or timezone.now(),
    )


def answered(made=None, *, by=None, text="Sudah kami periksa.", now=None, **more):
    """A complaint that somebody took and answered."""
    made, by = made or complaint(now=now, **more), by or user()
    complaints.take(complaint=made, now=now or timezone.now(), by=by)
    complaints.answer(complaint=made, text=text, now=now or timezone.now(), by=by)
    return made
