"""w120 in OpenFisca: a variable for each value, condition and conclusion, with formulas over whole populations.

Conditions are variables of their own, so that each is worked out once and not once for every rule that reads
it. Numbers are OpenFisca's own, of four bytes, half of what everybody else here moves; the last of six decimals
may therefore be one off.
"""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.w120 import CONCLUSION_NAMES, DIGITS, FACT_NAMES, LEAST, THRESHOLD, TOLD, W120Rule, by_conclusion

PERIOD = "2026-01"
HOUSEHOLD = build_entity(key="household", plural="households", label="Household", is_person=True)


class Peer:
    """One tax and benefit system; a new simulation for every answer, because simulations remember theirs."""

    def __init__(self, book: tuple[W120Rule, ...]) -> None:
        self.system = TaxBenefitSystem([HOUSEHOLD])
        for fact in FACT_NAMES:
            self._add(fact, default_value=np.nan)
            self._add(f"{fact}_cf", formula=_condition(fact))
        for name, rules in by_conclusion(book).items():
            self._add(name, formula=_conclusion(rules))

    def _add(self, name: str, **attributes: object) -> None:
        fixed = {"value_type": float, "entity": HOUSEHOLD, "definition_period": DateUnit.MONTH, "label": name}
        self.system.add_variable(type(name, (Variable,), fixed | attributes))

    def given(self, frame: pl.DataFrame) -> Mapping[str, np.ndarray]:
        return {name: frame[name].cast(pl.Float32).to_numpy() for name in FACT_NAMES}

    def conclude(self, given: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        simulation = SimulationBuilder().build_default_simulation(self.system, len(given[FACT_NAMES[0]]))
        for name, values in given.items():
            simulation.set_input(name, PERIOD, values)
        return {name: simulation.calculate(name, PERIOD) for name in CONCLUSION_NAMES}

    def cfs(self, answer: Mapping[str, np.ndarray]) -> pl.DataFrame:
        return pl.DataFrame(answer).cast(pl.Float64)


def _condition(fact: str) -> Callable:
    def formula(household, period):
        value = household(fact, period)
        return TOLD * (value >= LEAST) - TOLD * (value < LEAST)

    return formula


def _conclusion(rules: tuple[W120Rule, ...]) -> Callable:
    def formula(household, period):
        against = 1
        for rule in rules:
            premise = household(f"{rule.facts[0]}_cf", period)
            for fact in rule.facts[1:]:
                premise = np.minimum(premise, household(f"{fact}_cf", period))
            if rule.below:
                premise = np.minimum(premise, household(rule.below, period))
            against = against * (1 - rule.certainty * premise * (premise > THRESHOLD))
        return np.round(1 - against, DIGITS)

    return formula
