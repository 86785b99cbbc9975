"""w120 by hand in numpy: a few thousand households at a time, so that all that is at work stays in the cache."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from benchmarks.w120 import CONCLUSION_NAMES, DIGITS, FACT_NAMES, LEAST, THRESHOLD, TOLD, W120Rule, by_conclusion

BLOCK = 8192


class Peer:
    """Arrays by name in, arrays by name out; NaN is a value not known."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        self.rules = by_conclusion(book)

    def given(self, frame: pl.DataFrame) -> Mapping[str, np.ndarray]:
        return {name: frame[name].to_numpy() for name in FACT_NAMES}

    def conclude(self, given: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        count = len(given[FACT_NAMES[0]])
        answer = {name: np.empty(count) for name in CONCLUSION_NAMES}
        for start in range(0, count, BLOCK):
            block = slice(start, start + BLOCK)
            cfs = {}
            for name, values in given.items():
                value = values[block]
                cfs[name] = TOLD * (value >= LEAST) - TOLD * (value < LEAST)
            for name, rules in self.rules.items():
                cfs[name] = self._combined(cfs, rules, answer[name][block])
        return answer

    def cfs(self, answer: Mapping[str, np.ndarray]) -> pl.DataFrame:
        return pl.DataFrame(answer)

    @staticmethod
    def _combined(cfs: Mapping[str, np.ndarray], rules: tuple[W120Rule, ...], out: np.ndarray) -> np.ndarray:
        against = 1.0
        for rule in rules:
            premise = cfs[rule.facts[0]]
            for name in (*rule.facts[1:], rule.below):
                if name:
                    premise = np.minimum(premise, cfs[name])
            against = against * (1 - rule.certainty * premise * (premise > THRESHOLD))
        return np.round(1 - against, DIGITS, out=out)
