"""A real PostgreSQL of one's own: a cluster in a temporary folder, reached by a socket only."""

import functools
import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_SETTINGS = ("max_connections=120", "listen_addresses=")
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def program(name: str) -> str:
    """Find a program of PostgreSQL 15 or newer; Debian keeps them off the path."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(Path(path).parts[4]))
    path = found[-1] if found else shutil.which(name)
    assert path, f"{name} of PostgreSQL is not there"
    return path


@contextmanager
def cluster(careful: bool = False) -> Iterator[str]:
    """Start a cluster.

    Args:
        careful: Write to the disk as in an office; without, it is quicker, and a power cut may cost everything.

    Yields:
        An address to which a database's name is to be added with `format(name)`.
    """
    settings = _SETTINGS if careful else (*_SETTINGS, *_CARELESS)
    with tempfile.TemporaryDirectory(prefix="tepat-pg-") as folder:
        who = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        os.chmod(folder, 0o755)
        data = f"{folder}/data"
        run = functools.partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
        run([program("initdb"), "-D", data, "-U", "tepat", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
        options = " ".join(f"-c {setting}" for setting in (*settings, f"unix_socket_directories={folder}"))
        run([program("pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"])
        try:
            yield f"postgresql://tepat@/{{}}?host={folder}"
        finally:
            run([program("pg_ctl"), "-D", data, "-m", "immediate", "stop"])


def create(address: str, name: str, template: str = "template0") -> str:
    """Make a database in a cluster, as a copy of another; gives its address."""
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return address.format(name)


def drop(address: str, name: str) -> None:
    """Drop a database, whoever still uses it."""
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
