"""On what grounds something was decided, in words for a letter: the proof behind a stored answer, without secrets.

The proof is worked out again from the facts that the answer was made of, under its own edition, as anybody may see it; so a
letter cannot tell a secret, whoever writes it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.cases import editions
from casework.cases.diagnoses import as_told
from casework.cases.facts import household_in
from casework.cases.models import StoredDiagnosis
from casework.store.work import Work
from engine.diagnosis import Diagnosis, Office
from engine.rows import ServiceRow
from engine.words import Speaker

_SPEAKS_FOR = {"granted": ("yes",), "declined": ("no", "unknown")}


def public_proof(work: Work, office: Office, stored: StoredDiagnosis) -> Diagnosis:
    """Work out again what an answer rests on, under its own edition, as anybody may see it."""
    then = editions.office_of(work, stored.edition, office)
    document, _ = as_told(work, stored)
    return then.diagnose_for_everybody(household_in(then.knowledge, document))


def in_words(speaker: Speaker, name: str, value: Any) -> str:
    """Write a value of a fact as it is kept (JSON)."""
    fact = speaker.knowledge.facts[name]
    if fact.type == "date":
        value = date.fromisoformat(value)
    return speaker.value(name, tuple(value) if isinstance(value, list) else value)


def reasons(row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    """Say why a row came out as it did: what holds, what stopped it, or what is not known."""
    if row.outcome == "no":
        # Whom a service does not concern at all, its rows leave unsaid; a letter owes the reason all the same.
        stopped = row.stopped_by or [(line, ()) for reason in row.reasons for line in reason.stoppers]
        yield from map(_capital, speaker.stopped_by(stopped))
        return
    for reason in row.reasons:
        lines = [
            line for line in reason.conditions if line.cf > 0 and not line.block.startswith(("unless", "unneeded"))
        ]
        yield from (_capital(speaker.finding(line)) for line in lines)
    if row.outcome == "unknown":
        yield from (f"{label}: {speaker.value('', None)}" for label in speaker.missing(row.missing))


def grounds(proof: Diagnosis, vertex: tuple[str, str], speaker: Speaker, wanted: str) -> dict[str, tuple[str, ...]]:
    """Give reasons, sources, what is still to bring and what nobody can check here.

    Args:
        proof: As anybody may see it.
        vertex: The service and whom it is for.
        speaker: Speaks the language of the letter.
        wanted: `granted` or `declined`: reasons that speak against it are left out.
    """
    row = proof.row(*vertex)
    if row is None:
        return {}
    found = {
        "reasons": reasons(row, speaker) if row.outcome in _SPEAKS_FOR[wanted] else (),
        "sources": (speaker.source(one.rule) for one in row.reasons),
        "not_checked": (text.in_(speaker.lang) for one in row.reasons for text in one.rule.unverifiable),
        "to_bring": _to_bring(proof, row, speaker) if row.outcome == "yes" else (),
    }
    return {name: tuple(dict.fromkeys(lines)) for name, lines in found.items()}


def _to_bring(proof: Diagnosis, row: ServiceRow, speaker: Speaker) -> Iterable[str]:
    yield from (speaker.label(line.name) for line in row.still_needed)
    papers = (one for one in proof.papers if row.service.name in one.for_ and not one.in_hand)
    yield from (speaker.label(one.document) for one in papers)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
