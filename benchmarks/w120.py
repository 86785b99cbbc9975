"""A made-up rule base of 120 rules in three levels over 40 numeric facts, from a seed.

Every rule has two to four tests `at least 0.3`; rules of the second and third level also test one
conclusion of the level below. There are 20 conclusions a level, two rules to each, and certainties from
0.3 to 0.9, in full precision: with two decimals many CFs would lie halfway between two sixth decimals, where
no two systems round alike. Every value is told, with certainty 0.9, or not known at all.

The rules are plain values here: written out as a knowledge folder for Tepat, and put into words of its own
by each peer. So are the households: one table, a column a fact, null where a value is not known.
"""

import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from benchmarks.tables import uniform

FACTS, LEVELS, RULES_A_LEVEL, CONCLUSIONS_A_LEVEL = 40, 3, 40, 20
LEAST, TOLD, THRESHOLD, DIGITS = 0.3, 0.9, 0.2, 6
UNKNOWN = 0.1
AS_OF = date(2026, 1, 1)

FACT_NAMES = tuple(f"f{n}" for n in range(FACTS))
LEVEL_NAMES = tuple(tuple(f"c{level}_{n}" for n in range(CONCLUSIONS_A_LEVEL)) for level in range(LEVELS))
CONCLUSION_NAMES = tuple(name for level in LEVEL_NAMES for name in level)


class W120Rule(NamedTuple):
    """When every fact is at least 0.3, and the conclusion below (if any) holds: evidence for a conclusion."""

    id: str
    level: int
    facts: tuple[str, ...]
    below: str | None
    concludes: str
    certainty: float


NOBODY = pl.DataFrame(schema={"household_id": pl.String, "person_id": pl.String})


def rules(seed: int = 1) -> tuple[W120Rule, ...]:
    """Make the rules; the same seed gives the same rules."""
    dice = random.Random(seed)
    made = []
    for level in range(LEVELS):
        for n in range(RULES_A_LEVEL):
            facts = tuple(FACT_NAMES[fact] for fact in dice.sample(range(FACTS), dice.randint(2, 4)))
            below = LEVEL_NAMES[level - 1][dice.randrange(CONCLUSIONS_A_LEVEL)] if level else None
            concludes = LEVEL_NAMES[level][n % CONCLUSIONS_A_LEVEL]
            made.append(W120Rule(f"R{level}-{n:02}", level, facts, below, concludes, dice.uniform(0.3, 0.9)))
    return tuple(made)


def by_conclusion(book: tuple[W120Rule, ...]) -> Mapping[str, tuple[W120Rule, ...]]:
    """Group rules by what they conclude, lower levels first."""
    return {name: tuple(rule for rule in book if rule.concludes == name) for name in CONCLUSION_NAMES}


def households(count: int, seed: int = 2) -> pl.DataFrame:
    """Make households without members: 40 columns of values from 0 up to 1, three decimals, a tenth of them null."""
    dice = random.Random(seed)
    columns = [
        pl.Series("household_id", range(1, count + 1)).cast(pl.String),
        pl.repeat(AS_OF, count, dtype=pl.Date, eager=True).alias("as_of"),
    ]
    for name in FACT_NAMES:
        value, known = uniform(dice, count), uniform(dice, count) >= UNKNOWN
        columns.append((value * 1000).floor().set(~known, None).alias(name) / 1000)
    return pl.DataFrame(columns)


def write_knowledge(folder: Path, book: tuple[W120Rule, ...]) -> None:
    """Write the rules as a knowledge folder."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge_base").mkdir(exist_ok=True)
    (folder / "facts_schema.yaml").write_text(_facts(), encoding="utf-8")
    (folder / "knowledge_base" / "all.yaml").write_text(_base(), encoding="utf-8")
    (folder / "rules" / "all.yaml").write_text(_rules(book), encoding="utf-8")


def _facts() -> str:
    one = "  {n}:\n    of: household\n    type: number\n    label: {{id: {n}, en: {n}}}\n    question: {{id: '{n}?', en: '{n}?'}}\n"
    return "facts:\n" + "".join(one.format(n=name) for name in FACT_NAMES)


def _base() -> str:
    conclusions = "".join(
        f"  {name}: {{about: household, name: {{id: {name}, en: {name}}}}}\n" for name in CONCLUSION_NAMES
    )
    evidence = (
        f"evidence:\n  told: {{certainty: {TOLD}, name: {{id: Diberitahukan, en: Told}}}}\ndefault_evidence: told\n"
    )
    source = "sources:\n  seed: {title: Made from a seed, kind: decision, status: in_force, seen: yes}\n"
    return evidence + source + "conclusions:\n" + conclusions


def _rules(book: tuple[W120Rule, ...]) -> str:
    lines = ["topic: w120", "rules:"]
    for rule in book:
        tests = [f"{fact}: at least {LEAST}" for fact in rule.facts]
        if rule.below:
            tests.append(f"{rule.below}: yes")
        lines += [f"  - id: {rule.id}", f"    title: {{id: {rule.id}, en: {rule.id}}}", "    when all:"]
        lines += [f"      - {test}" for test in tests]
        lines += [f"    then: {rule.concludes}", f"    certainty: {rule.certainty}", "    source: seed"]
    return "\n".join(lines) + "\n"
