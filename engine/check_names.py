"""Checks of the vocabulary: names, facts, formulas, parameters, sources, regions, evidence."""

from collections.abc import Iterator
from typing import Any

from engine import values
from engine.model import Fact, Knowledge
from engine.problems import Problem, closest
from engine.read import Place, Word
from engine.vocabulary import Misfit, Vocabulary, kind_of_fact

RESERVED = frozenset({"as_of", "household", "true", "false", "and", "or", "not", "in", "if", "else"})


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
            yield from _check_formula(vocabulary, fact.only_if, fact.of, "boolean")
        if fact.presume is not None and "presumed" not in k.evidence:
            yield Problem("unknown-evidence", fact.place, {"value": "presumed", "did_you_mean": None})


def _check_computed(vocabulary: Vocabulary, fact: Fact) -> Iterator[Problem]:
    kind = kind_of_fact(fact)
    if kind.type == "choices":
        yield Problem(
            "formula-type", fact.computed.word.place, {"found": "choices", "expected": "boolean, number, date, choice"}
        )
        return
    yield from _check_formula(vocabulary, fact.computed, fact.of, kind.type)


def _check_formula(vocabulary: Vocabulary, formula: Any, of: str, expected: str) -> Iterator[Problem]:
    try:
        kind = vocabulary.kind_of_formula(formula, of)
    except Misfit as misfit:
        yield misfit.problem
        return
    if kind.type != expected:
        yield Problem("formula-type", formula.word.place, {"found": kind.type, "expected": expected})


def check_parameters(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that tables are keyed by known facts and values that those facts can have."""
    for parameter in vocabulary.knowledge.parameters.values():
        facts = []
        for key in parameter.keys:
            entry = vocabulary.look(key.text)
            if entry is None or entry.sort != "fact":
                guess = vocabulary.guess(key.text, ("fact",))
                yield Problem("unknown-fact", key.place, {"name": key.text, "did_you_mean": guess})
            facts.append(entry.kind.fact if entry else None)
        for amount in parameter.values:
            if amount.until and amount.until < amount.from_:
                yield Problem("from-after-until", amount.place)
            if amount.table is not None and None not in facts:
                yield from _check_table(amount.table, facts, vocabulary.knowledge)
        kinds = {type(leaf) in (int, float) or type(leaf) for amount in parameter.values for leaf in _leaves(amount)}
        if len(kinds) > 1:
            yield Problem("mixed-values", parameter.place, {"name": parameter.name})


def _leaves(amount: Any) -> Iterator[Any]:
    def walk(table: Any) -> Iterator[Any]:
        if isinstance(table, tuple):
            for _, inner in table:
                yield from walk(inner)
        else:
            yield table

    if amount.brackets is None:
        yield from walk(amount.table if amount.table is not None else amount.value)


def _check_table(table: Any, facts: list[Fact], knowledge: Knowledge) -> Iterator[Problem]:
    for band, inner in table:
        if band.test is None:
            try:
                values.literal(facts[0].type, band.word, facts[0], knowledge.regions)
            except values.BadValue as bad:
                yield bad.problem
        elif facts[0].type not in ("integer", "number", "money"):
            yield Problem(
                "phrase-does-not-fit",
                band.word.place,
                {"phrase": band.word.text, "name": facts[0].name, "type": facts[0].type},
            )
        if isinstance(inner, tuple):
            yield from _check_table(inner, facts[1:], knowledge)


def check_sources(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that every source that is named stands in `sources:`."""
    k = vocabulary.knowledge
    cited = [rule.source for rule in k.rules.values()]
    cited += [fact.source for fact in k.facts.values()]
    cited += [thing.source for thing in (*k.conclusions.values(), *k.programs.values(), *k.exclusivity.values())]
    cited += [amount.source for parameter in k.parameters.values() for amount in parameter.values]
    cited += [source.repealed_by for source in k.sources.values()]
    for word in cited:
        if word is not None and word.text.split(" ")[0] not in k.sources:
            yield _unknown("unknown-source", Word(word.text.split(" ")[0], word.place), k.sources)


def check_regions(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that regions lie within known ones."""
    regions = vocabulary.knowledge.regions
    for region in regions.values():
        if region.within and region.within.text not in regions:
            yield _unknown("unknown-region", region.within, regions)


def check_evidence(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Check that a value that names no evidence has one to fall back on."""
    k = vocabulary.knowledge
    if not k.evidence:
        yield Problem("no-evidence", Place("facts_schema.yaml"))
    elif k.default_evidence not in k.evidence:
        place = next(iter(k.evidence.values())).place
        guess = closest(k.default_evidence, k.evidence)
        yield Problem(
            "unknown-evidence", place, {"value": k.default_evidence or "default_evidence", "did_you_mean": guess}
        )


def _unknown(code: str, word: Word, known: Any) -> Problem:
    return Problem(code, word.place, {"value": word.text, "did_you_mean": closest(word.text, known)})
