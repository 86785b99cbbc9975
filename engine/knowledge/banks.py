"""How a bank wants its transfer file and how it answers: the values that `parse_banks` reads and casework writes with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.knowledge.read import Place

if TYPE_CHECKING:
    from engine.knowledge.model import Text

FORMATS = ("csv", "excel")
# What parts the cells of a line; `none`: nothing does, and every cell has its width.
SEPARATORS = {"comma": ",", "semicolon": ";", "bar": "|", "tab": "\t", "none": ""}
MARKS = {"none": "", "dot": ".", "comma": ",", "space": " "}
FILLS = {"space": " ", "zero": "0"}
DATES = {"YYYY-MM-DD": "%Y-%m-%d", "YYYYMMDD": "%Y%m%d", "DD/MM/YYYY": "%d/%m/%Y", "DDMMYYYY": "%d%m%Y"}
# What a cell of a payment can hold, and a cell of the rows before and after them.
OF_PAYMENT = ("row", "reference", "account_number", "holder", "bank", "amount", "batch", "date")
OF_BATCH = ("batch", "date", "count", "total")
NEEDED = ("account_number", "amount", "reference")
WIDEST = 200


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts are written: with so many decimals (always zeros), and with these marks."""

    decimals: int = 0
    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a value or a fixed text, in so many characters (None: as many as it takes)."""

    place: Place
    value: str | None = None
    text: str = ""
    heading: str = ""
    width: int | None = None
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class TransferLayout:
    """The file that goes to the bank: rows before, headings, one row for each payment, rows after."""

    formats: tuple[str, ...]
    columns: tuple[Cell, ...]
    header: tuple[tuple[Cell, ...], ...] = ()
    footer: tuple[tuple[Cell, ...], ...] = ()
    headings: bool = True
    sheet: str = "Transfer"
    separator: str = ","
    date: str = "%Y-%m-%d"
    money: Money = Money()


@dataclass(frozen=True, slots=True)
class AnswerLayout:
    """The file that comes back: the headings of its columns, and which codes say that money arrived or did not."""

    reference: str
    amount: str
    code: str
    reason: str | None
    paid: frozenset[str]
    failed: frozenset[str]
    separator: str = ","
    money: Money = Money()
    last_rows: int = 0


@dataclass(frozen=True, slots=True)
class BankLayout:
    """What is agreed with one bank; while it is not confirmed, no bank has said that it takes such files."""

    name: str
    label: "Text"
    place: Place
    transfer: TransferLayout
    answer: AnswerLayout
    confirmed: bool = False
    confirmed_at: Place | None = None
