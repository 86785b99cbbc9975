"""w120 in zen: a decision graph of expression nodes, the conditions first and then one node for each level.

The engine holds the graph itself (its static loader), which spares it from preparing the graph at every call.
"""

from collections.abc import Mapping

import polars as pl
import zen

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

KEY = "w120"


class Peer:
    """One household at a time by itself, several as a batch."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        rules = by_conclusion(book)
        expressions = [(f"{fact}_cf", _condition(fact)) for fact in FACT_NAMES]
        for names in LEVEL_NAMES:
            for name in names:
                expressions += [(_key(rule), _premise(rule)) for rule in rules[name]]
                expressions.append((name, _conclusion(rules[name])))
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": [
                {"id": key, "key": key, "value": value} for key, value in expressions
            ]}},
            {"id": "out", "type": "outputNode", "name": "out"},
        ]  # fmt: skip
        edges = [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
            {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
        ]
        loader = {"type": "static", "content": {KEY: {"nodes": nodes, "edges": edges}}}
        self.engine = zen.ZenEngine({"loader": loader})

    def given(self, frame: pl.DataFrame) -> list[Mapping[str, float]]:
        rows = frame.select(FACT_NAMES).iter_rows(named=True)
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    def conclude(self, given: list[Mapping[str, float]]) -> list[Mapping[str, float]]:
        if len(given) == 1:
            return [self.engine.evaluate(KEY, given[0])["result"]]
        requests = [{"key": KEY, "context": context} for context in given]
        return [answer["data"]["result"] for answer in self.engine.evaluate_batch(requests)]

    def cfs(self, answer: list[Mapping[str, float]]) -> pl.DataFrame:
        return pl.DataFrame([{name: float(row[name]) for name in CONCLUSION_NAMES} for row in answer])


def _key(rule: W120Rule) -> str:
    return rule.id.replace("-", "_")


def _condition(fact: str) -> str:
    return f"{fact} == null ? 0 : {fact} >= {LEAST} ? {TOLD} : {-TOLD}"


def _premise(rule: W120Rule) -> str:
    conditions = [f"$.{fact}_cf" for fact in rule.facts]
    return f"min([{', '.join([*conditions, f'$.{rule.below}'] if rule.below else conditions)}])"


def _conclusion(rules: tuple[W120Rule, ...]) -> str:
    against = " * ".join(f"(1 - ($.{_key(r)} > {THRESHOLD} ? {r.certainty} * $.{_key(r)} : 0))" for r in rules)
    return f"round(1 - {against}, {DIGITS})"
