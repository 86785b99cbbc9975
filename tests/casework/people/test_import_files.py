"""Files that somebody uploads: what is opened, and what is turned away before it does harm."""

import pytest

from casework.people import import_files
from casework.people.import_files import COMMAND, FORMULA, MERGED, ROUNDED, read_sheet, safe_name
from casework.refusals import Refused
from tests.casework.people import lists


def refusal(content):
    with pytest.raises(Refused) as refused:
        read_sheet(content)
    assert refused.value.said("id") and refused.value.said("en")
    return refused.value.code


@pytest.mark.parametrize(
    "content",
    [
        lists.csv(lists.SUKARTI),
        lists.csv(lists.SUKARTI, between=","),
        lists.csv(lists.SUKARTI, between="\t"),
        b"\xef\xbb\xbf" + lists.csv(lists.SUKARTI),
        lists.csv(lists.SUKARTI).decode().encode("utf-16"),
        lists.excel(lists.SUKARTI),
    ],
    ids=["semicolon", "comma", "tab", "utf-8 mark", "utf-16", "excel"],
)
def test_a_list_is_read_as_text_whatever_wrote_it(content):
    """Zeros at the front and all sixteen digits stay."""
    assert read_sheet(content) == import_files.Sheet([lists.HEADINGS, lists.SUKARTI], {})


def test_an_old_encoding_is_read_too():
    """Windows writes CSV so."""
    assert read_sheet("Nama\r\nJosé".encode("cp1252")).rows == [["Nama"], ["José"]]


def test_rows_and_columns_keep_their_places_in_a_sheet_that_begins_further_down():
    """What is said about row 4, column C, is about that cell."""
    content = lists.excel(headings=[], change=lambda sheet, _: (sheet.write(3, 2, "=1+1"), sheet.write(4, 1, "x")))
    sheet = read_sheet(content)

    assert len(sheet.rows) == 5 and sheet.rows[4][1] == "x"
    assert sheet.strange == {(4, 3): FORMULA}


def test_formulas_merged_cells_and_rounded_numbers_are_noticed():
    """They look like text once a sheet is read."""

    def change(sheet, book):
        sheet.write_formula(1, 2, '=HYPERLINK("http://x")', None, "Sukarti")
        sheet.write_number(1, 1, 3506075203800000)
        sheet.merge_range(2, 0, 3, 0, "x")
        sheet.write_number(4, 0, 42)

    assert read_sheet(lists.excel(lists.SUKARTI, change=change)).strange == {
        (2, 2): ROUNDED,
        (2, 3): FORMULA,
        (3, 1): MERGED,
        (4, 1): MERGED,
    }


@pytest.mark.parametrize("sign", ["-", " - ", "", ".", "–", "#N/A"])
def test_signs_for_nothing_are_nothing(sign):
    """People fill a gap with a dash."""
    assert read_sheet(f"a;b\r\nx;{sign}\r\n".encode()).rows[1] == ["x", ""]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import-empty"),
        (b" \r\n ", "import-empty"),
        (b";;\r\n;;", "import-empty"),
        (lists.excel(headings=[]), "import-empty"),
        (b"\xd0\xcf\x11\xe0 old", "import-old-excel"),
        (b"PK\x03\x04 broken", "import-broken"),
        (lists.excel(lists.SUKARTI)[:-200], "import-broken"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import-not-a-list"),
        (b'a;"b\r\nc', "import-broken"),
        (b"x;" * 200, "import-too-many-columns"),
        (b"x\n" * 50_200, "import-too-many-rows"),
        (b"x" * (import_files.LARGEST + 1), "import-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_turned_away(content, code):
    """With a sentence that says what to do."""
    assert refusal(content) == code


def test_a_small_file_that_unfolds_without_end_is_turned_away(monkeypatch):
    """Before it fills the memory; the limit is made small, so that the test is quick."""
    bomb = lists.repacked(lists.excel(lists.SUKARTI), lambda name, data: data + b" " * 3_000_000)
    assert read_sheet(bomb).rows
    monkeypatch.setattr(import_files, "LARGEST_UNPACKED", 1_000_000)

    assert len(bomb) < 100_000 and refusal(bomb) == "import-unfolds"


def test_a_text_that_a_million_cells_share_is_turned_away(monkeypatch):
    """Small in the file, endless in memory."""
    content = lists.excel(*[["x" * 5000] * 50] * 10)
    monkeypatch.setattr(import_files, "_MOST_TEXT", 1_000_000)

    assert refusal(content) == "import-unfolds"


def test_two_cells_at_the_ends_of_a_sheet_are_turned_away():
    """A reader would make room for the seventeen thousand million between them."""
    far = lists.excel(lists.SUKARTI, change=lambda sheet, _: sheet.write_string(1_048_575, 0, "x"))
    wide = lists.excel(lists.SUKARTI, change=lambda sheet, _: sheet.write_string(0, 16_383, "x"))

    assert (refusal(far), refusal(wide)) == ("import-too-many-rows", "import-too-many-columns")


def test_a_sheet_that_defines_words_of_its_own_is_turned_away():
    """Entities unfold too."""
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    content = lists.repacked(
        lists.excel(lists.SUKARTI), lambda name, data: evil + data if name.endswith("sheet1.xml") else data
    )

    assert refusal(content) == "import-broken"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\daftar desa (1).xlsx", "daftar desa (1).xlsx"),
        ("daftar\x00;rm -rf.csv", "daftar_rm -rf.csv"),
        ("<script>.csv", "_script_.csv"),
        ("..", "daftar"),
        (None, "daftar"),
        ("a" * 300 + ".csv", "a" * 96 + ".csv"),
    ],
)
def test_of_a_file_name_only_a_safe_name_is_kept(name, kept):
    """No path, no sign that means something to a shell, a page or a database."""
    assert safe_name(name) == kept


def test_a_command_begins_with_a_sign_that_a_spreadsheet_obeys():
    """It is found by its first sign."""
    assert [import_files.is_command(text) for text in ("=1", "+1", "-1", "@x", "1", "")] == [True] * 4 + [False] * 2
    assert COMMAND == "import-command"
