"""Why a service came out as it did: what each rule asked and what was found, in words, with the source at the end."""

from itertools import groupby
from typing import Any

from engine import certainty
from engine.diagnosis import Diagnosis
from engine.explain import ConditionResult, Reason, roots
from engine.rows import ServiceRow
from engine.words import Speaker, say

_NEAR = 2


def whys(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> list[dict[str, Any]]:
    """Give what each rule of a service said about one subject."""
    return [_reason(diagnosis, reason, speaker) for reason in row.reasons]


def _reason(diagnosis: Diagnosis, reason: Reason, speaker: Speaker) -> dict[str, Any]:
    word = reason.rule.source.text if reason.rule.source else ""
    source = diagnosis.knowledge.sources.get(word.split(" ")[0])
    address = source.address or "" if source else ""
    return {
        "sentence": speaker.sentence(reason),
        "source": speaker.source(reason.rule) if source else None,
        "address": address if address.startswith(("http://", "https://")) else None,
        "unverifiable": [text.in_(speaker.lang) for text in reason.rule.unverifiable],
        "blocks": [
            _block(diagnosis, label, list(lines), speaker)
            for label, lines in groupby(reason.conditions, key=lambda line: line.block)
        ],
    }


def _block(diagnosis: Diagnosis, label: str, lines: list[ConditionResult], speaker: Speaker) -> dict[str, Any]:
    """Say the lines of a block; of alternatives, those that hold, or all where none does."""
    holding = [line for line in lines if speaker.mark(line) == "yes"]
    alternatives = label == "when any"
    told = holding if alternatives and holding else lines
    return {
        "title": say("block", label, speaker.lang).capitalize() if alternatives and not holding else None,
        "lines": [_line(diagnosis, line, speaker) for line in told],
    }


def _line(diagnosis: Diagnosis, line: ConditionResult, speaker: Speaker) -> dict[str, str | None]:
    """Say a condition and what was found; what must not be is in favour when it is not so."""
    must_not = line.block.startswith(("unless", "unneeded"))
    mark = certainty.outcome(certainty.negate(line.cf)) if must_not else speaker.mark(line)
    telling = mark == "no" or (mark == "yes" and not must_not)
    found = speaker.stopped_by([(line, roots(diagnosis.trace, line, _NEAR) if telling else ())])[0]
    claim = speaker.lower(speaker.claim(line))
    if must_not:
        if line.name in diagnosis.knowledge.conclusions:
            return {"mark": mark, "claim": found, "found": None}
        return {"mark": mark, "claim": say("say", "must_not", speaker.lang, claim=claim), "found": found}
    if found.startswith(claim):
        return {"mark": mark, "claim": found, "found": None}
    return {"mark": mark, "claim": claim, "found": found}
