"""Letters of a case: those that were written, those that can be, each first to look at; and the copy sheet for SIKS-NG."""

from typing import Any, NamedTuple

from flask import Flask, Response, g, redirect, request, url_for

from casework.cases import letters, siks
from casework.cases.letter_blanks import Matter
from casework.cases.models import Case, Claim
from casework.refusals import NotAllowed, NotFound, Refused
from casework.staff.areas import seen_case
from casework.store.work import Work
from engine.knowledge.blanks import BLANK, KINDS
from engine.knowledge.model import LetterTemplate
from webapp import frame as public
from webapp.files import sheet
from webapp.staff import frame
from webapp.staff.case_page import show_case
from webapp.staff.case_words import CaseWords, shown

LANGUAGES = ("id", "en")
_AFTER = {"decision_granted": ("determined", "paid", "monitored"), "decision_declined": ("declined",)}


class Offered(NamedTuple):
    """A letter that can be written: its wording, the claim it is about, and what it is called."""

    template: str
    claim: Claim | None
    title: str


def register(app: Flask) -> None:
    """Add the letters' addresses."""
    case = "/kantor/kasus/<number>"
    frame.route(app, f"{case}/surat-kantor", write_letter, letters.WRITE, methods=("POST",))
    frame.route(app, "/kantor/surat/<number>", letter_file, "case.read", letters.ANSWER)
    frame.route(app, f"{case}/siks", siks_sheet, siks.RIGHT)
    frame.route(app, f"{case}/siks.pdf", siks_file, siks.RIGHT)


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give the letters of a case and those that can be written."""
    words = CaseWords.of(work)
    refused: Refused | None = g.get("letter_refused")
    return {
        "typed": request.form if refused else {},
        "errors": {refused.field: refused.said(words.lang)} if refused else {},
        "written": letters.letters_of(work, case),
        "offered": _offered(words, case, shown(work, case)) if work.actor.may(letters.WRITE) else [],
        "words": words,
        "languages": LANGUAGES,
        "may_copy": work.actor.may(siks.RIGHT),
    }


def write_letter(number: str) -> Response:
    """Show how a letter would look; with `write`, write it."""
    form, office = request.form, public.desk().office
    name, _, claim_id = form.get("letter", "").partition(":")
    lang = form.get("letter_lang") if form.get("letter_lang") in LANGUAGES else LANGUAGES[0]
    try:
        if form.get("do") == "write":
            with frame.work() as work:
                case = seen_case(work, number)
                letters.write(work, office, name, Matter(case, _claim(work, case, claim_id)), lang)
            return redirect(url_for("case_page", number=number, _anchor="surat-kantor"))
        with frame.reading() as work:
            case = seen_case(work, number)
            content = letters.preview(work, office, name, Matter(case, _claim(work, case, claim_id)), lang)
            work.record("letter.previewed", "case", case.number, wording=name)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        g.letter_refused = refused
        return show_case(number, refused, "letter", 400)
    return sheet(content, "contoh")


def letter_file(number: str) -> Response:
    """Give a letter as it was written."""
    with frame.reading() as work:
        letter = letters.letter_of(work, number)
        return sheet(letters.content_of(work, letter), letter.number)


def siks_sheet(number: str) -> Response:
    """Show what is to be retyped; the only page with whole numbers."""
    with frame.reading() as work:
        case = seen_case(work, number)
        copied = siks.copy_sheet(work, public.desk().office, case, public.chosen_language())
        return frame.page("staff/letters/siks.html", case=case, sheet=copied)


def siks_file(number: str) -> Response:
    """The same on paper."""
    lang = public.chosen_language()
    with frame.reading() as work:
        copied = siks.copy_sheet(work, public.desk().office, seen_case(work, number), lang)
    return sheet(siks.as_pdf(copied, lang), f"siks-{number}")


def _offered(words: CaseWords, case: Case, claims: list[Claim]) -> list[Offered]:
    """Give the letters that make sense now: about each claim as it stands, and about the household."""
    found = []
    order = list(KINDS)
    for template in sorted(words.office.knowledge.letters.values(), key=lambda one: order.index(one.kind)):
        for claim in [one for one in claims if not one.officer_only]:
            if _fits(template, claim):
                title = f"{_title(words, template, claim)} · {words.who(claim.person)}"
                found.append(Offered(f"{template.name}:{claim.id}", claim, title))
        if template.kind == "statement":
            found.append(Offered(f"{template.name}:", None, f"{_title(words, template, None)} · {words.who(None)}"))
    return found


def _fits(template: LetterTemplate, claim: Claim) -> bool:
    for_service = not template.services or claim.service in [word.text for word in template.services]
    if template.kind in _AFTER:
        return for_service and claim.state in _AFTER[template.kind]
    if template.kind == "statement":
        return claim.person is not None
    return template.kind == "request" and for_service


def _title(words: CaseWords, template: LetterTemplate, claim: Claim | None) -> str:
    service = words.service(claim.service) if claim else ""
    return BLANK.sub(lambda blank: service if blank[1] == "service" else "", template.label.in_(words.lang)).strip()


def _claim(work: Work, case: Case, said: str) -> Claim | None:
    if not said:
        return None
    claim = next((one for one in shown(work, case) if str(one.id) == said), None)
    if claim is None:
        raise NotFound
    return claim
