"""Fifty donors who press the last button again and again: one thread, plain sockets, requests made ahead of time."""

import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Run:
    """What came of it: seconds until each right answer, how long all took, and the first wrong answers."""

    times: list = field(default_factory=list)
    seconds: float = 0.0
    wrong: list = field(default_factory=list)

    @property
    def rate(self):
        return len(self.times) / self.seconds

    @property
    def worst(self):
        return max(self.times)


class Line:
    """One donor's connection, kept open; she sends her next request when the answer to the last one is whole."""

    def __init__(self, address):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.seen = b""

    def send(self, request):
        self.began, self.seen = time.monotonic(), b""
        self.socket.sendall(request)

    def answer(self):
        """Read what came; return the answer once it is whole, else None."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self.seen += part
        head, end, body = self.seen.partition(b"\r\n\r\n")
        if not end:
            return None
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return self.seen if len(body) >= int(length[15:]) else None


def drive(url, requests, is_right, *, writers=50, seconds=10):
    """Send `requests` (an iterator) from so many connections at once for a while; every answer is waited for."""
    parts, run, lines = urlsplit(url), Run(), selectors.DefaultSelector()
    for _writer in range(writers):
        line = Line((parts.hostname, parts.port))
        lines.register(line.socket, selectors.EVENT_READ, line)
    began = time.monotonic()
    for key in lines.get_map().values():
        key.data.send(next(requests))
    busy = writers
    while busy:
        for key, _events in lines.select():
            if (answer := key.data.answer()) is None:
                continue
            _note(run, key.data, answer, is_right)
            if time.monotonic() - began < seconds:
                key.data.send(next(requests))
            else:
                key.data.socket.close()
                lines.unregister(key.data.socket)
                busy -= 1
    run.seconds = time.monotonic() - began
    return run


def _note(run, line, answer, is_right):
    if is_right(answer):
        run.times.append(time.monotonic() - line.began)
    elif len(run.wrong) < 3:
        run.wrong.append(answer[:2000])
