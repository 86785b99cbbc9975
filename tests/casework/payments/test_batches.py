"""Batches: who is in, who is not and why, who signs, and what may still be changed."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from casework.cases.models import Move
from casework.payments import batches
from casework.payments.access import seen_batch
from casework.payments.batches import payments_of
from casework.payments.instalments import Instalment
from casework.payments.models import Batch, Payment, Signature
from casework.people.models import Attachment
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.staff.actors import Area
from casework.staff.rights import ROLES
from tests.casework import stage
from tests.casework.payments import paying


def test_everybody_on_the_list_is_in_the_batch(database):
    """Count and total are those of the payments; each has a reference of its own."""
    one = paying.payable(database, "Ani", "Budi", amount=450_001)

    number = paying.prepared(database, one)

    assert paying.amounts(database, number) == {"Ani": 450_001, "Budi": 450_001}
    with database.reading() as work:
        batch = paying.the_batch(work, number)
        assert (batch.state, batch.count, batch.total, batch.instalment) == ("draft", 2, 900_002, "1/1")
        assert [payment.reference for payment in batch.payments] == [f"{number}-00001", f"{number}-00002"]


def test_four_instalments_are_the_amount_to_the_rupiah(sqlite):
    """600,001 in four: 150,001 and three times 150,000."""
    one = paying.payable(sqlite, "Ani", amount=600_001)

    numbers = [paying.sent(sqlite, one, Instalment(part, 4)) for part in (1, 2, 3, 4)]

    assert [paying.amounts(sqlite, number)["Ani"] for number in numbers] == [150_001, 150_000, 150_000, 150_000]


def test_who_cannot_be_paid_is_reported_and_not_dropped(sqlite):
    """No account, no amount, dead, ended, an account that ended: each with its reason."""
    one = paying.payable(sqlite, "Ani")
    with sqlite.work() as work:
        list_ = paying.the_list(work, one)
        paying.beneficiary(work, list_, "Tanpa Rekening", number=None)
        paying.beneficiary(work, list_, "Tanpa Jumlah", amount=None)
        paying.beneficiary(work, list_, "Nol", amount=0)
        paying.beneficiary(work, list_, "Wafat", of_person=True).person.died_on = work.today
        paying.beneficiary(work, list_, "Berakhir", claim_state="terminated")
        paying.beneficiary(work, list_, "Pindah").household.closed_at = work.now
        ended = paying.beneficiary(work, list_, "Rekening Lama")
        paying.account(work, ended.household.people[0]).until = work.today

    number = paying.prepared(sqlite, one)

    assert paying.amounts(sqlite, number) == {"Ani": 600_000}
    assert paying.left_out(sqlite, number) == {
        "Tanpa Rekening": "account",
        "Tanpa Jumlah": "amount",
        "Nol": "amount",
        "Wafat": "died",
        "Berakhir": "ended",
        "Pindah": "closed",
        "Rekening Lama": "account",
    }


def test_what_was_handed_over_by_hand_is_not_transferred_too(sqlite):
    """A paper shows that it was given in this period; one of a year ago says nothing about this list."""
    one = paying.payable(sqlite, "Ani", "Budi")
    with sqlite.work() as work:
        picture = Attachment(
            kind="paper",
            name="a",
            media_type="image/jpeg",
            size=1,
            sha256="0",
            content_sealed=b"x",
            added_at=work.now,
            added_by="desk",
        )
        work.session.add(picture)
        work.session.flush()
        for entry, ago in zip(
            paying.the_list(work, one).entries, (timedelta(days=30), timedelta(days=365)), strict=True
        ):
            move = Move(case_id=entry.claim.case_id, claim_id=entry.claim.id, before="determined", after="paid")
            move.moved_at, move.moved_by, move.attachment_id = work.now - ago, "desk", picture.id
            work.session.add(move)
            entry.claim.state = "paid"

    number = paying.prepared(sqlite, one)

    assert paying.amounts(sqlite, number) == {"Budi": 600_000}
    assert paying.left_out(sqlite, number) == {"Ani": "handed_over"}


def test_a_rupiah_in_two_parts_is_paid_once(sqlite):
    """Of the second part nothing is left, and that is said."""
    one = paying.payable(sqlite, "Ani", amount=1)
    paying.sent(sqlite, one, Instalment(1, 2))
    with sqlite.work() as work:
        paying.beneficiary(work, paying.the_list(work, one), "Budi", amount=10)

    number = paying.prepared(sqlite, one, Instalment(2, 2))

    assert paying.left_out(sqlite, number) == {"Ani": "nothing_left"}


def test_a_household_is_paid_to_its_head_or_else_to_whoever_has_an_account(sqlite):
    """The head comes first even when another member was registered before; the dead come never."""
    one = paying.payable(sqlite, "Ani", "Budi", "Citra", number=None)
    with sqlite.work() as work:
        ani, budi, citra = (entry.household for entry in paying.the_list(work, one).entries)
        ani.people[0].relation, ani.people[1].relation = "wife", "head"
        expected = {"Ani": paying.account(work, ani.people[1], "1111111111").id}
        paying.account(work, ani.people[0], "2222222222")
        expected["Budi"] = paying.account(work, budi.people[1], "3333333333").id
        paying.account(work, citra.people[0], "4444444444")
        citra.people[0].died_on = work.today
        expected["Citra"] = paying.account(work, citra.people[1], "5555555555").id

    number = paying.prepared(sqlite, one)

    with sqlite.reading() as work:
        found = {pay.entry.household.name: pay.account_id for pay in payments_of(work, paying.the_batch(work, number))}
    assert found == expected


def test_a_persons_aid_goes_to_the_persons_own_account(sqlite):
    """The head's account does not take what is another's."""
    one = paying.payable(sqlite, "Ani")
    with sqlite.work() as work:
        entry = paying.beneficiary(work, paying.the_list(work, one), "Budi")
        entry.person = entry.household.people[1]

    assert paying.left_out(sqlite, paying.prepared(sqlite, one)) == {"Budi": "account"}


@pytest.mark.parametrize("state", ["draft", "verified", "revised", "dropped"])
def test_only_a_list_in_force_is_paid(sqlite, state):
    """Signed or published; a list that a revision replaced pays nobody."""
    one = paying.payable(sqlite)
    with sqlite.work() as work:
        paying.the_list(work, one).state = state

    with pytest.raises(Refused, match="not signed"):
        paying.prepared(sqlite, one)


def test_one_instalment_is_paid_once(database):
    """While a batch is under way, and after it was paid, nobody is left for another; a new name on the list is."""
    one = paying.payable(database, "Ani")
    number = paying.sent(database, one)

    with pytest.raises(Refused, match="nobody to pay"):
        paying.prepared(database, one)
    paying.answered(database, one, number, paying.answer_of(database, number))
    with pytest.raises(Refused, match="nobody to pay"):
        paying.prepared(database, one)
    with database.work() as work:
        paying.beneficiary(work, paying.the_list(work, one), "Budi")
    assert paying.amounts(database, paying.prepared(database, one)) == {"Budi": 600_000}


def test_the_parts_of_a_list_are_counted_one_way(sqlite):
    """After 1/4 there is no 1/2, which would pay some of it again; a dropped batch binds nobody."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one, Instalment(1, 4))

    with pytest.raises(Refused, match="in 4 parts"):
        paying.prepared(sqlite, one, Instalment(1, 2))
    with sqlite.work(one.maker) as work:
        batches.drop(work, paying.the_batch(work, number), "salah bagian")
    paying.prepared(sqlite, one, Instalment(1, 2))


def test_a_revised_list_pays_no_household_again(database):
    """Whoever was paid by the list before is not paid by its revision, though the entry may be a new one."""
    one = paying.payable(database, "Ani")
    paying.sent(database, one)
    with database.work() as work:
        before = paying.the_list(work, one)
        after = paying.list_of(work, revises=before.id)
        home = before.entries[0].household
        before.state = "revised"
        again = paying.beneficiary(work, after, "Budi")
        again_ani = paying.beneficiary(work, after, "Palsu")
        again_ani.household, again_ani.claim = home, None
        revised = type(one)(after.id, one.maker, one.signer)
        assert again.id

    assert paying.amounts(database, paying.prepared(database, revised)) == {"Budi": 600_000}


def test_two_entries_that_turn_out_to_be_one_person_are_paid_once(sqlite):
    """What either got counts for both after they were merged, in this instalment and in those to come."""
    one = paying.payable(sqlite, "Ani", "Ani Lagi", of_person=True)
    number = paying.prepared(sqlite, one)
    with sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        batches.leave_out(work, batch, [batch.payments[0].id], "mungkin orang yang sama")
    paying.signed(sqlite, one, number)
    paying.exported(sqlite, one, number)
    with sqlite.work() as work:
        kept, gone = paying.the_list(work, one).entries
        gone.person = kept.person

    with pytest.raises(Refused, match="nobody to pay"):
        paying.prepared(sqlite, one)


def test_the_database_itself_refuses_a_second_payment(database):
    """Past every check: of one entry, or one payee, and instalment there is one payment that did not fail."""
    one = paying.payable(database, "Ani", "Budi")
    number = paying.prepared(database, one)

    for entry, payee in ((0, "new"), (1, "same")):
        with pytest.raises(IntegrityError), database.work() as work:
            held = payments_of(work, paying.the_batch(work, number))
            twin = Payment(
                batch_id=held[0].batch_id,
                entry_id=held[entry].entry_id if payee == "new" else _other_entry(work, one),
                payee="somebody" if payee == "new" else held[0].payee,
                instalment="1/1",
                account_id=held[0].account_id,
                amount=1,
                reference="twin",
                state="planned",
            )
            work.session.add(twin)


def _other_entry(work, one):
    return paying.beneficiary(work, paying.the_list(work, one), "Citra").id


def test_two_different_people_sign(database):
    """One of them may have prepared it; nobody counts twice."""
    one = paying.payable(database)
    number = paying.prepared(database, one)

    with database.work(one.maker) as work:
        batches.sign(work, paying.the_batch(work, number))
    with pytest.raises(Refused, match="another person"), database.work(one.maker) as work:
        batches.sign(work, paying.the_batch(work, number))
    with pytest.raises(Refused, match="not yet signed"):
        paying.exported(database, one, number)
    with database.work(one.signer) as work:
        batches.sign(work, paying.the_batch(work, number))
        assert paying.the_batch(work, number).state == "signed"
    assert paying.exported(database, one, number).first


def test_a_signature_is_for_totals_and_lapses_with_them(sqlite):
    """When a payment is taken out, both must sign again."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)
    paying.signed(sqlite, one, number)

    with sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        batches.leave_out(work, batch, [batch.payments[1].id], "alamat diperiksa lagi")
        assert (batch.state, batch.count, batch.total) == ("draft", 2, 1_200_000)
        assert batches.signatures(work, batch) == []

    with pytest.raises(Refused, match="not yet signed"):
        paying.exported(sqlite, one, number)
    paying.signed(sqlite, one, number)
    assert paying.exported(sqlite, one, number).data.count(b"\r\n") == 5


def test_whoever_was_taken_out_can_be_in_the_next_batch(sqlite):
    """A cancelled payment makes room for another of the same instalment."""
    one = paying.payable(sqlite, "Ani", "Budi")
    number = paying.prepared(sqlite, one)
    with sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        batches.leave_out(work, batch, [batch.payments[0].id], "diperiksa")

    assert paying.amounts(sqlite, paying.prepared(sqlite, one)) == {"Ani": 600_000}


def test_a_batch_loses_its_last_payment_only_by_being_dropped(sqlite):
    """An empty file is sent to nobody."""
    one = paying.payable(sqlite, "Ani")
    number = paying.prepared(sqlite, one)

    with pytest.raises(Refused, match="drop the batch"), sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        batches.leave_out(work, batch, [batch.payments[0].id], "diperiksa")


@pytest.mark.parametrize("change", ["leave_out", "drop", "sign"])
def test_what_went_to_the_bank_is_not_changed(sqlite, change):
    """Exported is exported."""
    one = paying.payable(sqlite)
    number = paying.sent(sqlite, one)

    with (
        pytest.raises(Refused, match="cannot be changed"),
        sqlite.work(one.signer if change == "sign" else one.maker) as work,
    ):
        batch = paying.the_batch(work, number)
        if change == "leave_out":
            batches.leave_out(work, batch, [batch.payments[0].id], "diperiksa")
        elif change == "drop":
            batches.drop(work, batch, "batal")
        else:
            batches.sign(work, batch)


def test_taking_out_and_dropping_need_a_reason(sqlite):
    """It stands with the payment afterwards."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)

    with pytest.raises(Refused, match="reason"), sqlite.work(one.maker) as work:
        batches.drop(work, paying.the_batch(work, number), " ")
    with sqlite.work(one.maker) as work:
        batches.drop(work, paying.the_batch(work, number), "salah daftar")
        assert {pay.failure for pay in payments_of(work, paying.the_batch(work, number), "cancelled")} == {
            "salah daftar"
        }


def test_a_payment_of_another_batch_is_not_there(sqlite):
    """A forged id takes nobody out."""
    one, other = paying.payable(sqlite), paying.payable(sqlite)
    mine, theirs = paying.prepared(sqlite, one), paying.prepared(sqlite, other)

    with pytest.raises(NotFound), sqlite.work(one.maker) as work:
        batches.leave_out(work, paying.the_batch(work, mine), [paying.the_batch(work, theirs).payments[0].id], "coba")


def test_who_saw_an_older_state_changes_nothing(sqlite):
    """The version that a form carries is compared under the lock."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)
    with sqlite.work(one.maker) as work:
        batch = paying.the_batch(work, number)
        seen = batch.version
        batches.leave_out(work, batch, [batch.payments[0].id], "diperiksa")

    with pytest.raises(ChangedMeanwhile), sqlite.work(one.signer) as work:
        batches.sign(work, paying.the_batch(work, number), seen)


def test_payments_are_for_those_whose_work_they_are(sqlite):
    """By right, by program, and for the whole district: a post in one village makes no batch."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)
    with sqlite.work() as work:
        others = [
            stage.actor(work, "applicant_desk"),
            stage.actor(work, "bidang_staff", programs=frozenset({"rehabilitasi_sosial"}), name="elsewhere"),
            stage.actor(
                work, "bidang_staff", Area(stage.VILLAGE), frozenset({"perlindungan_jaminan_sosial"}), "village"
            ),
        ]

    for other in others:
        with pytest.raises(NotAllowed), sqlite.work(other) as work:
            batches.prepare(work, paying.the_list(work, one), paying.FIRST, paying.DESK)
        with pytest.raises(NotAllowed), sqlite.work(other) as work:
            batches.sign(work, paying.the_batch(work, number))
        with pytest.raises(NotFound), sqlite.reading(other) as work:
            seen_batch(work, number)
    with pytest.raises(NotAllowed), sqlite.work(one.signer) as work:
        batches.prepare(work, paying.the_list(work, one), paying.FIRST, paying.DESK)
    with sqlite.reading(one.signer) as work:
        assert seen_batch(work, number).number == number


def test_whoever_deals_with_payments_may_know_what_they_are_for():
    """A batch names its service; every role with a right over payments may know those of officers."""
    assert all("secrets.read" in rights for rights in ROLES.values() if rights & {"payment.prepare", "payment.sign"})


def test_nobody_signs_as_the_system(sqlite):
    """A signature is a person's."""
    one = paying.payable(sqlite)
    number = paying.prepared(sqlite, one)

    with pytest.raises(NotAllowed), sqlite.work() as work:
        batches.sign(work, paying.the_batch(work, number))
    with sqlite.reading() as work:
        assert work.session.query(Signature).count() == 0


@pytest.mark.parametrize("rounds", range(3))
def test_of_two_who_prepare_at_once_one_does(database, rounds):
    """The other finds nobody left to pay."""
    one = paying.payable(database)
    start, outcomes = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            outcomes.append(paying.prepared(database, one))
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(outcomes)[1] == "payments-nobody"
    with database.reading() as work:
        assert work.session.query(Batch).count() == 1
        assert work.session.query(Payment).count() == 3
