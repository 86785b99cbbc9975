"""The papers of a case at the desk: ask for them, take them in under one receipt, see the original, give a new PIN."""

from datetime import datetime
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases import letters, paper_lists, papers, pins, submissions
from casework.cases.letter_blanks import Matter
from casework.cases.models import Case, PaperReceived, PaperRequest
from casework.people.attachments import MEGABYTE, PDF, opened
from casework.people.models import Attachment, Person
from casework.refusals import NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import ZONE, Work
from engine.words import Speaker, day
from webapp import frame as public
from webapp.files import file_of, sheet
from webapp.staff import frame

_LARGEST = 40 * MEGABYTE
_TAKING = ("case.open", "check.office")


def register(app: Flask) -> None:
    """Give the office its pages of papers."""
    case, post = "/kantor/kasus/<number>", ("POST",)
    frame.route(app, f"{case}/surat", case_papers, "case.read")
    frame.route(app, f"{case}/surat/minta", ask_for_paper, *_TAKING, methods=post)
    frame.route(app, f"{case}/surat/terima", take_papers_in, *_TAKING, methods=post, largest=_LARGEST)
    frame.route(app, f"{case}/surat/<int:paper_id>/asli", mark_paper_seen, "facts.write", methods=post)
    frame.route(app, f"{case}/berkas/<int:file_id>", case_file, "case.read")
    frame.route(app, f"{case}/pin", give_new_pin, "case.open", methods=post)
    frame.route(app, "/kantor/tanda-terima/<receipt>.pdf", receipt_sheet, "case.read")


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give what the page of a case shows of its papers, and how to reach who handed it in."""
    lang = public.chosen_language()
    office = public.desk().office
    speaker, hidden = Speaker(office.knowledge, lang), paper_lists.hidden_from(work, office)
    found = paper_lists.of_case(work, case)
    names = {person.id: person.name for person in case.household.people}
    contact = submissions.contact_of(work, case)
    files = paper_lists.files_of(work, found.received)
    return {
        "asked": [_said(one, speaker, names, lang) for one in found.requests if one.document not in hidden],
        "came": [
            _came(one, files.get(one.attachment_id or 0), speaker, names, lang)
            for one in found.received
            if one.document not in hidden
        ],
        "missing": [
            {"document": one.document, "person": one.person.id if one.person else "", "told": one.told}
            | _titled(one.document, one.person.name if one.person else None, speaker)
            for one in found.missing
            if one.document not in hidden
        ],
        "may_take": any(work.actor.may(right) for right in _TAKING),
        "may_see_original": work.actor.may("facts.write"),
        "may_give_pin": work.actor.may("case.open"),
        "contact": contact and {"name": contact[0], "phone": contact[1]},
    }


def case_papers(number: str) -> Response:
    """Show the papers of a case, with the forms to ask for them and to take them in."""
    return _shown(number)


def ask_for_paper(number: str) -> Response:
    """Ask the applicant for a paper."""
    try:
        with frame.work() as work:
            case = seen_case(work, number)
            document, person = _named(work, case, request.form.get("document", ""))
            papers.request(work, public.desk().office, case, document, person, request.form.get("note"))
    except NotFound:
        raise
    except Refused as refused:
        return _shown(number, refused, 400)
    return redirect(url_for("case_papers", number=number))


def take_papers_in(number: str) -> Response:
    """Take in what was ticked, each paper perhaps with pictures, under one receipt."""
    try:
        with frame.work() as work:
            case = seen_case(work, number)
            receipt = papers.receive(work, public.desk().office.knowledge, case, _handed(work, case)).number
    except NotFound:
        raise
    except Refused as refused:
        return _shown(number, refused, 400)
    return redirect(url_for("case_papers", number=number, receipt=receipt))


def mark_paper_seen(number: str, paper_id: int) -> Response:
    """Note that an officer compared a paper with its original."""
    with frame.work() as work:
        case, office = seen_case(work, number), public.desk().office
        papers.see(work, office.knowledge, case, paper_lists.paper_of(work, office, case, paper_id))
    return redirect(url_for("case_papers", number=number))


def case_file(number: str, file_id: int) -> Response:
    """Give a file of a case to who may see the case; a PDF only to be kept, for it may hold more than a page."""
    with frame.reading() as work:
        attachment = paper_lists.picture_of(work, public.desk().office, number, file_id)
        media_type = attachment.media_type
        return file_of(opened(work, attachment), media_type, attachment.name, shown=media_type != PDF)


def receipt_sheet(receipt: str) -> Response:
    """Give a receipt to print, in the wording of the knowledge."""
    with frame.reading() as work:
        found = paper_lists.receipt_of(work, receipt)
        seen_case(work, found.case.number)
        lang = public.chosen_language()
        content = letters.preview(work, public.desk().office, "receipt", Matter(found.case, about=found.number), lang)
        work.record("receipt.printed", "case", found.case.number, receipt=found.number)
    return sheet(content, found.number)


def give_new_pin(number: str) -> Response:
    """Give an applicant who stands at the desk a new PIN; it is shown once, on this page."""
    with frame.work() as work:
        case = seen_case(work, number)
        pin = pins.give_anew(work, case)
    return frame.page("staff/papers/pin.html", number=case.number, pin=pins.spaced(pin))


def _shown(number: str, refused: Refused | None = None, status: int = 200) -> Response:
    lang = public.chosen_language()
    with frame.reading() as work:
        case = seen_case(work, number)
        work.record("case.read", "case", case.number, part="papers")
        people = [(person.id, person.name) for person in case.household.people if person.merged_into is None]
        office = public.desk().office
        hidden = paper_lists.hidden_from(work, office)
        choices = sorted(
            ((one.name, one.label.in_(lang)) for one in office.knowledge.papers.values() if one.name not in hidden),
            key=lambda one: one[1].casefold(),
        )
        return frame.page(
            "staff/papers/papers.html",
            status,
            case=case,
            people=people,
            choices=choices,
            typed=request.form,
            errors={refused.field: refused.said(lang)} if refused else {},
            receipt=request.args.get("receipt", ""),
            most=papers.MOST_FILES,
            **on_case(work, case),
        )


def _handed(work: Work, case: Case) -> list[papers.Handed]:
    """Read what was ticked (`paper` is `document:person`), with the files beside each tick."""
    ticked = request.form.getlist("paper")
    if other := request.form.get("other"):
        ticked.append(f"{other}:{request.form.get('person', '')}")
    handed = []
    for one in dict.fromkeys(ticked[: papers.MOST_OF_A_CASE]):
        document, person = _named(work, case, one)
        sent = request.files.getlist("file-other" if one not in request.form.getlist("paper") else f"file-{one}")
        files = tuple(papers.File(file.filename or "", file.read()) for file in sent if file.filename)
        handed.append(papers.Handed(document, person, files))
    return handed


def _named(work: Work, case: Case, said: str) -> tuple[str, Person | None]:
    """Read a paper and whose it is. Raises: NotFound, when that person is none of the household."""
    document, _, number = said.partition(":")
    if document in paper_lists.hidden_from(work, public.desk().office):
        raise NotFound
    number = number or request.form.get("whose", "")
    if not number:
        return document, None
    person = next((one for one in case.household.people if str(one.id) == number), None)
    if person is None:
        raise NotFound
    return document, person


def _on(moment: datetime, lang: str) -> str:
    return day(moment.astimezone(ZONE).date(), lang)


def _titled(document: str, who: str | None, speaker: Speaker) -> dict[str, Any]:
    return {"title": speaker.label(document), "who": who}


def _said(one: PaperRequest, speaker: Speaker, names: dict[int, str], lang: str) -> dict[str, Any]:
    """Say of a request what it asks for, of whom, since when."""
    asked = {"document": one.document, "person": one.person_id or "", "note": one.note, "by": one.asked_by}
    return asked | {"on": _on(one.asked_at, lang)} | _titled(one.document, names.get(one.person_id or 0), speaker)


def _came(
    one: PaperReceived, file: Attachment | None, speaker: Speaker, names: dict[int, str], lang: str
) -> dict[str, Any]:
    """Say of a received paper what it is, when it came, and whether the original was seen."""
    return {
        "id": one.id,
        "receipt": one.receipt,
        "on": _on(one.received_at, lang),
        "by": one.received_by,
        "file": file and {"id": file.id, "is_pdf": file.media_type == PDF, "kilobytes": max(1, file.size // 1024)},
        "seen": one.seen_at and _on(one.seen_at, lang),
        "seen_by": one.seen_by,
    } | _titled(one.document, names.get(one.person_id or 0), speaker)
