"""w120 in experta, on experta's own RETE matcher: a household is one fact, contributions are combined in pairs.

The tests `at least 0.3` are made when the household is declared and matched as plain values, which costs
experta no more than predicates in its patterns would. Facts say their level, so that patterns of one level
share a node. Combining withdraws facts, so experta runs with the strategy that takes the activations of
withdrawn facts off the agenda exactly; its own is no faster here.
"""

from collections.abc import Mapping

import polars as pl

from benchmarks.w120 import CONCLUSION_NAMES, DIGITS, FACT_NAMES, LEAST, LEVEL_NAMES, THRESHOLD, TOLD, W120Rule
from engine.inference import AS, MATCH, Fact, KnowledgeEngine, RankStrategy, Rule


class Household(Fact):
    """Whether each value that is known is at least 0.3."""


class Contribution(Fact):
    """What one rule says for a conclusion."""


class Conclusion(Fact):
    """A conclusion, its CF, and whether it holds."""


class Peer:
    """One engine, reset for every household."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        body = {rule.id.replace("-", "_"): _rule(rule) for rule in book}
        for level in range(len(LEVEL_NAMES)):
            body[f"combine_{level}"], body[f"conclude_{level}"] = _combine(level), _conclude(level)
        self.engine = type("W120", (KnowledgeEngine,), {**body, "__strategy__": RankStrategy})()

    def given(self, frame: pl.DataFrame) -> list[Mapping[str, float]]:
        rows = frame.select(FACT_NAMES).iter_rows(named=True)
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    def conclude(self, given: list[Mapping[str, float]]) -> list[Mapping[str, float]]:
        return [self._one(values) for values in given]

    def _one(self, values: Mapping[str, float]) -> Mapping[str, float]:
        self.engine.reset()
        self.engine.declare(Household(**{name: value >= LEAST for name, value in values.items()}))
        self.engine.run()
        return {fact["name"]: fact["cf"] for fact in self.engine.facts.values() if isinstance(fact, Conclusion)}

    def cfs(self, answer: list[Mapping[str, float]]) -> pl.DataFrame:
        return pl.DataFrame([{name: row.get(name, 0.0) for name in CONCLUSION_NAMES} for row in answer])


def _rule(rule: W120Rule) -> Rule:
    patterns = [Household(**dict.fromkeys(rule.facts, True))]
    if rule.below:
        patterns.append(Conclusion(level=rule.level - 1, name=rule.below, holds=True, cf=MATCH.below))

    def fire(engine: KnowledgeEngine, below: float = TOLD) -> None:
        cf = rule.certainty * min(TOLD, below)
        engine.declare(Contribution(level=rule.level, to=rule.concludes, by=rule.id, cf=cf))

    return Rule(*patterns, salience=-10 * rule.level)(fire)


def _combine(level: int) -> Rule:
    one = Contribution(level=level, to=MATCH.name, by=MATCH.rule, cf=MATCH.a)
    other = Contribution(level=level, to=MATCH.name, by=~MATCH.rule, cf=MATCH.b)

    def fire(engine: KnowledgeEngine, one: Fact, other: Fact, name: str, a: float, b: float) -> None:
        engine.retract(one)
        engine.retract(other)
        engine.declare(Contribution(level=level, to=name, by="both", cf=1 - (1 - a) * (1 - b)))

    return Rule(AS.one << one, AS.other << other, salience=10)(fire)


def _conclude(level: int) -> Rule:
    def fire(engine: KnowledgeEngine, name: str, cf: float) -> None:
        cf = round(cf, DIGITS)
        engine.declare(Conclusion(level=level, name=name, cf=cf, holds=cf > THRESHOLD))

    return Rule(Contribution(level=level, to=MATCH.name, cf=MATCH.cf), salience=-10 * level - 5)(fire)
