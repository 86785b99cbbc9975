"""What the bank answers: taken as a whole, once, and only where it fits."""

import io
import zipfile

import pytest
import xlsxwriter

from casework.cases.models import Move, Note
from casework.payments import answer_files, answers
from casework.payments.answer_files import AnswerRefused, lines_of, rupiah_of
from casework.payments.batches import payments_of
from casework.payments.instalments import Instalment
from casework.payments.models import BankAnswer
from casework.refusals import NotAllowed, Refused
from engine.knowledge.banks import Money
from tests.casework.payments import paying

HEADINGS = b"REFERENCE,AMOUNT,CODE,REASON\r\n"


def states(database, number):
    with database.reading() as work:
        return [payment.state for payment in payments_of(work, paying.the_batch(work, number))]


def excel(*rows):
    """Make a workbook whose first sheet has these rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_paid_moves_the_claims_on(database):
    """What came in without a case is paid all the same; the batch is answered when nothing is under way."""
    one = paying.payable(database, "Ani", "Budi")
    with database.work() as work:
        paying.beneficiary(work, paying.the_list(work, one), "Dari Luar", claim_state=None)
    number = paying.sent(database, one)

    result = paying.answered(database, one, number, paying.answer_of(database, number))

    assert (result.paid, result.failed, result.first) == (3, 0, True)
    assert states(database, number) == ["paid"] * 3
    with database.reading() as work:
        assert paying.the_batch(work, number).state == "answered"
        claims = [entry.claim and entry.claim.state for entry in paying.the_list(work, one).entries]
        assert claims == ["paid", "paid", None]
        assert [move.after for move in work.session.query(Move)] == ["paid", "paid"]


def test_a_second_instalment_leaves_a_paid_claim_as_it_is(sqlite):
    """And brings back one that is being monitored."""
    one = paying.payable(sqlite, "Ani", "Budi")
    number = paying.sent(sqlite, one, Instalment(1, 2))
    paying.answered(sqlite, one, number, paying.answer_of(sqlite, number))
    with sqlite.work() as work:
        paying.the_list(work, one).entries[1].claim.state = "monitored"

    number = paying.sent(sqlite, one, Instalment(2, 2))
    paying.answered(sqlite, one, number, paying.answer_of(sqlite, number))

    with sqlite.reading() as work:
        assert [entry.claim.state for entry in paying.the_list(work, one).entries] == ["paid", "paid"]


def test_failed_goes_back_to_the_case_with_the_banks_reason(database):
    """A note says what to do; whole numbers in the bank's words are masked."""
    one = paying.payable(database, "Ani", "Budi")
    number = paying.sent(database, one)
    data = paying.answer_of(database, number, ["CLOSED"]).replace(b",CLOSED,", b",CLOSED,Rekening 0012345600 tutup")

    result = paying.answered(database, one, number, data)

    assert (result.paid, result.failed) == (1, 1)
    assert states(database, number) == ["failed", "paid"]
    with database.reading() as work:
        failed = payments_of(work, paying.the_batch(work, number), "failed")[0]
        assert failed.failure == "Rekening *******600 tutup"
        note = work.session.query(Note).one()
        assert note.case_id == failed.entry.claim.case_id
        assert failed.reference in note.text
        assert "0012345600" not in note.text
        assert failed.entry.claim.state == "determined"


def test_a_failed_payment_is_paid_again_once_the_account_was_set_anew(database):
    """Not to the account that the bank refused; and only what failed."""
    one = paying.payable(database, "Ani", "Budi")
    number = paying.sent(database, one)
    paying.answered(database, one, number, paying.answer_of(database, number, ["NO"]))

    with pytest.raises(Refused, match=r"nobody to pay.*\(1\)"):
        paying.prepared(database, one)
    with database.work() as work:
        paying.account(work, paying.the_list(work, one).entries[0].household.people[0], "7777777777")
        paying.beneficiary(work, paying.the_list(work, one), "Tanpa Rekening", number=None)
    second = paying.prepared(database, one)

    assert paying.amounts(database, second) == {"Ani": 600_000}
    assert paying.left_out(database, second) == {"Tanpa Rekening": "account"}
    paying.signed(database, one, second)
    paying.exported(database, one, second)
    paying.answered(database, one, second, paying.answer_of(database, second))
    with database.reading() as work:
        assert [entry.claim.state for entry in paying.the_list(work, one).entries[:2]] == ["paid", "paid"]


def test_the_same_file_is_read_once(database):
    """The second time it says what the first did, and changes nothing."""
    one = paying.payable(database, "Ani", "Budi")
    number = paying.sent(database, one)
    data = paying.answer_of(database, number, ["NO"])

    first, again = (paying.answered(database, one, number, data) for _ in range(2))

    assert (again.paid, again.failed, again.first) == (first.paid, first.failed, False)
    with database.reading() as work:
        assert work.session.query(BankAnswer).count() == 1
        assert work.session.query(Note).count() == 1


def test_a_bank_may_answer_in_parts(sqlite):
    """The batch waits for the rest; what was answered may stand in the next file too."""
    one = paying.payable(sqlite, "Ani", "Budi")
    number = paying.sent(sqlite, one)
    whole = paying.answer_of(sqlite, number)
    first_half = b"\r\n".join(whole.split(b"\r\n")[:2])

    paying.answered(sqlite, one, number, first_half)
    assert states(sqlite, number) == ["paid", "exported"]
    with sqlite.reading() as work:
        assert paying.the_batch(work, number).state == "exported"
    paying.answered(sqlite, one, number, whole)

    assert states(sqlite, number) == ["paid", "paid"]
    with sqlite.reading() as work:
        assert work.session.query(Move).count() == 2


def faults(database, one, number, data):
    """Give the rows and codes of what does not fit; nothing may have been saved."""
    before = states(database, number)
    with pytest.raises(AnswerRefused) as refused:
        paying.answered(database, one, number, data)
    assert states(database, number) == before
    for fault in refused.value.faults:
        assert fault.said("id")
        assert fault.said("en")
    return [(fault.row, fault.code.removeprefix("payments-row-")) for fault in refused.value.faults]


def test_what_does_not_fit_refuses_the_whole_file(sqlite):
    """Each row is named: another batch, another amount, twice, a code nobody knows, no reference."""
    one, other = paying.payable(sqlite, "Ani", "Budi"), paying.payable(sqlite, "Citra")
    number, theirs = paying.sent(sqlite, one), paying.sent(sqlite, other)
    good = paying.answer_of(sqlite, number)
    a, b = (line.split(b",")[0] for line in good.split(b"\r\n")[1:3])

    assert faults(sqlite, one, number, paying.answer_of(sqlite, theirs)) == [(2, "unknown")]
    assert faults(sqlite, one, number, good.replace(b"600000,OK,\r\n" + b, b"60000,OK,\r\n" + b)) == [(2, "amount")]
    assert faults(sqlite, one, number, good + a + b",600000,OK,\r\n") == [(4, "twice")]
    unread = HEADINGS + b",1,OK,\r\n" + a + b",1,WHAT,\r\n" + b + b",1e5,OK,\r\n"
    assert faults(sqlite, one, number, unread) == [(2, "no-reference"), (3, "code"), (4, "amount-unread")]


def test_what_a_payment_became_it_stays(sqlite):
    """After a failure somebody may have been paid by another batch: a late "paid" is refused, and so is the reverse."""
    one = paying.payable(sqlite, "Ani", "Budi")
    number = paying.sent(sqlite, one)
    paying.answered(sqlite, one, number, paying.answer_of(sqlite, number, ["NO", "OK"]))

    assert faults(sqlite, one, number, paying.answer_of(sqlite, number, ["OK", "NO"])) == [
        (2, "otherwise"),
        (3, "otherwise"),
    ]


def test_a_batch_that_was_not_exported_has_no_answer(sqlite):
    """Nobody can be paid by a file that the bank never got."""
    one = paying.payable(sqlite, "Ani")
    number = paying.prepared(sqlite, one)

    with pytest.raises(Refused, match="not gone to the bank"):
        paying.answered(sqlite, one, number, HEADINGS + f"{number}-00001,600000,OK,".encode())
    with pytest.raises(NotAllowed), sqlite.work(one.signer) as work:
        answers.read_answer(work, paying.the_batch(work, number), paying.DESK, "x.csv", b"")


def test_the_name_of_the_file_is_no_path(sqlite):
    """Only what stands behind the last slash is kept."""
    one = paying.payable(sqlite, "Ani")
    number = paying.sent(sqlite, one)

    paying.answered(sqlite, one, number, paying.answer_of(sqlite, number), name="..\\..\\etc/passwd.csv")

    with sqlite.reading() as work:
        assert work.session.query(BankAnswer).one().file_name == "passwd.csv"


def test_excel_and_csv_say_the_same():
    """Headings may stand below a few other rows, in any order and in small letters; numbers may be numbers."""
    rows = [["Report of the bank"], ["code", "reference", "reason", "amount"], ["OK", "R-1", "", 600_000]]
    text = "\ufeffReport of the bank\r\ncode,reference,reason,amount\r\n\r\nOK,R-1,,600000\r\n,,,\r\n".encode()

    (of_excel,), (of_text,) = (lines_of(paying.DESK.answer, data) for data in (excel(*rows), text))

    assert (of_excel.reference, of_excel.amount, of_excel.paid, of_excel.reason) == ("R-1", 600_000, True, None)
    assert of_text.row == 4
    assert of_excel.row == 3
    assert (of_text.reference, of_text.amount, of_text.paid) == ("R-1", 600_000, True)


def bomb():
    """Make a small archive that unpacks to a great deal."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "headings"),
        (b"REFERENCE,AMOUNT\r\nR,1\r\n", "headings"),
        (HEADINGS, "empty"),
        (HEADINGS + b"\r\n,,,\r\n", "empty"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "kind"),
        (b"PK\x03\x04 no workbook", "kind"),
        (b"REFERENCE\0", "kind"),
        (HEADINGS + b'"R,1,OK,', "kind"),
        (bomb(), "large"),
        (b" " * (answer_files.LARGEST + 1), "large"),
    ],
)
def test_a_file_that_is_no_answer_is_refused(data, code):
    """Each for its own reason."""
    with pytest.raises(Refused) as refused:
        lines_of(paying.DESK.answer, data)

    assert refused.value.code == f"payments-answer-{code}"
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("text", "money", "found"),
    [
        ("600000", Money(), 600_000),
        ("600000.00", Money(2, ".", ","), 600_000),
        ("600,000.00", Money(2, ".", ","), 600_000),
        ("600.000,00", Money(2, ",", "."), 600_000),
        ("600.000", Money(2, ",", "."), 600_000),
        ("60000000", Money(2, "", ""), 600_000),
        ("600000", Money(2, ",", "."), 600_000),
        ("600.00", Money(2, ",", "."), None),
        ("600000.50", Money(2, ".", ","), None),
        ("60000050", Money(2, "", ""), None),
        ("-600000", Money(), None),
        ("6e5", Money(), None),
        ("٦", Money(), None),
        ("", Money(), None),
        ("9" * 16, Money(), None),
    ],
)
def test_an_amount_is_whole_rupiah_or_nothing(text, money, found):
    """Nothing is guessed from marks that stand elsewhere than the layout says."""
    assert rupiah_of(text, money) == found
