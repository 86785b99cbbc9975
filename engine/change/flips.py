"""Why one answer comes out otherwise under a new edition: the edits behind it, and the conditions on which it turns.

Which edits those are is tried and not guessed: the old edition with an edit and nothing else is asked the same. An
edit that alone gives the new answer is a cause; where none does, the fewest that do so together are. The conditions
are then found by walking both proofs, with and without those edits, to where they part.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine import certainty
from engine.change.edits import Edit, bearing, edits, mixed, needing
from engine.diagnosis import Diagnosis, Office
from engine.explain import ConditionResult, Reason, reason, reasons
from engine.forward import Trace
from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.rows import ServiceRow

ASPECTS = ("outcome", "status", "amount", "documents", "confidence")
NOT_CONCERNED = "not_concerned"
# Beyond so many edits not each is tried alone; the fewest that suffice are looked for by halves.
_TRIED_ALONE = 24
Key = tuple[str, str]


class Answer(NamedTuple):
    """What an edition says about one service for one subject; `cf` and `told` to 6 decimals, documents as (name, needed)."""

    outcome: str
    status: str
    cf: float
    told: float
    amount: float | None
    documents: tuple[tuple[str, str], ...]

    def aspect(self, name: str) -> object:
        return (self.cf, self.told) if name == "confidence" else getattr(self, name)


class Turn(NamedTuple):
    """Where two proofs part: a rule about a subject, and a condition of it before and after.

    Without conditions it is the rule itself: it came, went, or counts for more or less (`before`, `after`: its CF).
    `under` are the conclusions on the way down to it.
    """

    under: tuple[str, ...]
    rule: str | None
    subject: str
    before: float | None
    after: float | None
    line_before: ConditionResult | None = None
    line_after: ConditionResult | None = None


class Cause(NamedTuple):
    """Edits that together give the new answer, and none of which can be spared; where the proofs then part."""

    edits: tuple[Key, ...]
    turns: tuple[Turn, ...]


class Why(NamedTuple):
    """The causes of a change: each alone is enough. Empty when no part of the edits gives the new answer."""

    aspect: str
    causes: tuple[Cause, ...]


def answer_of(diagnosis: Diagnosis, service: str, subject: str) -> Answer | None:
    """Read an answer from a diagnosis; None when the service does not concern the subject, or there is none."""
    row = diagnosis.row(service, subject)
    return None if row is None or row.status == NOT_CONCERNED else _answer(row)


def _answer(row: ServiceRow) -> Answer:
    documents = tuple(sorted((one.name, one.needed) for one in row.documents))
    amount = None if row.worth is None or row.worth.amount is None else float(row.worth.amount)
    return Answer(row.outcome, row.status, certainty.rounded(row.cf), certainty.rounded(row.told), amount, documents)


def aspects(before: Answer | None, after: Answer | None) -> tuple[str, ...]:
    """Name what differs between two answers, the weightiest first."""
    if before is None or after is None:
        return () if before == after else ("status",)
    return tuple(name for name in ASPECTS if before.aspect(name) != after.aspect(name))


@dataclass
class Detective:
    """Asks editions in between, and remembers what they said.

    Args:
        old: The edition in force.
        new: The draft.
        household: Reads a household, by its name, against an edition; None when that refuses it.
    """

    old: Office
    new: Office
    household: Callable[[str, Knowledge], Household | None]
    edits: tuple[Edit, ...] = ()
    _offices: dict[frozenset[Key], Office | None] = field(default_factory=dict)
    _diagnoses: dict[tuple[str, frozenset[Key]], Diagnosis | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.edits = edits(self.old.knowledge, self.new.knowledge)
        self._needing = needing(self.edits)
        self._offices[frozenset()] = self.old

    def all_of(self, household: str, service: str, subject: str, named: Sequence[str]) -> list[Why]:
        """Find what is behind each aspect of a change; one that the causes of a weightier aspect explain is left out."""
        found: list[Why] = []
        for aspect in named:
            goal = _told(self.diagnosis(household, None), service, subject, aspect)
            known = [frozenset(cause.edits) for why in found for cause in why.causes]
            given = (_told(self.diagnosis(household, keys), service, subject, aspect) == goal for keys in known)
            if not any(given):
                found.append(self.why(household, service, subject, aspect))
        return found

    def why(self, household: str, service: str, subject: str, aspect: str) -> Why:
        """Find what makes one aspect of an answer what it is under the new edition."""
        goal = _told(self.diagnosis(household, None), service, subject, aspect)

        def gives(chosen: Iterable[Key]) -> bool:
            found = self.diagnosis(household, frozenset(chosen))
            return found is not None and _told(found, service, subject, aspect) == goal

        chosen = self._fewest(service, gives)
        return Why(
            aspect, tuple(Cause(keys, self._turns(household, service, subject, aspect, keys)) for keys in chosen)
        )

    def _fewest(self, service: str, gives: Callable[[Iterable[Key]], bool]) -> list[tuple[Key, ...]]:
        near = [one.key for one in bearing(self.old.knowledge, self.new.knowledge, self.edits, [service])]
        every = [*near, *(one.key for one in self.edits if one.key not in near)]
        for candidates in (near, every):
            whole = self._with_needed(candidates)
            if len(candidates) <= _TRIED_ALONE:
                alone = dict.fromkeys(self._with_needed([key]) for key in candidates)
                if found := [keys for keys in alone if gives(keys)]:
                    return [keys for keys in found if not any(set(other) < set(keys) for other in found)]
            if candidates and gives(whole):
                return [tuple(fewest(whole, gives))]
        return []

    def _with_needed(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        return tuple(sorted({needed for key in keys for needed in self._needing[key]}))

    def diagnosis(self, household: str, chosen: frozenset[Key] | None) -> Diagnosis | None:
        """Diagnose a household under the old edition with some edits, or under the new one (None)."""
        key = household, chosen
        if key not in self._diagnoses:
            office = self.new if chosen is None else self._office(chosen)
            found = office and self.household(household, office.knowledge)
            self._diagnoses[key] = office.diagnose(found) if found else None
        return self._diagnoses[key]

    def forget(self) -> None:
        """Let go of the diagnoses, of which one household needs many and the next none."""
        self._diagnoses.clear()

    def _office(self, chosen: frozenset[Key]) -> Office | None:
        if chosen not in self._offices:
            knowledge = mixed(self.old.knowledge, self.new.knowledge, chosen)
            self._offices[chosen] = Office(knowledge) if knowledge else None
        return self._offices[chosen]

    def _turns(self, household: str, service: str, subject: str, aspect: str, keys: Iterable[Key]) -> tuple[Turn, ...]:
        before, after = (self.diagnosis(household, chosen) for chosen in (frozenset(), frozenset(keys)))
        if before is None or after is None:
            return ()
        parted = _Parting(before.trace, after.trace)
        if aspect == "documents" and (needs := tuple(dict.fromkeys(parted.needs(service, subject)))):
            return needs
        found = list(parted.walk(service, subject, ()))
        for component in _members_paid_otherwise(before, after, service, subject):
            found += parted.walk(*component, ())
        return tuple(dict.fromkeys(found))


def fewest(keys: Sequence[Key], gives: Callable[[Iterable[Key]], bool]) -> list[Key]:
    """Leave out of some edits all that can be spared, by halves first, until none can."""
    held = list(keys)
    step = max(1, len(held) // 2)
    while True:
        spared, at = False, 0
        while at < len(held):
            rest = held[:at] + held[at + step :]
            if rest and gives(rest):
                held, spared = rest, True
            else:
                at += step
        if step == 1 and not spared:
            return held
        step = max(1, step // 2)


def _told(diagnosis: Diagnosis | None, service: str, subject: str, aspect: str) -> object:
    answer = answer_of(diagnosis, service, subject) if diagnosis else None
    return None if answer is None else answer.aspect(aspect)


def _members_paid_otherwise(before: Diagnosis, after: Diagnosis, service: str, subject: str) -> Iterator[Key]:
    """Give the conclusions about members on which a component's payment rests, where that is paid otherwise."""
    rows = [diagnosis.row(service, subject) for diagnosis in (before, after)]
    paid = [
        {(part.component, part.subject): part.amount for part in row.worth.parts if part.paid}
        if row and row.worth
        else {}
        for row in rows
    ]
    for component, member in sorted({*paid[0], *paid[1]}):
        if paid[0].get((component, member)) == paid[1].get((component, member)):
            continue
        for row in rows:
            benefit = row.service.benefit if row else None
            for one in benefit.components if benefit else ():
                if one.name.text == component:
                    yield one.member.text, member


class _Parting:
    """Walks two proofs of one conclusion to where they part."""

    def __init__(self, before: Trace, after: Trace) -> None:
        self.before, self.after = before, after
        self.seen: set[tuple[str, str]] = set()

    def walk(self, name: str, of: str, under: tuple[str, ...]) -> Iterator[Turn]:
        if (name, of) in self.seen:
            return
        self.seen.add((name, of))
        was, is_ = _reasons(self.before, name, of), _reasons(self.after, name, of)
        found = False
        for id_ in sorted({*was, *is_}):
            one, other = was.get(id_), is_.get(id_)
            if one is None or other is None:
                found = True
                yield Turn(under, id_, of, one and one.contribution, other and other.contribution)
            elif (one.premise, one.contribution) != (other.premise, other.contribution):
                found = True
                yield from self._within(one, other, of, (*under, name))
        if not found and not was and not is_ and _cf(self.before, name, of) != _cf(self.after, name, of):
            yield Turn(under, None, of, _cf(self.before, name, of), _cf(self.after, name, of))

    def needs(self, service: str, of: str) -> Iterator[Turn]:
        """Find where the rules part that ask for a service's papers."""
        was, is_ = _asking(self.before, service, of), _asking(self.after, service, of)
        for id_, person in sorted({*was, *is_}):
            one, other = was.get((id_, person)), is_.get((id_, person))
            asked = [side and _asks(side) for side in (one, other)]
            if asked[0] == asked[1] or not any(asked):
                continue
            if one is None or other is None:
                yield Turn((), id_, person, one and one.premise, other and other.premise)
            else:
                yield from self._within(one, other, person, (service,))

    def _within(self, one: Reason, other: Reason, of: str, under: tuple[str, ...]) -> Iterator[Turn]:
        """Find the conditions of one rule on which it came out otherwise."""
        rule = one.rule.id
        pairs = [pair for pair in _paired(one.conditions, other.conditions) if _parts(*pair)]
        stoppers = one.stoppers if one.premise < other.premise else other.stoppers
        pairs = [pair for pair in pairs if pair[0] in stoppers or pair[1] in stoppers] or pairs
        if not pairs:
            yield Turn(under, rule, of, one.contribution, other.contribution)
        for line, then in pairs:
            below = list(self._below(line, then, under))
            yield from below or [Turn(under, rule, of, one.contribution, other.contribution, line, then)]

    def _below(
        self, line: ConditionResult | None, then: ConditionResult | None, under: tuple[str, ...]
    ) -> Iterator[Turn]:
        """Go on to the conclusion that a condition asks about, where it is the conclusion that changed."""
        if line is None or then is None or line.phrase != then.phrase or line.test not in ("yes", "no"):
            return
        conclusion = self.after.plan.knowledge.conclusions.get(line.name)
        if conclusion is None:
            return
        if line.quantifier:
            was, is_ = ({one.subject: one.cf for one in side.members} for side in (line, then))
            people = [one for one in was if was[one] != is_.get(one)]
        else:
            people = [HOUSEHOLD if conclusion.about == HOUSEHOLD else line.subject]
        for person in people:
            yield from self.walk(line.name, person, under)


def _reasons(trace: Trace, name: str, of: str) -> dict[str, Reason]:
    if ("settle", name) not in trace.plan.by_name or (of, name) not in trace.index:
        return {}
    return {one.rule.id: one for one in reasons(trace, name, of)}


def _asking(trace: Trace, service: str, of: str) -> dict[tuple[str, str], Reason]:
    """Explain the rules that ask for a service's papers, about its subject or, where they are about persons, each member."""
    found = {}
    for task in trace.plan.tasks:
        if task.kind == "need" and task.rule.rule.effect.service.text == service:
            people = trace.subjects(task.about) if of == HOUSEHOLD else (of,)
            found |= {(task.name, person): reason(trace, task, person) for person in people}
    return found


def _asks(one: Reason) -> str | None:
    """Say how surely a rule asks for its papers; None: not at all."""
    return {"yes": "yes", "unknown": "maybe"}.get(certainty.outcome(one.premise))


def _cf(trace: Trace, name: str, of: str) -> float | None:
    return trace.cf(name, of) if (of, name) in trace.index else None


def _paired(
    before: Iterable[ConditionResult], after: Iterable[ConditionResult]
) -> Iterator[tuple[ConditionResult | None, ConditionResult | None]]:
    """Pair the conditions of two versions of a rule: those written alike first, then those about the same name."""
    left, right = list(before), list(after)
    for alike in (lambda x: (x.block, x.name, x.phrase), lambda x: (x.block, x.name), lambda x: x.name):
        for one in list(left):
            other = next((x for x in right if alike(x) == alike(one)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one, other
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _parts(one: ConditionResult | None, other: ConditionResult | None) -> bool:
    return one is None or other is None or (one.cf, one.block) != (other.cf, other.block)
