"""The rows of a list, each as a person: headings as villages write them, and everything a row alone can have wrong."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from casework.people.accounts import account_number
from casework.people.import_files import COMMAND, MOST_ROWS, Sheet, is_command
from casework.people.numbers import Doubt, Holder, doubts_about, plain_number, refuse_fault
from casework.people.places import Place, text_of, unit_of, village_code
from casework.people.register import refuse_birth
from casework.refusals import Refused
from engine.knowledge.model import Knowledge
from engine.population_number import KK, NIK

# Headings as they are met, in small letters without anything else; `rt_rw` is one cell for both.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kk": ("nokk", "nomorkk", "kk", "nokartukeluarga", "nomorkartukeluarga", "kartukeluarga", "nkk"),
    "nik": ("nik", "nonik", "nomornik", "noktp", "nomorktp", "ktp", "nomorindukkependudukan"),
    "name": ("nama", "namalengkap", "namapenduduk", "namawarga", "namaanggota", "namaanggotakeluarga"),
    "birth_date": ("tanggallahir", "tgllahir", "tanggallhr", "tgllhr", "lahir"),
    "sex": ("jeniskelamin", "jeniskel", "kelamin", "jk", "lp", "sex"),
    "mother_name": ("namaibukandung", "namaibu", "ibukandung", "ibu", "namagadisibukandung"),
    "relation": (
        *("hubungankeluarga", "hubungan", "hubkeluarga", "hubkel", "shdk", "statushubungan", "hubungandalamkeluarga"),
        *("statushubungandalamkeluarga", "hubungandengankepalakeluarga", "statusdalamkeluarga"),
    ),
    "village": ("desa", "kodedesa", "desakelurahan", "kelurahan", "namadesa", "kodewilayah", "keldesa", "desakel"),
    "hamlet": ("dusun", "namadusun", "lingkungan", "dukuh"),
    "rt": ("rt", "nort"),
    "rw": ("rw", "norw"),
    "rt_rw": ("rtrw",),
    "address": ("alamat", "alamatlengkap", "jalan", "alamatrumah"),
    "bank": ("bank", "namabank"),
    "account": ("norekening", "nomorrekening", "rekening", "norek", "nomorrek"),
}
REQUIRED = ("kk", "nik", "name", "village")
SHOWN = {
    "kk": "No. KK",
    "nik": "NIK",
    "name": "Nama",
    "birth_date": "Tanggal lahir",
    "sex": "Jenis kelamin",
    "mother_name": "Nama ibu kandung",
    "relation": "Hubungan keluarga",
    "village": "Desa",
    "hamlet": "Dusun",
    "rt": "RT",
    "rw": "RW",
    "address": "Alamat",
    "bank": "Bank",
    "account": "No. rekening",
}
_FIELDS = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_SEXES = {
    **dict.fromkeys(("l", "lk", "laki", "lakilaki", "pria", "m", "male"), "L"),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "f", "female"), "P"),
}
_RELATIONS = {
    "kepalakeluarga": "head",
    "kk": "head",
    "suami": "husband",
    "istri": "wife",
    "isteri": "wife",
    "anak": "child",
    "menantu": "child_in_law",
    "cucu": "grandchild",
    "orangtua": "parent",
    "mertua": "parent_in_law",
    "famililain": "relative",
    "famili": "relative",
    "saudara": "relative",
    "pembantu": "helper",
}
_LOOKED_AT = 20  # rows in which the headings may stand
_DATES = (
    re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]0?0:00(?::00)?)?"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Fault(NamedTuple):
    """What is wrong with a cell, or only odd (`doubt`); `column` is the heading as it stands in the file."""

    row: int
    column: str
    code: str
    details: dict[str, Any]
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a list; what was not given is None."""

    number: int
    kk: str
    nik: str
    name: str
    birth_date: date | None
    sex: str | None
    mother_name: str | None
    relation: str | None
    place: Place
    bank: str | None
    account: str | None


@dataclass
class Reading:
    """What a list says: its people, and what is wrong with it; `total` counts the rows that are not empty."""

    columns: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0


def rows_of(
    sheet: Sheet, knowledge: Knowledge, day: date, villages: Mapping[str, str], progress: Callable[[int], None]
) -> Reading:
    """Read a sheet's rows as people.

    Args:
        sheet: As it was opened.
        knowledge: Says which region is the office's own.
        day: Of the reading.
        villages: Codes of the villages that may be named, by code and by name in small letters (`village_words`).
        progress: Is told how many rows were read.

    Raises:
        Refused: `import-no-headings`, `import-heading-twice`, `import-no-rows`, `import-too-many-rows`.
    """
    top, places = _headings(sheet)
    reading = Reading({name: sheet.rows[top][place] for name, place in places.items()})
    once = _Once()
    for number, cells in enumerate(sheet.rows[top + 1 :], top + 2):
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if not any(told.values()):
            continue
        reading.total += 1
        if reading.total > MOST_ROWS:
            raise Refused("import-too-many-rows", most=MOST_ROWS)
        strange = {
            name: sheet.strange[number, at + 1] for name, at in places.items() if (number, at + 1) in sheet.strange
        }
        one = _OneRow(number, told, strange, reading.columns, knowledge, day, villages)
        row = one.read()
        reading.faults += one.faults
        if row:
            reading.rows.append(row)
            reading.faults += once.faults(row, reading.columns)
        if reading.total % 1000 == 0:
            progress(reading.total)
    if not reading.total:
        raise Refused("import-no-rows")
    return reading


def village_words(name: str) -> str:
    """Give a village's name as it is compared: small letters, without `desa` or `kelurahan` before it."""
    return re.sub(r"^(desa|kelurahan|ds|kel)\.?\s+", "", " ".join(name.casefold().split()))


def date_in(text: str) -> date | None:
    """Read a day as it is written in Indonesia or as a spreadsheet gives it; None when it is none."""
    for form in _DATES:
        found = form.fullmatch(text)
        if found:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Find the row of headings: the first that names all that a list must have. Titles may stand above."""
    best: dict[str, int] = {}
    for number, cells in enumerate(sheet.rows[:_LOOKED_AT]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = _FIELDS.get(re.sub(r"[^a-z]", "", cell.casefold()))
            if name:
                found.setdefault(name, place)
        if all(name in found for name in REQUIRED):
            _refuse_twice(cells)
            return number, found
        best = max(best, found, key=len)
    missing = ", ".join(SHOWN[name] for name in REQUIRED if name not in best)
    raise Refused("import-no-headings", missing=missing)


def _refuse_twice(cells: Sequence[str]) -> None:
    seen: set[str] = set()
    for cell in cells:
        name = _FIELDS.get(re.sub(r"[^a-z]", "", cell.casefold()))
        if name in seen:
            raise Refused("import-heading-twice", heading=cell[:40])
        seen |= {name} if name else set()


class _OneRow:
    """One row while it is read: every cell is looked at, so that one report names all that is wrong."""

    def __init__(
        self,
        number: int,
        told: Mapping[str, str],
        strange: Mapping[str, str],
        columns: Mapping[str, str],
        knowledge: Knowledge,
        day: date,
        villages: Mapping[str, str],
    ) -> None:
        self.number, self.told, self.columns = number, told, columns
        self.knowledge, self.day, self.villages = knowledge, day, villages
        self.faults: list[Fault] = []
        for name, code in strange.items():
            self._fault(name, code)
        for name, text in told.items():
            if name not in strange and (is_command(text) or _CONTROL.search(text)):
                self._fault(name, COMMAND)
        self.broken = {fault.column for fault in self.faults}

    def read(self) -> Row | None:
        """Give the person; None when something must be mended first."""
        birth, sex = self._one("birth_date", self._birth), self._one("sex", self._sex)
        kk = self._one("kk", lambda text: self._number(text, KK))
        nik = self._one("nik", lambda text: self._number(text, NIK, Holder(birth, sex)))
        name, mother = self._one("name", self._name), self._one("mother_name", self._name)
        relation = self._one("relation", lambda text: _RELATIONS.get(re.sub(r"[^a-z]", "", text.casefold()), "other"))
        place = self._place()
        bank, account = self._one("bank", lambda text: text_of(text, "bank", 60)), self._one("account", account_number)
        if (bank is None) != (account is None) and not {"bank", "account"} & self._faulty():
            self._fault("account" if "account" in self.columns else "bank", "import-half-account")
        for needed, value in (("kk", kk), ("nik", nik), ("name", name), ("village", place.village)):
            if not value and needed not in self._faulty():
                self._fault(needed, "import-missing")
        if any(not fault.doubt for fault in self.faults):
            return None
        return Row(self.number, kk or "", nik or "", name or "", birth, sex, mother, relation, place, bank, account)

    def _one(self, name: str, read: Callable[[str], Any]) -> Any:
        """Read one cell; None where it is empty or wrong."""
        text = self.told.get(name, "")
        if not text or self.columns[name] in self.broken:
            return None
        try:
            return read(text)
        except Refused as refused:
            self._fault(name, refused.code, **refused.details)
            return None

    def _number(self, text: str, kind: str, holder: Holder | None = None) -> str | None:
        number = plain_number(text)
        if number is None:
            return None
        refuse_fault(number, kind, kind)
        for doubt in doubts_about(number, kind, self.knowledge, self.day, kind, holder):
            # Somebody may look at one foreign card at the counter; a list is sent back.
            self._fault(kind, doubt.code, doubt=kind == NIK or not _is_foreign(doubt), **doubt.details)
        return number

    def _place(self) -> Place:
        rt, rw = self.told.get("rt", ""), self.told.get("rw", "")
        parts = re.split(r"\s*[/\\-]\s*", self.told.get("rt_rw", ""))
        if len(parts) == 2:
            rt, rw = rt or parts[0], rw or parts[1]
        elif parts != [""]:
            self._fault("rt_rw", "register-unit")
        return Place(
            self._one("village", self._village) or "",
            self._one("hamlet", lambda text: text_of(text, "hamlet")),
            self._unit("rw", rw),
            self._unit("rt", rt),
            self._one("address", lambda text: text_of(text, "address")),
        )

    def _unit(self, name: str, text: str) -> str | None:
        try:
            return unit_of(text, name)
        except Refused as refused:
            self._fault(name if name in self.columns else "rt_rw", refused.code)
            return None

    def _village(self, text: str) -> str:
        code = village_code(text) or text
        known = self.villages.get(code) or self.villages.get(village_words(text))
        if known is None:
            raise Refused("register-village-unknown", village=text[:40])
        return known

    def _birth(self, text: str) -> date:
        born = date_in(text)
        if born is None:
            raise Refused("register-date")
        refuse_birth(born, self.day)
        return born

    def _sex(self, text: str) -> str:
        sex = _SEXES.get(re.sub(r"[^a-z]", "", text.casefold()))
        if sex is None:
            raise Refused("import-sex")
        return sex

    def _name(self, text: str) -> str | None:
        if not any(letter.isalpha() for letter in text):
            raise Refused("register-name")
        return text_of(text, "name")

    def _faulty(self) -> set[str]:
        wrong = {fault.column for fault in self.faults if not fault.doubt}
        return {name for name, heading in self.columns.items() if heading in wrong}

    def _fault(self, name: str, code: str, doubt: bool = False, **details: Any) -> None:
        self.faults.append(Fault(self.number, self.columns.get(name, SHOWN.get(name, name)), code, details, doubt))


class _Once:
    """What must not come twice in one list: a NIK; and one family card in two places."""

    def __init__(self) -> None:
        self._niks: dict[str, int] = {}
        self._cards: dict[str, tuple[tuple[str, ...], int]] = {}

    def faults(self, row: Row, columns: Mapping[str, str]) -> Iterator[Fault]:
        """Say what of a row came before."""
        first = self._niks.setdefault(row.nik, row.number)
        if first != row.number:
            yield Fault(row.number, columns["nik"], "import-nik-twice", {"first": first})
        here = tuple((part or "").casefold() for part in row.place[:4])
        place, first = self._cards.setdefault(row.kk, (here, row.number))
        if place != here:
            yield Fault(row.number, columns["kk"], "import-card-in-two-places", {"first": first})


def _is_foreign(doubt: Doubt) -> bool:
    return doubt.code in ("register-kk-neighbour", "register-kk-elsewhere")
