"""What only officers may see never reaches a public page: no fact, no conclusion, no service, not even a number."""

from datetime import date

import pytest

from engine.household import Given
from engine.household_files import read_households
from engine.samples import sample_files
from tests.webapp.conftest import CHECKOUT
from webapp.telling.results import page

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def office(app):
    return app.extensions["tepat"].office


@pytest.fixture(scope="module")
def confidential(office):
    """The facts only officers may know, and every name that rests on one."""
    facts = {one.name for one in office.knowledge.facts.values() if one.sensitive == "officer_only"}
    hidden = office.plan(DAY).officer_only
    assert {"hiv", "napza_history", "sex_work", "violence_victim", "abused"} <= facts
    assert {"odha", "rehab_pmks_lain", "rujukan_hiv_napza", "pengasuhan_lksa"} <= hidden
    return facts, hidden


def told(households, facts):
    return [one for one in households if any(name in facts for _, name in one.facts)]


def without(household, facts):
    for of, name in list(household.facts):
        if name in facts:
            household = household.with_given(of, name, None)
    return household


def test_a_public_page_is_the_same_whether_a_secret_is_told_or_not(office, confidential):
    """Each sample that tells a secret reads word for word like the same household without it."""
    facts, _ = confidential
    telling = [
        one
        for path in sample_files([CHECKOUT / "samples"])
        for one in told(read_households(path, office.knowledge, DAY), facts)
    ]

    assert len(telling) > 50
    for household in telling[::3]:
        shown = office.diagnose_for_everybody(household)
        public = office.diagnose_for_everybody(without(household, facts))
        assert page(shown, "id") == page(public, "id"), household.id
        assert not any(row.officer_only for row in (*shown.rows, *shown.conclusions))


def test_what_would_have_to_change_tells_no_secret_either(office, confidential):
    """Asked of every service at once, the changes read the same whether a secret is told or not, and name none."""
    facts, hidden = confidential
    every = tuple(office.knowledge.services)
    names = [office.knowledge.facts[name].label.in_("id").lower() for name in facts]
    telling = [
        one
        for path in sample_files([CHECKOUT / "samples"])
        for one in told(read_households(path, office.knowledge, DAY), facts)
    ]

    for household in telling[::9]:
        shown, public = (
            page(office.diagnose_for_everybody(one), "id", office, every)
            for one in (household, without(household, facts))
        )
        cards = [card for _, of in (*shown["groups"], *shown["folded"]) for card in of]
        changes = " ".join(str(line.changes) for card in cards for line in card.lines).lower()

        assert shown == public, household.id
        assert [one for one in names if one in changes] == []
        assert [card.service for card in cards if card.service in hidden] == []


def test_a_secret_of_anybody_changes_no_page(office, confidential):
    """Told of a family that no sample doubts, every secret leaves its page as it was."""
    facts, _ = confidential
    family = next(
        one
        for one in read_households(CHECKOUT / "samples/keluarga/h01-keluarga-besar.yaml", office.knowledge, DAY)
        if one.id == "keluarga-h01"
    )
    before = page(office.diagnose_for_everybody(family), "id")
    for name in sorted(facts):
        worst = list(office.knowledge.facts[name].choices or (True,))[-1]
        for member in ("ibu", "anak-13"):
            told = family.with_given(member, name, Given(worst, 1.0, "registry"))
            assert page(office.diagnose_for_everybody(told), "id") == before, (name, member)


def test_no_secret_is_asked_and_no_confidential_aid_is_listed(client, office, confidential):
    """The form names neither; nor does the home page list a sample that tells one."""
    facts, hidden = confidential
    form, home = client.get("/formulir").text, client.get("/contoh").text

    assert [name for name in facts if f".{name}" in form] == []
    assert [one for one in hidden if one in office.knowledge.services and f'"{one}"' in form] == []
    assert [
        one for one in ("orang-hiv", "orang-napza", "keluarga-anak", "keluarga-h11") if f'/sampel/{one}"' in home
    ] == []
    assert client.get("/sampel/orang-hiv").status_code == 404
