"""Turn the nodes of knowledge files into the values of `model`.

File and folder names carry no meaning: each file says what it holds by its top-level keys, and this room
knows which reader takes which key. Names are not looked up here; that is the business of `check`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.knowledge import (
    parse_banks,
    parse_decisions,
    parse_facts,
    parse_letters,
    parse_offer,
    parse_offices,
    parse_parameters,
    parse_rules,
)
from engine.knowledge.model import Conclusion, Evidence, Knowledge
from engine.knowledge.problems import Problem
from engine.knowledge.read import Document, Place, Table
from engine.knowledge.shapes import Notes

READERS: dict[str, Callable[[Notes, Any, "Shelves"], None]] = {
    "facts": parse_facts.read_facts,
    "regions": parse_facts.read_regions,
    "evidence": parse_facts.read_evidence,
    "default_evidence": parse_facts.read_default_evidence,
    "parameters": parse_parameters.read_parameters,
    "programs": parse_offer.read_programs,
    "conclusions": parse_offer.read_conclusions,
    "categories": parse_offer.read_categories,
    "services": parse_offer.read_services,
    "exclusivity": parse_offer.read_exclusivity,
    "documents": parse_offer.read_papers,
    "steps": parse_offer.read_steps,
    "sources": parse_offer.read_sources,
    "calendar": parse_facts.read_calendar,
    "decisions": parse_decisions.read_decisions,
    "offices": parse_offices.read_offices,
    "letters": parse_letters.read_letters,
    "bank_layouts": parse_banks.read_banks,
}
RULE_KEYS = ("program", "topic", "rules")


@dataclass
class Shelves:
    """Everything read so far, by kind and name; `put` refuses a second thing of one name on one shelf."""

    notes: Notes
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, shelf: str, name: str, thing: Any, place: Place) -> None:
        """Keep a thing under its name; a second one of that name is noted with both places."""
        held = self.things.setdefault(shelf, {})
        if name in held:
            code = "repeated-id" if shelf == "rules" else "repeated-name"
            self.notes.add(code, place, getattr(held[name], "place", None), name=name)
        else:
            held[name] = thing


def parse(documents: Iterable[Document], edition: str) -> tuple[Knowledge, list[Problem]]:
    """Parse the documents of a knowledge folder.

    Returns:
        The knowledge as far as it could be read, and every problem of shape found on the way.
    """
    notes = Notes()
    shelves = Shelves(notes)
    texts = {}
    for document in documents:
        texts[document.file] = document.text
        notes.problems.extend(document.problems)
        if document.node is not None:
            _parse_document(notes, document, shelves)
    return _knowledge(shelves, edition, texts), notes.problems


def _parse_document(notes: Notes, document: Document, shelves: Shelves) -> None:
    if not isinstance(document.node, Table):
        notes.add("table-expected", document.node.place, what=document.file)
        return
    found = notes.table(document.node, document.file, optional=(*READERS, *RULE_KEYS))
    for key, node in found.items():
        if key in READERS:
            READERS[key](notes, node, shelves)
    if "rules" not in found and ("program" in found or "topic" in found):
        notes.add("missing-key", document.node.place._replace(width=1), key="rules", what=document.file)
    if set(RULE_KEYS) & set(found):
        parse_rules.read_rules(notes, found, document.node, shelves)


def _knowledge(shelves: Shelves, edition: str, texts: dict[str, str]) -> Knowledge:
    things = shelves.things

    def shelf(name: str) -> dict[str, Any]:
        return dict(sorted(things.get(name, {}).items()))

    default = things.get("default_evidence", {})
    evidence = things.get("evidence", {})
    conclusions = shelf("conclusions")
    services = shelf("services")
    for name, service in services.items():
        conclusions.setdefault(name, Conclusion(name, service.for_, service.label, service.place))
    return Knowledge(
        edition=edition,
        # Facts and choices keep the order of the file: it is the order of the interview.
        facts=things.get("facts", {}),
        rules=shelf("rules"),
        programs=things.get("programs", {}),
        conclusions=conclusions,
        services=services,
        exclusivity=shelf("exclusivity"),
        papers=shelf("documents"),
        steps=shelf("steps"),
        sources=shelf("sources"),
        regions=shelf("regions"),
        evidence=evidence,
        default_evidence=next(iter(default), _weakest(evidence)),
        parameters=shelf("parameters"),
        holidays=tuple(sorted(holiday.day for holiday in things.get("holidays", {}).values())),
        decisions=things.get("decisions", {}),
        # The first office of the file is the one that speaks.
        offices=things.get("offices", {}),
        letters=shelf("letters"),
        bank_layouts=shelf("bank_layouts"),
        texts=texts,
        default_evidence_place=next((word.place for word in default.values()), None),
    )


def _weakest(evidence: dict[str, Evidence]) -> str | None:
    """Give what stands behind a value that names no evidence while no default is set: the least sure there is."""
    told = [one for one in evidence.values() if one.name != "presumed"] or list(evidence.values())
    return sorted(told, key=lambda one: one.certainty)[0].name if told else None
