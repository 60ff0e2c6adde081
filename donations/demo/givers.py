"""Who gives in the demo: four givers that the sources name, the named aggregators, and invented ones."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

from django.utils.text import slugify

from donations.models import (
    Aggregator,
    Attribution,
    Category,
    Collaborator,
    ContractKind,
    CostLimit,
    Giver,
    Licence,
)
from donations.models.collaborator import NOBODY
from locations.models import Area, AreaLevel
from programs.models import Program

from . import names
from .plan import FOOD

START = datetime(2020, 4, 23, tzinfo=UTC)
PRESS = "siaran pers 1255/SP-HMS/05/2020"
# What the sources say of each, and nothing else. (name, category, about, slug)
NAMED = [
    ("JNE", Category.BUSINESS, f"Menyerahkan Rp 1 miliar kepada BAZNAS/BAZIS DKI ({PRESS}); 954 sembako untuk RW 05 "
     "Ragunan disalurkan 21 Mei 2020 (m.beritajakarta.id/read/79842).", "jne"),
    ("PGRI SMP Jakarta", Category.CIVIL, f"Menyerahkan Rp 545 juta kepada BAZNAS/BAZIS DKI ({PRESS}).",
     "pgri-smp-jakarta"),
    ("Asosiasi Museum Indonesia DKI", Category.CIVIL, f"Menyerahkan Rp 20 juta kepada ACT ({PRESS}).",
     "asosiasi-museum-indonesia-dki"),
    ("BBN", Category.BUSINESS, f"Sekitar 600 sembako untuk warga Gang Pasar Kedip, Kebayoran Lama ({PRESS}). "
     "Kategorinya pilihan kami.", "bbn"),
]  # fmt: skip
ROLE = f"Disebut sebagai agregator KSBB dalam {PRESS}."
SILENT = "Kinerja lain dan izinnya tidak dimuat di demo ini."
AGGREGATORS = [
    ("ACT", Category.CIVIL, f"{ROLE} Historis: izin pengumpulan sumbangannya dicabut pada 2022 dan portal ini tidak "
     "menerima dana untuknya.", "act"),
    ("BAZNAS/BAZIS DKI", Category.GOVERNMENT, f"{ROLE} {SILENT}", "baznas-bazis-dki"),
    ("Human Initiative", Category.CIVIL, f"{ROLE} {SILENT}", "human-initiative"),
    ("PMI DKI", Category.CIVIL, f"{ROLE} {SILENT}", "pmi-dki"),
    ("Rumah Zakat", Category.CIVIL, f"{ROLE} {SILENT}", "rumah-zakat"),
    ("Dompet Dhuafa", Category.CIVIL, "Menurut Dompet Dhuafa: 5.954 penerima manfaat di 32 kecamatan dan 69 kelurahan "
     f"(webinar CoHive, Mei 2020). {SILENT}", "dompet-dhuafa"),
]  # fmt: skip
# Invented partners: (name, areas, programmes, years that the licence is valid on from this one)
PARTNERS = [
    ("Lembaga Amil Contoh Sejahtera", (), (), 2),
    ("Lembaga Amil Contoh Bahari", ("31.01", "31.72"), ("pangan",), 1),
    ("Lembaga Amil Contoh Cendekia", (), ("pendidikan", "umkm"), 2),
    ("Lembaga Amil Contoh Lama", (), ("pangan",), -1),
]
COST_LIMITS = {ContractKind.ZAKAT: 1250, ContractKind.INFAK: 2000, ContractKind.CSR: 1000, ContractKind.GENERAL: 1000}
# As of 26 November 2020 (Poskota, 2 December 2020).
FINAL = {
    Category.BUSINESS: 103,
    Category.GOVERNMENT: 18,
    Category.CIVIL: 53,
    Category.FOREIGN: 13,
}
PERSONS = 35
ANONYMOUS = (5, 17, 29)  # which of the persons gave without a name


@dataclass
class Givers:
    """The faces of everybody who gives, in the order in which they appear."""

    institutions: list = field(default_factory=list)
    persons: list = field(default_factory=list)
    named: dict = field(default_factory=dict)
    aggregators: dict = field(default_factory=dict)

    def partner_for(self, package):
        """Return the invented aggregator that carries out promises of a package in 2020."""
        return self.aggregators[f"lembaga-amil-contoh-{'sejahtera' if package in FOOD else 'cendekia'}"]


def build(store, chance, today):
    """Return the Givers, waiting in `store`."""
    givers = Givers()
    for row in NAMED:
        givers.named[row[3]] = _face(store, *row, fictional=False)
    for row in AGGREGATORS:
        givers.aggregators[row[3]] = store.add(Aggregator(collaborator=_face(store, *row, fictional=False)))
    for partner in PARTNERS:
        _partner(store, givers, partner, today)
    taken, named = set(), dict(_by_category(givers.named.values()))
    for category in order_of_appearance():
        known = named.get(category)
        givers.institutions.append(known.pop(0) if known else _institution(store, category, chance, taken))
    givers.persons = [_person(store, number, chance, taken) for number in range(PERSONS)]
    return givers


def _by_category(faces):
    for category in FINAL:
        yield category, [face for face in faces if face.category == category]


def order_of_appearance():
    """Return the institutions' categories such that each is at its final share all the time."""
    places = [((n + 0.5) / count, category) for category, count in FINAL.items() for n in range(count)]
    return [category for _place, category in sorted(places)]


def _face(store, name, category, about, slug, *, fictional, attribution=Attribution.NAMED):
    giver = store.add(Giver(created_at=START))
    return store.add(
        Collaborator(
            giver=giver,
            slug=slug,
            name=name,
            category=category,
            attribution=attribution,
            about=about,
            is_fictional=fictional,
        )
    )


def _free(make, taken):
    while (name := make()) in taken:
        pass
    taken.add(name)
    return name


def _institution(store, category, chance, taken):
    name = _free(partial(names.organisation, category, chance), taken)
    return _face(store, name, category, "", slugify(name), fictional=True)


def _person(store, number, chance, taken):
    if number in ANONYMOUS:
        slug = f"hamba-allah-contoh-{number}"
        return _face(store, NOBODY, Category.PERSON, "", slug, fictional=True, attribution=Attribution.ANONYMOUS)
    name = _free(lambda: f"Warga Contoh {names.person(chance)}", taken)
    return _face(store, name, Category.PERSON, "", slugify(name), fictional=True)


def _partner(store, givers, partner, today):
    name, _areas, _programs, years = partner
    face = _face(store, name, Category.CIVIL, "Mitra rekaan untuk peragaan.", slugify(name), fictional=True)
    note = "Contoh: setor ke rekening rekaan 000-000-000 dan tulis nomor rujukan Anda."
    aggregator = store.add(Aggregator(collaborator=face, account_note=note))
    givers.aggregators[face.slug] = aggregator
    licence = store.add(
        Licence(
            aggregator=aggregator,
            number=f"CONTOH-{len(givers.aggregators):03d}/2020",
            kind="Izin lembaga amil (rekaan)",
            issuer="Kementerian Contoh",
            valid_from=date(2020, 1, 1),
            valid_until=date(today.year + years, 12, 31),
        )
    )
    for contract, points in COST_LIMITS.items():
        store.add(CostLimit(licence=licence, contract=contract, basis_points=points))


def link_partners(officer):
    """Tell where and in which programmes the partners work, and who is the first one's officer; after the flush."""
    cities = list(Area.objects.filter(level=AreaLevel.CITY))
    running = list(Program.objects.filter(packages__isnull=False).distinct())
    for name, areas, programs, _years in PARTNERS:
        aggregator = Aggregator.objects.get(collaborator__slug=slugify(name))
        aggregator.areas.set([area for area in cities if not areas or area.code in areas])
        aggregator.programs.set([program for program in running if not programs or program.slug in programs])
    Aggregator.objects.get(collaborator__slug=slugify(PARTNERS[0][0])).officers.add(officer)
