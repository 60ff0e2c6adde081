"""What waits for staff: one definition for the landing page's counts and for the lists they lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donations.actions.ledger import wib_day
from donations.models import ContributionState
from locations.models import Need

FRESH = timedelta(days=90)
STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Task:
    """Rows of `model` (app.name) that wait for somebody; `rows(queryset, now)` picks them."""

    slug: str
    model: str
    label: str
    hint: str
    rows: Callable


def not_fresh(rows, now):
    """Return the public places with an open need that nobody has checked for ninety days."""
    stale = Q(verified_at=None) | Q(verified_at__lt=now - FRESH)
    return rows.filter(stale, Exists(Need.objects.open().filter(location=OuterRef("pk"))), published=True)


def stuck(rows, now):
    """Return the messages that should have left the house an hour ago (the demo shows them instead)."""
    return rows.none() if settings.DEMO else rows.filter(sent_at=None, created_at__lt=now - STUCK)


TASKS = [
    Task(
        "bukti",
        "donations.Commitment",
        _("Menunggu bukti WhatsApp"),
        _("Cocokkan kode dari pesan donatur."),
        lambda rows, now: rows.awaiting_proof(),
    ),
    Task(
        "periksa",
        "donations.Commitment",
        _("Menunggu pemeriksaan staf"),
        _("Besar, untuk anak, atau dari jaringan yang sudah melihat banyak kontak. Janjinya menyebut yang mana."),
        lambda rows, now: rows.awaiting_review(),
    ),
    Task(
        "hampir-habis",
        "donations.Commitment",
        _("Hampir 48 jam"),
        _("Terdaftar, batas waktunya kurang dari 12 jam lagi."),
        lambda rows, now: rows.near_end(now),
    ),
    Task(
        "beberapa-tempat",
        "donations.Commitment",
        _("Untuk beberapa tempat"),
        _("Hanya staf yang dapat menerimanya, untuk semua tempat sekaligus."),
        lambda rows, now: rows.awaiting_acceptance().for_several(),
    ),
    Task(
        "terima",
        "donations.Commitment",
        _("Menunggu diterima"),
        _("Tempat atau staf belum menyepakati tanggal."),
        lambda rows, now: rows.awaiting_acceptance(),
    ),
    Task(
        "terlambat",
        "donations.Commitment",
        _("Terlambat"),
        _("Lewat tiga hari dari tanggal yang disepakati."),
        lambda rows, now: rows.late(wib_day(now)),
    ),
    Task(
        "lewat-batas",
        "donations.Complaint",
        _("Pengaduan lewat batas"),
        _("Tujuh hari kerja sudah lewat tanpa jawaban."),
        lambda rows, now: rows.overdue(wib_day(now)),
    ),
    Task(
        "pengaduan",
        "donations.Complaint",
        _("Pengaduan belum diambil"),
        _("Baru masuk, atau dibuka lagi."),
        lambda rows, now: rows.waiting(),
    ),
    Task(
        "foto",
        "donations.DeliveryPhoto",
        _("Foto belum diperiksa"),
        _("Belum tampil di publik."),
        lambda rows, now: rows.filter(checked_at=None),
    ),
    Task(
        "dana",
        "donations.Contribution",
        _("Dana dijanjikan"),
        _("Tandai bila uangnya sudah masuk."),
        lambda rows, now: rows.filter(state=ContributionState.PLEDGED),
    ),
    Task(
        "verifikasi",
        "locations.Location",
        _("Tempat perlu diperiksa lagi"),
        _("Ada kebutuhan terbuka, tetapi lebih dari 90 hari tidak diperiksa."),
        not_fresh,
    ),
    Task(
        "usulan",
        "locations.Location",
        _("Usulan tempat baru"),
        _("Belum diperiksa siapa pun."),
        lambda rows, now: rows.filter(verified_at=None, published=False),
    ),
    Task(
        "siaga",
        "core.Alert",
        _("Siaga"),
        _("Cek status bantuan meminta kode dari semua orang; berakhir sendiri setelah tenang."),
        lambda rows, now: rows.filter(until=None),
    ),
    Task("pesan", "core.OutboxMessage", _("Pesan tertahan"), _("Belum terkirim setelah satu jam."), stuck),
]


class TaskFilter(admin.SimpleListFilter):
    """A list's share of TASKS."""

    title = _("perlu tindakan")
    parameter_name = "perlu"

    def lookups(self, request, model_admin):
        return [(task.slug, task.label) for task in TASKS if task.model == model_admin.model._meta.label]

    def queryset(self, request, queryset):
        task = next((task for task in TASKS if task.slug == self.value()), None)
        return task.rows(queryset, timezone.now()) if task else queryset


def tasks_for(request, site):
    """Return what waits for this member of staff: label, hint, count and the list's address, in order."""
    now, found = timezone.now(), []
    for task in TASKS:
        model = apps.get_model(task.model)
        model_admin = site.get_model_admin(model)
        if model_admin.has_view_permission(request):
            count = task.rows(model_admin.get_queryset(request), now).count()
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            found.append({"task": task, "count": count, "url": f"{address}?perlu={task.slug}"})
    return found
