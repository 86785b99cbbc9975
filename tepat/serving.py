"""Serve an application in several processes that share one socket, each with its threads; one that dies is replaced.

The application is made once, before: the processes share what it has read, and use one core each.
"""

import logging
import os
import signal
import socket
import sys
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


def serve(app: Any, listening: socket.socket, processes: int) -> None:
    """Serve until told to stop (SIGTERM, or Ctrl-C)."""
    if processes == 1:
        _work(app, listening)
        return
    signal.signal(signal.SIGTERM, _stop)
    children = {_start(app, listening) for _ in range(processes)}
    try:
        while children:
            child, status = os.wait()
            children.discard(child)
            if os.waitstatus_to_exitcode(status) != 0:
                children.add(_start(app, listening))
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)


def _start(app: Any, listening: socket.socket) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, _stop)
    status = 1
    try:
        _work(app, listening)
        status = 0
    except (KeyboardInterrupt, SystemExit):
        status = 0
    finally:
        os._exit(status)


def _work(app: Any, listening: socket.socket) -> None:
    # That somebody waits for a thread for a moment is no trouble to write down.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[listening], threads=THREADS, ident=None)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
