"""The way through the interview: which step comes next, and what answering, going back or changing does to what was told.

The first steps are the same for everybody: where one lives, who applies, what cannot wait, who belongs to the
household. From there on the engine chooses (`engine.interview`). Nothing here is kept between two requests.
"""

from collections.abc import Collection, Iterable
from copy import copy
from functools import cached_property
from typing import NamedTuple

from engine.diagnosis import Office
from engine.forward import infer
from engine.household import MEMBER_LIMIT, Household
from engine.interview import Interview, Key, Screen
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact
from engine.plan_of_applicant import Served
from webapp.asking.answers import Answers, without_member
from webapp.asking.forms import Form
from webapp.asking.told import Entry, Told, Unreadable

WHERE, WHO, URGENT, MEMBER, AID, RECEIVERS = "where", "who", "urgent", "member", "aid", "receivers"
ELSEWHERE, EMERGENCY, CHECK = "elsewhere", "emergency", "check"
HOME = "h"


class Asked(NamedTuple):
    """A fact that a step asks, and of whom: seats of members, or the household (`h`)."""

    fact: str
    seats: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Give the fields under which the answers are kept."""
        return tuple(f"{seat if seat == HOME else f'm{seat}'}.{self.fact}" for seat in self.seats)


class Step(NamedTuple):
    """One page of the interview: a screen of the engine, or one of the first steps."""

    kind: str
    theme: str
    asked: tuple[Asked, ...] = ()

    @property
    def entry(self) -> Entry:
        """Give the step as the trail keeps it."""
        return (self.kind, self.theme, *(f"{one.fact}|{','.join(one.seats)}" for one in self.asked))

    @classmethod
    def of(cls, entry: Entry) -> "Step":
        """Read a step that the trail kept."""
        kind, theme, *asked = entry
        parts = (one.split("|") for one in asked)
        return cls(kind, theme, tuple(Asked(fact, tuple(seats.split(","))) for fact, seats in parts))

    @property
    def names(self) -> set[str]:
        """Give the fields that the step fills."""
        names = {name for one in self.asked for name in one.names} | {f"t.{one.fact}" for one in self.asked}
        if self.kind == MEMBER:
            names |= {f"m{self.asked[0].seats[0]}.{more}" for more in ("id", "age")}
        return names | ({"aid", "papers"} if self.kind in (AID, RECEIVERS) else set())


class Walk:
    """Where one applicant stands in the interview."""

    def __init__(self, told: Told, office: Office, served: Served, form: Form) -> None:
        """Look at what was told; `served` and `form` are those of the kind of applicant."""
        self.told, self.office, self.served, self.form = told, office, served, form

    def at(self, entry: Entry) -> "Walk":
        """Give the same walk with another step at hand; what was read and worked out stays."""
        other = copy(self)
        other.told = self.told.with_(now=entry)
        return other

    @property
    def step(self) -> Step:
        """Give the step at hand."""
        return Step.of(self.told.now)

    @property
    def facts(self) -> dict[str, Fact]:
        return self.office.knowledge.facts

    @cached_property
    def answers(self) -> Answers:
        return settled(self.told)

    @cached_property
    def household(self) -> Household:
        """Read what was told. Raises: Unreadable, when this edition cannot read it any more."""
        household = self.form.read(self.answers)
        if household is None:
            raise Unreadable
        return household

    @cached_property
    def roles(self) -> list[str]:
        return self.form.roles(self.answers)

    @cached_property
    def interview(self) -> Interview:
        household = self.household.without(self.office.confidential)
        trace = infer(self.office.plan_of_interview(household), household)
        return Interview(trace, self.served, self._asked, officer=self.told.helping)

    @property
    def _asked(self) -> frozenset[Key]:
        """Give what was asked already, as the engine names it."""
        steps = map(Step.of, self.told.trail)
        found = {(one.fact, self._subject(seat)) for step in steps for one in step.asked for seat in one.seats}
        return frozenset(found)

    def _subject(self, seat: str) -> str:
        return HOUSEHOLD if seat == HOME else self.roles[int(seat)]

    @cached_property
    def region(self) -> Fact | None:
        """Give the fact that says where one lives."""
        of_home = (fact for fact in self.facts.values() if fact.of == HOUSEHOLD and fact.type == "region")
        return next((fact for fact in of_home if fact.name in self.served.facts), None)

    @cached_property
    def member_facts(self) -> tuple[Fact, ...]:
        """Give what is asked of every member at once: who they are, whatever else holds."""
        facts = (self.facts[name] for name in self.facts if name in self.served.facts)
        return tuple(
            fact
            for fact in facts
            if (fact.of, fact.theme, fact.answered_by) == (PERSON, "who", "applicant")
            and fact.type in ("date", "choice")
            and not (fact.ask or fact.only_if or fact.computed or fact.presume)
        )

    def next_step(self) -> Step | None:
        """Give the step to ask now; None when there is nothing left that could change an answer."""
        done = {entry[0] for entry in self.told.trail}
        if self.told.then:
            return Step.of(self.told.then[0])
        if WHERE not in done and self.region:
            return Step(WHERE, "where", (Asked(self.region.name, (HOME,)),))
        if WHO not in done:
            return Step(WHO, "who")
        if URGENT not in done and (screen := self.interview.urgent()):
            return self._of(screen)
        if self.member_facts and (seat := self._next_seat()) is not None:
            return Step(MEMBER, "who", tuple(Asked(fact.name, (str(seat),)) for fact in self.member_facts))
        theme = self.told.trail[-1][1]
        screen = self.interview.next(theme)
        if screen and screen.kind != AID:
            return self._of(screen)
        if AID not in done:
            return self._of(screen or Screen(AID, "aid", ()))
        return self._of(screen) if screen else None

    def _next_seat(self) -> int | None:
        """Give the first member who has not been described."""
        described = {Step.of(entry).asked[0].seats[0] for entry in self.told.trail if entry[0] == MEMBER}
        return next((seat for seat in range(self.told.members) if str(seat) not in described), None)

    def _of(self, screen: Screen) -> Step:
        """Turn a screen of the engine into a step; aid and papers are listed by the page, not by the step."""
        seats = {HOUSEHOLD: HOME} | {role: str(seat) for seat, role in enumerate(self.roles)}
        asked = (Asked(one.fact, tuple(seats[subject] for subject in one.subjects)) for one in screen.questions)
        return Step(screen.kind, screen.theme, tuple(asked))


def settled(told: Told) -> Answers:
    """Give what was typed on the steps that were answered, without drafts."""
    if told.by == "form":
        return Answers(told.typed, told.members)
    names = {name for entry in told.trail for name in Step.of(entry).names}
    return Answers({name: said for name, said in told.typed.items() if name in names}, told.members)


def answered(told: Told, step: Step, typed: dict[str, list[str]], then: Iterable[Step]) -> Told:
    """Give what was told once a step is answered, with the steps that its answer calls for."""
    trail = told.trail if step.entry in told.trail else (*told.trail, step.entry)
    queue = told.then[1:] if told.then[:1] == (step.entry,) else told.then
    called = tuple(one.entry for one in then)
    return told.with_(typed={**told.typed, **typed}, trail=trail, then=(*called, *queue), now=(), changing=False)


def went_back(told: Told, draft: dict[str, list[str]]) -> Told:
    """Go back a step; what was typed on this one is kept for when one returns."""
    trail = told.trail
    if told.now in trail:
        trail = trail[: trail.index(told.now)]
    last = trail[-1:]
    return told.with_(
        typed={**told.typed, **draft},
        trail=trail[:-1],
        then=(),
        now=last[0] if last else (),
        changing=False,
    )


def changing(told: Told, number: int) -> Told:
    """Ask a step again that was answered before; the others stay answered."""
    if not 0 <= number < len(told.trail):
        return told
    return told.with_(now=told.trail[number], then=(), changing=True)


def with_one_more(told: Told) -> Told:
    return told.with_(members=min(told.members + 1, MEMBER_LIMIT))


def without_seat(told: Told, seat: int) -> Told:
    """Give what was told without one member; those behind move up, in what was typed and in the trail."""
    if not (0 <= seat < told.members and told.members > 1):
        return told
    fewer = without_member(Answers(told.typed, told.members), seat)
    trail = tuple(moved for entry in told.trail if (moved := _moved(Step.of(entry), seat)) is not None)
    return told.with_(typed=fewer.typed, members=fewer.members, trail=trail, then=(), now=())


def _moved(step: Step, gone: int) -> Entry | None:
    """Give a step once one seat is gone; None for a step that was about that member only."""
    asked = []
    for one in step.asked:
        seats = _seats_without(one.seats, gone)
        if seats:
            asked.append(Asked(one.fact, seats))
    return None if step.asked and not asked else step._replace(asked=tuple(asked)).entry


def _seats_without(seats: Collection[str], gone: int) -> tuple[str, ...]:
    kept = (seat for seat in seats if seat != str(gone))
    return tuple(seat if seat == HOME else str(int(seat) - (int(seat) > gone)) for seat in kept)
