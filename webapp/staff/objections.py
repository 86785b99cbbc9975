"""Objections for those who answer them; and for the desk, that takes them in at somebody's word."""

from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases import letters, objections
from casework.cases.letter_blanks import Matter
from casework.cases.models import Case, Objection
from casework.cases.numbers import read
from casework.people.attachments import PDF
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from webapp import frame as public
from webapp.files import file_of
from webapp.staff import frame
from webapp.staff.case_words import CaseWords

VIEWS = ("open", "late", "answered", "withdrawn")
_TAKING = ("case.open", objections.RIGHT)


def register(app: Flask) -> None:
    """Add the pages of objections."""
    post = ("POST",)
    frame.route(app, "/kantor/sanggah", objection_list, objections.RIGHT, menu="objections_title")
    frame.route(app, "/kantor/sanggah/baru", new_objection, *_TAKING, methods=("GET", "POST"))
    frame.route(app, "/kantor/sanggah/<number>", objection_page, objections.RIGHT)
    frame.route(app, "/kantor/sanggah/<number>/jawab", answer_objection, objections.RIGHT, methods=post)
    frame.route(app, "/kantor/sanggah/<number>/kasus", point_objection, objections.RIGHT, methods=post)
    frame.route(app, "/kantor/sanggah/<number>/tarik", withdraw_objection, objections.RIGHT, methods=post)
    frame.route(app, "/kantor/sanggah/<number>/surat", objection_letter, objections.RIGHT, methods=post)


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give the objections about a case to those who answer, and to the desk the way to take one in."""
    answers = work.actor.may(objections.RIGHT)
    return {
        "found": objections.about(work, case) if answers else [],
        "answers": answers,
        "takes": any(work.actor.may(right) for right in _TAKING),
        "words": CaseWords.of(work),
    }


def objection_list() -> Response:
    """Show what waits for an answer, the most pressing first."""
    view = request.args.get("view", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    with frame.reading() as work:
        late = view == "late"
        rows = objections.objections(work, "open" if late else view, overdue=late)
        cases = objections.cases_of(work, rows)
        return frame.page(
            "staff/objections/list.html", rows=rows, cases=cases, view=view, views=VIEWS, words=CaseWords.of(work)
        )


def new_objection() -> Response:
    """Take an objection in at the desk."""
    form = request.form
    if request.method == "GET":
        return _form_page({"case": request.args.get("case", "")}, None)
    try:
        with frame.work() as work:
            case = _case_named(work, form.get("case", ""))
            filed = objections.file_objection(
                work,
                public.desk().office.knowledge,
                form.get("kind", ""),
                form.get("text", ""),
                channel=form.get("channel", ""),
                case=case,
                objector=form.get("objector"),
                contact=form.get("contact"),
            )
            number, due = filed.number, filed.due_on
    except Refused as refused:
        return _form_page(form, refused)
    return frame.page(
        "staff/objections/taken.html", number=number, due=due, may_answer=frame.actor().may(objections.RIGHT)
    )


def objection_page(number: str) -> Response:
    """Show an objection with whoever brought it, and the form to answer."""
    return _shown(number)


def answer_objection(number: str) -> Response:
    """Answer it."""
    form = request.form

    def do(work: Work, found: Objection) -> None:
        knowledge = public.desk().office.knowledge
        objections.answer(work, knowledge, found, form.get("outcome", ""), form.get("answer", ""), form.get("version"))

    return _done(number, do)


def point_objection(number: str) -> Response:
    """Say which case it is about."""

    def do(work: Work, found: Objection) -> None:
        case = _case_named(work, request.form.get("case", ""))
        if case is None:
            raise Refused("objection-of-what", "case")
        objections.point_at(work, found, case, request.form.get("version"))

    return _done(number, do)


def withdraw_objection(number: str) -> Response:
    """Note that it was taken back."""
    return _done(number, lambda work, found: objections.withdraw(work, found, request.form.get("version")))


def objection_letter(number: str) -> Response:
    """Write the answer as a letter and give it."""
    with frame.work() as work:
        found = objections.objection_of(work, number)
        lang = public.chosen_language()
        letter = letters.write(work, public.desk().office, "objection_answer", Matter(about=found.number), lang)
        name, content = letter.number, letters.content_of(work, letter)
    return file_of(content, PDF, f"{name}.pdf")


def _done(number: str, do: Any) -> Response:
    try:
        with frame.work() as work:
            do(work, objections.objection_of(work, number))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _shown(number, refused, frame.status_of(refused))
    return redirect(url_for("objection_page", number=number))


def _shown(number: str, refused: Refused | None = None, status: int = 200) -> Response:
    with frame.reading() as work:
        found = objections.objection_of(work, number)
        words = CaseWords.of(work)
        return frame.page(
            "staff/objections/objection.html",
            status,
            one=found,
            objector=objections.objector_of(work, found),
            case=objections.case_of(work, found),
            service=words.service(claim.service) if (claim := objections.claim_of(work, found)) else None,
            outcomes=objections.OUTCOMES,
            answers=letters.answers_to(work, found),
            typed=request.form if refused else {},
            errors={refused.field: refused.said(words.lang)} if refused else {},
            words=words,
        )


def _form_page(typed: Any, refused: Refused | None) -> Response:
    return frame.page(
        "staff/objections/new.html",
        400 if refused else 200,
        typed=typed,
        errors={refused.field: refused.said(public.chosen_language())} if refused else {},
        kinds=objections.KINDS,
        channels=objections.CHANNELS,
    )


def _case_named(work: Work, said: str) -> Case | None:
    """Give the case that somebody typed; None when the field is empty. Raises: Refused `objection-no-case`."""
    if not said.strip():
        return None
    try:
        return seen_case(work, read(said) or said.strip())
    except NotFound:
        raise Refused("objection-no-case", "case") from None
