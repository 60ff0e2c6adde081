"""What must never happen unseen in a test: a call to the network, a template variable that does not exist."""

import ipaddress
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = (str(ROOT / "templates"), str(ROOT / "ksbb"))


class UnknownTemplateVariable(Exception):
    """A template of ours prints a variable that its view does not give."""


class Unknown(str):
    """Django prints this for an unknown variable; in our own templates it raises instead."""

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, variable):
        context = sys._getframe(1).f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        origin = str(getattr(getattr(template, "origin", None), "name", ""))
        if origin.startswith(OURS):
            raise UnknownTemplateVariable(f"{{{{ {variable} }}}} in {origin}")
        return ""


class NetworkForbidden(Exception):
    """A test tried to reach something that is not this machine."""


def is_local(address):
    """Tell whether a socket address lies on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def forbid_network():
    """Refuse every connection and every look-up of a name that leads off this machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original):
        def call(self, address):
            if not is_local(address):
                raise NetworkForbidden(f"connect to {address}")
            return original(self, address)

        return call

    def guarded_look_up(host, *arguments, **options):
        if host is not None and not is_local((host.decode() if isinstance(host, bytes) else host, 0)):
            raise NetworkForbidden(f"look up {host}")
        return look_up(host, *arguments, **options)

    socket.socket.connect, socket.socket.connect_ex = guarded(connect), guarded(connect_ex)
    socket.getaddrinfo = guarded_look_up
