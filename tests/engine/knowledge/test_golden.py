"""One golden file for each mistake: the smallest change that makes it, and the exact report in both languages.

A golden file lays files over the small correct folder `golden/base`; a file named `NAME * N` is its text N times.
`TEPAT_GOLDEN=write` writes the reports anew; read them before they are committed.
"""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.diagnosis import Office
from engine.household_files import read_households
from engine.knowledge import problems
from engine.knowledge.check import inspect_folder, load
from engine.knowledge.problems import lines_in, render
from engine.samples import run_samples

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(GOLDEN.glob("*.txt"))
TODAY = date(2026, 1, 1)
# These come with a diagnosis or a command, not with the text of a file.
ELSEWHERE = {"no-knowledge", "no-such-file", "file-exists", "expected-otherwise", "else-wins", "packages-cut"}
ELSEWHERE |= {"parameter-without-value", "no-rule-in-force"}
# These come with tables of households (`test_tables`, `test_batch`).
ELSEWHERE |= {"no-table", "two-tables", "unreadable-table", "table-without-rows", "missing-column", "repeated-column"}
ELSEWHERE |= {
    "unknown-column",
    "column-elsewhere",
    "certainty-alone",
    "wrong-column-type",
    "id-is-number",
    "missing-id",
}
ELSEWHERE |= {"person-without-household", "too-many-cells", "folder-exists", "folder-holds-other", "cannot-write"}
ELSEWHERE |= {"no-spark", "received-by-person"}


def sections(path):
    """Split a golden file into its named parts."""
    found = {}
    for part in ("\n" + path.read_text(encoding="utf-8")).split("\n=== ")[1:]:
        name, _, body = part.partition("\n")
        found[name] = body
    return found


def reported(parts, tmp_path):
    """Give the problems of a golden case, and the texts to show lines from."""
    folder = tmp_path / "pengetahuan"
    shutil.copytree(GOLDEN / "base", folder)
    for title, body in parts.items():
        name, _, times = title.partition(" * ")
        (folder / name).write_text((body.rstrip("\n") + "\n") * int(times or 1), encoding="utf-8")
    if "keluarga.yaml" in parts:
        path = folder / "keluarga.yaml"
        if refused := run_samples(Office(load(folder)), [path], TODAY).refused:
            return refused[0].problems, refused[0].texts
        (household,) = read_households(path, load(folder), TODAY)
        return household.warnings, {str(path): path.read_text(encoding="utf-8")}
    knowledge, found = inspect_folder(folder)
    return found, knowledge.texts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_mistake_is_told_with_its_place_and_a_hint(path, tmp_path):
    """The report is exactly the one that was read and approved, and no other mistake is told."""
    parts = sections(path)
    approved = {name: parts.pop(name).rstrip("\n") for name in list(parts) if name.startswith("report")}
    found, texts = reported(parts, tmp_path)
    mistakes = [one for one in found if one.code == path.stem or not one.is_warning]
    assert {one.code for one in mistakes} == {path.stem}
    told = {
        f"report {lang}": render(mistakes[0], lines_in(texts), lang).replace(f"{tmp_path}/pengetahuan/", "")
        for lang in ("id", "en")
    }
    if os.environ.get("TEPAT_GOLDEN") == "write":
        whole = {name: body.rstrip("\n") for name, body in parts.items()} | told
        path.write_text("".join(f"=== {name}\n{body}\n" for name, body in whole.items()), encoding="utf-8")
        approved = told

    assert told == approved


def test_the_base_has_no_mistake():
    """What the golden files change is correct."""
    knowledge, found = inspect_folder(GOLDEN / "base")

    assert [(one.code, one.place.line) for one in found] == []
    assert len(knowledge.rules) == 8


def test_every_code_has_its_golden_file():
    """No mistake is without a report that somebody has read."""
    assert set(problems.codes()) - ELSEWHERE == {path.stem for path in FILES}
