"""Papers: asked for, answered with photos or at the desk, under one receipt; sure only once the original was seen."""

import io
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import func, select

from casework.cases import diagnoses, own_case, paper_lists, papers
from casework.cases.models import Case, Claim, PaperReceived, PaperRequest
from casework.cases.opening import open_case
from casework.cases.papers import File, Handed
from casework.people import observations
from casework.people.models import Attachment, Observation
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.actors import APPLICANT, Area
from tests.casework import stage

ELSEWHERE = Area(stage.OTHER_VILLAGE)
# What says the same whatever the database is tried on one of them.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def photo(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return File("ktp.jpg", out.getvalue())


@pytest.fixture
def people(database):
    """Give who works here."""
    with database.work() as work:
        roles = {"desk": "applicant_desk", "bidang": "bidang_staff", "rt": "rt_rw", "analyst": "analyst"}
        found = {name: stage.actor(work, role) for name, role in roles.items()}
        return {**found, "away": stage.actor(work, "applicant_desk", ELSEWHERE), "applicant": APPLICANT}


@pytest.fixture
def case(database, office, people):
    """Give the id of a case of Siti and her child that asks for something which needs papers."""
    with database.work(people["desk"]) as work:
        home = stage.household(work, "Siti", "Budi", kk="3506070101150000")
        return open_case(work, office, home, [("pkh", None)], "counter").id


def at(work, id_):
    return work.session.get_one(Case, id_)


def ask(database, office, actor, case, document="ktp", seat=0, note=None):
    with database.work(actor) as work:
        found = at(work, case)
        person = None if seat is None else found.household.people[seat]
        return papers.request(work, office, found, document, person, note).id


def receive(database, office, actor, case, *handed):
    with database.work(actor) as work:
        found = at(work, case)
        people = found.household.people
        said = [Handed(document, None if seat is None else people[seat], files) for document, seat, files in handed]
        return papers.receive(work, office.knowledge, found, said).number


def count(database, table):
    with database.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_papers_are_taken_in_under_one_receipt(database, office, people, case):
    """Two papers, one of them with two photos: one number, and each photo is there, sealed."""
    number = receive(database, office, people["desk"], case, ("ktp", 0, (photo(), photo("blue"))), ("kk", None, ()))
    with database.reading(people["desk"]) as work:
        receipt = paper_lists.receipt_of(work, number)
        rows = [(one.document, one.person_id is None, one.attachment_id is None) for one in receipt.papers]
        assert (receipt.case.id, receipt.received_by) == (case, people["desk"].name)
    assert rows == [("ktp", False, False), ("ktp", False, False), ("kk", True, True)]
    assert number.startswith("TT-2026-000001-")
    assert count(database, Attachment) == 2


@ON_SQLITE
def test_each_receipt_has_a_number_of_its_own(database, office, people, case):
    """In the order of taking in."""
    first, second = (receive(database, office, people["desk"], case, ("kk", None, ())) for _ in range(2))

    assert first != second


def test_what_was_asked_for_is_answered_when_it_comes(database, office, people, case):
    """That of another person stays open."""
    siti, budi = (ask(database, office, people["desk"], case, "akta_kelahiran", seat) for seat in (0, 1))
    receive(database, office, people["desk"], case, ("akta_kelahiran", 1, ()))
    with database.reading(people["desk"]) as work:
        assert [one.id for one in paper_lists.of_case(work, at(work, case)).requests] == [siti]
        assert work.session.get(PaperRequest, budi).answered_at == work.now


def test_an_applicant_answers_a_request_with_photos(database, office, people, case):
    """They come in under a receipt, and the desk sees them."""
    asked = ask(database, office, people["desk"], case)
    with database.work(APPLICANT) as work:
        number = own_case.answer_request(work, office, at(work, case), asked, [photo(), photo("blue")])
    with database.reading(people["desk"]) as work:
        found = paper_lists.of_case(work, at(work, case))
        assert found.requests == []
        assert [(one.receipt, one.received_by, one.seen_at) for one in found.received] == [
            (number, "pemohon", None)
        ] * 2


@ON_SQLITE
def test_an_answer_belongs_to_an_open_request_of_that_case(database, office, people, case):
    """A forged number, an answered request, another family's case: there is no such request."""
    asked = ask(database, office, people["desk"], case)
    with database.work(people["desk"]) as work:
        other = open_case(work, office, stage.household(work, "Joko"), [("pkh", None)], "counter").id
    for id_, request in ((case, asked + 99), (other, asked)):
        with pytest.raises(NotFound), database.work(APPLICANT) as work:
            own_case.answer_request(work, office, at(work, id_), request, [photo()])
    with database.work(APPLICANT) as work:
        own_case.answer_request(work, office, at(work, case), asked, [photo()])
    with pytest.raises(NotFound), database.work(APPLICANT) as work:
        own_case.answer_request(work, office, at(work, case), asked, [photo()])

    assert count(database, PaperReceived) == 1


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "papers-no-file"),
        ([photo()] * 7, "papers-files"),
        ([photo(), File("ktp.jpg", b"not a picture")], "attachment-type"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused_as_a_whole(sqlite, office, files, code):
    """Nothing of it is kept, and the request stays open."""
    with sqlite.work() as work:
        desk = stage.actor(work, "applicant_desk")
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter").id
    asked = ask(sqlite, office, desk, case)
    with pytest.raises(Refused) as refused, sqlite.work(APPLICANT) as work:
        own_case.answer_request(work, office, at(work, case), asked, files)

    assert refused.value.code == code
    assert count(sqlite, Attachment) == count(sqlite, PaperReceived) == 0
    assert count(sqlite, PaperRequest) == 1


def test_a_paper_is_sure_once_an_officer_saw_the_original(database, office, people, case):
    """The observation names the paper, its picture and the case; that it came alone says nothing yet."""
    receive(database, office, people["desk"], case, ("ktp", 0, (photo(),)))
    assert count(database, Observation) == 0
    with database.work(people["desk"]) as work:
        paper = work.session.scalar(select(PaperReceived))
        papers.see(work, office.knowledge, at(work, case), paper)
    with database.reading() as work:
        paper, seen = work.session.scalar(select(PaperReceived)), work.session.scalar(select(Observation))
        assert (paper.seen_by, paper.seen_at) == (people["desk"].name, work.now)
        assert (seen.fact, observations.value_of(seen), seen.evidence) == ("paper:ktp", True, "registry")
        assert (seen.document, seen.attachment_id, seen.case_id) == ("ktp", paper.attachment_id, case)
        assert seen.person_id == at(work, case).household.people[0].id


def test_of_two_officers_the_first_has_seen_it(database, office, people, case):
    """The second is told; there is one observation."""
    receive(database, office, people["desk"], case, ("kk", None, ()))

    def see(_):
        try:
            with database.work(people["desk"]) as work:
                papers.see(work, office.knowledge, at(work, case), work.session.scalar(select(PaperReceived)))
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        done = set(pool.map(see, range(2)))

    assert done == {None, "papers-seen"}
    assert count(database, Observation) == 1


@ON_SQLITE
def test_what_a_service_needs_and_nobody_brought_is_missing(database, office, people, case):
    """As the latest diagnosis says; what came or was asked for is missing no more."""
    with database.work() as work:
        found = at(work, case)
        diagnoses.diagnose(work, office, found, "opened")
        before = {one.document for one in paper_lists.of_case(work, found).missing}
        row = office.knowledge.services[found.claims[0].service]
    assert row.name == "pkh" and {"ktp", "kk"} <= before
    receive(database, office, people["desk"], case, ("kk", None, ()))
    with database.reading() as work:
        after = {one.document for one in paper_lists.of_case(work, at(work, case)).missing}
    assert before - after == {"kk"}


@ON_SQLITE
def test_papers_are_missing_only_for_what_is_asked_for(database, office, people, case):
    """What other services of the household would need is not asked of it."""
    with database.work() as work:
        found = at(work, case)
        diagnoses.diagnose(work, office, found, "opened")
        stored = diagnoses.answer_of(work, diagnoses.latest(work, found))
        wanted = {
            one["document"]
            for row in stored["services"]
            if row["service"] == "pkh" and row["subject"] == "household"
            for one in row["documents"]
            if one["needed"] == "yes"
        }
        assert {one.document for one in paper_lists.needed(work, found)} == wanted


@ON_SQLITE
def test_the_same_paper_is_not_asked_for_twice(database, office, people, case):
    """Of another person it is another paper."""
    ask(database, office, people["desk"], case)
    ask(database, office, people["desk"], case, seat=1)
    with pytest.raises(Refused, match="asked for already"):
        ask(database, office, people["desk"], case)


@pytest.mark.parametrize(("who", "why"), [("analyst", NotAllowed), ("rt", NotAllowed), ("away", NotFound)])
@ON_SQLITE
def test_papers_are_for_those_who_take_them_in_there(database, office, people, case, who, why):
    """Others may not ask, take in or see; elsewhere there is no such case."""
    receive(database, office, people["desk"], case, ("ktp", 0, (photo(),)))
    with pytest.raises(why):
        ask(database, office, people[who], case, "kk", None)
    with pytest.raises(why):
        receive(database, office, people[who], case, ("kk", None, ()))
    with pytest.raises(why), database.work(people[who]) as work:
        papers.see(work, office.knowledge, at(work, case), work.session.scalar(select(PaperReceived)))


@ON_SQLITE
def test_pictures_are_for_those_who_see_the_case(database, office, people, case):
    """A file of another case, or one that is no file of a case, is not there."""
    receive(database, office, people["desk"], case, ("ktp", 0, (photo(),)))
    with database.reading() as work:
        number, picture = at(work, case).number, work.session.scalar(select(Attachment.id))
    with database.work() as work:
        other = open_case(work, office, stage.household(work, "Joko"), [("pkh", None)], "counter").number
    with database.reading(people["bidang"]) as work:
        assert paper_lists.picture_of(work, office, number, picture).id == picture
    for who, case_number in (("away", number), ("bidang", other)):
        with pytest.raises(NotFound), database.reading(people[who]) as work:
            paper_lists.picture_of(work, office, case_number, picture)


def test_a_paper_that_only_officers_may_know_of_is_not_asked_for_by_others(sqlite, office):
    """Whoever may not read secrets has no part in them."""
    with sqlite.work() as work:
        desk = stage.actor(work, "applicant_desk")
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter").id
    secretive = SimpleNamespace(
        knowledge=office.knowledge, plan=lambda day: SimpleNamespace(officer_only=frozenset({"ktp"}))
    )
    with pytest.raises(NotAllowed):
        ask(sqlite, secretive, desk, case, "ktp", None)
    ask(sqlite, secretive, desk, case, "kk", None)


@pytest.mark.parametrize(
    ("document", "note", "code"), [("no_paper", None, "papers-unknown"), ("ktp", "x" * 501, "papers-note-long")]
)
def test_what_cannot_be_asked_for_is_said(sqlite, office, document, note, code):
    """At its field."""
    with sqlite.work() as work:
        desk = stage.actor(work, "applicant_desk")
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter").id
    with pytest.raises(Refused) as refused:
        ask(sqlite, office, desk, case, document, None, note)

    assert refused.value.code == code


def test_a_closed_case_takes_no_more_photos(sqlite, office):
    """It says so."""
    with sqlite.work() as work:
        desk = stage.actor(work, "applicant_desk")
        case = open_case(work, office, stage.household(work, "Siti"), [("pkh", None)], "counter").id
    asked = ask(sqlite, office, desk, case)
    with sqlite.work(APPLICANT) as work:
        own_case.withdraw(work, office, at(work, case), None)
    with pytest.raises(Refused, match="closed"), sqlite.work(APPLICANT) as work:
        own_case.answer_request(work, office, at(work, case), asked, [photo()])
    with sqlite.reading() as work:
        assert work.session.scalar(select(Claim.state)) == "withdrawn"
