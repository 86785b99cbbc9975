"""Serve an application in several processes that share one socket, each with its threads; one that dies is replaced.

The application is made once, before: the processes share what it has read, and use one core each.
"""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import waitress

THREADS = 4


def listen(host: str, port: int) -> socket.socket:
    """Open the socket. Raises: OSError, when the port is taken or the host is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise OSError(f"{host}:{port}: {error.strerror}") from None
    listening.listen(1024)
    return listening


def serve(app: Any, listening: socket.socket, processes: int, beside: Sequence[Callable[[], object]] = ()) -> None:
    """Serve until told to stop (SIGTERM, or Ctrl-C).

    Args:
        app: The application.
        listening: Its socket.
        processes: How many serve.
        beside: What else is to run until the end, each in a process of its own.
    """
    works = [lambda: _serve_alone(app, listening)] * processes + list(beside)
    if len(works) == 1:
        works[0]()
        return
    signal.signal(signal.SIGTERM, _stop)
    children = {_start(work): work for work in works}
    try:
        while children:
            child, status = os.wait()
            work = children.pop(child)
            if os.waitstatus_to_exitcode(status) != 0:
                children[_start(work)] = work
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)


def _start(work: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, _stop)
    status = 1
    try:
        work()
        status = 0
    except (KeyboardInterrupt, SystemExit):
        status = 0
    finally:
        os._exit(status)


def _serve_alone(app: Any, listening: socket.socket) -> None:
    # That somebody waits for a thread for a moment is no trouble to write down.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[listening], threads=THREADS, ident=None)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
