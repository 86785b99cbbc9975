"""One golden file for each mistake: the smallest change that makes it, and the exact report in both languages.

A golden file lays files over the small correct folder `golden/base`. `TEPAT_GOLDEN=write` writes the reports
anew; read them before they are committed.
"""

import os
from datetime import date
from pathlib import Path

import pytest

from engine import problems
from engine.check import check, inspect_folder
from engine.household import read_households
from engine.parse import parse
from engine.problems import Refused, lines_in, render
from engine.read import edition_of, read_text

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(GOLDEN.glob("*.txt"))
TODAY = date(2026, 1, 1)
# These come with a diagnosis or with the file system, not with the text of a file.
ELSEWHERE = {
    *("no-knowledge", "no-such-file", "file-too-large", "not-text", "empty-file", "conflict-too-large", "else-wins"),
    *(
        "parameter-without-value",
        "no-rule-in-force",
        "packages-cut",
        "expected-otherwise",
        "file-exists",
        "bad-expectation",
    ),
}


def sections(path):
    """Split a golden file into its named parts."""
    found = {}
    for part in ("\n" + path.read_text(encoding="utf-8")).split("\n=== ")[1:]:
        name, _, body = part.partition("\n")
        found[name] = body
    return found


def base():
    """Read the small correct folder."""
    folder = GOLDEN / "base"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))
    }


def reported(parts, code, tmp_path):
    """Give the problems of one code for the files of a golden case, and the texts to show lines from."""
    if "keluarga.yaml" in parts:
        knowledge, _ = inspect_folder(GOLDEN / "base")
        path = tmp_path / "keluarga.yaml"
        path.write_text(parts["keluarga.yaml"], encoding="utf-8")
        with pytest.raises(Refused) as refused:
            read_households(path, knowledge, TODAY)
        return [one for one in refused.value.problems if one.code == code], refused.value.texts
    texts = base() | {name: body + "\n" for name, body in parts.items() if not name.startswith("report")}
    documents = [read_text(texts[name], name) for name in sorted(texts)]
    knowledge, found = parse(documents, edition_of(documents))
    found = [*found, *(check(knowledge) if all(one.node for one in documents) else ())]
    return [one for one in problems.sort_problems(found) if one.code == code], texts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_mistake_is_told_with_its_place_and_a_hint(path, tmp_path):
    """The report is exactly the one that was read and approved."""
    parts = sections(path)
    found, texts = reported(parts, path.stem, tmp_path)
    assert found, f"{path.name} does not make the mistake {path.stem}"
    told = {
        f"report {lang}": render(found[0], lines_in(texts), lang).replace(f"{tmp_path}/", "") for lang in ("id", "en")
    }
    if os.environ.get("TEPAT_GOLDEN") == "write":
        whole = {name: body.rstrip("\n") for name, body in parts.items() if not name.startswith("report")} | told
        path.write_text("".join(f"=== {name}\n{body}\n" for name, body in whole.items()), encoding="utf-8")

    assert told == {name: body.rstrip("\n") for name, body in sections(path).items() if name.startswith("report")}


def test_the_base_has_no_mistake():
    """What the golden files change is correct."""
    knowledge, found = inspect_folder(GOLDEN / "base")

    assert [(one.code, one.place.line) for one in found] == []
    assert len(knowledge.rules) == 6


def test_every_code_has_its_golden_file():
    """No mistake is without a report that somebody has read."""
    assert set(problems.codes()) - ELSEWHERE == {path.stem for path in FILES}
