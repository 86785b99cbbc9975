"""A folder of results is whole or not there, whatever happens to the process that writes it."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from engine.knowledge.problems import Refused
from engine.many.whole_folder import UNFINISHED, whole_folder, writing

CHECKOUT = Path(__file__).resolve().parents[3]
FILES = ("services.parquet",)
TABLE = pl.DataFrame({"number": range(100_000)})
KILLED = """
import os, signal, sys
from pathlib import Path
from engine.many.whole_folder import whole_folder

with whole_folder(Path(sys.argv[1]), ("services.parquet",), False) as folder:
    (folder / "services.parquet").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(out, replace=False, text="whole"):
    with whole_folder(out, FILES, replace) as folder:
        (folder / "services.parquet").write_text(text)


def test_the_folder_appears_when_all_is_written(tmp_path):
    """Not before; and nothing stays beside it."""
    out = tmp_path / "deep" / "results"
    with whole_folder(out, FILES, False) as folder:
        (folder / "services.parquet").write_text("whole")
        assert not out.exists()

    assert names(out) == ["services.parquet"] and names(out.parent) == ["results"]


def test_others_may_read_it_as_they_may_read_any_new_folder(tmp_path):
    """What is unfinished is for nobody else; what is whole has the rights of any folder."""
    write(tmp_path / "results")
    (tmp_path / "other").mkdir()

    assert (tmp_path / "results").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_mistake_on_the_way_leaves_nothing(tmp_path):
    """Neither the folder nor what was begun."""
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "results", FILES, False):
        raise ZeroDivisionError

    assert names(tmp_path) == []


def test_a_killed_process_leaves_nothing_that_looks_whole_and_the_next_run_takes_it_away(tmp_path):
    """The process is really killed, after its file is there."""
    child = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "results")], cwd=CHECKOUT)
    (left,) = names(tmp_path)

    assert child.returncode == -signal.SIGKILL
    assert left.endswith(UNFINISHED) and left.startswith(".")
    write(tmp_path / "results")
    assert names(tmp_path) == ["results"]


def test_of_two_runs_for_one_folder_the_first_to_end_is_kept(tmp_path):
    """The second does not take away what the first has begun, nor the first what the second has finished."""
    with pytest.raises(Refused, match="cannot-write"), whole_folder(tmp_path / "results", FILES, False) as folder:
        write(tmp_path / "results", text="second")
        assert folder.is_dir()

    assert (tmp_path / "results" / "services.parquet").read_text() == "second"
    assert names(tmp_path) == ["results"]


def test_an_empty_folder_gives_way(tmp_path):
    """It may be there already."""
    (tmp_path / "results").mkdir()
    write(tmp_path / "results")

    assert names(tmp_path / "results") == ["services.parquet"]


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path):
    """Only results of before give way, and only when that is asked for."""
    out = tmp_path / "results"
    write(out)
    with pytest.raises(Refused, match="folder-exists"):
        write(out)
    write(out, replace=True, text="new")
    assert (out / "services.parquet").read_text() == "new"
    (out / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="folder-holds-other"):
        write(out, replace=True)

    assert names(out) == ["notes.txt", "services.parquet"] and names(tmp_path) == ["results"]


@pytest.fixture
def full_disk():
    """Let no file of this process grow beyond 20,000 bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    "write_into", [lambda path: TABLE.write_parquet(path), lambda path: path.write_bytes(b"0" * 30_000)]
)
def test_a_file_that_cannot_grow_is_told_in_a_sentence_and_leaves_nothing(tmp_path, full_disk, write_into):
    """Whether Polars or Python writes."""
    with pytest.raises(Refused) as refused, whole_folder(tmp_path / "results", FILES, False) as folder, writing():
        write_into(folder / "services.parquet")

    assert [one.sentence("en") for one in refused.value.problems] == [
        "the result cannot be written (File too large); nothing was saved."
    ]
    assert names(tmp_path) == []


def test_a_place_where_no_folder_can_be_is_told(tmp_path):
    """A file stands where the folder's parent should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot-write"):
        write(tmp_path / "file" / "results")
    with pytest.raises(Refused, match="folder-exists"):
        write(tmp_path / "file")

    assert os.listdir(tmp_path) == ["file"]
