"""A list is drafted, verified, signed, published and revised; what was signed is not changed."""

from datetime import date

import pytest

from casework.lists import annex, changes, holds, revising, states
from casework.lists.conflicts import Held
from casework.lists.lists import draft_list, entries_of
from casework.lists.models import BeneficiaryList, Entry, Hold
from casework.people.models import Household
from casework.refusals import NotAllowed, Refused
from casework.staff.actors import SYSTEM
from casework.staff.rights import ROLES
from tests.casework import stage
from tests.casework.lists.granted import YEAR, claim
from tests.casework.lists.test_changes import of, standing

SK = {"sk_number": "188.45/12/418.20/2026", "sk_date": date(2026, 11, 20)}


class Desk:
    """The people who bring a list to its end, and what they do one after the other."""

    def __init__(self, database, office):
        self.database, self.office = database, office
        with database.work(SYSTEM) as work:
            self.staff, self.head = stage.actor(work, "bidang_staff"), stage.actor(work, "head")
            for name, priority in (("Siti", 0.9), ("Budi", 0.8), ("Rahayu", 0.7)):
                claim(work, "sembako", name, priority=priority)
        with database.work(self.staff) as work:
            self.number = draft_list(work, office, "sembako", **YEAR, quota=2).number

    def on(self, work, number=None):
        return work.session.query(BeneficiaryList).filter_by(number=number or self.number).one()

    def verify(self, number=None):
        with self.database.work(self.staff) as work:
            states.verify(work, self.office, self.on(work, number))

    def sign(self, number=None, actor=None, **said):
        with self.database.work(actor or self.head) as work:
            states.sign(work, self.office, self.on(work, number), **{**SK, **said})

    def publish(self, number=None, public=False):
        with self.database.work(self.head) as work:
            states.publish(work, self.office, self.on(work, number), public)

    def revise(self):
        with self.database.work(self.staff) as work:
            return revising.revise(work, self.on(work), "Somebody moved away").number

    def change(self, name, how, number=None, **said):
        with self.database.work(self.staff) as work:
            how(work, self.office.knowledge, of(work, self.on(work, number), name), **said)

    def standing(self, number=None):
        with self.database.reading() as work:
            return standing(work, self.on(work, number))

    def state(self, number=None):
        with self.database.reading() as work:
            return self.on(work, number).state


@pytest.fixture
def desk(sqlite, office):
    """Give a desk with a draft of two places and three who asked."""
    return Desk(sqlite, office)


@pytest.fixture
def signed(desk):
    """Give a desk whose list is signed."""
    desk.verify()
    desk.sign()
    return desk


def test_a_list_goes_from_draft_to_published(database, office):
    """Verified by the Bidang, signed by the head with number and day, published."""
    desk = Desk(database, office)
    desk.verify()
    desk.sign()
    desk.publish(public=True)
    with database.reading() as work:
        on = desk.on(work)

        assert (on.state, on.sk_number, on.sk_date) == ("published", *SK.values())
        assert (on.signed_by, on.verified_by, on.public) == (desk.head.name, desk.staff.name, True)


def test_whoever_had_a_hand_in_a_list_does_not_sign_it(sqlite, office):
    """Though they may sign others: four eyes, whatever the posts."""
    desk = Desk(sqlite, office)
    both = desk.head.__class__("Both", desk.staff.account, desk.staff.posts + desk.head.posts)
    desk.verify()
    with pytest.raises(Refused, match="drafted a list cannot sign"):
        desk.sign(actor=both)
    desk.sign()

    assert desk.state() == "signed"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sk_number": " "}, "lists-sk-number"),
        ({"sk_date": None}, "lists-sk-date"),
        ({"sk_date": date(2026, 11, 24)}, "lists-sk-date"),
    ],
)
def test_a_signature_takes_a_number_and_a_day_that_has_come(desk, said, code):
    """And a list that was verified."""
    with pytest.raises(Refused, match="no longer in that state"):
        desk.sign()
    desk.verify()
    with pytest.raises(Refused) as refused:
        desk.sign(**said)

    assert refused.value.code == code


def test_each_step_has_its_right(desk):
    """Whoever drafts does not sign or publish, the head does not draft."""
    with pytest.raises(NotAllowed), desk.database.work(desk.head) as work:
        states.verify(work, desk.office, desk.on(work))
    desk.verify()
    with pytest.raises(NotAllowed):
        desk.sign(actor=desk.staff)
    desk.sign()
    with pytest.raises(NotAllowed), desk.database.work(desk.staff) as work:
        states.publish(work, desk.office, desk.on(work), False)
    assert "list.sign" not in ROLES["bidang_staff"]


CHANGES = {
    "remove": lambda work, knowledge, entry: changes.remove(work, knowledge, entry, "x"),
    "put back": lambda work, knowledge, entry: changes.put_back(work, knowledge, entry),
    "amount": lambda work, knowledge, entry: changes.set_amount(work, entry, 1, "x"),
    "quota": lambda work, knowledge, entry: changes.set_quota(work, knowledge, entry.list, 9),
    "add": lambda work, knowledge, entry: changes.add_claim(work, knowledge, entry.list, "KDR-2026-000001-1"),
    "check again": lambda work, knowledge, entry: changes.check_again(work, knowledge, entry.list),
    "drop": lambda work, knowledge, entry: states.drop(work, entry.list, "x"),
    "send back": lambda work, knowledge, entry: states.send_back(work, entry.list, "x"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_signed_list_is_not_changed_in_any_way(signed, how):
    """Neither in its entries nor as a whole."""
    before = signed.standing()
    with pytest.raises(Refused):
        signed.change("Siti", CHANGES[how])

    assert (signed.standing(), signed.state()) == (before, "signed")


def test_a_verified_list_is_changed_only_when_it_was_sent_back(desk):
    """With a reason."""
    desk.verify()
    with pytest.raises(Refused, match="verified"):
        desk.change("Siti", CHANGES["remove"])
    with desk.database.work(desk.head) as work:
        states.send_back(work, desk.on(work), "Siti moved away")
    desk.change("Siti", CHANGES["remove"])

    assert desk.state() == "draft"


def test_a_list_without_anybody_is_not_verified(sqlite, office):
    """There is nothing to sign."""
    with sqlite.work(SYSTEM) as work:
        on = draft_list(work, office, "sembako", **YEAR)
        with pytest.raises(Refused, match="Nobody stands"):
            states.verify(work, office, on)


def test_a_list_is_not_verified_while_somebody_on_it_holds_what_excludes_it(desk):
    """Whoever joined a household with aid of their own is found at the latest here."""
    with desk.database.work(SYSTEM) as work:
        home = stage.household(work, "Wagiman", "Tumini")
        claim(work, "pkh", home=home)
        other = stage.household(work, "Sri")
        claim(work, "permakanan_lansia_kemensos", home=other, person=0)
        draft_list(work, desk.office, "permakanan_lansia_kemensos", **YEAR)
        pkh = draft_list(work, desk.office, "pkh", **YEAR)
        other.people[0].household = home
        work.session.flush()
        with pytest.raises(Held, match="Sri already has"):
            states.verify(work, desk.office, pkh)


def test_a_dropped_draft_holds_nobody(desk):
    """Its people can be placed elsewhere."""
    with desk.database.work(desk.staff) as work:
        states.drop(work, desk.on(work), "Wrong period")
    with desk.database.reading() as work:
        assert work.session.query(Hold).count() == 0
    assert desk.state() == "dropped"


def test_a_confidential_service_is_not_made_public(sqlite, office):
    """Whatever the publisher ticks."""
    service = "rujukan_hiv_napza"
    with sqlite.work(SYSTEM) as work:
        program = office.knowledge.services[service].program.text
        claim(work, service, "Siti", person=0, program=program)
        on = draft_list(work, office, service, **YEAR)
        states.verify(work, office, on)
        states.sign(work, office, on, **SK)
        with pytest.raises(Refused, match="confidential"):
            states.publish(work, office, on, public=True)


class TestRevision:
    """A list in force is revised: a draft beside it, which supersedes it when it is signed."""

    def test_until_it_is_signed_the_list_in_force_stands(self, signed):
        """With its entries and what they hold."""
        again = signed.revise()
        signed.change("Siti", CHANGES["remove"], again)

        assert signed.standing() == [("Siti", "listed"), ("Budi", "listed"), ("Rahayu", "waiting")]
        assert signed.standing(again) == [("Siti", "removed"), ("Budi", "listed"), ("Rahayu", "listed")]
        with signed.database.reading() as work:
            siti = of(work, signed.on(work), "Siti")
            assert holds.conflicts_of(work, signed.office.knowledge, siti) == ()
            assert work.session.query(Hold).filter_by(entry_id=siti.id).count() > 0

    def test_signed_it_supersedes_and_the_entries_go_over(self, database, office):
        """What hangs on an entry stays with it; the list before says what it said."""
        desk = Desk(database, office)
        desk.verify()
        desk.sign()
        with database.reading() as work:
            ids = {entry.household.name: entry.id for entry in desk.on(work).entries}
        again = desk.revise()
        desk.change("Siti", CHANGES["remove"], again)
        desk.change("Budi", lambda work, _, entry: changes.set_amount(work, entry, 5, "Less"), again)
        desk.verify(again)
        desk.sign(again)

        assert (desk.state(), desk.state(again)) == ("revised", "signed")
        assert desk.standing() == [("Siti", "listed"), ("Budi", "listed"), ("Rahayu", "waiting")]
        assert desk.standing(again) == [("Siti", "removed"), ("Budi", "listed"), ("Rahayu", "listed")]
        with database.reading() as work:
            on = desk.on(work, again)
            assert {entry.household.name: entry.id for entry in on.entries} == ids
            assert of(work, on, "Budi").amount == 5
            assert of(work, desk.on(work), "Budi").amount == 1_200_000
            holding = {id_ for (id_,) in work.session.query(Hold.entry_id)}
            assert holding == {ids["Budi"], ids["Rahayu"]}
            assert annex.is_as_signed(work, on)
            before = annex.annex_of(work, office.knowledge, desk.on(work), "pdf")
            assert [line.name for line in before.lines] == ["Siti", "Budi"]

    def test_given_up_it_leaves_the_list_in_force_as_it_was(self, signed):
        """Who had moved up in it holds nothing."""
        again = signed.revise()
        signed.change("Siti", CHANGES["remove"], again)
        with signed.database.work(signed.staff) as work:
            states.drop(work, signed.on(work, again), "Not needed")
        with signed.database.reading() as work:
            on = signed.on(work)
            holding = {id_ for (id_,) in work.session.query(Hold.entry_id)}

            assert holding == {of(work, on, "Siti").id, of(work, on, "Budi").id}

    def test_there_is_one_at_a_time_with_a_reason(self, signed):
        """The one that is being drafted is named."""
        again = signed.revise()
        with pytest.raises(Refused, match=again):
            signed.revise()

    def test_a_draft_is_not_revised(self, desk):
        """It can be changed."""
        with pytest.raises(Refused, match="no longer in that state"):
            desk.revise()

    def test_aid_of_a_family_names_each_place_once(self, signed):
        """The copy on a revision is no aid of its own."""
        signed.revise()
        with signed.database.reading() as work:
            home = work.session.query(Household).filter_by(name="Siti").one()

            assert [entry.list.number for entry in entries_of(work, home)] == [signed.number]


def test_what_was_altered_after_the_signature_is_noticed(signed):
    """By comparing with what was kept when it was signed."""
    with signed.database.work(SYSTEM) as work:
        on = signed.on(work)
        assert annex.is_as_signed(work, on)
        work.session.query(Entry).filter_by(id=of(work, on, "Siti").id).update({"amount": 99})

        assert not annex.is_as_signed(work, on)
