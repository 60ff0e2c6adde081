"""Figures about the portal itself for Prometheus: how it answers, what waits, what runs. None is about a person.

Every process writes its own into files of one folder (`PROMETHEUS_MULTIPROC_DIR`); whoever is asked adds them up.
"""

import hmac
import os
import time
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from .models import Alert, OutboxMessage
from .replica import REPLICA, watch

if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(folder).mkdir(exist_ok=True)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

answers = Counter("ksbb_answers", "Answers by view, method and status", ["view", "method", "status"])
answer_seconds = Histogram("ksbb_answer_seconds", "Time to an answer's first byte", ["view"], buckets=SECONDS)
running = Gauge("ksbb_requests_running", "Requests being answered", multiprocess_mode="livesum")
pool = Gauge("ksbb_database_pool", "Connections of the pools", ["database", "state"], multiprocess_mode="livesum")
job_at = Gauge("ksbb_job_done_timestamp_seconds", "When a job last ended well", ["job"], multiprocess_mode="max")
job_failures = Counter("ksbb_job_failures", "Jobs that failed", ["job"])


class MetricsMiddleware:
    """Counts and times answers by the name of their view, never by their address."""

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        with running.track_inprogress():
            response = self.get_response(request)
        view = _view(request)
        method = request.method if request.method in METHODS else "other"
        answers.labels(view, method, response.status_code).inc()
        answer_seconds.labels(view).observe(time.perf_counter() - began)
        _note_pools()
        return response


def _view(request):
    if request.resolver_match:
        return request.resolver_match.view_name or "other"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _note_pools():
    for line in connections.all(initialized_only=True):
        for state, number in line.pool.state().items() if line.vendor == "postgresql" else ():
            pool.labels(line.alias, state).set(number)


def note_job(name, ended_well):
    """Remember that a job ran."""
    if ended_well:
        job_at.labels(name).set_to_current_time()
    else:
        job_failures.labels(name).inc()


class Now:
    """What is read when somebody asks, since it stands in the database."""

    def collect(self):
        now = timezone.now()
        waiting = OutboxMessage.objects.filter(sent_at=None).aggregate(number=Count("pk"), oldest=Min("created_at"))
        age = (now - (waiting["oldest"] or now)).total_seconds()
        yield GaugeMetricFamily("ksbb_outbox_waiting", "Messages that wait to be sent", waiting["number"])
        yield GaugeMetricFamily("ksbb_outbox_oldest_seconds", "Age of the oldest message that waits", age)
        yield GaugeMetricFamily("ksbb_siaga", "Alerts that run", Alert.objects.filter(until=None).count())
        if REPLICA in settings.DATABASES:
            yield GaugeMetricFamily("ksbb_replica_keeps_up", "Public pages are read on the replica", watch.keeps_up())


@require_safe
def metrics(request):
    """Answer Prometheus (`/metrics`), and only with the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Now())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def forget_dead(pid=None):
    """Remove what one process that has ended, or each of an earlier start, left behind."""
    if pid:
        mark_process_dead(pid)
        return
    for path in Path(folder).glob("*.db"):
        if not Path(f"/proc/{path.stem.rpartition('_')[2]}").exists():
            path.unlink()
