"""A list that somebody uploads, as rows of text: what is opened, how much of it at most, and what in it cannot be trusted.

A spreadsheet is unpacked here first, counting what comes out, and packed anew before anything else reads it: a small
file that unfolds without end stops here. Formulas, merged cells and long numbers that Excel has rounded look like
ordinary text afterwards, therefore they are looked for in the file itself.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.etree import ElementTree

from casework.refusals import Refused

LARGEST = 25 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MERGED, FORMULA, ROUNDED, COMMAND = "import-merged", "import-formula", "import-rounded", "import-command"

_ABOVE = 100  # rows of titles and headings
_LONGEST_NAME = 100
_CHUNK = 1024 * 1024
_MOST_PARTS = 1000
_MOST_TEXT = 1024 * 1024 * 1024
_MOST_MERGED = 20_000_000
_DIGITS_KEPT = 15  # Excel keeps so many of a number
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_SHEET_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f[\s/>]")
_LONG_NUMBER = re.compile(rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?v>([0-9.E+]{%d,})<" % _DIGITS_KEPT)
_IS_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_REFERENCE = re.compile(rb'(?:^|\s)r="([A-Z]{1,3})([0-9]{1,7})"')
_TEXT_CELL = re.compile(rb'(?:^|\s)t="(?!n")')
_UNSAFE = re.compile(r"[^\w .()\-]+")
_NOTHING = frozenset({"", "-", "--", "–", "—", ".", "null", "NULL", "n/a", "#N/A"})
_COMMANDS = ("=", "+", "-", "@")

Cell = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """Rows of text as they stand, the first being number 1; `strange`: what is wrong with a cell, by row and column."""

    rows: list[list[str]]
    strange: Mapping[Cell, str] = field(default_factory=dict)


def safe_name(name: str | None) -> str:
    """Give a file's name without any path or sign that could mean something elsewhere."""
    base = PurePosixPath((name or "").replace("\\", "/")).name
    return " ".join(_UNSAFE.sub("_", base).split()).strip(". ")[-_LONGEST_NAME:] or "daftar"


def read_sheet(content: bytes) -> Sheet:
    """Read an Excel file (.xlsx) or a CSV.

    Raises:
        Refused: `import-empty`, `import-too-large`, `import-old-excel`, `import-broken`, `import-not-a-list`,
            `import-too-many-rows`, `import-too-many-columns`.
    """
    if not content.strip():
        raise Refused("import-empty")
    if len(content) > LARGEST:
        raise Refused("import-too-large", megabytes=LARGEST // 1024**2)
    if content.startswith(b"PK"):
        sheet = _excel(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("import-old-excel")
    else:
        sheet = Sheet(list(_lines(_decoded(content))))
    if not any(any(row) for row in sheet.rows):
        raise Refused("import-empty")
    if max(map(len, sheet.rows)) > MOST_COLUMNS:
        raise Refused("import-too-many-columns", most=MOST_COLUMNS)
    return sheet


def is_command(text: str) -> bool:
    """Say whether a spreadsheet would run a text instead of showing it."""
    return text.startswith(_COMMANDS)


def _clean(text: str | None) -> str:
    plain = (text or "").replace("\u00a0", " ").strip()
    return "" if plain in _NOTHING else plain


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("import-not-a-list")


def _lines(text: str) -> Iterator[list[str]]:
    head = next((line for line in text.splitlines() if line.strip()), "")
    between = max(";,\t|", key=head.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True), 1):
            if number > MOST_ROWS + _ABOVE:
                raise Refused("import-too-many-rows", most=MOST_ROWS)
            yield [_clean(cell) for cell in row]
    except csv.Error:
        raise Refused("import-broken") from None


def _excel(content: bytes) -> Sheet:
    parts = _unpacked(content)
    xml = parts[_first_sheet(parts)]
    left = [""] * (_leftmost(xml) - 1)
    _refuse_repeated(parts, xml)
    import fastexcel  # takes a moment to load, and only lists need it

    try:
        reader = fastexcel.read_excel(_packed(parts))
        frame = reader.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except Exception:  # the reader's errors have no common kind, and a file of others can be anything
        raise Refused("import-broken") from None
    return Sheet([left + [_clean(cell) for cell in row] for row in frame.iter_rows()], dict(_strange(xml)))


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Give the parts that matter, no more of them than a list can have."""
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if len(packed.infolist()) > _MOST_PARTS:
                raise Refused("import-broken")
            for part in packed.infolist():
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                if part.file_size > left or part.filename in parts:
                    raise Refused("import-unfolds")
                with packed.open(part) as stream:
                    data = b"".join(iter(lambda: stream.read(_CHUNK), b""))
                left -= len(data)
                if b"<!DOCTYPE" in data[:4096]:
                    raise Refused("import-broken")
                parts[part.filename] = data
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Refused("import-broken") from None
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return whole.getvalue()


def _first_sheet(parts: Mapping[str, bytes]) -> str:
    try:
        first = next(ElementTree.fromstring(parts["xl/workbook.xml"]).iter(_SHEET))
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
        target = next(one.attrib["Target"] for one in relations if one.attrib.get("Id") == first.attrib[_SHEET_ID])
    except (KeyError, StopIteration, ElementTree.ParseError):
        raise Refused("import-broken") from None
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if path not in parts:
        raise Refused("import-broken")
    return path


def _refuse_repeated(parts: Mapping[str, bytes], xml: bytes) -> None:
    """Refuse a long text that so many cells share that it would fill the memory."""
    longest = max(map(len, parts.get("xl/sharedStrings.xml", b"").split(b"si>")))
    if longest * xml.count(b"<v>") > _MOST_TEXT:
        raise Refused("import-unfolds")


def _leftmost(xml: bytes) -> int:
    """Give the first column that has anything: a reader leaves out those before it.

    Raises:
        Refused: where a sheet's corners lie far apart, before a reader makes room for all that lies between.
    """
    cells = _CELL.findall(xml)
    merged = _IS_MERGED.findall(xml)
    if sum((int(bottom) - int(top) + 1) * MOST_COLUMNS for _, top, _, bottom in merged) > _MOST_MERGED:
        raise Refused("import-broken")
    columns = {column for column, *_ in cells} | {column for _, _, column, _ in merged}
    rows = {row for _, row, _ in cells} | {row for *_, row in merged}
    if max(map(int, rows), default=0) > MOST_ROWS + _ABOVE:
        raise Refused("import-too-many-rows", most=MOST_ROWS)
    if max(map(_column, columns), default=0) > MOST_COLUMNS:
        raise Refused("import-too-many-columns", most=MOST_COLUMNS)
    return min(map(_column, {column for column, _, empty in cells if not empty}), default=1)


def _strange(xml: bytes) -> Iterator[tuple[Cell, str]]:
    for found in _LONG_NUMBER.finditer(xml):
        if not _TEXT_CELL.search(found[1]) and len(f"{float(found[2]):.0f}") > _DIGITS_KEPT:
            yield from _at(found[1], ROUNDED)
    for found in _HAS_FORMULA.finditer(xml):
        yield from _at(found[1], FORMULA)
    for left, top, right, bottom in _IS_MERGED.findall(xml):
        for row in range(int(top), int(bottom) + 1):
            for column in range(_column(left), _column(right) + 1):
                yield (row, column), MERGED


def _at(attributes: bytes, code: str) -> Iterator[tuple[Cell, str]]:
    found = _REFERENCE.search(attributes)
    if found:
        yield (int(found[2]), _column(found[1])), code


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
