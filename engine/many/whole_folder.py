"""A folder that comes whole or not at all: written under another name beside it, and renamed when all went well.

The name says that it is unfinished, so nobody takes what a killed process left behind for a result; the next run
for the same folder takes it away. A lock tells a run that still lives from one that does not.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from engine.knowledge.problems import Refused
from engine.many.table_findings import problem_at

UNFINISHED = ".unfinished"
# How Polars ends what the operating system told it; of the end of a file it does not say it.
_OF_SYSTEM = " (os error"
_UNSAID = {"id": "berkasnya tidak tertulis sampai selesai", "en": "the file was not written to its end"}


@contextmanager
def whole_folder(out: Path, files: Collection[str], replace: bool) -> Iterator[Path]:
    """Lend a folder to write into, which becomes `out` when all went well and is taken away when not.

    Args:
        out: The folder; new or empty.
        files: The names of the files that will be in it.
        replace: Whether `out` may hold such files already; they give way at the very end.

    Raises:
        Refused: when `out` may not be written, or the disk is full.
    """
    _refuse_to_overwrite(out, files if replace else ())
    folder, lock = None, None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _take_away_remains(out)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=UNFINISHED, dir=out.parent))
        lock = _locked(folder)
        yield folder
        _put_in_place(folder, out, replace)
    except OSError as error:
        raise Refused([problem_at(str(out), "cannot-write", reason=_reason(error))]) from None
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _refuse_to_overwrite(out: Path, replaceable: Collection[str]) -> None:
    """Refuse a folder that holds anything else than what may be replaced."""
    if not out.exists():
        return
    held = {path.name for path in out.iterdir()} if out.is_dir() else {""}
    if held.difference(replaceable):
        raise Refused([problem_at(str(out), "folder-holds-other" if replaceable else "folder-exists")])


def _put_in_place(folder: Path, out: Path, replace: bool) -> None:
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)
    if not (replace and out.exists()):
        # An empty folder gives way; one that another run has filled meanwhile does not.
        folder.rename(out)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=UNFINISHED, dir=out.parent))
    out.rename(before)
    folder.rename(out)
    shutil.rmtree(before)


def _locked(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None when another process holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _take_away_remains(out: Path) -> None:
    """Take away what runs for the same folder left behind that no longer live."""
    for folder in out.parent.glob(f".{out.name}.*{UNFINISHED}"):
        handle = _locked(folder)
        if handle is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


@contextmanager
def writing() -> Iterator[None]:
    """Let what Polars cannot write be an `OSError`, as it is when Python cannot."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise OSError(str(error)) from error


def _reason(error: OSError) -> Any:
    """Give the reason in the words of the system: "No space left on device"."""
    if error.strerror:
        return error.strerror
    first, mark, _ = str(error).partition(_OF_SYSTEM)
    return first.rsplit("IO error: ", 1)[-1] if mark else _UNSAID
