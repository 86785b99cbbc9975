"""What today's edition would say to the facts of an answer, and which change of the rules makes the difference."""

import shutil

import pytest

from casework.cases.diagnoses import diagnose
from casework.cases.differences import difference
from casework.people.observations import observe
from casework.refusals import NotFound
from casework.staff.actors import Area
from engine.diagnosis import Office
from tests.casework import stage
from tests.casework.cases import kept


@pytest.fixture(scope="module")
def knowledge_folder(tmp_path_factory):
    """Give a function that copies the knowledge with one text of one file replaced."""

    def copied(file, before, after):
        folder = tmp_path_factory.mktemp("knowledge")
        for room in ("rules", "knowledge_base"):
            shutil.copytree(stage.CHECKOUT / room, folder / room)
        shutil.copy(stage.CHECKOUT / "facts_schema.yaml", folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
        return Office.open(folder)

    return copied


@pytest.fixture(scope="module")
def narrower(knowledge_folder):
    """Give an edition in which PKH reaches the third decile only."""
    return knowledge_folder(
        "knowledge_base/parameters/pkh.yaml", "{from: 2026-01-01, value: 4,", "{from: 2026-01-01, value: 3,"
    )


def test_the_edition_it_was_made_with_says_the_same(database, office):
    """Nothing differs, and nothing has to be opened."""
    with database.work() as work:
        stored = diagnose(work, office, kept.case_of(work, kept.poor(work, office), "pkh"), "opened")
        found = difference(work, office, stored)
    assert found.same
    assert found.edition_then == found.edition_now


def test_the_change_of_the_rules_that_makes_the_difference_is_named(database, office, narrower):
    """One parameter was changed: the claim falls, and the edit and the condition behind it are found."""
    with database.work() as work:
        stored = diagnose(work, office, kept.case_of(work, kept.poor(work, office), "pkh"), "opened")
        found = difference(work, narrower, stored)
    assert not found.same
    first = found.changes[0]
    assert (first.service, first.subject, first.claimed) == ("pkh", "household", True)
    assert (first.before.outcome, first.after.outcome) == ("yes", "no")
    (cause,) = first.whys[0].causes
    assert cause.edits == (("parameters", "pkh_max_decile"),)
    assert any(turn.line_before and turn.line_before.name == "decile" for turn in cause.turns)
    (line,) = found.edits["parameters", "pkh_max_decile"].lines
    assert (line.before, line.after) == ("4", "3")


def test_an_edition_asks_of_the_facts_and_the_day_as_they_were(sqlite, office, narrower, clock):
    """What was observed since makes no difference here: only rules may."""
    with sqlite.work() as work:
        home = kept.poor(work, office, decile=2)
        stored = diagnose(work, office, kept.case_of(work, home, "pkh"), "opened")
        clock.moment = clock.moment.replace(year=2027)
        observe(work, office.knowledge, home, None, "decile", 9, "registry")
        found = difference(work, narrower, stored)
    assert found.same
    assert found.day == stored.day


def test_what_changes_beside_the_claims_is_told_after_them(sqlite, office, knowledge_folder):
    """A wider Sembako helps this household, which asked for PKH only."""
    wider = knowledge_folder("knowledge_base/parameters/sembako_dan_pbi.yaml", "01, value: 4,", "01, value: 5,")
    with sqlite.work() as work:
        stored = diagnose(work, office, kept.case_of(work, kept.poor(work, office, decile=5), "pkh"), "opened")
        found = difference(work, wider, stored)
    assert [(one.service, one.claimed, one.after.outcome) for one in found.changes] == [("sembako", False, "yes")]
    assert found.changes[0].whys[0].causes


def test_facts_that_an_edition_no_longer_reads_are_said_to_be_so(sqlite, office, knowledge_folder):
    """The answer stands, and a comparison cannot be made."""
    narrow = knowledge_folder(
        "facts_schema.yaml", 'range: 1 to 10\n    label: {id: "Tingkat', 'range: 1 to 3\n    label: {id: "Tingkat'
    )
    with sqlite.work() as work:
        stored = diagnose(work, office, kept.case_of(work, kept.poor(work, office), "pkh"), "opened")
        found = difference(work, narrow, stored)
    assert (found.readable, found.same, found.changes) == (False, False, ())


def test_what_only_officers_may_know_stays_out_of_a_comparison(sqlite, office, knowledge_folder):
    """Who may not read secrets is not told that an answer about one changed."""
    other = knowledge_folder(
        "rules/rehabilitasi_sosial/rehab_pmks_lain.yaml", "- hiv: yes\n      - korban", "- hiv: no\n      - korban"
    )
    with sqlite.work() as work:
        home = kept.poor(work, office)
        observe(work, office.knowledge, home, home.people[0], "hiv", True, "field_visit")
        stored = diagnose(work, office, kept.case_of(work, home, "pkh"), "opened")
        for role, changed in (("bidang_staff", {"rujukan_hiv_napza"}), ("applicant_desk", set())):
            work.actor = stage.actor(work, role)
            found = difference(work, other, stored)
            assert {one.service for one in found.changes if one.subject == home.people[0].member} == changed


def test_outside_of_ones_area_nothing_is_compared(sqlite, office, narrower):
    """A case elsewhere is not there."""
    with sqlite.work() as work:
        stored = diagnose(work, office, kept.case_of(work, kept.poor(work, office), "pkh"), "opened")
        work.actor = stage.actor(work, "bidang_staff", Area(stage.OTHER_VILLAGE))
        with pytest.raises(NotFound):
            difference(work, narrower, stored)
