"""Objections: anybody may bring one, the objector is protected, a human answers in time, and nothing is ever taken away."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from casework.audit.models import AuditEntry
from casework.cases import decisions, objections
from casework.cases.models import Decision, Move, Objection, Task
from casework.lists.models import BeneficiaryList, Entry
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, SYSTEM, Area
from tests.casework import stage
from tests.casework.decided import SECRET, case_in, case_of, claim_of, household_of, proposed

NIK = "3506074203800000"


def staff(database, role, name="", area=None):
    with database.work() as work:
        return stage.actor(work, role, area or Area(), name=name or role)


def filed(database, office, number=None, kind="objection", said="Rumahnya bagus.", actor=APPLICANT, **more):
    """File an objection, about a case or about nothing that is known; gives its number."""
    with database.work(actor) as work:
        about = {"case": case_of(work, number)} if number and not more.keys() & {"claim", "entry"} else {}
        more = {"channel": "self", **about, **more}
        return objections.file_objection(work, office.knowledge, kind, said, **more).number


def answered(database, office, actor, number, outcome="upheld", said="Benar, akan diperiksa.", version=None):
    with database.work(actor) as work:
        found = objections.objection_of(work, number)
        return objections.answer(work, office.knowledge, found, outcome, said, version).state


def decided(database, office, proposal="grant", decile=1, state="dinsos_verified"):
    """Give a case whose claim was decided, and the head who did."""
    ani, head = staff(database, "bidang_staff", "Ani"), staff(database, "head", "Kepala")
    number = case_in(database, office, decile=decile)
    id_ = proposed(database, number, ani, proposal)
    with database.work(head) as work:
        decisions.approve(work, decisions.decision_of(work, id_))
        case_of(work, number).state = state
    return number, head


def test_anybody_may_object_and_is_answered_within_fourteen_working_days(database, office):
    """Without a right, without a name; from Monday 23 November to Friday 11 December."""
    number = filed(database, office, case_in(database, office))

    with database.reading() as work:
        found = work.session.query(Objection).one()
        assert (found.number, found.state, found.kind) == ("SGH-2026-000001-7", "open", "objection")
        assert found.due_on == date(2026, 12, 11)
        assert (found.objector_sealed, found.contact_sealed) == (None, None)
        entry = work.session.query(AuditEntry).filter_by(action="objection.filed").one()
        assert (entry.actor, entry.about) == ("pemohon", number)


def test_the_objector_is_sealed_and_only_seen_by_those_who_answer(database, office):
    """Neither in the database's file nor in the log; each look is on record."""
    number = filed(
        database, office, case_in(database, office), objector="Cici Tetangga", contact="0812 000", actor=SYSTEM
    )
    ppid, ani = staff(database, "ppid"), staff(database, "bidang_staff")

    with database.reading(ppid) as work:
        assert objections.objector_of(work, objections.objection_of(work, number)) == ("Cici Tetangga", "0812 000")
    with database.reading(ani) as work:
        for look in (objections.objection_of, lambda work, _: objections.objections(work)):
            with pytest.raises(NotAllowed):
                look(work, number)
        with pytest.raises(NotAllowed):
            objections.objector_of(work, work.session.query(Objection).one())
    with database.reading() as work:
        row = work.session.execute(text("SELECT * FROM objections")).one()
        assert not any("Cici" in str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
        log = work.session.query(AuditEntry).all()
        assert not any("Cici" in str(entry.details) for entry in log)
        assert [entry.actor for entry in log if entry.action == "objection.read"] == ["ppid"]


def test_an_upheld_objection_has_the_case_checked_again_and_takes_nothing_away(database, office):
    """The case goes back to the village with a task; what was granted stays granted; who objected cannot be read from it."""
    number, _ = decided(database, office)
    objection = filed(database, office, number, objector="Cici")
    answered(database, office, staff(database, "ppid"), objection)

    with database.reading() as work:
        case = case_of(work, number)
        assert case.state == "submitted"
        assert claim_of(work, number).state == "determined"
        assert [task.level for task in work.session.query(Task).filter(Task.done_at.is_(None))] == ["rt_rw"]
        moves = work.session.query(Move).filter(Move.claim_id.is_(None)).order_by(Move.id)
        assert [(one.after, one.moved_by, one.reason) for one in moves][-2:] == [
            ("returned", "ppid", objection),
            ("submitted", "ppid", objection),
        ]
        found = work.session.query(Objection).one()
        assert (found.state, found.outcome, found.answered_by) == ("answered", "upheld", "ppid")


def test_two_who_answer_at_once_are_told(database, office):
    """One answer counts."""
    objection = filed(database, office, case_in(database, office))
    people, barrier, done = [staff(database, "ppid", name) for name in ("Satu", "Dua")], threading.Barrier(2), []

    def act(actor):
        barrier.wait()
        try:
            done.append(answered(database, office, actor, objection, version=1))
        except ChangedMeanwhile:
            done.append("told")

    threads = [threading.Thread(target=act, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["answered", "told"]


@pytest.mark.parametrize("state", ["dinsos_verified", "closed"])
def test_what_was_declined_is_open_again(sqlite, office, state):
    """So that it can be proposed anew once the case is verified."""
    number, _ = decided(sqlite, office, "decline", decile=9, state=state)
    with sqlite.work(APPLICANT) as work:
        claim = claim_of(work, number)
        review = objections.file_objection(
            work, office.knowledge, "review", "Penghasilan kami turun.", channel="self", claim=claim
        ).number
    answered(sqlite, office, staff(sqlite, "ppid"), review, "checked_again", "Akan dilihat lagi.")

    with sqlite.reading() as work:
        assert (case_of(work, number).state, claim_of(work, number).state) == ("submitted", "open")
        assert work.session.query(Objection).one().case_id == case_of(work, number).id


@pytest.mark.parametrize(
    ("before", "after"), [("submitted", "submitted"), ("kadus_checked", "kadus_checked"), ("returned", "submitted")]
)
def test_a_case_that_is_being_checked_stays_where_it_is(sqlite, office, before, after):
    """Only one that lies still is set going."""
    number = case_in(sqlite, office, state=before)
    answered(sqlite, office, staff(sqlite, "ppid"), filed(sqlite, office, number))

    with sqlite.reading() as work:
        assert case_of(work, number).state == after


def test_a_rejected_objection_changes_nothing(sqlite, office):
    """Neither case nor claim moves."""
    number, _ = decided(sqlite, office)
    answered(sqlite, office, staff(sqlite, "ppid"), filed(sqlite, office, number), "rejected", "Sudah dilihat.")

    with sqlite.reading() as work:
        assert (case_of(work, number).state, claim_of(work, number).state) == ("dinsos_verified", "determined")


def test_nobody_answers_an_objection_to_their_own_decision(sqlite, office):
    """Neither who proposed nor who decided: that would be no human review."""
    number, head = decided(sqlite, office)
    objection = filed(sqlite, office, number, "review")
    with pytest.raises(Refused) as refused:
        answered(sqlite, office, head, objection)
    assert refused.value.code == "objection-own"
    with sqlite.work() as work:
        decision = work.session.query(Decision).one()
        decision.proposed_by, decision.decided_by = decision.decided_by, decision.proposed_by
    with pytest.raises(Refused):
        answered(sqlite, office, head, objection)

    assert answered(sqlite, office, staff(sqlite, "head", "Kepala Lain"), objection) == "answered"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"kind": "complaint"}, "objection-kind", "kind"),
        ({"channel": "pigeon"}, "objection-channel", "channel"),
        ({"said": "  "}, "objection-empty", "text"),
        ({"said": "x" * 4001}, "objection-long", "text"),
        ({"kind": "review"}, "objection-of-what", "case"),
    ],
)
def test_what_is_not_understood_is_refused_beside_its_field(sqlite, office, more, code, field):
    """And nothing is kept, no number is used up."""
    with pytest.raises(Refused) as refused:
        filed(sqlite, office, **more)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert filed(sqlite, office) == "SGH-2026-000001-7"


@pytest.mark.parametrize(
    ("outcome", "said", "code"),
    [("removed", "Dihapus.", "objection-outcome"), ("upheld", " ", "objection-needs-answer")],
)
def test_an_answer_has_an_outcome_and_words(sqlite, office, outcome, said, code):
    """To remove somebody is no outcome."""
    objection = filed(sqlite, office, case_in(sqlite, office))

    with pytest.raises(Refused) as refused:
        answered(sqlite, office, staff(sqlite, "ppid"), objection, outcome, said)
    assert refused.value.code == code


def test_whole_numbers_in_what_people_write_are_masked(sqlite, office):
    """Of the objection and of the answer."""
    objection = filed(sqlite, office, said=f"NIK {NIK} bukan warga sini.")
    answered(sqlite, office, staff(sqlite, "ppid"), objection, said=f"NIK {NIK} sudah diperiksa.")

    with sqlite.reading() as work:
        found = work.session.query(Objection).one()
        assert (found.text, found.answer) == (
            "NIK 350607********00 bukan warga sini.",
            "NIK 350607********00 sudah diperiksa.",
        )


def test_an_entry_of_a_list_may_be_objected_to(sqlite, office):
    """The claim and the case behind it follow."""
    number = case_in(sqlite, office)
    with sqlite.work(SYSTEM) as work:
        claim, home = claim_of(work, number), household_of(work, number)
        days = {"since": work.today, "until": work.today}
        listed = BeneficiaryList(
            number="D-1", service="sembako", program="x", state="draft", drafted_at=work.now, drafted_by="x", **days
        )
        entry = Entry(list=listed, household=home, claim=claim, place="listed", asked_on=work.today)
        work.session.add(entry)
        work.session.flush()
        found = objections.file_objection(
            work, office.knowledge, "objection", "Sudah pindah.", channel="phone", entry=entry
        )

        assert (found.entry_id, found.claim_id, found.case_id) == (entry.id, claim.id, claim.case_id)


def test_the_most_pressing_come_first_and_what_is_overdue_is_told(sqlite, office, clock):
    """Answered and withdrawn ones are not open any more; the day itself is still in time."""
    first = filed(sqlite, office)
    clock.moment = datetime(2026, 11, 25, 2, tzinfo=UTC)
    second, third = filed(sqlite, office), filed(sqlite, office)
    ppid = staff(sqlite, "ppid")
    answered(sqlite, office, ppid, third, "rejected")

    def shown(**asked):
        with sqlite.reading(ppid) as work:
            return [one.number for one in objections.objections(work, **asked)]

    assert shown() == [first, second]
    assert shown(state="answered") == [third]
    assert shown(state=None) == [first, second, third]
    clock.moment = datetime(2026, 12, 11, 2, tzinfo=UTC)
    assert shown(overdue=True) == []
    clock.moment = datetime(2026, 12, 12, 2, tzinfo=UTC)
    assert shown(overdue=True) == [first]


def test_one_that_names_no_case_can_be_pointed_at_one(sqlite, office):
    """Then it can be checked again; only in one's own area."""
    number, ppid = case_in(sqlite, office), staff(sqlite, "ppid")
    objection = filed(sqlite, office)
    here = staff(sqlite, "ppid", "Hanya Puncu", Area(stage.OTHER_VILLAGE))
    with pytest.raises(NotFound), sqlite.work(here) as work:
        objections.point_at(work, work.session.query(Objection).one(), case_of(work, number))
    with sqlite.work(ppid) as work:
        objections.point_at(work, objections.objection_of(work, objection), case_of(work, number))
    answered(sqlite, office, ppid, objection)

    with sqlite.reading() as work:
        assert case_of(work, number).state == "submitted"


def test_an_objection_is_withdrawn_by_the_applicant_or_at_their_word(sqlite, office):
    """Once; whoever has no right to answer does not do it for them."""
    number, ppid = case_in(sqlite, office), staff(sqlite, "ppid")
    for actor in (APPLICANT, ppid):
        objection = filed(sqlite, office, number)
        for again in (False, True):
            with sqlite.work(actor) as work:
                found = work.session.query(Objection).filter_by(number=objection).one()
                if again:
                    with pytest.raises(ChangedMeanwhile):
                        objections.withdraw(work, found)
                else:
                    assert objections.withdraw(work, found).state == "withdrawn"
    objection = filed(sqlite, office, number)
    with pytest.raises(NotAllowed), sqlite.work(staff(sqlite, "applicant_desk")) as work:
        objections.withdraw(work, work.session.query(Objection).filter_by(number=objection).one())


def test_only_in_ones_own_area_and_no_secret_without_need(sqlite, office):
    """An objection about a secret claim is there for those who may know; one elsewhere is not there."""
    secret = case_in(sqlite, office, SECRET, secret=True)
    with sqlite.work(SYSTEM) as work:
        hidden = objections.file_objection(
            work, office.knowledge, "review", "Mohon dilihat.", channel="counter", claim=claim_of(work, secret, SECRET)
        ).number
    elsewhere = staff(sqlite, "head", "Kepala Puncu", Area(stage.OTHER_VILLAGE))
    unnamed = filed(sqlite, office)

    for actor, seen in (
        (staff(sqlite, "head"), {hidden, unnamed}),
        (staff(sqlite, "ppid"), {unnamed}),
        (elsewhere, set()),
    ):
        with sqlite.reading(actor) as work:
            assert {one.number for one in objections.objections(work)} == seen
            for number in {hidden, unnamed} - seen:
                with pytest.raises(NotFound):
                    objections.objection_of(work, number)


def test_without_a_number_of_days_no_day_is_invented(sqlite, office):
    """It is then due on no day, and never overdue."""
    knowledge = replace(office.knowledge, parameters={})
    with sqlite.work(APPLICANT) as work:
        found = objections.file_objection(work, knowledge, "objection", "Rumahnya bagus.", channel="self")
        assert found.due_on is None
    with sqlite.reading(staff(sqlite, "ppid")) as work:
        assert objections.objections(work, overdue=True) == []
        assert len(objections.objections(work)) == 1
