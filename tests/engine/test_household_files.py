"""A household is what its file tells: who is there, what of whom, and how each thing is known."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.diagnosis import Office
from engine.household import Given
from engine.household_files import read_households
from engine.knowledge.check import load
from engine.knowledge.problems import Refused, lines_in, render
from engine.present import as_json

BASE = load(Path(__file__).with_name("knowledge") / "golden" / "base")
TODAY = date(2026, 1, 1)


def told(tmp_path, text, **more):
    path = tmp_path / "keluarga.yaml"
    path.write_text(text, encoding="utf-8")
    return read_households(path, BASE, TODAY, **more)


def refused(tmp_path, text):
    with pytest.raises(Refused) as found:
        told(tmp_path, text)
    return [(one.code, one.place.line) for one in found.value.problems]


def test_a_value_rests_on_the_evidence_nearest_to_it(tmp_path):
    """Its own, else the file's, else the default; a bare number is a certainty without a name."""
    default = BASE.evidence[BASE.default_evidence]
    name = next(name for name in BASE.evidence if name != BASE.default_evidence)
    own = BASE.evidence[name]
    (plain,) = told(tmp_path, "household: {income: 5}\nmembers: []\n")
    (file,) = told(tmp_path, f"evidence: {name}\nhousehold: {{income: 5, rent: {{value: 6, evidence: 0.35}}}}\n")

    assert plain.given("household", "income") == Given(5, default.certainty, default.name)
    assert file.given("household", "income") == Given(5, own.certainty, own.name)
    assert file.given("household", "rent") == Given(6, 0.35, None)


def test_null_is_the_same_as_leaving_out(tmp_path):
    """Both are unknown."""
    (one,) = told(tmp_path, "household: {income: null, rent: ~}\nmembers: []\n")

    assert one.given("household", "income") is None and one.given("household", "rent") is None


def test_members_without_an_id_are_numbered_by_their_seat(tmp_path):
    """`anggota-1`, `anggota-2` ..."""
    (one,) = told(tmp_path, "members: [{sick: yes}, {id: ibu}, {}]\nhousehold: {}\n")

    assert one.members == ("anggota-1", "ibu", "anggota-3")


def test_the_day_asked_for_wins_over_the_file_and_the_file_over_today(tmp_path):
    """`--as-of`, `as_of`, today."""
    text = "as_of: 2025-05-05\nhousehold: {}\nmembers: []\n"

    assert told(tmp_path, text)[0].as_of == date(2025, 5, 5)
    assert told(tmp_path, text, as_of=date(2024, 4, 4))[0].as_of == date(2024, 4, 4)
    assert told(tmp_path, "household: {}\nmembers: []\n")[0].as_of == TODAY


def test_once_aid_is_told_of_what_is_not_told_is_surely_not_received(tmp_path):
    """Absent: unknown; an empty list: surely none."""
    service = next(iter(BASE.services))
    (silent,) = told(tmp_path, "household: {}\nmembers: [{id: a}]\n")
    (none,) = told(tmp_path, "household: {}\nmembers: [{id: a}]\nactive_services: []\n")
    of = "household" if BASE.services[service].for_ == "household" else "a"

    assert silent.given(of, f"received:{service}") is None
    assert none.given(of, f"received:{service}").value is False


def test_a_household_lays_over_the_one_it_is_based_on(tmp_path):
    """Facts by name, members by id, `remove` takes one out, expectations are not inherited, chains are followed."""
    base, two, three = told(
        tmp_path,
        """
- {id: satu, household: {income: 5, rent: 2}, members: [{id: a, sick: yes}, {id: b}], expect: []}
- {id: dua, based_on: satu, household: {income: 7}, members: [{id: b, remove: yes}, {id: c}]}
- {id: tiga, based_on: dua, members: [{id: a, sick: no}]}
""",
    )

    assert (two.members, three.members) == (("a", "c"), ("a", "c"))
    assert (three.given("household", "income").value, three.given("household", "rent").value) == (7, 2)
    assert (base.given("a", "sick").value, three.given("a", "sick").value) == (True, False)
    assert base.expect is not None and three.expect is None


def test_every_mistake_of_a_file_is_told_in_one_run(tmp_path):
    """Each with its line."""
    assert refused(
        tmp_path,
        "household:\n  incom: 5\n  rent: tiga\nmembers:\n  - {id: a, income: 3}\n  - {id: a}\n",
    ) == [
        ("unknown-fact-given", 2),
        ("bad-whole-number", 3),
        ("fact-of-household", 5),
        ("repeated-member", 6),
    ]


def test_an_id_cannot_be_the_word_for_the_household(tmp_path):
    """`household` names the household itself everywhere."""
    assert refused(tmp_path, "members: [{id: household}]\nhousehold: {}\n") == [("bad-member-id", 1)]


def test_a_list_of_no_households_is_no_household_file(tmp_path):
    """An empty list is refused like an empty file."""
    assert refused(tmp_path, "[]\n") == [("not-a-household", 1)]


NUMBERED = """
facts:
  nik: {of: person, type: text, format: nik, answered_by: officer, label: {id: NIK}}
  kk_number: {of: household, type: text, format: kk, answered_by: officer, label: {id: KK}}
  sex: {of: person, type: choice, choices: {L: {id: L}, P: {id: P}}, answered_by: officer, label: {id: S}}
regions: {"35.06.07": {name: Ngancar, within: "35.06"}}
"""


@pytest.fixture
def numbered(tmp_path):
    """The small correct folder, with NIK, KK number and sex."""
    folder = tmp_path / "knowledge"
    shutil.copytree(Path(__file__).with_name("knowledge") / "golden" / "base", folder)
    (folder / "knowledge_base" / "x.yaml").write_text(NUMBERED, encoding="utf-8")
    return load(folder)


def warned(tmp_path, knowledge, text):
    path = tmp_path / "keluarga.yaml"
    path.write_text(text, encoding="utf-8")
    (household,) = read_households(path, knowledge, TODAY)
    found = [(one.code, one.place.line) for one in household.warnings if one.code != "number-never-issued"]
    return household, found


def test_a_number_that_says_something_else_is_doubted_and_stops_nothing(tmp_path, numbered):
    """Each doubt points at its number; two members with one NIK are told once, at the second."""
    household, found = warned(
        tmp_path,
        numbered,
        """household: {kk_number: 3571060101200000}
members:
  - {id: a, nik: 3506075203900000, birth_date: 1990-03-12, sex: P}
  - {id: b, nik: {value: 3506071203900000, evidence: told}, birth_date: 1990-12-03, sex: P}
  - {id: c, nik: 3506075203900000}
""",
    )

    assert found == [
        ("kk-from-elsewhere", 1),
        ("nik-birth-differs", 4),
        ("nik-sex-differs", 4),
        ("nik-repeated", 5),
    ]
    assert household.given("b", "nik").value == "3506071203900000"


def test_no_page_proof_or_answer_shows_a_whole_number(tmp_path, numbered):
    """Working memory holds a number by its ends only; sentences and lines of files are masked too."""
    path = tmp_path / "keluarga.yaml"
    path.write_text(
        "household: {}\nmembers: [{id: a, nik: 3506075203900000}, {id: b, nik: 350607520390000}]\n", "utf-8"
    )
    with pytest.raises(Refused) as refused:
        read_households(path, numbered, TODAY)
    told = [render(one, lines_in(refused.value.texts), lang) for one in refused.value.problems for lang in ("id", "en")]

    assert told and not any("52039" in one for one in told)

    rule = "{id: N, title: {id: N}, about: person, source: law, when all: [{nik: is known}], because: {id: '{nik}'}, then: frail}"
    (tmp_path / "knowledge" / "rules" / "x.yaml").write_text(f"topic: x\nrules: [{rule}]\n", "utf-8")
    office = Office(load(tmp_path / "knowledge"))
    path.write_text("household: {}\nmembers: [{id: a, nik: 3506075203900000}]\n", encoding="utf-8")
    (household,) = read_households(path, office.knowledge, TODAY)
    diagnosis = office.diagnose(household)

    assert diagnosis.trace.index["a", "nik"]["value"] == "350607********00"
    assert "3506075203900000" not in json.dumps(as_json(diagnosis, "id", everything=True))
    assert "number-never-issued" in {one["code"] for one in as_json(diagnosis)["warnings"]}
