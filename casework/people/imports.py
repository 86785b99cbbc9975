"""Lists of people from a village: uploaded, read and checked in full, shown, then brought in as a whole or not at all.

`upload` and `confirm` belong to a page; `read` and `bring_in` take longer and are the work of `casework.jobs`, with the
database's own short transactions for what they say about their progress.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select, true, update

from casework.people.import_files import is_command, read_sheet, safe_name
from casework.people.import_plan import RIGHT, Plan, plan_of
from casework.people.import_rows import Fault, Reading, rows_of, village_words
from casework.people.import_writing import sealed, write
from casework.people.models import Import, Village
from casework.people.places import villages_for
from casework.refusals import NotFound, Refused
from casework.staff.actors import SYSTEM, Actor
from casework.staff.models import Account
from casework.staff.sign_ins import actor_for
from casework.store.database import Database
from casework.store.work import Work
from engine.knowledge.model import Knowledge

# What is shown of what is wrong with a list: enough to mend it, and whoever has more has one mistake many times.
MOST_FAULTS = 2000
UNFINISHED = ("reading", "applying")
_NOT_WHOLE = ("reading", "read", "refused")


def upload(work: Work, file_name: str | None, content: bytes) -> Import:
    """Take a file in; it waits sealed until it was brought in or dropped. `read` looks into it."""
    work.require(RIGHT)
    one = Import(
        file_name=safe_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        state="reading",
        uploaded_at=work.now,
        uploaded_by=work.actor.name,
        account_id=work.actor.account,
    )
    one.seal(work.keys, "content", content)
    work.session.add(one)
    work.session.flush()
    work.record("import.uploaded", "import", one.id, sha256=one.sha256[:16], size=len(content))
    return one


def imports_of(work: Work, limit: int = 50) -> list[Import]:
    """Give the lists that an actor uploaded, the newest first."""
    work.require(RIGHT)
    return list(work.session.scalars(select(Import).where(_mine(work)).order_by(Import.id.desc()).limit(limit)))


def seen_import(work: Work, id_: int) -> Import:
    """Give a list that the actor uploaded. Raises: NotFound."""
    work.require(RIGHT)
    one = work.session.scalars(select(Import).where(Import.id == id_, _mine(work))).one_or_none()
    if one is None:
        raise NotFound
    return one


def confirm(work: Work, one: Import, version: int | str | None = None) -> None:
    """Let a list that was read be brought in; `bring_in` does it.

    Raises:
        Refused: `import-faulty` while a row is wrong, `import-not-read`; ChangedMeanwhile.
    """
    work.require(RIGHT)
    work.same(one, version)
    if one.state != "read":
        raise Refused("import-not-read")
    if one.faulty:
        raise Refused("import-faulty", faulty=one.faulty)
    one.state, one.done, one.fault = "applying", 0, None
    work.record("import.confirmed", "import", one.id)


def drop(work: Work, one: Import, version: int | str | None = None) -> None:
    """Throw a list away that was not brought in. Raises: Refused `import-not-read`; ChangedMeanwhile."""
    work.require(RIGHT)
    work.same(one, version)
    if one.state not in _NOT_WHOLE:
        raise Refused("import-not-read")
    one.state, one.report = "dropped", []
    one.seal(work.keys, "content", None)
    work.record("import.dropped", "import", one.id)


def read(database: Database, knowledge: Knowledge, id_: int) -> None:
    """Read a list and say what is wrong with it, and what it would do."""
    _long_work(database, id_, "reading", "refused", lambda actor: _read(database, knowledge, id_, actor))


def bring_in(database: Database, knowledge: Knowledge, id_: int) -> None:
    """Bring a list in, in one transaction; when it fails it can be tried again, and nothing was kept."""
    _long_work(database, id_, "applying", "read", lambda actor: _bring_in(database, knowledge, id_, actor))


def unfinished(database: Database) -> list[tuple[int, str]]:
    """Give the lists whose work stopped halfway, with what they waited for: after a crash it is simply done again."""
    with database.reading() as work:
        waiting = select(Import.id, Import.state).where(Import.state.in_(UNFINISHED)).order_by(Import.id)
        return [(id_, state) for id_, state in work.session.execute(waiting)]


def report_csv(one: Import, lang: str, headings: Sequence[str], words: Callable[[bool], str]) -> bytes:
    """Give what is wrong with a list as a file for a spreadsheet.

    Args:
        one: The list.
        lang: `id` or `en`.
        headings: Of the columns row, column, kind and sentence.
        words: Names the kind: wrong, or only doubtful (True).
    """
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow(headings)
    for fault in faults_of(one):
        sentence = Refused(fault.code, **fault.details).said(lang)
        lines.writerow([fault.row, defused(fault.column), words(fault.doubt), defused(sentence)])
    return out.getvalue().encode("utf-8-sig")


def faults_of(one: Import) -> list[Fault]:
    """Give what is wrong with a list, what must be mended first."""
    return [Fault(**fault) for fault in one.report]


def defused(text: str | None) -> str:
    """Give a text that a spreadsheet shows instead of running it."""
    text = text or ""
    return f"'{text}" if is_command(text) or text.startswith(("\t", "\r")) else text


def _mine(work: Work) -> Any:
    if work.actor.everything:
        return true()
    return Import.account_id == work.actor.account


def _long_work(database: Database, id_: int, state: str, failed: str, do: Callable[[Actor], None]) -> None:
    """Do something with a list that waits for it; what goes wrong is said on the list and never lost in a log."""
    with database.reading() as work:
        one = work.session.get(Import, id_)
        if one is None or one.state != state:
            return
        account = one.account_id and work.session.get(Account, one.account_id)
        actor = actor_for(account) if account else SYSTEM
    try:
        do(actor)
    except Refused as refused:
        _fail(database, id_, failed, refused)
    except BaseException:
        _fail(database, id_, failed, Refused("import-failed"))
        raise


def _fail(database: Database, id_: int, state: str, refused: Refused) -> None:
    with database.work() as work:
        one = work.session.get_one(Import, id_)
        one.state, one.fault, one.done = state, refused.code, 0
        if state == "refused":
            one.report = [Fault(0, "", refused.code, refused.details)._asdict()]
            one.seal(work.keys, "content", None)
        work.record("import.failed", "import", id_, fault=refused.code)


def _read(database: Database, knowledge: Knowledge, id_: int, actor: Actor) -> None:
    with database.reading(actor) as work:
        reading, plan, faults = _compared(work, database, knowledge, id_)
    wrong = [fault for fault in faults if not fault.doubt]
    odd = [fault for fault in faults if fault.doubt]
    shown = [*sorted(wrong, key=_in_order), *sorted(odd, key=_in_order)][:MOST_FAULTS]
    with database.work() as work:
        one = work.session.get_one(Import, id_)
        if one.state != "reading":
            return
        one.state, one.rows, one.done = "read", reading.total, reading.total
        one.faulty, one.doubtful = (len({fault.row for fault in some}) for some in (wrong, odd))
        one.report, one.counts = [fault._asdict() for fault in shown], plan.counts()
        work.record("import.read", "import", id_, rows=one.rows, faulty=one.faulty)


def _bring_in(database: Database, knowledge: Knowledge, id_: int, actor: Actor) -> None:
    with database.reading(actor) as work:
        reading, plan, faults = _compared(work, database, knowledge, id_)
        wrong = {fault.row for fault in faults if not fault.doubt}
        if wrong:
            raise Refused("import-changed")
        rows = sealed(plan, work.keys, work.now, work.today, _progress(database, id_, reading.total))
    with database.work(actor) as work:
        one = work.session.get_one(Import, id_)
        if one.state != "applying":
            return
        write(work, plan, rows)
        one.state, one.done, one.counts, one.applied_at = "applied", reading.total, plan.counts(), work.now
        one.seal(work.keys, "content", None)
        work.record("import.applied", "import", id_, sha256=one.sha256[:16], **plan.counts())


def _compared(work: Work, database: Database, knowledge: Knowledge, id_: int) -> tuple[Reading, Plan, list[Fault]]:
    content = work.session.get_one(Import, id_).opened_bytes(work.keys, "content")
    villages = {village_words(one.name): one.code for one in villages_for(work, RIGHT) if one.name}
    villages |= {code: code for code in work.session.scalars(select(Village.code))}
    sheet = read_sheet(content)
    reading = rows_of(sheet, knowledge, work.today, villages, _progress(database, id_))
    plan, faults = plan_of(work, reading)
    return reading, plan, [*reading.faults, *faults]


def _progress(database: Database, id_: int, last: int | None = None) -> Callable[[int], None]:
    """Write down how far the work is, in a transaction of its own."""

    def write_down(done: int) -> None:
        with database.work() as work:
            values = {"done": min(done, last) if last is not None else done}
            work.session.execute(update(Import).where(Import.id == id_).values(**values))

    return write_down


def _in_order(fault: Fault) -> tuple[int, str]:
    return fault.row, fault.column
