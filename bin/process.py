"""Starts single processes, waits for them and ends them in order. Standard library only."""

import contextlib
import ctypes
import signal
import subprocess
import sys
import time

GRACE_SECONDS = 15


class Stopped(Exception):
    """Somebody asked us to stop."""


def stop_on_signals():
    """Turn Ctrl-C, a closed terminal and SIGTERM into Stopped."""

    def stop(number, frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def die_with_parent():
    """Let the kernel end a child whose parent was killed, so that no orphan keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(command, **options):
    """Start a process of its own session: the terminal's Ctrl-C reaches only us, and we end it in order."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent, **options)


def finish(process):
    """Wait for a process and return its exit code; end it when we are stopped meanwhile."""
    try:
        return process.wait()
    except BaseException:
        end([process])
        raise


def end(processes):
    """Ask processes to stop, wait a while, and kill those that did not."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    limit = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
