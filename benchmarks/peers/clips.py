"""w120 in CLIPS: a household is one fact, rules that match it add contributions, and these are combined in pairs.

A level has two saliences, one for its rules and a lower one for concluding; combining comes before both.
The tests match in CLIPS's own network, in C; only the household goes in and the conclusions come out through Python,
gathered while the rules run, because reading them fact by fact would take longer than inferring them.
"""

from collections.abc import Mapping

import clips
import polars as pl

from benchmarks.w120 import CONCLUSION_NAMES, FACT_NAMES, LEAST, LEVEL_NAMES, THRESHOLD, TOLD, W120Rule

FORMS = (
    f"(deftemplate household {' '.join(f'(slot {fact} (default unknown))' for fact in FACT_NAMES)})",
    "(deftemplate contribution (slot to) (slot by) (slot cf))",
    "(deftemplate conclusion (slot name) (slot cf))",
    f"(defglobal ?*told* = {TOLD} ?*concluded* = (create$))",
    """
    (defrule combine
      (declare (salience 10))
      ?one <- (contribution (to ?conclusion) (by ?rule) (cf ?a))
      ?other <- (contribution (to ?conclusion) (by ~?rule) (cf ?b))
      =>
      (retract ?other)
      (modify ?one (by both) (cf (- 1 (* (- 1 ?a) (- 1 ?b))))))
    """,
)
CONCLUDE = """
(defrule conclude-{level}
  (declare (salience {salience}))
  (contribution (to ?conclusion&{names}) (cf ?cf))
  =>
  (bind ?rounded (/ (round (* ?cf 1e6)) 1e6))
  (bind ?*concluded* (create$ ?*concluded* ?conclusion ?rounded))
  (assert (conclusion (name ?conclusion) (cf ?rounded))))
"""
RULE = """
(defrule {rule.id}
  (declare (salience {salience}))
  (household {tests}){below}
  =>
  (assert (contribution (to {rule.concludes}) (by {rule.id}) (cf (* {rule.certainty} {premise})))))
"""


class Peer:
    """One environment, reset for every household."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        self.environment = clips.Environment()
        conclude = (_conclude(level, names) for level, names in enumerate(LEVEL_NAMES))
        for construct in (*FORMS, *conclude, *map(_rule, book)):
            self.environment.build(construct)
        self.household = self.environment.find_template("household")

    def given(self, frame: pl.DataFrame) -> list[Mapping[str, float]]:
        rows = frame.select(FACT_NAMES).iter_rows(named=True)
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    def conclude(self, given: list[Mapping[str, float]]) -> list[Mapping[str, float]]:
        return [self._one(values) for values in given]

    def _one(self, values: Mapping[str, float]) -> Mapping[str, float]:
        self.environment.reset()
        self.household.assert_fact(**values)
        self.environment.run()
        found = self.environment.find_global("concluded").value
        return dict(zip(found[::2], found[1::2], strict=True))

    def cfs(self, answer: list[Mapping[str, float]]) -> pl.DataFrame:
        return pl.DataFrame([{name: row.get(name, 0.0) for name in CONCLUSION_NAMES} for row in answer])


def _conclude(level: int, names: tuple[str, ...]) -> str:
    return CONCLUDE.format(level=level, salience=-10 * level - 5, names="|".join(names))


def _rule(rule: W120Rule) -> str:
    tests = " ".join(f"({fact} ?{fact}&:(and (numberp ?{fact}) (>= ?{fact} {LEAST})))" for fact in rule.facts)
    below = f"\n  (conclusion (name {rule.below}) (cf ?below&:(> ?below {THRESHOLD})))" if rule.below else ""
    premise = "(min ?*told* ?below)" if rule.below else "?*told*"
    return RULE.format(rule=rule, salience=-10 * rule.level, tests=tests, below=below, premise=premise)
