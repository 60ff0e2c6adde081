"""Few writers at once: who stands in line waits for a place, who only reads does not."""

import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from ksbb.core import line
from ksbb.core.away import is_away
from ksbb.core.line import Crowded, Line
from ksbb.core.writers import WRITERS, in_line


def test_few_posts_are_worked_on_at_once_and_a_reader_passes_by():
    free, at_work, most, lock = threading.Event(), [], [], threading.Lock()

    @in_line
    def view(request):
        if request.method == "POST":
            with lock:
                at_work.append(request)
                most.append(len(at_work))
            free.wait()
            with lock:
                at_work.remove(request)
        return HttpResponse()

    places, asked = WRITERS.places, RequestFactory()
    threads = [threading.Thread(target=view, args=[asked.post("/")]) for _ in range(places + 3)]
    for thread in threads:
        thread.start()
    while len(WRITERS.waiting) < 3:
        assert len(at_work) <= places
    assert view(asked.get("/")).status_code == 200
    free.set()
    for thread in threads:
        thread.join()
    assert max(most) == places == WRITERS.places


def test_nobody_waits_without_end(monkeypatch):
    monkeypatch.setattr(line, "LINE_SECONDS", 0)
    full = Line(0)
    with pytest.raises(Crowded) as refused, full:
        pass
    assert is_away(refused.value)
    assert not full.waiting


def test_a_place_is_given_back_when_something_goes_wrong():
    one = Line(1)
    try:
        with one:
            assert not one.enter(timeout=0)
            raise RuntimeError
    except RuntimeError:
        assert one.enter(timeout=0)
