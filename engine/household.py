"""One household as it is told: who lives there, what is given about whom, and how each thing is known."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from engine.knowledge.model import HOUSEHOLD, Value
from engine.knowledge.problems import Problem
from engine.knowledge.read import Node, Place
from engine.knowledge.vocabulary import RECEIVED
from engine.meaning import GIVEN_KEY, INPUT_KEYS

MEMBER_LIMIT = 60


class Given(NamedTuple):
    """A value, how sure it is (0..1), and the evidence behind it (None when only a number was given)."""

    value: Value
    certainty: float
    evidence: str | None


@dataclass(frozen=True, eq=False)
class Household:
    """What is told about one household on one day; keys of `facts` are (subject, name), also `paper:` and `received:`."""

    id: str
    applicant: str
    as_of: date
    members: tuple[str, ...]
    facts: Mapping[tuple[str, str], Given]
    members_listed: str = "all"
    received: Given | None = None
    warnings: tuple[Problem, ...] = ()
    expect: Node | None = None
    place: Place = field(default_factory=lambda: Place(""))

    def given(self, of: str, key: str) -> Given | None:
        """Give what is told under a key of working memory; once aid is told at all, what is not told is surely not received."""
        name = key[len(GIVEN_KEY) :] if key.startswith(GIVEN_KEY) else key
        found = self.facts.get((of, name))
        if found is None and self.received is not None and name.startswith(INPUT_KEYS[RECEIVED]):
            return Given(False, self.received.certainty, self.received.evidence)
        return found

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        return (HOUSEHOLD, *self.members)

    def with_given(self, of: str, name: str, given: Given | None) -> "Household":
        """Give the household with one thing told differently, or not at all (None)."""
        facts = {key: value for key, value in self.facts.items() if key != (of, name)}
        if given is not None:
            facts[of, name] = given
        return replace(self, facts=facts)

    def without(self, names: Container[str]) -> "Household":
        """Give the household as if the facts of these names had not been told."""
        return replace(self, facts={key: given for key, given in self.facts.items() if key[1] not in names})


def changed_inputs(before: Household, after: Household) -> set[tuple[str, str]]:
    """Give the (subject, name) of everything that is told differently in two states of one household.

    Whether aid is told at all (`received`) is not among them; who cares compares it.
    """
    keys = {*before.facts, *after.facts}
    changed = {key for key in keys if before.facts.get(key) != after.facts.get(key)}
    return changed
