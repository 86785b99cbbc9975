"""The server as a process: several share one port, one that dies is replaced, and all stop together."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PATIENCE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(found, what):
    """Ask again and again until something is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if result := found():
            return result
    pytest.fail(f"waited for {what}")


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/mulai", timeout=PATIENCE) as page:
            return page.status == 200
    except OSError:
        return False


def own(folder):
    """Give an environment with a database of the test's own."""
    return os.environ | {"DATABASE_URL": f"sqlite:///{folder}/tepat.db"}


def children_of(process):
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.fixture
def server(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "tepat", "serve", "--port", str(port), "--processes", "2"]
    process = subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=own(tmp_path)
    )
    until(lambda: answers(port), "the first answer")
    yield process, port
    process.kill()
    process.wait(PATIENCE)
    process.stdout.close()


def test_one_that_dies_is_replaced_and_all_stop_together(server):
    """The port answers on, and after SIGTERM nothing is left of it."""
    process, port = server
    first = children_of(process.pid)
    assert len(first) == 3  # two that serve, and one that does what takes long

    os.kill(first[0], signal.SIGKILL)
    until(lambda: len(set(children_of(process.pid)) - set(first)) == 1, "another child")
    assert answers(port)

    children = children_of(process.pid)
    process.terminate()
    assert process.wait(PATIENCE) == 0
    until(lambda: not any(_alive(child) for child in children), "the end of the children")


def _alive(process):
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return False


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path):
    """No traceback; the exit code of trouble."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "tepat", "serve", "--port", str(port)]
        found = subprocess.run(
            command, cwd=CHECKOUT, capture_output=True, text=True, timeout=PATIENCE, env=own(tmp_path)
        )

    assert found.returncode == 2
    assert f"127.0.0.1:{port}" in found.stderr and "Traceback" not in found.stderr
