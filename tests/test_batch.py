"""`tepat batch`, run as an analyst runs it."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from rich.progress import Progress as Bars

from benchmarks import kediri
from engine.diagnosis import Office
from engine.knowledge.check import load
from engine.many import batch
from engine.many.answers import Many
from tepat.batch import Pace
from tepat.main import cli

CHECKOUT = Path(__file__).resolve().parents[1]
VILLAGE = CHECKOUT / "tests" / "engine" / "knowledge" / "golden" / "base"
COLUMNS = ["household_id", "subject", "service", "cf", "cf_as_told", "outcome", "status", "amount", "advice"]
# Runs the command, and kills itself once so many chunks are answered.
KILLED = """
import os, signal, sys
from engine.many.answers import Many
from tepat.main import cli

answer, left = Many.answer, [int(sys.argv.pop(1))]

def killed(many, tables):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return answer(many, tables)

Many.answer = killed
cli(sys.argv[1:])
"""


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def village(tmp_path):
    """Three households, of which one has a mistake."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "households.csv").write_text(
        "household_id,as_of,income,rent,floor,home,paper__card,active_services\n"
        "k1,2026-01-01,900_000,500_000,soil,35.06.01,ya,none\n"
        "k2,2026-01-01,9000000,500_000,tile,35.06,,\n"
        "k3,2026-01-01,sedikit,,,,,\n"
    )
    (folder / "persons.csv").write_text(
        "household_id,person_id,birth_date,illness,sick,sick__certainty\n"
        "k1,siti,1950-01-01,lung;heart,ya,1\n"
        "k2,ali,1990-01-01,none,tidak,\n"
        "k3,budi,1990-01-01,,,\n"
    )
    return folder


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Sixty made-up households of Kediri."""
    folder = tmp_path_factory.mktemp("kediri")
    households, persons = kediri.tables(load(CHECKOUT), 60, 180)
    households.write_parquet(folder / "households.parquet")
    persons.write_parquet(folder / "persons.parquet")
    return folder


def answers(folder):
    return pl.read_parquet(folder / "services.parquet")


def test_answers_components_and_problems_come_as_three_files(village, tmp_path):
    """The household with a mistake is left out, told of, and makes the exit code 1."""
    out = tmp_path / "out"
    found = run("--knowledge", VILLAGE, "batch", village, "-o", out, "--lang", "en")

    assert found.exit_code == 1
    assert sorted(path.name for path in out.iterdir()) == ["components.parquet", "problems.csv", "services.parquet"]
    assert answers(out).columns == COLUMNS
    assert answers(out).filter(pl.col("service") == "aid").select("household_id", "status", "amount").rows() == [
        ("k1", "eligible_as_told", 2_400_000.0),
        ("k2", "ineligible", None),
    ]
    assert (out / "problems.csv").read_text().splitlines() == [
        "row,file,column,code,sentence",
        '4,households.csv,income,bad-whole-number,"""sedikit"" is not a whole number."',
    ]
    assert "households.csv:4: income: bad-whole-number" in found.stderr
    assert "left out because of mistakes: 1" in found.stdout and "Rp2,400,000" in found.stdout


def test_with_nothing_wrong_the_exit_code_is_0_and_forward_says_the_same(people, tmp_path):
    """Verified one by one, all of them, over several chunks."""
    found = run("batch", people, "-o", tmp_path / "out", "--verify", 60, "--chunk", 25)

    assert found.exit_code == 0
    assert "60 keluarga dinilai ulang satu per satu: semuanya sama" in found.stdout
    assert found.stderr == ""


def test_chunks_of_any_size_give_the_same_rows(people, tmp_path):
    """Only their order may differ."""
    order = ["household_id", "service", "subject"]
    for size in (7, 1000):
        run("batch", people, "-o", tmp_path / str(size), "--chunk", size)

    for name in ("services", "components"):
        few, many = (pl.read_parquet(tmp_path / size / f"{name}.parquet").sort(order) for size in ("7", "1000"))
        assert few.equals(many)


def test_asking_for_some_services_changes_nothing_about_them(people, tmp_path):
    """Not even the advice, which depends on others that exclude them."""
    run("batch", people, "-o", tmp_path / "all")
    found = run("batch", people, "-o", tmp_path / "some", "--services", "pkh, rutilahu", "--verify", 20)

    assert found.exit_code == 0
    wanted = answers(tmp_path / "all").filter(pl.col("service").is_in(["pkh", "rutilahu"]))
    assert answers(tmp_path / "some").equals(wanted)


def test_an_unknown_service_is_refused_with_those_that_are_known(people, tmp_path):
    """Before anything is read."""
    found = run("batch", people, "-o", tmp_path / "out", "--services", "pkhh")

    assert found.exit_code == 2 and "pkh" in found.stderr and not (tmp_path / "out").exists()


def test_the_summary_as_json_has_the_counts_by_service_and_status(village, tmp_path):
    """Design 6.3 in numbers: what was answered, left out and found."""
    found = run("--knowledge", VILLAGE, "batch", village, "-o", tmp_path / "out", "--json")
    data = json.loads(found.stdout)

    assert {key: data[key] for key in ("households", "left_out", "persons_left_out", "verified", "differences")} == {
        "households": 2,
        "left_out": 1,
        "persons_left_out": 1,
        "verified": 0,
        "differences": [],
    }
    assert data["problems"] == [{"file": "households.csv", "column": "income", "count": 1}]
    assert {
        "service": "aid",
        "outcome": "yes",
        "status": "eligible_as_told",
        "count": 1,
        "yearly": 2_400_000.0,
    } in data["services"]


def test_strict_stops_at_a_mistake_and_saves_nothing(village, tmp_path):
    """The mistake is told, and the exit code is 2."""
    found = run("--knowledge", VILLAGE, "batch", village, "-o", tmp_path / "out", "--strict")

    assert found.exit_code == 2
    assert "households.csv:4" in found.stderr and "--strict" in found.stderr
    assert os.listdir(tmp_path) == ["in"]


def test_only_the_first_mistakes_are_shown_and_all_are_in_the_report(tmp_path):
    """Twenty of thirty; the report has each."""
    (tmp_path / "households.csv").write_text("household_id,income\n" + "".join(f"k{n},x\n" for n in range(30)))
    (tmp_path / "persons.csv").write_text("household_id,person_id\n")
    found = run("--knowledge", VILLAGE, "batch", tmp_path, "-o", tmp_path / "out")

    assert found.stderr.count("bad-whole-number") == 20 and "10 kesalahan lagi" in found.stderr
    assert "kesalahan menurut kolom: households.csv: income (30)" in found.stderr
    assert "layanan dan hasilnya" not in found.stdout
    assert len((tmp_path / "out" / "problems.csv").read_text().splitlines()) == 31
    assert answers(tmp_path / "out").columns == COLUMNS


def test_a_column_can_be_ignored_and_a_day_be_asked_for(village, tmp_path):
    """The wrong column is not even read; on a day without a value of the parameter the amount is unknown."""
    out = tmp_path / "out"
    found = run("--knowledge", VILLAGE, "batch", village, "-o", out, "--ignore", "income", "--as-of", "2019-01-01")

    assert found.exit_code == 0
    assert answers(out)["amount"].is_null().all()


def test_what_is_there_is_not_overwritten_unless_asked(village, tmp_path):
    """`--replace` puts the new results in the place of the old."""
    out, args = tmp_path / "out", ("--knowledge", VILLAGE, "batch", village, "--ignore", "income", "-o")
    run(*args, out)
    again, replaced = run(*args, out), run(*args, out, "--replace")

    assert (again.exit_code, replaced.exit_code) == (2, 0)
    assert "--replace" in again.stderr
    assert "folder-holds-other" in run(*args, village, "--replace").stderr


def test_spark_is_refused_in_plain_words(people, tmp_path):
    """It says that this edition does not run on it, and what to use."""
    found = run("batch", people, "-o", tmp_path / "out", "--engine", "spark", "--lang", "en")

    assert found.exit_code == 2
    assert "does not run on Spark yet." in found.stderr and "--engine polars" in found.stderr


def test_a_difference_between_the_evaluators_is_printed_and_makes_the_exit_code_1(people, tmp_path, monkeypatch):
    """Here the columns are made to lie about one household's advice."""

    def lying(many, tables):
        found = answer(many, tables)
        lie = pl.when(pl.col("service") == "dtsen_usulan").then(pl.lit("review")).otherwise(pl.col("advice"))
        return found._replace(services=found.services.with_columns(lie.alias("advice")))

    answer = Many.answer
    monkeypatch.setattr(Many, "answer", lying)
    found = run("batch", people, "-o", tmp_path / "out", "--verify", 5, "--seed", 7)

    assert found.exit_code == 1
    assert "dtsen_usulan / household: advice: bersama-sama review, satu per satu" in found.stdout


def test_which_households_are_verified_follows_from_the_seed(people, tmp_path, monkeypatch):
    """The same seed, the same households."""
    seen, office = [], Office(load(CHECKOUT))
    monkeypatch.setattr(
        batch, "disagreements", lambda diagnoses, _: seen.append([d.household.id for d in diagnoses]) or []
    )
    for place, seed in enumerate((1, 1, 2)):
        asked = batch.Asked(people, tmp_path / str(place), kediri.AS_OF, verify=5, seed=seed)
        assert batch.run(office, asked).verified == 5

    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize("chunks", [0, 2])
def test_a_killed_run_leaves_no_folder_of_results(people, tmp_path, chunks):
    """The process is really killed: before the first answer, and in the middle."""
    out = tmp_path / "out"
    args = [sys.executable, "-c", KILLED, str(chunks), "batch", str(people), "-o", str(out), "--chunk", "10"]
    child = subprocess.run(args, cwd=CHECKOUT, capture_output=True)
    (left,) = os.listdir(tmp_path)

    assert child.returncode == -signal.SIGKILL
    assert left.endswith(".unfinished")
    assert not list(tmp_path.rglob("services.parquet"))
    assert run("batch", people, "-o", out).exit_code == 0
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("most", [200, 2_000, 6_000, 10_000])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(people, tmp_path, most):
    """No file may grow beyond so many bytes in a process of its own: rows, parts and results are too large in turn."""

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    args = [sys.executable, "-B", "-m", "tepat", "batch", str(people), "-o", str(tmp_path / "out"), "--chunk", "20"]
    child = subprocess.run(args, cwd=CHECKOUT, capture_output=True, text=True, preexec_fn=small)

    assert (child.returncode, child.stdout) == (2, "")
    assert "cannot-write: hasil tidak dapat ditulis (" in child.stderr and "Traceback" not in child.stderr
    assert os.listdir(tmp_path) == []


def test_help_says_what_goes_in_and_what_comes_out():
    """With an example, the exit codes and what spark is."""
    shown = run("batch", "--help").output

    assert "Example: tepat batch" in shown and "services.parquet" in shown and "Exits with 0" in shown


def test_ctrl_c_ends_the_run_with_130_and_leaves_nothing(people, tmp_path, monkeypatch):
    """Other than 1, which means that results are there."""

    def interrupted(many, tables):
        raise KeyboardInterrupt

    monkeypatch.setattr(Many, "answer", interrupted)
    found = run("batch", people, "-o", tmp_path / "out")

    assert (found.exit_code, found.stdout) == (130, "")
    assert found.stderr == "Dihentikan; tidak ada yang disimpan.\n"
    assert os.listdir(tmp_path) == []


def test_how_far_a_run_is_starts_at_nothing_and_ends_with_all(people, tmp_path):
    """Rows are read, households answered, and some of them diagnosed one by one."""
    told = []

    class Told(batch.Progress):
        def reading(self, done, total):
            told.append(("reading", done, total))

        def answering(self, done, total):
            told.append(("answering", done, total))

        def verifying(self, done, total):
            told.append(("verifying", done, total))

    batch.run(Office(load(CHECKOUT)), batch.Asked(people, tmp_path / "out", kediri.AS_OF, verify=2, chunk=1000), Told())

    assert told == [
        ("reading", 60, 240),
        ("reading", 240, 240),
        ("answering", 0, 60),
        ("verifying", 1, 2),
        ("verifying", 2, 2),
        ("answering", 60, 60),
    ]


@pytest.mark.parametrize(
    ("lang", "done", "expected"),
    [
        ("id", 0, "0/200.000"),
        ("id", 50_000, "50.000/200.000  5.000/dtk  sisa 0:00:30"),
        ("en", 50_000, "50,000/200,000  5,000/s  0:00:30 left"),
        ("en", 200_000, "200,000/200,000  20,000/s"),
    ],
)
def test_the_bar_tells_how_many_the_rate_and_the_time_left(lang, done, expected):
    """Ten seconds after the start; when all are done no time is left."""
    now = [0.0]
    bars = Bars(get_time=lambda: now[0])
    task = bars.add_task("", total=200_000)
    now = [10.0]
    bars.update(task, completed=done)

    assert Pace(lang).render(bars.tasks[0]).plain == expected
