"""Moving cases and claims: what the table allows, and nothing else."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.cases.diagnoses import diagnose
from casework.cases.models import Case, Claim, Decision, Move, StoredDiagnosis
from casework.cases.moving import move_case, move_claim, ways
from casework.cases.opening import open_case, submit
from casework.cases.transitions import CASE, CASE_STATES, CLAIM, CLAIM_STATES, WAYS
from casework.refusals import ChangedMeanwhile, NotAllowed, Refused
from casework.staff.actors import APPLICANT, Area
from tests.casework import stage


@pytest.fixture
def case_id(sqlite, office):
    """Give the id of a case that asks for PKH, handed in."""
    return opened(sqlite, office)


def opened(database, office, services=("pkh",), hand_in=True):
    with database.work() as work:
        home = stage.household(work, "Siti")
        case = open_case(work, office, home, [(name, None) for name in services], "counter")
        if hand_in:
            submit(work, office, case)
        return case.id


def put(work, case_id, state, claim_state="open"):
    """Set a case to where a test begins."""
    case = work.session.get_one(Case, case_id)
    case.state = state
    for claim in case.claims:
        claim.state = claim_state
    work.session.flush()
    return case


def decided(work, claim, outcome):
    """Add a decision about a claim, as the room of decisions does."""
    account = stage.actor(work, "head", name=f"head {claim.id} {outcome}").account
    diagnosis = work.session.scalars(select(StoredDiagnosis)).first()
    work.session.add(
        Decision(
            claim_id=claim.id,
            diagnosis_id=diagnosis.id,
            proposal="grant",
            proposed_at=work.now,
            proposed_by=account,
            outcome=outcome,
        )
    )


@pytest.mark.parametrize("before", CASE_STATES)
def test_a_case_goes_only_where_the_table_says(sqlite, case_id, before):
    """The system itself, which may do everything, is refused every pair of states that is not in it."""
    with sqlite.work() as work:
        case = put(work, case_id, before)
        for after in CASE_STATES:
            if (CASE, before, after) not in WAYS:
                with pytest.raises(Refused) as refused:
                    move_case(work, case, after, "Alasan")
                assert refused.value.code == "case-no-way"
        with pytest.raises(Refused):
            move_case(work, case, "elsewhere")
        assert case.state == before


@pytest.mark.parametrize("before", CLAIM_STATES)
def test_a_claim_goes_only_where_the_table_says(sqlite, case_id, before):
    """The same for what the case asks for."""
    with sqlite.work() as work:
        claim = put(work, case_id, "dinsos_verified", before).claims[0]
        for after in CLAIM_STATES:
            if (CLAIM, before, after) not in WAYS:
                with pytest.raises(Refused) as refused:
                    move_claim(work, claim, after, "Alasan")
                assert refused.value.code == "case-no-way"
        assert claim.state == before


@pytest.mark.parametrize(
    "way", [one for one in WAYS.values() if one.of == CASE], ids=lambda one: f"{one.before}-{one.after}"
)
def test_only_who_has_the_right_goes_a_way(sqlite, case_id, way):
    """Each role is tried on each way: without its right it is not allowed, whatever else is given."""
    roles = ("applicant_desk", "rt_rw", "kepala_dusun", "village_operator", "bidang_staff", "head", "ppid", "analyst")
    for role in roles:
        with sqlite.work() as work:
            actor = stage.actor(work, role)
            put(work, case_id, way.before)
        if not actor.may(way.right):
            with pytest.raises(NotAllowed), sqlite.work(actor) as work:
                move_case(work, work.session.get_one(Case, case_id), way.after, "Alasan")


def test_a_right_counts_in_its_own_area_and_for_its_own_programs(sqlite, case_id):
    """Staff of another village or another Bidang do not move the case."""
    with sqlite.work() as work:
        put(work, case_id, "musdes_approved")
        actors = [
            stage.actor(work, "bidang_staff", Area(stage.OTHER_VILLAGE), name="lain desa"),
            stage.actor(work, "bidang_staff", programs=frozenset({"pemberdayaan_sosial"}), name="lain bidang"),
            stage.actor(work, "bidang_staff", programs=frozenset({"perlindungan_jaminan_sosial"}), name="bidangnya"),
        ]
    for actor in actors[:2]:
        with pytest.raises(NotAllowed), sqlite.work(actor) as work:
            move_case(work, work.session.get_one(Case, case_id), "dinsos_verified")
    with sqlite.work(actors[2]) as work:
        move_case(work, work.session.get_one(Case, case_id), "dinsos_verified")


def test_a_move_is_written_down(database, office):
    """From where to where, when, by whom and why, and in the audit log; nobody can change it afterwards."""
    case_id = opened(database, office)
    with database.work() as work:
        staff = stage.actor(work, "bidang_staff")
    with database.work(staff) as work:
        move_case(work, work.session.get_one(Case, case_id), "returned", "  KK belum ada ")
        assert [one.action for one in work.records] == ["case.moved"]
    with database.reading() as work:
        move = work.session.scalars(select(Move).order_by(Move.id.desc())).first()
        assert (move.before, move.after, move.moved_by, move.reason) == (
            "submitted",
            "returned",
            "bidang_staff",
            "KK belum ada",
        )
        assert move.moved_at == database.now()


def test_what_is_withdrawn_takes_its_claims_along(sqlite, office, case_id):
    """The applicant may, with a reason, while nothing is granted."""
    with sqlite.work(APPLICANT) as work:
        case = work.session.get_one(Case, case_id)
        with pytest.raises(Refused) as refused:
            move_case(work, case, "withdrawn", " ")
        assert (refused.value.code, refused.value.field) == ("case-needs-reason", "reason")
        move_case(work, case, "withdrawn", "Sudah mampu")
        assert (case.state, case.claims[0].state, case.closed_at) == ("withdrawn", "withdrawn", sqlite.now())
        assert case.due_on is None and case.claims[0].due_on is None
    with sqlite.work() as work:
        case = put(work, case_id, "dinsos_verified", "determined")
        with pytest.raises(Refused) as refused:
            move_case(work, case, "withdrawn", "Alasan")
        assert refused.value.code == "case-needs-ungranted"


def test_a_case_closes_when_everything_in_it_has_ended(sqlite, case_id):
    """And only then."""
    for state in ("open", "proposed", "determined", "paid", "monitored"):
        with pytest.raises(Refused) as refused, sqlite.work() as work:
            move_case(work, put(work, case_id, "dinsos_verified", state), "closed")
        assert refused.value.code == "case-needs-settled"
    for state in ("declined", "graduated", "terminated", "withdrawn"):
        with sqlite.work() as work:
            case = put(work, case_id, "dinsos_verified", state)
            move_case(work, case, "closed")
            assert case.closed_at == sqlite.now()


@pytest.mark.parametrize(
    ("outcome", "after"), [("granted", "determined"), ("declined", "declined"), ("returned", "open")]
)
def test_a_claim_is_decided_by_a_decision(sqlite, office, case_id, outcome, after):
    """Without one, or by one that came out otherwise, nothing moves."""
    with sqlite.work() as work:
        case = work.session.get_one(Case, case_id)
        diagnose(work, office, case, "opened")
        claim = put(work, case_id, "submitted").claims[0]
        with pytest.raises(Refused) as refused:
            move_claim(work, claim, "proposed")
        assert refused.value.code == "case-needs-verified"
        claim = put(work, case_id, "dinsos_verified").claims[0]
        with pytest.raises(Refused) as refused:
            move_claim(work, claim, "proposed")
        assert refused.value.code == "case-needs-proposal"
        decided(work, claim, None)
        move_claim(work, claim, "proposed")
        with pytest.raises(Refused):
            move_claim(work, claim, after)
        decided(work, claim, outcome)
        move_claim(work, claim, after)
        assert claim.state == after


def test_goods_are_handed_over_with_a_proof(sqlite, case_id):
    """A payment that the bank confirmed, or a paper."""
    with sqlite.work() as work:
        claim = put(work, case_id, "dinsos_verified", "determined").claims[0]
        with pytest.raises(Refused) as refused:
            move_claim(work, claim, "paid")
        assert refused.value.code == "case-needs-handed_over"


def test_the_page_is_told_what_is_missing(sqlite, case_id):
    """Ways that the actor has no right to are left out; the others say what they still need."""
    with sqlite.work() as work:
        head = stage.actor(work, "rt_rw", Area(stage.VILLAGE))
    with sqlite.reading(head) as work:
        found = ways(work, work.session.get_one(Case, case_id))

        assert [(way.after, missing) for way, missing in found] == [("rt_rw_checked", "case-needs-checked")]


def test_of_two_who_move_at_once_one_is_told(database, office):
    """The later writer is refused (optimistic locking), and one move stands."""
    case_id = opened(database, office)
    with database.work() as work:
        version = work.session.get_one(Case, case_id).version
        move_case(work, work.session.get_one(Case, case_id), "returned", "KK belum ada")
    with pytest.raises(ChangedMeanwhile), database.work() as work:
        case = work.session.get_one(Case, case_id)
        work.same(case, version)
        move_case(work, case, "submitted")
    with database.reading() as work:
        assert work.session.get_one(Case, case_id).state == "returned"
        assert len(work.session.scalars(select(Move).where(Move.after == "returned")).all()) == 1


def test_a_decided_case_is_not_late_any_more(sqlite, office, case_id):
    """While aid runs, the office owes no answer; when a claim is opened again, it does."""
    with sqlite.work() as work:
        claim = put(work, case_id, "dinsos_verified", "determined").claims[0]
        claim.case.due_on = work.today
        move_claim(work, claim, "terminated", "Pindah")

        assert claim.case.due_on is None
    with sqlite.work() as work:
        claim = work.session.scalars(select(Claim)).one()
        claim.state = "declined"
        move_claim(work, claim, "open", "Sanggah diterima")

        assert claim.due_on is not None


def test_a_case_is_due_when_the_first_of_its_limits_is(sqlite, office):
    """A service of 24 hours does not wait for a step of a week; once it is returned the applicant's time counts."""
    with sqlite.work() as work:
        home = stage.household(work, "Siti")
        case = open_case(work, office, home, [("pkh", None), ("spm_permakanan", home.people[0])], "counter")
        submit(work, office, case)
        assert [one.due_on for one in case.claims] == [None, date(2026, 11, 24)]
        assert case.due_on == date(2026, 11, 24)
        move_case(work, case, "returned", "KK belum ada")
        assert case.due_on == date(2026, 12, 11)
