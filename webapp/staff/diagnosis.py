"""The kept answers of a case: what was said and why, worked out again, and compared with today's rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases.diagnoses import (
    answer_of,
    as_told,
    before_and_after,
    diagnose,
    diagnosis_of,
    may_see,
    replay,
    told_again,
)
from casework.cases.differences import Change, Difference, difference
from casework.cases.editions import office_of
from casework.cases.facts import LISTED, standing_of
from casework.cases.models import Case
from casework.people.observations import PAPER, RECEIVED, knows_secrets, secret_names, service_of
from casework.staff.areas import seen_case
from casework.store.work import Work
from engine.change.flips import Answer, Cause
from engine.diagnosis import Office
from engine.knowledge.model import HOUSEHOLD
from engine.words import say
from webapp.frame import desk
from webapp.staff import frame
from webapp.staff.diagnosis_rows import told, told_as_kept
from webapp.staff.facts_words import FactWords

_ASKS = ("case.open", "check.office", "decision.propose", "decision.decide")
AGAIN, TODAY = "again", "today"


@dataclass(frozen=True)
class Turned:
    """One answer that today's edition gives otherwise, and what made the difference."""

    title: str
    who: str
    claimed: bool
    before: str
    after: str
    causes: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def register(app: Flask) -> None:
    """Add the pages of diagnoses."""
    path = "/kantor/kasus/<number>/diagnosis"
    frame.route(app, f"{path}/<int:id>", diagnosis_page, "case.read")
    frame.route(app, path, diagnose_now, *_ASKS, methods=("POST",))


def diagnose_now(number: str) -> Response:
    """Ask the engine about a case, with what is known today and the rules of today."""
    with frame.work() as work:
        stored = diagnose(work, desk().office, seen_case(work, number), "asked")
        return redirect(url_for("diagnosis_page", number=number, id=stored.id))


def diagnosis_page(number: str, id: int) -> Response:
    """Show one kept answer; on demand, whether it comes out again, and what today's edition says."""
    look = request.args.get("look", "")
    with frame.reading() as work:
        case = seen_case(work, number)
        stored = diagnosis_of(work, case, id)
        office = office_of(work, stored.edition, desk().office)
        words = FactWords.of(work, case.household, office.knowledge)
        claimed = {claim.vertex for claim in case.claims if may_see(work, claim)}
        made = told_again(work, stored, desk().office)
        work.record("diagnosis.read", "case", case.number, diagnosis=stored.id)
        return frame.page(
            "staff/facts/diagnosis.html",
            case=case,
            stored=stored,
            words=words,
            rows=told(made, words, claimed) if made else told_as_kept(answer_of(work, stored), words, claimed),
            told_in_words=made is not None,
            facts=_facts(work, case, stored, office, words),
            replay=replay(work, stored, desk().office) if look == AGAIN else None,
            difference=_compared(difference(work, desk().office, stored), words) if look == TODAY else None,
        )


def on_case(work: Work, case: Case) -> dict[str, Any]:
    """Give what the case page shows of this room: what to look at, and how sure each answer was on each occasion."""
    home = case.household
    words = FactWords.of(work, home)
    steps = before_and_after(work, case)
    claims = [claim for claim in case.claims if may_see(work, claim)]
    return {
        "home": home,
        "words": words,
        "steps": steps,
        "claims": [
            (words.speaker.label(one.service), words.who(one.subject), [_cell(words, step, one.id) for step in steps])
            for one in claims
        ],
        "warnings": [
            words.warned(one) for one in standing_of(work, desk().office, home, knows_secrets(work, home)).warnings
        ],
        "may_ask": any(work.actor.may(right) for right in _ASKS),
    }


def _cell(words: FactWords, step: Any, claim: int) -> str:
    standing = step.claims.get(claim)
    if standing is None or standing.status is None:
        return "-"
    return f"{words.sure(standing.cf)} {say('status_short', standing.status, words.lang)}"


def _facts(work: Work, case: Case, stored: Any, office: Office, words: FactWords) -> list[tuple[str, list[Any]]]:
    """Give the facts that an answer was made of, by subject, as far as the actor may know."""
    document, public = as_told(work, stored)
    hidden = secret_names(office.knowledge, stored.day) if public else frozenset()
    members = [(one["id"], {key: kept for key, kept in one.items() if key != "id"}) for one in document["members"]]
    household = {**document["household"], "papers": document.get("papers", {})}
    found = [(words.who(of), _given(facts, hidden, words)) for of, facts in ((HOUSEHOLD, household), *members)]
    aid = [one for key in ("active_services", LISTED) for one in document.get(key, ())]
    aid = list({str(one): one for one in aid if service_of(one) not in hidden}.values())
    if aid or "active_services" in document:
        found[0][1].append((words.label(RECEIVED), words.value(RECEIVED, aid), ""))
    return found


def _given(facts: Mapping[str, Any], hidden: frozenset[str], words: FactWords) -> list[tuple[str, str, str]]:
    given = {name: one for name, one in facts.items() if name != "papers"}
    given |= {PAPER + name: one for name, one in facts.get("papers", {}).items()}
    return [
        (words.label(name), words.value(name, one["value"]), _known(one["evidence"], words))
        for name, one in given.items()
        if name.removeprefix(PAPER) not in hidden
    ]


def _known(evidence: Any, words: FactWords) -> str:
    return words.evidence(evidence) if isinstance(evidence, str) else words.sure(evidence)


def _compared(found: Difference, words: FactWords) -> dict[str, Any]:
    return {
        "same_edition": found.edition_then == found.edition_now,
        "readable": found.readable,
        "changes": [_turned(found, one, words) for one in found.changes],
    }


def _turned(found: Difference, one: Change, words: FactWords) -> Turned:
    causes = [cause for why in one.whys for cause in why.causes]
    return Turned(
        title=words.speaker.label(one.service),
        who=words.who(one.subject),
        claimed=one.claimed,
        before=_answer(one.before, words),
        after=_answer(one.after, words),
        causes=tuple((_edits(found, cause, words), _turns(cause, words)) for cause in causes),
    )


def _answer(answer: Answer | None, words: FactWords) -> str:
    if answer is None:
        return say("status_short", "not_concerned", words.lang)
    return f"{say('status_short', answer.status, words.lang)} {words.sure(answer.cf)}"


def _edits(found: Difference, cause: Cause, words: FactWords) -> tuple[str, ...]:
    """Say each edit of a cause: what it is, what was written, what is written now."""
    said = []
    for shelf, name in cause.edits:
        edit = found.edits[shelf, name]
        rule = found.new.rules.get(name) or found.old.rules.get(name) if shelf == "rules" else None
        label = rule.title.in_(words.lang) if rule else words.speaker.label(name)
        lines = "; ".join(f"{line.key}: {line.before or '-'} → {line.after or '-'}" for line in edit.lines)
        key = f"facts_edit_{edit.how}"
        said.append(words.word(key, name=label, id=name, lines=lines))
    return tuple(said)


def _turns(cause: Cause, words: FactWords) -> tuple[str, ...]:
    """Say the conditions on which the proofs part, as they were and as they are."""
    said = []
    for turn in cause.turns:
        if turn.line_before and turn.line_after:
            speaker = words.speaker.about(turn.subject)
            before, after = (speaker.claim(line) for line in (turn.line_before, turn.line_after))
            said.append(f"{before} → {after}" if before != after else before)
    return tuple(dict.fromkeys(said))
