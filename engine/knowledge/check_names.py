"""Checks of the vocabulary: names, facts, formulas, parameters, sources, regions, evidence."""

import keyword
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engine.knowledge import values
from engine.knowledge.check_formulas import check_formula
from engine.knowledge.check_operands import sort_shown
from engine.knowledge.decisions import SHELVES
from engine.knowledge.kinds import kind_of_fact
from engine.knowledge.model import Amount, Fact, Knowledge
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Place, Word
from engine.knowledge.vocabulary import Vocabulary
from engine.population_number import FORMATS

# Words of formulas, of phrases and of household files: a thing of such a name could not be told from them.
RESERVED = frozenset(
    {"as_of", "household", "true", "false", "yes", "no", "ya", "tidak", "known", "unknown", "received", "none"}
    | {"id", "papers", "remove", *keyword.kwlist}
)


def check_names_are_used_once(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Refuse one name for two things of the common space."""
    k = vocabulary.knowledge
    declared = {
        name: thing
        for name, thing in k.conclusions.items()
        if name not in k.services or thing.place != k.services[name].place
    }
    held: dict[str, Place] = {}
    for shelf in (k.facts, k.parameters, declared, k.services, k.papers):
        for name, thing in shelf.items():
            if name in RESERVED:
                yield Problem("reserved-name", thing.place, {"name": name})
            if name in held:
                yield Problem("repeated-name", thing.place, {"name": name}, held[name])
            held.setdefault(name, thing.place)


def check_facts(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that facts name known evidence and that their formulas give what their type says."""
    k = vocabulary.knowledge
    for fact in k.facts.values():
        for word in fact.verified_by:
            if word.text not in k.evidence:
                yield _unknown("unknown-evidence", word, k.evidence)
        if fact.computed:
            yield from _check_computed(vocabulary, fact)
        if fact.only_if:
            yield from check_formula(vocabulary, fact.only_if, fact.of, "boolean")
        if fact.presume is not None and "presumed" not in k.evidence:
            yield Problem("unknown-evidence", fact.place, {"value": "presumed", "did_you_mean": None})
        for value in (fact.otherwise, fact.presume) if fact.type == "region" else ():
            if value is not None and not values.is_listed(value, k.regions):
                yield Problem("unknown-region", fact.place, {"value": value, "did_you_mean": closest(value, k.regions)})


def _check_computed(vocabulary: Vocabulary, fact: Fact) -> Iterator[Problem]:
    kind = kind_of_fact(fact)
    if kind.type == "choices":
        yield Problem(
            "formula-type", fact.computed.word.place, {"found": "choices", "expected": "boolean, number, date, choice"}
        )
        return
    yield from check_formula(vocabulary, fact.computed, fact.of, kind.type, fact)


def check_parameters(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that tables are keyed by known facts and values that those facts can have."""
    for parameter in vocabulary.knowledge.parameters.values():
        facts = []
        for key in parameter.keys:
            entry = vocabulary.look(key.text)
            if entry is None:
                guess = vocabulary.guess(key.text, ("fact",))
                yield Problem("unknown-fact", key.place, {"name": key.text, "did_you_mean": guess})
            elif entry.sort != "fact" or entry.kind.type in ("choices", *FORMATS):
                sort = "parameter" if entry.sort == "parameter" else sort_shown(entry)
                yield Problem("bad-key", key.place, {"name": key.text, "type": sort}, entry.place)
                entry = None
            facts.append(entry.kind.fact if entry else None)
        for amount in parameter.values:
            if amount.table is not None and None not in facts:
                yield from _check_table(amount.table, facts, vocabulary.knowledge)
        kinds = {kind: amount for amount in reversed(parameter.values) for kind in _kinds(amount)}
        if len(kinds) > 1:
            first, other = sorted(amount.place for amount in kinds.values())[:2]
            yield Problem("mixed-values", other, {"name": parameter.name}, first if first != other else None)


def _kinds(amount: Amount) -> set[str]:
    """Give the kinds of value of a parameter on some days; a number is a number, whole or not."""

    def leaves(table: Any) -> Iterator[Any]:
        if isinstance(table, tuple):
            for _, inner in table:
                yield from leaves(inner)
        elif table is not None:
            yield table

    if amount.brackets is not None:
        return {"brackets"}
    found = {type(leaf).__name__ for leaf in leaves(amount.value if amount.table is None else amount.table)}
    return {"number" if name in ("int", "float") else name for name in found}


def _check_table(table: Any, facts: list[Fact], knowledge: Knowledge) -> Iterator[Problem]:
    for band, inner in table:
        if band.test is None:
            try:
                values.literal(facts[0].type, band.word, facts[0], knowledge.regions)
            except values.BadValue as bad:
                yield replace(bad.problem, also=facts[0].place)
        elif facts[0].type not in ("integer", "number", "money"):
            details = {"phrase": band.word.text, "name": facts[0].name, "type": facts[0].type}
            details["fitting"] = ", ".join(facts[0].choices) or facts[0].type
            yield Problem("phrase-does-not-fit", band.word.place, details, facts[0].place)
        if isinstance(inner, tuple):
            yield from _check_table(inner, facts[1:], knowledge)


def check_sources(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that every source that is named stands in `sources:`."""
    k = vocabulary.knowledge
    for word in (*cited_sources(k), *(source.repealed_by for source in k.sources.values())):
        if word is not None and (name := word.text.split(" ")[0]) not in k.sources:
            yield _unknown("unknown-source", Word(name, word.part(0, len(name))), k.sources)


def cited_sources(k: Knowledge) -> Iterator[Word]:
    """Give every word with which a rule, a number or a name cites its source."""
    things = (*k.rules.values(), *k.facts.values(), *k.conclusions.values(), *k.programs.values())
    amounts = [amount for parameter in k.parameters.values() for amount in parameter.values]
    yield from (
        thing.source
        for thing in (*things, *k.exclusivity.values(), *k.offices.values(), *amounts)
        if thing.source is not None
    )


def check_decisions(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that what the office still has to decide about is there."""
    k = vocabulary.knowledge
    known = {name for shelf in SHELVES for name in getattr(k, shelf)}
    for decision in k.decisions.values():
        for word in decision.concerns:
            if word.text not in known:
                details = {"decision": decision.name, "value": word.text, "did_you_mean": closest(word.text, known)}
                yield Problem("unknown-concern", word.place, details)


def check_regions(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that regions lie within known ones."""
    regions = vocabulary.knowledge.regions
    for region in regions.values():
        if region.within and region.within.text not in regions:
            yield _unknown("unknown-region", region.within, regions)


def check_offices(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that each office serves a known region, which no other serves."""
    k = vocabulary.knowledge
    serving: dict[str, Place] = {}
    for office in k.offices.values():
        region = office.region
        if region.text not in k.regions:
            yield _unknown("unknown-region", region, k.regions)
        elif region.text in serving:
            yield Problem("region-served-twice", region.place, {"region": region.text}, serving[region.text])
        serving.setdefault(region.text, region.place)


def check_evidence(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that there is evidence, and that the default is one of it (left out, it is the weakest)."""
    k = vocabulary.knowledge
    if not k.evidence:
        yield Problem("no-evidence", Place("facts_schema.yaml"))
    elif k.default_evidence is not None and k.default_evidence not in k.evidence:
        details = {"value": k.default_evidence, "did_you_mean": closest(k.default_evidence, k.evidence)}
        yield Problem("unknown-evidence", k.default_evidence_place or Place("facts_schema.yaml"), details)


def _unknown(code: str, word: Word, known: Any) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})
