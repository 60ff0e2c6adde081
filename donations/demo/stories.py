"""About thirty promises of single visitors, in every state, each made by the same actions as everybody's."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.db.models import F

from donations.actions import commitments, deliveries, funds, needs, periods, promises
from donations.actions.deliveries import Count
from donations.actions.givers import GiverDetails
from donations.actions.ledger import wib_day
from donations.models import Aggregator, Attribution, Category, Collaborator, ContractKind
from locations.models import Location, Need
from programs.models import NeedPeriod, PackageType

from . import names
from .book import moment

PATHS = {
    "diajukan": (),
    "terdaftar": ("register",),
    "terkonfirmasi": ("register", "accept"),
    "dikirim": ("register", "accept", "send"),
    "diterima": ("register", "accept", "send", "receive"),
    "diterima-sebagian": ("register", "accept", "send", "receive_badly"),
    "selesai": ("register", "accept", "send", "receive", "complete"),
    "dibatalkan": ("register", "accept", "cancel"),
    "ditolak": ("register", "reject"),
    "kedaluwarsa": ("expire",),
}
# (package, how many, where it ends)
TALES = (
    ("sembako", 5, "diajukan"),
    ("sembako", 10, "diajukan"),
    ("siap-saji", 20, "diajukan"),
    ("smartphone", 2, "diajukan"),
    ("pelatihan", 1, "diajukan"),
    ("sembako", 4, "terdaftar"),
    ("sembako", 60, "terdaftar"),
    ("siap-saji", 12, "terdaftar"),
    ("laptop", 1, "terdaftar"),
    ("sarana", 1, "terdaftar"),
    ("penghijauan", 1, "terdaftar"),
    ("sembako", 6, "terkonfirmasi"),
    ("sembako", 15, "terkonfirmasi"),
    ("tablet", 3, "terkonfirmasi"),
    ("sanitasi", 1, "terkonfirmasi"),
    ("pinjaman-modal", 1, "terkonfirmasi"),
    ("sembako", 8, "dikirim"),
    ("siap-saji", 25, "dikirim"),
    ("smartphone", 3, "dikirim"),
    ("sembako", 5, "diterima"),
    ("pelatihan", 1, "diterima"),
    ("sembako", 12, "diterima-sebagian"),
    ("siap-saji", 18, "diterima-sebagian"),
    ("sembako", 3, "selesai"),
    ("sarana-lingkungan", 1, "selesai"),
    ("sembako", 7, "kedaluwarsa"),
    ("sembako", 9, "dibatalkan"),
    ("siap-saji", 14, "ditolak"),
)
SHOWN_LACKING = "31.74.05"  # Kebayoran Lama, which the demo's script uses: its RW lack much in every week
ATTRIBUTION = {1: Attribution.ANONYMOUS, 12: Attribution.ANONYMOUS, 7: Attribution.ALIAS}  # of the n-th promise
WHATSAPP = (4, 9, 16)  # the promises whose contact is a number
SOON = timedelta(minutes=45)
LATE = ("terkonfirmasi", "dikirim")
GIFT = 20_000_000  # the rupiah of the demo's own example


def tell(period, now, staff, chance):
    """Make the week's promises of single visitors; those of last week that are late only when that week is new."""
    Teller(period, now, staff, chance).tell()


@dataclass
class Teller:
    """Leads promises through their lives, with moments between the week's beginning and now."""

    period: NeedPeriod
    now: object
    staff: object
    chance: object

    def __post_init__(self):
        self.numbers = count(1)
        self.made = []

    def tell(self):
        """Tell every tale; the invented givers are marked as such."""
        for package, quantity, end in TALES:
            self._tale(self._need(package, quantity), quantity, end)
        self._late_ones()
        self._money()
        Collaborator.objects.filter(commitments__in=self.made).update(is_fictional=True)

    def _need(self, package, quantity):
        """Return a need of this week of which enough is left, away from the places that the demo's script uses."""
        fitting = Need.objects.open().filter(period=self.period, package__slug=package)
        fitting = fitting.filter(reserved__lte=F("quantity") - quantity)
        fitting = fitting.exclude(location__area__code__startswith=SHOWN_LACKING)
        chosen = self.chance.choice(list(fitting.order_by("pk").values_list("pk", flat=True)))
        return Need.objects.select_related("location", "package__statement", "package_version").get(pk=chosen)

    def _giver(self):
        n = next(self.numbers)
        contact = f"0811000{8000 + n:05d}" if n in WHATSAPP else f"warga{n}.{self.period.slug}@contoh.id"
        name = f"Warga Contoh {names.person(self.chance)}"
        return GiverDetails(contact, name, Category.PERSON, ATTRIBUTION.get(n, Attribution.NAMED), "Tetangga Contoh")

    def _tale(self, need, quantity, end):
        steps = PATHS[end]
        span = min(self.now - moment(self.period.starts_on, 0), timedelta(hours=30 if steps else 5))
        moments = [self.now - span * (len(steps) + 1 - n) / (len(steps) + 2) for n in range(len(steps) + 1)]
        # Whoever proves her contact does so soon: large promises are held for two hours only.
        commitment = self._promise(need, quantity, max(moments[0], moments[1] - SOON) if steps else moments[0])
        for step, at in zip(steps, moments[1:], strict=True):
            getattr(self, f"_{step}")(commitment, at)

    def _promise(self, need, quantity, at):
        day = wib_day(at)
        commitment = promises.promise(
            lines={need.pk: quantity},
            giver=self._giver(),
            terms=promises.PromiseTerms(
                window_start=day, window_end=day + timedelta(days=6), statements=(need.package.statement,)
            ),
            key=f"demo-{self.period.slug}-{len(self.made)}",
            now=at,
        )
        self.made.append(commitment.pk)
        return commitment

    # --- Steps --------------------------------------------------------------------------------------------------------
    def _register(self, commitment, at):
        by_staff = self.staff.task_force if commitment.contact_channel == "whatsapp" else None
        commitments.register(commitment=commitment, now=at, by=by_staff)

    def _accept(self, commitment, at):
        ahead = 0 if wib_day(at) < wib_day(self.now) else self.chance.randint(1, 3)
        by_staff = self.staff.task_force if commitment.needs_review else None
        commitments.accept(commitment=commitment, date=wib_day(at) + timedelta(days=ahead), now=at, by=by_staff)

    def _send(self, commitment, at):
        commitments.send(commitment=commitment, now=at)

    def _receive(self, commitment, at, losses=(0, 0)):
        line = commitment.lines.select_related("need__location").get()
        damaged, short = losses
        deliveries.record_delivery(
            commitment=commitment,
            location=line.need.location,
            counts={line.pk: Count(line.quantity - damaged - short, damaged, short)},
            delivered_at=at,
            now=at,
            receiver=names.person(self.chance),
            receiver_role="Ketua RW" if line.need.location.rw else "Pengurus",
            thanks="Terima kasih dari warga kami.",
        )

    def _receive_badly(self, commitment, at):
        self._receive(commitment, at, losses=self.chance.choice(((1, 0), (0, 2), (1, 1))))

    def _complete(self, commitment, at):
        commitments.complete(commitment=commitment, now=at, by=self.staff.task_force)

    def _cancel(self, commitment, at):
        commitments.cancel(commitment=commitment, reason="Pemberi berhalangan minggu ini.", now=at)

    def _reject(self, commitment, at):
        commitments.reject(
            commitment=commitment, reason="Sudah ada dapur umum minggu ini.", now=at, by=self.staff.task_force
        )

    def _expire(self, commitment, at):
        commitments.expire(commitment=commitment, now=at)

    # --- Last week ----------------------------------------------------------------------------------------------------
    def _late_ones(self):
        """Two promises of last week are four days past their date: accepted, sent, and not counted yet."""
        before = self.now - timedelta(days=7)
        period, new = periods.open_week(now=before)
        if not new:
            return
        package = PackageType.objects.get(slug="sembako")
        places = Location.objects.public().filter(rw__isnull=False, is_priority=True)
        places = places.exclude(area__code__startswith=SHOWN_LACKING)
        for place, end in zip(self.chance.sample(list(places.order_by("pk")), len(LATE)), LATE, strict=True):
            need = needs.publish_need(location=place, package=package, period=period, quantity=60, now=before)
            need.package = package
            commitment = self._promise(need, 10, before + timedelta(minutes=5))
            self._register(commitment, before + timedelta(minutes=20))
            day = wib_day(self.now) - timedelta(days=5)
            commitments.accept(commitment=commitment, date=day, now=before + timedelta(minutes=40))
            if end == "dikirim":
                self._send(commitment, before + timedelta(hours=3))
        periods.open_week(now=self.now)

    # --- Money --------------------------------------------------------------------------------------------------------
    def _money(self):
        """One gift of Rp 20.000.000 has arrived and paid for a place's sembako; another is only promised."""
        partner = Aggregator.objects.get(collaborator__slug="lembaga-amil-contoh-sejahtera")
        start = self.now - min(self.now - moment(self.period.starts_on, 0), timedelta(hours=30))
        step = (self.now - start) / 6
        first, _second = (self._pledge(partner, amount, start + step) for amount in (GIFT, 3_000_000))
        funds.receive(contribution=first, amount=GIFT, now=start + 2 * step, by=self.staff.officer)
        first.refresh_from_db()
        need = self._need("sembako", 40)
        commitment = promises.enter_confirmed(
            lines={need.pk: 40},
            collaborator=first.collaborator,
            aggregator=partner,
            scheduled_on=wib_day(self.now) + timedelta(days=1),
            now=start + 3 * step,
            by=self.staff.task_force,
        )
        self.made.append(commitment.pk)
        line = commitment.lines.select_related("commitment").get()
        price = need.package_version.reference_price
        funds.use(contribution=first, line=line, amount=40 * price, now=start + 4 * step, by=self.staff.officer)

    def _pledge(self, partner, amount, at):
        contribution = funds.pledge(
            giver=self._giver(),
            aggregator=partner,
            amount=amount,
            contract=ContractKind.GENERAL,
            now=at,
            reference=funds.new_reference(),
        )
        Collaborator.objects.filter(pk=contribution.collaborator_id).update(is_fictional=True)
        return contribution
