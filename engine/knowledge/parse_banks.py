"""Read the layouts of banks' files. A layout that money could be sent with and not be found again is refused here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.knowledge import values
from engine.knowledge.banks import (
    DATES,
    FILLS,
    FORMATS,
    MARKS,
    NEEDED,
    OF_BATCH,
    OF_PAYMENT,
    SEPARATORS,
    WIDEST,
    AnswerLayout,
    BankLayout,
    Cell,
    Money,
    TransferLayout,
)
from engine.knowledge.parse_values import place_of, truth_of
from engine.knowledge.read import Node, Place
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

_CELL = {"id": "sel", "en": "a cell"}
_MONEY = ("decimals", "decimal", "thousands")
_TRANSFER = ("header", "footer", "headings", "sheet", "separator", "dates", *_MONEY)
_ANSWER = ("separator", "last_rows", "failed", *_MONEY)
_LONGEST_SHEET = 31
_NOT_IN_SHEETS = frozenset("[]:*?/\\'")


def read_banks(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `bank_layouts:`, each the transfer file and the answer file of one bank."""
    for name, body in notes.named(node, "bank_layouts"):
        found = notes.table(body, name.text, ("name", "transfer", "answer"), ("confirmed",), name.place)
        label = notes.text(found.get("name"), "name")
        transfer = _transfer(notes, found.get("transfer"))
        answer = _answer(notes, found.get("answer"))
        if label and transfer and answer:
            layout = BankLayout(
                name=name.text,
                label=label,
                place=name.place,
                transfer=transfer,
                answer=answer,
                confirmed=truth_of(notes, found.get("confirmed"), False),
                confirmed_at=place_of(found, "confirmed"),
            )
            shelves.put("bank_layouts", name.text, layout, name.place)


def _transfer(notes: Notes, node: Node | None) -> TransferLayout | None:
    found = notes.table(node, "transfer", ("formats", "columns"), _TRANSFER)
    if not found:
        return None
    formats = [notes.one_of(word, "formats", FORMATS) for word in notes.items(found.get("formats"), "formats")]
    columns = tuple(
        _cell(notes, item, OF_PAYMENT, ("heading",)) for item in notes.items(found.get("columns"), "columns")
    )
    header, footer = (_rows(notes, found.get(key), key) for key in ("header", "footer"))
    layout = TransferLayout(
        formats=tuple(one for one in formats if one),
        columns=columns,
        header=header,
        footer=footer,
        headings=truth_of(notes, found.get("headings"), True),
        sheet=_sheet(notes, found.get("sheet")),
        separator=_separator(notes, found),
        date=DATES[notes.one_of(found.get("dates"), "dates", DATES, "YYYY-MM-DD") or "YYYY-MM-DD"],
        money=_money(notes, found),
    )
    if "columns" in found:
        _check_columns(notes, layout, found["columns"].place)
    return layout


def _check_columns(notes: Notes, layout: TransferLayout, place: Place) -> None:
    held = {cell.value for cell in layout.columns}
    for value in NEEDED:
        if value not in held:
            notes.add("bank-column-missing", place._replace(width=1), value=value)
    if layout.separator == "" and "csv" in layout.formats:
        for cell in (*layout.columns, *(cell for row in (*layout.header, *layout.footer) for cell in row)):
            if cell.width is None:
                notes.add("bank-width-missing", cell.place._replace(width=1))


def _rows(notes: Notes, node: Node | None, key: str) -> tuple[tuple[Cell, ...], ...]:
    rows = (notes.items(row, key) for row in notes.items(node, key))
    return tuple(tuple(_cell(notes, item, OF_BATCH) for item in row) for row in rows)


def _cell(notes: Notes, node: Node, known: tuple[str, ...], required: tuple[str, ...] = ()) -> Cell:
    found = notes.table(node, _CELL, required, ("value", "text", "width", "fill"))
    if found and ("value" in found) == ("text" in found):
        notes.add("bank-cell", node.place._replace(width=1))
    fill = notes.one_of(found.get("fill"), "fill", FILLS)
    if fill and "width" not in found:
        notes.add("missing-key", found["fill"].place, key="width", what=_CELL)
    return Cell(
        place=node.place,
        value=notes.one_of(found.get("value"), "value", known),
        text=notes.plain(found.get("text"), "text") or "",
        heading=notes.plain(found.get("heading"), "heading") or "",
        width=_count(notes, found.get("width"), "width", 1, WIDEST),
        fill=FILLS[fill] if fill else None,
    )


def _answer(notes: Notes, node: Node | None) -> AnswerLayout | None:
    found = notes.table(node, "answer", ("columns", "paid"), _ANSWER)
    columns = notes.table(found.get("columns"), "columns", ("reference", "amount", "code"), ("reason",))
    headings = {key: notes.plain(word, key) for key, word in columns.items()}
    if not {"reference", "amount", "code"} <= headings.keys():
        return None
    paid, failed = (_codes(notes, found.get(key), key) for key in ("paid", "failed"))
    for code in paid.keys() & failed.keys():
        notes.add("bank-code-twice", failed[code], paid[code], value=code)
    return AnswerLayout(
        reference=headings["reference"] or "",
        amount=headings["amount"] or "",
        code=headings["code"] or "",
        reason=headings.get("reason"),
        paid=frozenset(paid),
        failed=frozenset(failed),
        separator=_separator(notes, found, set(SEPARATORS) - {"none"}),
        money=_money(notes, found),
        last_rows=_count(notes, found.get("last_rows"), "last_rows", 0, 10) or 0,
    )


def _codes(notes: Notes, node: Node | None, what: str) -> dict[str, Place]:
    return {word.text.strip().upper(): word.place for word in notes.words(node, what)}


def _separator(notes: Notes, found: Mapping[str, Node], known: set[str] | None = None) -> str:
    name = notes.one_of(found.get("separator"), "separator", sorted(known or SEPARATORS), "comma")
    return SEPARATORS[name or "comma"]


def _money(notes: Notes, found: Mapping[str, Node]) -> Money:
    decimals = int(notes.one_of(found.get("decimals"), "decimals", ("0", "2"), "0") or 0)
    names = [notes.one_of(found.get(key), key, MARKS, "none") or "none" for key in ("decimal", "thousands")]
    if names[0] == names[1] != "none":
        notes.add("bank-marks-equal", found["thousands"].place, found["decimal"].place)
    return Money(decimals, *(MARKS[name] for name in names))


def _sheet(notes: Notes, node: Node | None) -> str:
    word = notes.word(node, "sheet")
    if word is None:
        return "Transfer"
    if not word.text.strip() or len(word.text) > _LONGEST_SHEET or _NOT_IN_SHEETS & set(word.text):
        notes.add("bank-sheet", word.place, value=word.text, longest=_LONGEST_SHEET)
        return "Transfer"
    return word.text


def _count(notes: Notes, node: Node | None, what: str, low: int, high: int) -> int | None:
    word = notes.word(node, what)
    number = notes.attempt(values.whole, word) if word else None
    if number is not None and not low <= number <= high:
        notes.add("bank-count", word.place, what=what, low=low, high=high)
        return None
    return number
