"""What the log keeps: where and why, and no number of a person, whoever wrote the line."""

import io
import logging

import pytest

from webapp import masking

NIK, KK = "3506074203800000", "3506072311190000"


@pytest.fixture
def log():
    """Give a logger, and what a handler of its own wrote; afterwards records are made as before."""
    before = logging.getLogRecordFactory()
    masking.install()
    out = io.StringIO()
    logger = logging.Logger("tests", logging.DEBUG)
    logger.addHandler(logging.StreamHandler(out))
    logger.written = out.getvalue
    yield logger
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"nik={NIK}", "nik=350607********00"),
        (f"p{NIK}x", "p350607********00x"),
        ("rekening 0021 tidak ada", "rekening 0021 tidak ada"),
        ("rekening 1234567890.", "rekening ********90."),
        ("rekening 002101000123305", "rekening *************05"),
        ("12345678901234567890", "******************90"),
        ("3506 0742 0380 0000", "*****************00"),
        ("35-06-07-420380-0000", "******************00"),
        ("0021-01-000123-30-5", "*****************-5"),
        ("٣٥٠٦٠٧٤٢٠٣٨٠٠٠٠٠", "٣٥٠٦٠٧********٠٠"),
    ],
)
def test_a_number_of_a_person_is_hidden(said, kept):
    """In one piece or in groups, in any script; the length of the text stays."""
    assert masking.without_long_numbers(said) == kept
    assert len(kept) == len(said)


@pytest.mark.parametrize(
    "said",
    [
        "Jl. Raya 125 RT 02 RW 01, Desa 35.06.07.2001, 35.06.08.2002",
        "2026-11-23 09:00:12,345 INFO 192.168.100.200 GET /kantor/kasus/2026-000123 200",
        "127.0.0.1 - - [23/Nov/2026 09:00:12] 1234567 rupiah, 900.000.000",
        "",
    ],
)
def test_what_is_no_number_of_a_person_stays(said):
    """Addresses of houses and of machines, villages, moments, case numbers, amounts."""
    assert masking.without_long_numbers(said) == said


def test_it_is_hidden_however_deep_it_stands(log):
    """In what is filled in, in tables, lists and objects."""
    log.warning("told %s by %r", {"people": [{"nik": NIK}, (KK, {"account": "1234567890"})]}, ValueError(NIK))

    assert NIK not in log.written() and KK not in log.written() and "1234567890" not in log.written()
    assert "350607********00" in log.written()


def test_it_is_hidden_in_a_traceback(log):
    """Also in that of the exception before, and in notes that were added."""
    try:
        try:
            raise KeyError(NIK)
        except KeyError as cause:
            error = ValueError(f"account 1234567890 of {KK}")
            error.add_note(f"while reading {NIK}")
            raise error from cause
    except ValueError:
        log.exception("row %s", NIK)

    written = log.written()
    assert "KeyError" in written and "ValueError" in written and "while reading" in written
    assert not any(number in written for number in (NIK, KK, "1234567890"))


def test_it_is_hidden_where_a_stack_is_asked_for(log):
    """The message above the stack, too."""
    log.info("here is %s", NIK, stack_info=True)

    assert "Stack" in log.written() and NIK not in log.written()


def test_every_handler_and_every_formatter_has_it_hidden(log):
    """Those that are added afterwards, with a format of their own."""
    later = io.StringIO()
    handler = logging.StreamHandler(later)
    handler.setFormatter(logging.Formatter("{levelname}|{message}", style="{"))
    log.addHandler(handler)

    log.error("NIK %s", NIK)

    assert later.getvalue() == "ERROR|NIK 350607********00\n"


def test_the_application_has_it_installed(app):
    """From the moment it is made."""
    assert app
    record = logging.getLogger("waitress").makeRecord("waitress", logging.ERROR, "", 1, "of %s", (NIK,), None)

    assert record.getMessage() == "of 350607********00"
