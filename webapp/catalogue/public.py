"""What of an edition anybody may see, and who asks for what; the texts of neither language are looked at here.

A service that rests on what only officers may know is not public, and neither is what only such services use:
their papers, their steps, the sources that nothing else cites (design 5.6).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TypeVar

from engine.compile import Plan
from engine.knowledge import exclusion, formulas
from engine.knowledge.model import Concludes, Follows, Paper, Program, Requires, Rule, Service, Source, Step
from engine.knowledge.vocabulary import PREMISE, PROVIDED

Kept = TypeVar("Kept", Service, Paper, Step, Program, Source)


class Public:
    """The public part of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.knowledge = plan, plan.knowledge

    @cached_property
    def services(self) -> Mapping[str, Service]:
        return _without(self.knowledge.services, self.plan.officer_only)

    @cached_property
    def programs(self) -> Mapping[str, Program]:
        return self.knowledge.programs

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Give the rules in force that neither read nor conclude a secret, nor serve a secret service."""
        hidden = self.plan.officer_only
        return tuple(
            meaning.rule
            for _, meaning in sorted(self.plan.rules.items())
            if aim(meaning.rule) not in hidden and hidden.isdisjoint(self._reads(meaning.rule))
        )

    @cached_property
    def papers(self) -> Mapping[str, Paper]:
        """Give the papers without those that only secret services ask for, and what only stands in for such."""
        k = self.knowledge
        asked = {word.text for rule in k.rules.values() for word in _papers_of(rule)}
        public = set(self.asking) | {name for rule in self.rules for name in self._reads(rule) if name in k.papers}
        public |= {name for name, one in k.papers.items() if any(word.text in public for word in one.instead_of)}
        hidden = {name for name, one in k.papers.items() if one.officer_only} | (asked - public)
        standing_in = {name: {word.text for word in one.instead_of} for name, one in k.papers.items()}
        hidden |= {name for name, others in standing_in.items() if others and others <= hidden and name not in public}
        return _without(k.papers, hidden)

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Give the steps of public procedures."""
        k = self.knowledge
        return {name: one for name, one in k.steps.items() if name in self.using and not one.officer_only}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Give the legal register without what is cited for secret services alone."""
        k = self.knowledge
        words = [rule.source for rule in k.rules.values()]
        words += [k.conclusions[name].source for name in self.plan.officer_only & k.conclusions.keys()]
        cited = {word.text.split(" ")[0] for word in words if word}
        public = set(self.citing) | self._cited_elsewhere
        return _without(k.sources, cited - public)

    @cached_property
    def asking(self) -> Mapping[str, tuple[Rule, ...]]:
        """Give by paper the public rules that ask for it."""
        return _grouped((word.text, rule) for rule in self.rules for word in _papers_of(rule))

    @cached_property
    def using(self) -> Mapping[str, tuple[Rule, ...]]:
        """Give by step the public rules whose procedure goes through it."""
        return _grouped((word.text, rule) for rule in self.rules for word in _steps_of(rule))

    @cached_property
    def citing(self) -> Mapping[str, tuple[Rule, ...]]:
        """Give by source the public rules that cite it."""
        return _grouped((rule.source.text.split(" ")[0], rule) for rule in self.rules if rule.source)

    @cached_property
    def aimed(self) -> Mapping[str, tuple[Rule, ...]]:
        """Give the public rules by the service or conclusion they are for."""
        return _grouped((aim(rule), rule) for rule in self.rules)

    @cached_property
    def excluded(self) -> Mapping[str, tuple[str, ...]]:
        """Give by service the public services that cannot be received beside it."""
        pairs = exclusion.clashes(self.knowledge)
        return {
            name: tuple(sorted(other for one, other in pairs if one == name and other in self.services))
            for name in self.services
        }

    def parameters_of(self, service: Service) -> tuple[str, ...]:
        """Name the parameters that a service's benefit is worked out from."""
        benefit = service.benefit
        if benefit is None:
            return ()
        trees = [one.tree for one in (benefit.amount, *(part.amount for part in benefit.components)) if one]
        names = dict.fromkeys(name.id for tree in trees for name, _ in formulas.names_in(tree))
        return tuple(name for name in names if name in self.knowledge.parameters)

    @cached_property
    def _cited_elsewhere(self) -> set[str]:
        """Give the sources of what is not a rule: numbers in force, programs, groups, public conclusions and facts."""
        k, hidden = self.knowledge, self.plan.officer_only
        named = [one for shelf in (k.conclusions, k.facts) for one in shelf.values() if one.name not in hidden]
        things = [*self.plan.amounts.in_force.values(), *k.programs.values(), *k.exclusivity.values(), *named]
        return {one.source.text.split(" ")[0] for one in things if one and one.source}

    def _reads(self, rule: Rule) -> set[str]:
        return {read.name for read in self.plan.vocabulary.reads_of_rule(rule, PREMISE + PROVIDED)}


@lru_cache(maxsize=8)
def public(plan: Plan) -> Public:
    """Give the public part of a plan; it is worked out once."""
    return Public(plan)


def aim(rule: Rule) -> str:
    """Name what a rule is for: the conclusion it makes, or the service whose papers or steps it names."""
    effect = rule.effect
    return effect.conclusion.text if isinstance(effect, Concludes) else effect.service.text


def _papers_of(rule: Rule) -> tuple:
    return rule.effect.documents if isinstance(rule.effect, Requires) else ()


def _steps_of(rule: Rule) -> tuple:
    return rule.effect.steps if isinstance(rule.effect, Follows) else ()


def _without(shelf: Mapping[str, Kept], hidden: Iterable[str]) -> Mapping[str, Kept]:
    return {name: one for name, one in shelf.items() if name not in hidden}


def _grouped(pairs: Iterable[tuple[str, Rule]]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for name, rule in pairs:
        found[name].append(rule)
    return {name: tuple(rules) for name, rules in found.items()}
