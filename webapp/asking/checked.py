"""What was answered so far, in words, so that it can be checked and changed before the result."""

from typing import Any

from engine.knowledge.model import HOUSEHOLD
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS
from engine.words import Speaker, joined
from webapp.asking.walk import AID, HOME, MEMBER, RECEIVERS, WHO, Asked, Step, Walk


def told_so_far(at: Walk) -> list[dict[str, Any]]:
    """Give everything that was answered, by theme, each step with the number under which it can be changed."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for number, entry in enumerate(at.told.trail):
        step = Step.of(entry)
        parts.setdefault(step.theme, []).append(
            {"number": number, "rows": _rows(at, step), "seat": step.asked[0].seats[0] if step.kind == MEMBER else None}
        )
    return [{"theme": theme, "steps": steps} for theme, steps in parts.items()]


def _rows(at: Walk, step: Step) -> list[tuple[str, str]]:
    """Say what was answered on a step: each question with its answer."""
    word, speaker = at.form.word, Speaker(at.office.knowledge, at.form.lang)
    if step.kind == WHO:
        return [(word("ask_who"), word(f"applicant_{at.told.applicant}"))]
    if step.kind == MEMBER:
        seat = int(step.asked[0].seats[0])
        names = [
            fact.name
            for one in step.asked
            for fact in (at.facts[one.fact], *at.form.standing_in_for(at.facts[one.fact]))
        ]
        said = [_value(at, speaker, name, str(seat)) for name in names]
        return [(at.roles[seat], ", ".join(one for one in said if one) or word("unknown"))]
    rows = []
    for one in step.asked:
        if one.fact in at.facts and step.kind != RECEIVERS:
            rows.append((speaker.label(one.fact), _said(at, speaker, one)))
    if step.kind in (AID, RECEIVERS):
        rows += [(word("aid"), _aid_said(at, speaker)), (word("papers"), _papers_said(at, speaker))]
    return rows


def _value(at: Walk, speaker: Speaker, name: str, seat: str) -> str | None:
    of = HOUSEHOLD if seat == HOME else at.roles[int(seat)]
    given = at.household.given(of, name)
    return speaker.value(name, given.value) if given else None


def _said(at: Walk, speaker: Speaker, one: Asked) -> str:
    """Say the answer to one question, over the people it was asked of."""
    unknown = at.form.word("unknown")
    values = {seat: _value(at, speaker, one.fact, seat) for seat in one.seats}
    if one.seats == (HOME,):
        return values[HOME] or unknown
    if at.facts[one.fact].type == "boolean" and any(values.values()):
        yes = speaker.value(one.fact, True)
        who = [at.roles[int(seat)] for seat, value in values.items() if value == yes]
        return joined(who, speaker.lang) or at.form.word("nobody")
    if len(set(values.values())) == 1:
        return next(iter(values.values())) or unknown
    return "; ".join(f"{at.roles[int(seat)]}: {value or unknown}" for seat, value in values.items())


def _aid_said(at: Walk, speaker: Speaker) -> str:
    if at.household.received is None:
        return at.form.word("unknown")
    received = [
        speaker.label(name.partition(":")[2])
        for (_, name), given in at.household.facts.items()
        if name.startswith(INPUT_KEYS[RECEIVED]) and given.value
    ]
    return joined(received, speaker.lang) or at.form.word("none_of_these")


def _papers_said(at: Walk, speaker: Speaker) -> str:
    papers = [
        name.partition(":")[2] for (_, name), given in at.household.facts.items() if name.startswith(INPUT_KEYS[PAPER])
    ]
    return joined(map(speaker.label, papers), speaker.lang) or "-"
