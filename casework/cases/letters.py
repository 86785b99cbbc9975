"""Letters of the office: written from a wording that a policy officer can edit, numbered, kept sealed, given out as they were.

No letter is written about what only officers may know: it would be read by whoever opens the envelope.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from casework import typeset
from casework.cases.letter_blanks import Filler, Matter, refuse_secret
from casework.cases.letter_templates import GAP, Filling, filled, paragraphs, word, wording
from casework.cases.models import Case, Letter, Objection
from casework.cases.numbers import next_number
from casework.cases.objections import REVIEW, case_of, objection_of
from casework.refusals import NotFound, Refused
from casework.staff.areas import sees
from casework.store.work import Work
from engine.diagnosis import Office
from engine.knowledge.model import LetterTemplate
from engine.offices import own_office

WRITE, ANSWER = "letter.write", "objection.answer"
# Whoever takes papers in gives the receipt, at the village as well.
TAKE_IN = "case.open"
ABOUT_CLAIM = frozenset({"decision_granted", "decision_declined", "request"})
DECISIONS = frozenset({"decision_granted", "decision_declined"})
TEMPLATE = Path(__file__).with_name("letter.typ")
_NO_NUMBER = "–"


class _Draft(NamedTuple):
    """A letter before it has a number."""

    template: LetterTemplate
    filling: Filling
    case: Case | None
    objection: Objection | None


def write(work: Work, office: Office, letter: str, matter: Matter, lang: str = "id") -> Letter:
    """Write a letter, number it and keep it as it is.

    Args:
        work: Whoever writes it; letters about a decision are signed by whoever decided.
        office: The edition in force, with the wordings.
        letter: The name of a wording, or a kind as in `engine.knowledge.blanks`: then the wording that fits the claim.
        matter: What it is about.
        lang: `id` or `en`.

    Raises:
        Refused: `letter-what`, `letter-no-wording`, `letter-officer-only`, `letter-not-decided`, `letter-not-seen`, `letter-no-papers`.
        NotFound: when what it is about is not there, or not for this actor.
    """
    template, filling, case, objection = _draft(work, office, letter, matter, lang)
    # The number comes late: whoever writes the next letter waits for it until this one is kept.
    number = next_number(work, "letter")
    filling.words["number"] = number
    content = typeset.pdf(TEMPLATE, sheet(office, template, filling, lang))
    written = Letter(
        number=number,
        template=template.name,
        kind=template.kind,
        subject=filled(template.label, filling, lang),
        lang=lang,
        case_id=objection.case_id if objection else case.id,
        claim_id=matter.claim.id if matter.claim else None,
        objection_id=objection.id if objection else None,
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=work.now,
        made_by=work.actor.name,
    )
    written.seal(work.keys, "content", content)
    work.session.add(written)
    work.session.flush()
    work.record("letter.written", "letter", number, wording=template.name, case=case.number if case else None)
    return written


def preview(work: Work, office: Office, letter: str, matter: Matter, lang: str = "id") -> bytes:
    """Set a letter without a number and keep nothing (see `write`)."""
    draft = _draft(work, office, letter, matter, lang)
    draft.filling.words["number"] = _NO_NUMBER
    return typeset.pdf(TEMPLATE, sheet(office, draft.template, draft.filling, lang))


def letters_of(work: Work, case: Case) -> list[Letter]:
    """Give the letters of a case, the latest first, without opening them; those to objectors are none of its letters."""
    mine = (
        select(Letter)
        .outerjoin(Objection, Objection.id == Letter.objection_id)
        .where(Letter.case_id == case.id, or_(Letter.objection_id.is_(None), Objection.kind == REVIEW))
    )
    return list(work.session.scalars(mine.order_by(Letter.id.desc())))


def answers_to(work: Work, objection: Objection) -> list[Letter]:
    """Give the letters that answer an objection, for those who answer."""
    work.require(ANSWER)
    return list(work.session.scalars(select(Letter).where(Letter.objection_id == objection.id).order_by(Letter.id)))


def letter_of(work: Work, number: str) -> Letter:
    """Give a letter by its number. Raises: NotFound, when there is none or it is not for this actor."""
    letter = work.session.scalar(select(Letter).where(Letter.number == number))
    if letter is None:
        raise NotFound
    objection = work.session.get(Objection, letter.objection_id) if letter.objection_id else None
    if objection is not None and objection.kind != REVIEW:
        if not work.actor.may(ANSWER):
            raise NotFound
        objection_of(work, objection.number)
    else:
        sees(work, work.session.get_one(Case, letter.case_id).household, "case.read")
    return letter


def content_of(work: Work, letter: Letter) -> bytes:
    """Give a letter byte for byte as it was written, on the record. Raises: Refused `altered`, when it no longer is."""
    content = letter.opened_bytes(work.keys, "content")
    if hashlib.sha256(content).hexdigest() != letter.sha256:
        raise Refused("altered")
    work.record("letter.read", "letter", letter.number)
    return content


def sheet(office: Office, template: LetterTemplate, filling: Filling, lang: str) -> dict[str, Any]:
    """Give what the sheet shows, as plain data; of the office nothing that is not known."""
    own = own_office(office.knowledge)
    address = own.address.in_(lang) if own and own.address else None
    contact = [line for line in (address, own and own.phone) if line]
    words = filling.words
    notes = [word("decided_by_person", lang)] if template.kind in DECISIONS else []
    if not template.confirmed:
        notes.append(word("unconfirmed", lang))
    subject = filled(template.label, filling, lang)
    return {
        "lang": lang,
        "office": words["office"] or GAP,
        "contact": contact or [f"{word('contact', lang)} {GAP}"],
        "facts": [
            [word("number", lang), words["number"]],
            [word("date", lang), words["today"]],
            [word("subject", lang), subject],
        ],
        "subject": subject,
        "to": word("to", lang),
        "recipient": list(filling.to) or [GAP],
        "parts": paragraphs(template, filling, lang),
        "signature": {"role": words["officer_role"] or GAP, "name": words["officer"] or GAP},
        "notes": notes,
        "page": word("page", lang, number=words["number"], page="{page}", pages="{pages}"),
    }


def _draft(work: Work, office: Office, letter: str, matter: Matter, lang: str) -> _Draft:
    template = _template(work, office, letter, matter)
    objection = objection_of(work, matter.about or "") if template.kind == "objection_answer" else None
    if objection is not None:
        matter = replace(matter, case=_case_for_reader(work, objection))
    return _Draft(template, Filler(work, office, template, matter, lang).filling(), matter.case, objection)


def _template(work: Work, office: Office, letter: str, matter: Matter) -> LetterTemplate:
    """Find the wording, after looking whether the actor may write such a letter here at all."""
    case, claim = matter.case, matter.claim
    template = wording(office.knowledge, letter, claim.service if claim else None)
    if template.kind == "objection_answer":
        work.require(ANSWER)
        return template
    right = WRITE if work.actor.may(WRITE) or template.kind != "receipt" else TAKE_IN
    work.require(right)
    if case is None or (claim is not None and claim.case_id != case.id):
        raise NotFound
    sees(work, case.household, right)
    if template.kind in ABOUT_CLAIM and claim is None:
        raise Refused("letter-what", "letter")
    if claim is not None:
        if claim.officer_only:
            raise Refused("letter-officer-only", "letter")
        refuse_secret(office, claim.service, work.today)
    return template


def _case_for_reader(work: Work, objection: Objection) -> Case | None:
    """Give the case that an answer may speak of: to its own applicant. None for an objector, who learns nothing of it."""
    return case_of(work, objection) if objection.kind == REVIEW else None
