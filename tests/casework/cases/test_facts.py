"""What is known of a household, put together for the engine."""

from datetime import date, timedelta

import pytest

from casework.cases.facts import document_of, household_of, standing_of
from casework.people.models import Observation
from casework.people.observations import observe, observe_many
from casework.refusals import Refused
from tests.casework import stage


def warned(standing):
    """Give the warnings as plain tuples."""
    return {tuple(one) for one in standing.warnings}


def listed(work, home, service, person=None, state="signed", place="listed", since=date(2026, 1, 1)):
    """Put somebody on a list of 2026."""
    stage.entry(work, stage.list_of(work, service, state, since), home, person).place = place


def test_the_document_is_a_household_file(database, office):
    """Each value with its evidence, members by their ids, papers, received aid; and the engine reads it."""
    with database.work() as work:
        home = stage.household(work, "Siti", "Adi")
        siti = home.people[0]
        said = [(None, "decile", 2), (siti, "pregnant", False), (siti, "paper:ktp", True), (None, "paper:kk", True)]
        observe_many(work, office.knowledge, home, said, "registry")
        observe(work, office.knowledge, home, None, "received", ["sembako"], "self_declared")
        document = document_of(work, office, home, secrets=True)
        registry = "registry"
        assert document == {
            "id": f"keluarga-{home.id}",
            "applicant": "family",
            "as_of": "2026-11-23",
            "members_listed": "all",
            "household": {
                "decile": {"value": 2, "evidence": registry},
                "residence": {"value": stage.VILLAGE, "evidence": "self_declared"},
            },
            "members": [
                {
                    "id": siti.member,
                    "pregnant": {"value": False, "evidence": registry},
                    "birth_date": {"value": "1980-03-02", "evidence": "self_declared"},
                    "sex": {"value": "P", "evidence": "self_declared"},
                    "papers": {"ktp": {"value": True, "evidence": registry}},
                },
                {
                    "id": home.people[1].member,
                    "birth_date": {"value": "1981-03-02", "evidence": "self_declared"},
                    "sex": {"value": "P", "evidence": "self_declared"},
                },
            ],
            "papers": {"kk": {"value": True, "evidence": registry}},
            "evidence": "self_declared",
            "active_services": ["sembako"],
        }
        read = household_of(office, document)
        assert read.given("household", "decile") == (2, 1.0, "registry")
        assert read.given(siti.member, "paper:ktp") == (True, 1.0, "registry")
        assert read.given("household", "received:pkh") == (False, 0.6, "self_declared")


def test_what_stands_is_what_provenance_says(sqlite, office):
    """The strongest value, the old one with a number, the disputed one not at all."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        observe(work, office.knowledge, home, None, "meals_per_day", 3, "self_declared")
        observe(work, office.knowledge, home, None, "meals_per_day", 2, "kepala_dusun")
        old = work.today - timedelta(days=500)
        observe(work, office.knowledge, home, None, "floor_material", "soil", "field_visit", observed_on=old)
        for name, value in (("A", True), ("B", False)):
            work.actor = stage.actor(work, "rt_rw", name=name)
            observe(work, office.knowledge, home, None, "has_shelter", value, "rt_rw")
        found = standing_of(work, office, home, secrets=True)
        assert found.document["household"] == {
            "meals_per_day": {"value": 2, "evidence": "kepala_dusun"},
            "floor_material": {"value": "soil", "evidence": 0.5},
            "residence": {"value": stage.VILLAGE, "evidence": "self_declared"},
        }
        assert warned(found) == {("disagree", "household", "has_shelter")}
        assert found.settled["household", "floor_material"].aged
        assert household_of(office, found.document).given("household", "floor_material") == ("soil", 0.5, None)


def test_the_day_decides_what_counts(sqlite, office):
    """What was found out later is not known on an earlier day."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        observe(work, office.knowledge, home, None, "decile", 2, "registry")
        before = document_of(work, office, home, True, work.today - timedelta(days=1))
        assert before["as_of"] == "2026-11-22"
        assert "decile" not in before["household"]


def test_the_register_counts_as_told(sqlite, office):
    """A stronger observation of a birth date wins, and says that the register has another."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        siti = home.people[0]
        observe(work, office.knowledge, home, siti, "birth_date", "1980-01-01", "self_declared")
        assert document_of(work, office, home, True)["members"][0]["birth_date"]["value"] == "1980-03-02"
        observe(
            work, office.knowledge, home, siti, "birth_date", "1980-12-31", "registry", observed_on=date(2015, 1, 1)
        )
        found = standing_of(work, office, home, secrets=True)
        assert found.document["members"][0]["birth_date"] == {"value": "1980-12-31", "evidence": "registry"}
        assert warned(found) == {("register", siti.member, "birth_date")}


def test_secrets_stay_out_unless_they_are_asked_for(sqlite, office):
    """Neither the fact nor received aid that tells of it."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        siti = home.people[0]
        observe(work, office.knowledge, home, siti, "hiv", True, "field_visit")
        aid = {"service": "rujukan_hiv_napza", "subject": siti.member}
        observe(work, office.knowledge, home, None, "received", ["sembako", aid], "field_visit")
        listed(work, home, "bantuan_anak_telantar_kab", siti)
        open_, whole = (document_of(work, office, home, secrets) for secrets in (False, True))
        assert "hiv" in str(whole)
        assert aid in whole["active_services"]
        assert {"service": "bantuan_anak_telantar_kab", "subject": siti.member} in whole["active_services"]
        assert "hiv" not in str(open_)
        assert "telantar" not in str(open_)
        assert open_["active_services"] == ["sembako"]


def test_aid_on_a_list_in_force_is_received_for_sure(sqlite, office):
    """A draft, a place on the waiting list, a list of another time are not; of other aid nothing is known."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti", "Adi")
        adi = home.people[1]
        listed(work, home, "sembako")
        listed(work, home, "pbi_jk", adi, state="published")
        listed(work, home, "pkh", state="draft")
        listed(work, home, "pkh", place="waiting")
        listed(work, home, "pkh", since=date(2026, 12, 1))
        document = document_of(work, office, home, True)
        assert document["listed"] == [{"service": "pbi_jk", "subject": adi.member}, "sembako"]
        read = household_of(office, document)
        assert read.given("household", "received:sembako") == (True, 1.0, "registry")
        assert read.given(adi.member, "received:pbi_jk") == (True, 1.0, "registry")
        assert read.given("household", "received:pkh") is None


def test_lists_and_what_was_told_of_received_aid_come_together(sqlite, office):
    """What was told says what is not received; the list is surer of what is."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        listed(work, home, "sembako")
        observe(work, office.knowledge, home, None, "received", [], "self_declared")
        document = document_of(work, office, home, True)
        assert document["active_services"] == ["sembako"]
        read = household_of(office, document)
        assert read.given("household", "received:sembako") == (True, 1.0, "registry")
        assert read.given("household", "received:pkh") == (False, 0.6, "self_declared")


def test_who_died_moved_away_or_is_an_entry_twice_is_no_member(sqlite, office):
    """Aid told of somebody who no longer lives here goes with them."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti", "Budi", "Cahya", "Dedi")
        siti, budi, cahya, dedi = home.people
        aid = [{"service": "pbi_jk", "subject": one.member} for one in (siti, budi, dedi)]
        observe(work, office.knowledge, home, None, "received", aid, "registry")
        observe(work, office.knowledge, home, dedi, "pregnant", False, "registry")
        budi.died_on = work.today
        cahya.household_id = stage.household(work, "Eka").id
        dedi.merged_into = siti.id
        work.session.flush()
        work.session.expire_all()
        document = document_of(work, office, home, True)
        (only,) = document["members"]
        assert only["id"] == siti.member
        assert only["pregnant"] == {"value": False, "evidence": "registry"}
        assert document["active_services"] == [{"service": "pbi_jk", "subject": siti.member}]
        assert document_of(work, office, home, True, work.today - timedelta(days=1))["members"][1]["id"] == budi.member


def test_what_an_edition_does_not_understand_is_left_out_with_a_warning(sqlite, office):
    """An old word, a wrong choice, an unknown paper or service never stops a diagnosis."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        observe(work, office.knowledge, home, None, "decile", 2, "registry")
        rows = [
            ("gone", "1"),
            ("floor_material", '"gold"'),
            ("paper:gone", "true"),
            ("received", '["gone", "sembako"]'),
        ]
        for fact, value in rows:
            work.session.add(
                Observation(
                    household_id=home.id,
                    fact=fact,
                    value=value,
                    evidence="registry",
                    observed_on=work.today,
                    recorded_at=work.now,
                    recorded_by="x",
                )
            )
        work.session.flush()
        found = standing_of(work, office, home, True)
        assert warned(found) == {("unread", "household", name) for name in ("gone", "floor_material")} | {
            ("unread", "household", "gone"),
        }
        assert found.document["household"].keys() == {"decile", "residence"}
        assert found.document["active_services"] == ["sembako"]
        assert household_of(office, found.document).given("household", "decile").value == 2


def test_what_is_worked_out_is_not_given_as_well(sqlite, office):
    """An age that was told while the birth date was not known gives way to it."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        siti = home.people[0]
        observe(work, office.knowledge, home, siti, "age", 45, "self_declared")
        found = standing_of(work, office, home, True)
        assert warned(found) == {("worked_out", siti.member, "age")}
        siti.birth_date = None
        again = standing_of(work, office, home, True)
        assert again.warnings == ()
        assert again.document["members"][0]["age"] == {"value": 45, "evidence": "self_declared"}


def test_a_household_too_large_for_the_engine_is_cut_and_says_so(sqlite, office):
    """Sixty are diagnosed; that there are more is known."""
    with sqlite.work() as work:
        home = stage.household(work, *(f"Orang {number}" for number in range(61)))
        for one in home.people:
            one.birth_date = date(1980, 1, 1)
        found = standing_of(work, office, home, True)
        assert len(found.document["members"]) == 60
        assert found.document["members_listed"] == "some"
        assert warned(found) == {("members", "household", "")}


def test_a_document_that_cannot_be_read_is_refused(office):
    """Somebody changed it by hand."""
    with pytest.raises(Refused, match="cannot read the facts"):
        household_of(office, {"as_of": "2026-11-23", "household": {"gone": 1}})
