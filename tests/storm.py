"""Clients of a real portal that promise over HTTP, send again when the line breaks, and never give a form up."""

import contextlib
import http.client
import random
import re
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BOX = re.compile(r'name="(need_\d+)"')
STATEMENT = re.compile(r'name="(statement_\d+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')


def answers(page):
    """What whoever promises answers to the form of a page, besides what she promises and who she is."""
    soon = date.today() + timedelta(days=1)
    return {
        "csrfmiddlewaretoken": TOKEN.search(page).group(1),
        "contents": "acuan",
        "window_start": soon.isoformat(),
        "window_end": (soon + timedelta(days=5)).isoformat(),
        "category": "perorangan",
        "attribution": "nama",
        "to": "send",
        **dict.fromkeys(STATEMENT.findall(page), "on"),
    }


@dataclass
class Tally:
    """What the clients saw, whatever order it came in."""

    acknowledged: dict = field(default_factory=dict)
    refused: int = 0
    broken: int = 0
    faults: list = field(default_factory=list)


class Storm:
    """`clients` threads promise 1–5 packages at the places `codes` of the portal at `url` until `stop` is set.

    `patient`: they take 503 as told, and come again.
    """

    def __init__(self, url, codes, clients=16, *, patient=False):
        self.host, self.codes, self.clients, self.patient = urlsplit(url).netloc, codes, clients, patient
        self.stop, self.tally, self.lock = threading.Event(), Tally(), threading.Lock()

    def start(self):
        self.threads = [threading.Thread(target=self._client, args=[seed]) for seed in range(self.clients)]
        for thread in self.threads:
            thread.start()

    def finish(self):
        """Let every form under way come to its answer."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        return self.tally

    def _client(self, seed):
        chance, number = random.Random(seed), 0
        while not self.stop.is_set():
            number += 1
            self._promise(chance, f"badai-{seed}-{number}@contoh.id")

    def _promise(self, chance, contact):
        path = f"/beri-bantuan/?lokasi={chance.choice(self.codes)}"
        status, body, cookie = self._until_answered("GET", path)
        if status != 200 or not BOX.search(body):
            self._note(status, body)
            return
        quantity = chance.randint(1, 5)
        form = self._fill(body, quantity, contact)
        status, body, _cookie = self._until_answered("POST", path, urlencode(form), cookie)
        if status != 302:
            self._note(status, body)
            return
        with self.lock:
            self.tally.acknowledged[form["key"]] = quantity

    @staticmethod
    def _fill(body, quantity, contact):
        own = {"name": "Donatur Badai", "contact": contact, "key": KEY.search(body).group(1)}
        return answers(body) | own | {BOX.search(body).group(1): quantity}

    def _note(self, status, body):
        with self.lock:
            if status in (200, 409):
                self.tally.refused += 1
            else:
                self.tally.faults.append((status, body[:300]))

    def _until_answered(self, method, path, body=None, cookie=""):
        """Send a request again and again until somebody answers it; a broken line is no answer, nor is "come again"."""
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = self._once(method, path, body, cookie)
                if answer[0] != 503 or not self.patient:
                    return answer
            with self.lock:
                self.tally.broken += 1

    def _once(self, method, path, body, cookie):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]
