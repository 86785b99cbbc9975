"""Decisions: proposed by one officer, decided by another, each by name."""

import threading

import pytest

from casework.audit.models import AuditEntry
from casework.cases import decisions, diagnoses
from casework.cases.models import Decision, Move
from casework.people.observations import observe
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import SYSTEM, Actor, Area, Post
from tests.casework import stage
from tests.casework.decided import OTHER_PROGRAM, PROGRAM, SECRET, case_in, case_of, claim_of, proposed


def staff(database, role, name, area=None, programs=frozenset()):
    with database.work() as work:
        return stage.actor(work, role, area or Area(), frozenset(programs), name)


def people(database):
    """Give one who proposes and one who decides."""
    return staff(database, "bidang_staff", "Ani Petugas", programs={PROGRAM}), staff(database, "head", "Bambang Kepala")


def decide(database, actor, id_, how=decisions.approve, **more):
    with database.work(actor) as work:
        return how(work, decisions.decision_of(work, id_), **more)


def waiting_proposal(database, office):
    """Give a case with a proposal that waits: its number, the proposal's id, and who decides."""
    ani, bambang = people(database)
    number = case_in(database, office)
    return number, proposed(database, number, ani), bambang


def standing(database, number, service="sembako"):
    """Give where the claim stands, and how the decision came out."""
    with database.reading() as work:
        claim = claim_of(work, number, service)
        last = work.session.query(Decision).filter_by(claim_id=claim.id).order_by(Decision.id.desc()).first()
        return claim.state, last and last.outcome


def test_one_proposes_and_another_decides_by_name(database, office):
    """The whole way, on both databases: who, when, on which answer, and on the record."""
    ani, bambang = people(database)
    number = case_in(database, office)
    decide(database, bambang, proposed(database, number, ani))

    with database.reading() as work:
        made = work.session.query(Decision).one()
        assert (made.proposal, made.override, made.outcome) == ("grant", False, "granted")
        assert (made.proposed_by, made.decided_by) == (ani.account, bambang.account)
        assert made.diagnosis_id == diagnoses.latest(work, case_of(work, number)).id
        assert claim_of(work, number).state == "determined"
        moves = work.session.query(Move).filter(Move.claim_id.is_not(None)).order_by(Move.id)
        assert [(one.after, one.moved_by) for one in moves] == [
            ("proposed", "Ani Petugas"),
            ("determined", "Bambang Kepala"),
        ]
        actions = {entry.action: entry.actor for entry in work.session.query(AuditEntry)}
    assert (actions["decision.proposed"], actions["decision.made"]) == ("Ani Petugas", "Bambang Kepala")


def test_nobody_decides_what_they_proposed(database, office):
    """Not for cash and not for anything else, whatever other posts they have; they may not even send it back."""
    both = staff(database, "bidang_staff", "Ani Petugas")
    with database.work() as work:
        head = stage.actor(work, "head", name="Ani juga Kepala")
    both = type(both)(both.name, both.account, both.posts + head.posts)
    for service in ("sembako", "layanan_surat_dtsen"):
        number = case_in(database, office, service)
        id_ = proposed(database, number, both, "decline" if service != "sembako" else "grant", "Tidak perlu.", service)
        for how, more in (
            (decisions.approve, {}),
            (decisions.decline, {"reason": "Tidak."}),
            (decisions.send_back, {"reason": "Lagi."}),
        ):
            with pytest.raises(Refused, match="proposed this yourself"):
                decide(database, both, id_, how, **more)

        assert standing(database, number, service) == ("proposed", None)


def test_two_officers_who_propose_at_once_are_told(database, office):
    """One proposal stands; whoever came second is told that it changed."""
    ani, budi = (staff(database, "bidang_staff", name) for name in ("Ani", "Budi"))
    number = case_in(database, office)
    with database.reading() as work:
        version = claim_of(work, number).version

    def propose(actor):
        with database.work(actor) as work:
            decisions.propose(work, claim_of(work, number), "grant", version=version)

    assert at_once(lambda: propose(ani), lambda: propose(budi)) == 1
    with database.reading() as work:
        assert work.session.query(Decision).count() == 1


def test_two_heads_who_decide_at_once_are_told(database, office):
    """One approves, the other sends back: exactly one of them counts, and the claim stands where that one put it."""
    ani, _ = people(database)
    one, other = (staff(database, "head", name) for name in ("Satu", "Dua"))
    number = case_in(database, office)
    id_ = proposed(database, number, ani)

    def approve():
        decide(database, one, id_, version=1)

    def send_back():
        decide(database, other, id_, decisions.send_back, reason="Periksa lagi.", version=1)

    assert at_once(approve, send_back) == 1
    assert standing(database, number) in {("determined", "granted"), ("open", "returned")}


def at_once(*acts):
    """Start all at the same moment; count those that succeed. The others must be told that it changed meanwhile."""
    barrier, done, told = threading.Barrier(len(acts)), [], []

    def run(act):
        barrier.wait()
        try:
            act()
            done.append(act)
        except ChangedMeanwhile:
            told.append(act)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(told) == len(acts)
    return len(done)


def test_what_was_decided_is_not_decided_again(sqlite, office):
    """Whoever still has the page open is told."""
    ani, bambang = people(sqlite)
    id_ = proposed(sqlite, case_in(sqlite, office), ani)
    decide(sqlite, bambang, id_)

    with pytest.raises(ChangedMeanwhile):
        decide(sqlite, bambang, id_, decisions.decline, reason="Salah.")


@pytest.mark.parametrize(
    ("decile", "proposal", "override"), [(9, "grant", True), (1, "decline", True), (9, "decline", False)]
)
def test_against_the_engine_it_takes_a_reason(sqlite, office, decile, proposal, override):
    """And it stays visible that it went against it; with the engine no reason is needed."""
    ani, _ = people(sqlite)
    number = case_in(sqlite, office, decile=decile)
    if override:
        for reason in (None, "  "):
            with pytest.raises(Refused) as refused:
                proposed(sqlite, number, ani, proposal, reason)
            assert (refused.value.code, refused.value.field) == ("decision-needs-reason", "reason")
        assert standing(sqlite, number) == ("open", None)
    id_ = proposed(sqlite, number, ani, proposal, "Keadaan rumah lain." if override else None)

    with sqlite.reading() as work:
        assert work.session.get_one(Decision, id_).override is override


@pytest.mark.parametrize(("proposal", "override"), [("grant", True), ("decline", False)])
def test_what_the_engine_cannot_say_takes_a_reason_either_way(sqlite, office, proposal, override):
    """To grant it goes against the engine; to decline it does not, yet somebody must say why."""
    ani, _ = people(sqlite)
    number = case_in(sqlite, office, "pkh")
    with pytest.raises(Refused, match="reason"):
        proposed(sqlite, number, ani, proposal, service="pkh")
    id_ = proposed(sqlite, number, ani, proposal, "Sudah dilihat di rumah.", "pkh")

    with sqlite.reading() as work:
        assert work.session.get_one(Decision, id_).override is override


def test_only_what_the_office_verified_is_proposed(sqlite, office):
    """Before that the claim cannot move, and no proposal is kept."""
    ani, _ = people(sqlite)
    number = case_in(sqlite, office, state="musdes_approved")

    with pytest.raises(Refused) as refused:
        proposed(sqlite, number, ani)
    assert refused.value.code == "case-needs-verified"
    with sqlite.reading() as work:
        assert work.session.query(Decision).count() == 0


def test_without_an_answer_of_the_engine_nothing_is_proposed(sqlite, office):
    """There is nothing to lay beside it."""
    ani, _ = people(sqlite)
    number = case_in(sqlite, office)
    with sqlite.work() as work:
        work.session.delete(diagnoses.latest(work, case_of(work, number)))

    with pytest.raises(Refused) as refused:
        proposed(sqlite, number, ani)
    assert refused.value.code == "decision-no-diagnosis"


def test_the_head_declines_or_sends_back_with_a_reason(sqlite, office):
    """Sent back, it can be proposed anew."""
    ani, bambang = people(sqlite)
    number = case_in(sqlite, office)
    id_ = proposed(sqlite, number, ani)
    for how in (decisions.decline, decisions.send_back):
        with pytest.raises(Refused, match="reason"):
            decide(sqlite, bambang, id_, how, reason=" ")
    decide(sqlite, bambang, id_, decisions.send_back, reason="Foto rumah belum ada.")
    assert standing(sqlite, number) == ("open", "returned")

    decide(sqlite, bambang, proposed(sqlite, number, ani), decisions.decline, reason="Alamat tidak benar.")
    assert standing(sqlite, number) == ("declined", "declined")


def test_to_approve_a_proposal_to_decline_declines(sqlite, office):
    """The head follows the proposal."""
    ani, bambang = people(sqlite)
    number = case_in(sqlite, office, decile=9)
    decide(sqlite, bambang, proposed(sqlite, number, ani, "decline"))

    assert standing(sqlite, number) == ("declined", "declined")


def test_a_proposal_on_an_old_answer_is_not_approved(sqlite, office):
    """The facts changed and the engine says something else: it must be sent back. A newer answer that says the same is none."""
    number, id_, bambang = waiting_proposal(sqlite, office)

    def again(decile):
        with sqlite.work(SYSTEM) as work:
            case = case_of(work, number)
            observe(work, office.knowledge, case.household, None, "decile", decile, "registry")
            diagnoses.diagnose(work, office, case, "asked")

    again(1)
    with sqlite.reading(bambang) as work:
        assert decisions.barred(work, decisions.decision_of(work, id_)) is None
    again(9)
    with pytest.raises(Refused) as refused:
        decide(sqlite, bambang, id_)
    assert refused.value.code == "decision-outdated"
    decide(sqlite, bambang, id_, decisions.send_back, reason="Desil berubah.")
    assert standing(sqlite, number) == ("open", "returned")


def test_while_the_case_is_checked_again_nothing_of_it_is_decided(sqlite, office):
    """An objection sent it back to the village: the proposal can only be sent back, too."""
    number, id_, bambang = waiting_proposal(sqlite, office)
    with sqlite.work() as work:
        case_of(work, number).state = "submitted"
    for how, more in ((decisions.approve, {}), (decisions.decline, {"reason": "Tidak."})):
        with pytest.raises(Refused) as refused:
            decide(sqlite, bambang, id_, how, **more)
        assert refused.value.code == "decision-unverified"
    decide(sqlite, bambang, id_, decisions.send_back, reason="Diperiksa lagi.")

    assert standing(sqlite, number) == ("open", "returned")


def test_only_who_has_the_right_for_the_program_and_the_area(sqlite, office):
    """Another Bidang does not propose; a head of elsewhere does not find it; the desk may not."""
    ani, _ = people(sqlite)
    number = case_in(sqlite, office)
    for actor in (
        staff(sqlite, "bidang_staff", "Rehabilitasi", programs={OTHER_PROGRAM}),
        staff(sqlite, "applicant_desk", "Loket"),
        staff(sqlite, "head", "Kepala"),
    ):
        with pytest.raises(NotAllowed):
            proposed(sqlite, number, actor)
    with pytest.raises(NotAllowed):
        proposed(sqlite, number, SYSTEM)
    id_ = proposed(sqlite, number, ani)

    elsewhere = staff(sqlite, "head", "Kepala Lain", area=Area(stage.OTHER_VILLAGE))
    for actor in (elsewhere, staff(sqlite, "head", "Kepala Rehab", programs={OTHER_PROGRAM}), ani):
        with pytest.raises(NotFound):
            decide(sqlite, actor, id_)
    with sqlite.reading(elsewhere) as work:
        assert decisions.waiting(work) == []


def test_what_waits_says_why_it_cannot_be_approved(sqlite, office):
    """The oldest first, urgent ones before; with who proposed it, and what bars this actor."""
    ani, bambang = people(sqlite)
    first, second, urgent = (case_in(sqlite, office) for _ in range(3))
    with sqlite.work() as work:
        case_of(work, urgent).urgent = True
    for number in (first, second, urgent):
        proposed(sqlite, number, ani)
    with sqlite.work(SYSTEM) as work:
        case = case_of(work, second)
        observe(work, office.knowledge, case.household, None, "decile", 9, "registry")
        diagnoses.diagnose(work, office, case, "asked")

    with sqlite.reading(bambang) as work:
        found = [(one.case.number, one.proposer, one.barred) for one in decisions.waiting(work)]
        assert decisions.waiting(work, OTHER_PROGRAM) == []
        assert len(decisions.waiting(work, limit=2)) == 2
        assert (decisions.count_waiting(work), decisions.count_waiting(work, OTHER_PROGRAM)) == (3, 0)
    assert found == [
        (urgent, "Ani Petugas", None),
        (first, "Ani Petugas", None),
        (second, "Ani Petugas", "decision-outdated"),
    ]


def test_a_secret_claim_is_there_only_for_those_who_may_know(sqlite, office):
    """Neither in the list nor by its id."""
    ani = staff(sqlite, "bidang_staff", "Ani Petugas")
    number = case_in(sqlite, office, SECRET, secret=True)
    id_ = proposed(sqlite, number, ani, service=SECRET)
    knowing = staff(sqlite, "head", "Bambang")
    not_knowing = Actor(knowing.name, knowing.account, (Post("head", secrets=False),))

    with sqlite.reading(not_knowing) as work:
        assert decisions.waiting(work) == []
        with pytest.raises(NotFound):
            decisions.decision_of(work, id_)
        case = case_of(work, number)
        with pytest.raises(NotFound):
            decisions.claim_of(work, case, case.claims[0].id)
    with sqlite.reading(knowing) as work:
        assert [one.decision.id for one in decisions.waiting(work)] == [id_]


def test_what_the_engine_said_lies_beside(sqlite, office):
    """Its outcome and status; a claim that an answer does not mention is a no."""
    number = case_in(sqlite, office, "sembako", "pkh", decile=9)
    with sqlite.reading() as work:
        stored = diagnoses.latest(work, case_of(work, number))
        said = decisions.recommended(work, claim_of(work, number), stored)
        unheard = claim_of(work, number, "pkh")
        unheard.service = "no_such_service"

        assert (said.outcome, said.status, said.row["service"]) == ("no", "ineligible", "sembako")
        assert decisions.recommended(work, unheard, stored) == ("no", None, None)


def test_decisions_of_claims_come_the_latest_first(sqlite, office):
    """Those sent back too."""
    ani, bambang = people(sqlite)
    number = case_in(sqlite, office)
    first = proposed(sqlite, number, ani)
    decide(sqlite, bambang, first, decisions.send_back, reason="Lagi.")
    second = proposed(sqlite, number, ani)

    with sqlite.reading() as work:
        claim = claim_of(work, number)
        assert [one.id for one in decisions.decisions_of(work, [claim])[claim.id]] == [second, first]
