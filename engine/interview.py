"""The interview: which screen to ask next, so that every answer can still matter and what is most worth asking comes first.

`advise` says what one fact is worth; here its neighbours join it on a screen that a person can take in at a glance:
facts of one theme that are asked the same way. What was asked and is not known is not asked again; what can change
nothing any more is never asked. The room knows nothing of pages: whoever shows a screen says what was answered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine import advise, certainty
from engine.benefits import worth_of
from engine.evaluate import evaluate
from engine.forward import Trace
from engine.knowledge import formulas
from engine.knowledge.model import FAMILY, HOUSEHOLD, Fact, Rule, Service
from engine.missing import Openness
from engine.plan_of_applicant import Served

Key = tuple[str, str]

# Health and school of the same people are told in one go.
_TOLD_TOGETHER = {"school": "health"}
# Aid and papers are asked when all the rest is known.
_LAST = ("aid", "aid")
# The most fields or ticks that one screen holds, by how it asks.
_MOST = {"facts": 5, "tick": 16, "among": 16, "each": 8}


class Question(NamedTuple):
    """A fact that is asked, and the subjects it is asked of: the household, or some members."""

    fact: str
    subjects: tuple[str, ...]


class Screen(NamedTuple):
    """Questions that are asked together.

    `kind` says how: `facts` about the household, one after another; `tick`, a list of things that are rarely so, to
    tick what is, or none of these; `among`, who of the members; `each`, one answer for each member; `urgent`, what
    cannot wait, asked before anything else; `aid`, what is received already and which papers are in hand.
    """

    kind: str
    theme: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class OpenRow:
    """One service for one subject, with what could still change whether it may be proposed, or what it would give."""

    service: Service
    subject: str
    missing: frozenset[Key]


class Interview:
    """What is still open in what one applicant has told, and what to ask of it next."""

    def __init__(
        self,
        trace: Trace,
        served: Served,
        asked: Collection[Key] = frozenset(),
        before: "Interview | None" = None,
        officer: bool = False,
    ) -> None:
        """Look at what follows from what was told.

        Args:
            trace: What follows so far.
            served: What this kind of applicant may be asked in public.
            asked: What was asked already, whether the answer is known or not.
            before: The interview of an answer ago, to take over what has not changed.
            officer: Ask what officers and registries know too, of somebody who helps and may look it up.
        """
        self.trace, self.served, self.asked, self.officer = trace, served, asked, officer
        self.knowledge = trace.plan.knowledge
        self.openness = Openness(trace, before.openness if before else None)

    @cached_property
    def rows(self) -> tuple[OpenRow, ...]:
        """Give the services that an answer can still change."""
        found = (
            OpenRow(service, subject, frozenset(self._open(service, subject)))
            for service in map(self.knowledge.services.__getitem__, sorted(self.served.services))
            for subject in self.trace.subjects(service.for_)
        )
        return tuple(row for row in found if row.missing)

    def _open(self, service: Service, subject: str) -> Iterable[Key]:
        askable = {key for key in self._missing(service, subject) if key not in self.asked and self._may_ask(key[0])}
        applies = {key: applies for key in askable if (applies := self._applies(*key)) is not False}
        names = {name for name, _ in applies}
        # Where it is unknown whether a fact applies, what it hangs on is asked first, if that can be asked at all.
        return (key for key, sure in applies.items() if sure or names.isdisjoint(_gates(self.knowledge.facts[key[0]])))

    def _missing(self, service: Service, subject: str) -> frozenset[Key]:
        """Give what is not known and counts for a service, or for what it would give.

        Other than in a diagnosis, a service that seems not to be about this household counts too: what is only
        presumed may turn out otherwise once it is asked.
        """
        found = self.openness.missing(service.name, subject)
        if service.benefit and certainty.outcome(self.trace.cf(service.name, subject)) != "no":
            for part in service.benefit.components:
                for member in self.trace.household.members:
                    found = found | self.openness.missing(part.member.text, member)
        return found

    def _may_ask(self, name: str) -> bool:
        fact = self.knowledge.facts.get(name)
        if fact is None:
            return name in self.served.services or self._is_open_paper(name)
        known = self.officer or fact.answered_by == "applicant"
        return known and name in self.served.facts and fact.sensitive != "officer_only"

    def _is_open_paper(self, name: str) -> bool:
        return name in self.served.papers and not self.knowledge.papers[name].officer_only

    def _applies(self, name: str, subject: str) -> bool | None:
        """Say whether a fact applies (`only_if`), None when that is unknown; a presumed no is a no."""
        fact = self.knowledge.facts.get(name)
        if fact is None or fact.only_if is None:
            return True
        return evaluate(fact.only_if.tree, self.trace.row_of_task(self.trace.plan.by_name["work", name], subject))[0]

    def next(self, theme: str | None = None) -> Screen | None:
        """Give the next screen: of the theme at hand while it has open questions, else of the one most worth asking.

        Returns:
            None when no answer can change anything any more.
        """
        worths, facts = self._worths, self.knowledge.facts
        if not worths:
            return None
        keys = [key for key in worths if _list_of(facts.get(key[0])) != _LAST] or worths
        at_hand = [key for key in keys if _theme(facts.get(key[0])) == theme]
        return self._screen(min(at_hand or keys, key=lambda key: (-round(worths[key], 9), self._place(key[0]), key[1])))

    def urgent(self) -> Screen | None:
        """Give the screen of what cannot wait: the presumptions on which urgent services rest.

        Whoever comes for nothing else (a victim of a disaster) is asked at once what hangs on the answer.
        """
        keys = {key for row in self.rows if row.service.urgent for key in row.missing}
        rare = {name: of for name, of in keys if (fact := self.knowledge.facts.get(name)) and _is_rare(fact)}
        if any(row.service.urgent and FAMILY not in row.service.applicants for row in self.rows):
            facts = self.knowledge.facts.values()
            hanging = [one.name for one in facts if one.of == HOUSEHOLD and one.only_if and _gates(one) & rare.keys()]
            rare |= {name: HOUSEHOLD for name in hanging if self._may_ask(name) and (name, HOUSEHOLD) not in self.asked}
        questions = tuple(Question(name, (rare[name],)) for name in sorted(rare, key=self._place))
        return Screen("urgent", "event", questions) if questions else None

    @cached_property
    def _worths(self) -> Mapping[Key, float]:
        """Give what each open answer is worth; of aid and papers nothing is known, so nothing."""
        rows = [(row.service, self._yearly(row), row.missing) for row in self.rows]
        others = {key: 0.0 for row in self.rows for key in row.missing if key[0] not in self.knowledge.facts}
        return others | advise.worths_of_asking(self.knowledge.facts, rows)

    def _yearly(self, row: OpenRow) -> float:
        worth = worth_of(self.trace, row.service, row.subject, frozenset())
        return worth.yearly if worth else 0.0

    def _place(self, name: str) -> int:
        return self._places.get(name, len(self._places))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.knowledge.facts)}

    def _screen(self, best: Key) -> Screen:
        """Put with the best question those of its list that are asked the same way."""
        of = self._subjects(_list_of(self.knowledge.facts.get(best[0])))
        kind, _ = listed = _list_of(self.knowledge.facts.get(best[0]))
        worth = {name: max(self._worths[name, subject] for subject in subjects) for name, subjects in of.items()}
        # A list to tick from stays in the order of the schema; elsewhere what is worth most comes onto the first screen.
        ranked = sorted(
            of, key=lambda name: (kind not in ("tick", "aid") and -round(worth[name], 9), self._place(name))
        )
        sizes = [len(of[name]) if kind in ("among", "each") else 1 for name in ranked]
        chosen = ranked[: _fitting(sizes, _MOST.get(kind, len(ranked)))]
        return Screen(*listed, tuple(Question(name, of[name]) for name in sorted(chosen, key=self._place)))

    def _subjects(self, listed: tuple[str, str]) -> dict[str, tuple[str, ...]]:
        """Give the open names of one list, each with whom it is asked of."""
        found: dict[str, set[str]] = {}
        for name, subject in self._worths:
            if _list_of(self.knowledge.facts.get(name)) == listed:
                found.setdefault(name, set()).add(subject)
        return {name: tuple(one for one in self.trace.household.subjects if one in of) for name, of in found.items()}

    def screens_left(self) -> int:
        """Say how many screens there would still be if no answer settled anything else."""
        lists: dict[tuple[str, str], int] = {}
        for name, _ in self._worths:
            listed = _list_of(self.knowledge.facts.get(name))
            lists[listed] = lists.get(listed, 0) + 1
        return sum(-(-size // _MOST.get(kind, size)) for (kind, _), size in lists.items())

    def tried(self, fact: str) -> tuple[Service, ...]:
        """Give the services whose answer hangs on a fact, the most worthwhile first."""
        rows = [row for row in self.rows if any(name == fact for name, _ in row.missing)]
        rows.sort(key=lambda row: (not row.service.urgent, not row.service.duty, len(row.missing), row.service.name))
        return tuple(dict.fromkeys(row.service for row in rows))

    def rules_tried(self, fact: str) -> tuple[Rule, ...]:
        """Give the rules that read a fact, by themselves or through a fact worked out from it."""
        names, rules = {fact}, self.trace.plan.rules.values()
        for one in self.knowledge.facts.values():
            if one.computed and fact in {name.id for name, _ in formulas.names_in(one.computed.tree)}:
                names.add(one.name)
        return tuple(task.rule for task in rules if _reads(task.rule, names))


def _reads(rule: Rule, names: Collection[str]) -> bool:
    lines = [line for block in rule.blocks for line in block.lines]
    lines += rule.grades.lines if rule.grades else ()
    return any(line.name.text in names for line in lines)


def _gates(fact: Fact) -> set[str]:
    return {name.id for name, _ in formulas.names_in(fact.only_if.tree)}


def _theme(fact: Fact | None) -> str:
    """Give the theme of a fact; what is no fact is aid or a paper."""
    theme = fact.theme or "other" if fact else "aid"
    return _TOLD_TOGETHER.get(theme, theme)


def _is_rare(fact: Fact) -> bool:
    """Say whether a fact is presumed not to be so, whatever its type."""
    return fact.presume is not None and fact.presume is not True


def is_ticked(fact: Fact) -> bool:
    """Say whether a fact stands on a list to tick: it is rarely so, and a tick says all of it, or whom to ask more."""
    return _is_rare(fact) and (fact.type == "boolean" or fact.of != HOUSEHOLD)


def _list_of(fact: Fact | None) -> tuple[str, str]:
    """Name the list on which a fact stands with others: how they are asked, and their theme.

    What is rarely so is asked at once, whatever its theme, but for what excludes (theme `aid`).
    """
    theme = _theme(fact)
    if fact is not None and is_ticked(fact):
        return "tick", theme if theme == "aid" else "event"
    if theme == "aid":
        return _LAST
    if fact.of == HOUSEHOLD:
        return "facts", theme
    return "among" if fact.type == "boolean" and fact.ask == "who_among" else "each", theme


def _fitting(sizes: list[int], most: int) -> int:
    """Say how many of some questions go on a screen, so that the screens they fill come out about even."""
    screens = -(-sum(sizes) // most)
    fair, taken = -(-sum(sizes) // screens), 0
    for number, size in enumerate(sizes):
        taken += size
        if taken > fair and number:
            return number
    return len(sizes)
