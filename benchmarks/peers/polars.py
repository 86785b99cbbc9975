"""w120 by hand in Polars: one lazy query, a column for each condition, premise and conclusion, level by level."""

import polars as pl

from benchmarks.w120 import (
    CONCLUSION_NAMES,
    DIGITS,
    FACT_NAMES,
    LEAST,
    LEVEL_NAMES,
    THRESHOLD,
    TOLD,
    W120Rule,
    by_conclusion,
)


class Peer:
    """A frame in, a frame out."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        rules = by_conclusion(book)
        conditions = [_condition(name) for name in FACT_NAMES]
        self.steps = [conditions]
        for names in LEVEL_NAMES:
            self.steps.append([_premise(rule) for name in names for rule in rules[name]])
            self.steps.append([_conclusion(name, rules[name]) for name in names])

    def given(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame

    def conclude(self, given: pl.DataFrame) -> pl.DataFrame:
        query = given.lazy()
        for step in self.steps:
            query = query.with_columns(step)
        return query.select(CONCLUSION_NAMES).collect()

    def cfs(self, answer: pl.DataFrame) -> pl.DataFrame:
        return answer


def _condition(fact: str) -> pl.Expr:
    value = pl.col(fact)
    return pl.when(value >= LEAST).then(TOLD).when(value < LEAST).then(-TOLD).otherwise(0.0).alias(f"{fact}_cf")


def _premise(rule: W120Rule) -> pl.Expr:
    conditions = [f"{fact}_cf" for fact in rule.facts]
    return pl.min_horizontal([*conditions, rule.below] if rule.below else conditions).alias(rule.id)


def _conclusion(name: str, rules: tuple[W120Rule, ...]) -> pl.Expr:
    against = pl.lit(1.0)
    for rule in rules:
        premise = pl.col(rule.id)
        against = against * pl.when(premise > THRESHOLD).then(1 - rule.certainty * premise).otherwise(1.0)
    return (1 - against).round(DIGITS).alias(name)
