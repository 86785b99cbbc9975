"""The diagnosis of one household: everything that follows from its facts on one day under one edition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from engine import advise, certainty
from engine.advise import Question
from engine.again import infer_again
from engine.benefits import Package, Vertex, Worth, barring, worth_of
from engine.compile import Compiler, Plan
from engine.forward import Trace, infer
from engine.household import Household
from engine.knowledge import exclusion
from engine.knowledge.check import load
from engine.knowledge.model import HOUSEHOLD, Knowledge, Service
from engine.knowledge.vocabulary import RECEIVED
from engine.meaning import INPUT_KEYS
from engine.missing import Openness
from engine.packages import Choice, choose
from engine.plan_of_applicant import plan_of, plan_of_interview
from engine.rows import ConclusionRow, PlannedPaper, ServiceRow

ENGINE_VERSION = "1.0.0"


@dataclass(frozen=True, eq=False, slots=True)
class Diagnosis:
    """All rows, the packages, the papers and the next question; `trace` and `openness` are what they were read from."""

    household: Household
    knowledge: Knowledge
    plan: Plan
    trace: Trace
    openness: Openness
    rows: tuple[ServiceRow, ...]
    conclusions: tuple[ConclusionRow, ...]
    choice: Choice
    papers: tuple[PlannedPaper, ...]
    question: Question | None
    warnings: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[ServiceRow, ...]:
        """Give the rows that concern this household; what it already receives always does."""
        return tuple(row for row in self.rows if row.concerned or row.held)

    def row(self, service: str, subject: str) -> ServiceRow | None:
        return next((row for row in self.rows if row.vertex == (service, subject)), None)


class Office:
    """One edition made ready: its knowledge, its plans. Safe under threads; make it once and keep it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.compiler = Compiler(knowledge)
        self.clashes = exclusion.clashes(knowledge)
        self.duties = frozenset(service.name for service in knowledge.services.values() if service.duty)
        self.confidential = frozenset(
            fact.name for fact in knowledge.facts.values() if fact.sensitive == "officer_only"
        )

    @classmethod
    def open(cls, folder: Path) -> "Office":
        """Load a knowledge folder. Raises: Refused, with every problem."""
        return cls(load(folder))

    def plan(self, day: date) -> Plan:
        return self.compiler.plan(day)

    def plan_of(self, household: Household) -> Plan:
        """Give the plan for a household's day, without what its kind of applicant has no need of."""
        return self._part_of(household, plan_of)

    def plan_of_interview(self, household: Household) -> Plan:
        """Give the plan for a household's day that is enough to choose the next question."""
        return self._part_of(household, plan_of_interview)

    def _part_of(self, household: Household, make: Callable[[Plan, str], Plan]) -> Plan:
        plan = self.plan(household.as_of)
        # Two threads may make it at once; both make the same.
        parts, key = plan.__dict__.setdefault("_parts", {}), (make, household.applicant)
        if key not in parts:
            parts[key] = make(plan, household.applicant)
        return parts[key]

    def diagnose(self, household: Household, theme: str | None = None, everything: bool = False) -> Diagnosis:
        """Diagnose a household.

        Args:
            household: Facts read against this edition.
            theme: The interview's theme at hand, for the next question.
            everything: Work out services of other applicants too, for a proof; they get no row all the same.

        Returns:
            The diagnosis; raises nothing.
        """
        plan = self.plan(household.as_of) if everything else self.plan_of(household)
        return self._advise(infer(plan, household), theme)

    def diagnose_for_everybody(self, household: Household, theme: str | None = None) -> Diagnosis:
        """Diagnose a household as anybody may see it (design 5.6).

        What only officers may know counts as not told, and what rests on it, however deep, gets no row: neither in
        the answers nor in packages, papers or questions. So the result is the same whether a secret is told or not.
        """
        public = household.without(self.confidential)
        return self._advise(infer(self.plan_of(public), public), theme, public=True)

    def diagnose_again(self, before: Diagnosis, household: Household, theme: str | None = None) -> Diagnosis:
        """Diagnose a household of which only some answers changed, in a fraction of the time."""
        one, other = before.household, household
        if before.knowledge is not self.knowledge or (one.as_of, one.applicant) != (other.as_of, other.applicant):
            return self.diagnose(household, theme)
        return self._advise(infer_again(before.trace, household), theme, before)

    def _advise(
        self, trace: Trace, theme: str | None, before: Diagnosis | None = None, public: bool = False
    ) -> Diagnosis:
        openness = Openness(trace, before.openness if before else None)
        verifier = advise.Verifier(trace)
        kept = _Kept(trace, before)
        rows = tuple(row for row in self._rows(trace, openness, verifier, kept) if not (public and row.officer_only))
        held = frozenset(row.vertex for row in rows if row.held)
        choice = self._choice(trace, rows, held)
        rows = tuple(self._placed(trace, row, choice, held) for row in rows)
        open_rows = ((row.service, self._yearly(trace, row), frozenset(row.missing)) for row in rows if row.missing)
        question = advise.next_question(self.knowledge.facts, open_rows, theme)
        return Diagnosis(
            household=trace.household,
            knowledge=self.knowledge,
            plan=trace.plan,
            trace=trace,
            openness=openness,
            rows=rows,
            conclusions=tuple(row for row in self._conclusions(trace, openness) if not (public and row.officer_only)),
            choice=choice,
            papers=_papers(trace, rows),
            question=question,
            warnings=tuple(_warnings(trace, choice)),
        )

    def _rows(self, trace: Trace, openness: Openness, verifier: advise.Verifier, kept: "_Kept") -> Iterable[ServiceRow]:
        for service in self.knowledge.services.values():
            if trace.household.applicant not in service.applicants:
                continue
            needs = None
            for subject in trace.subjects(service.for_):
                row = kept.row(service, subject)
                if row is not None:
                    row = replace(row, trace=trace, verifier=verifier)
                else:
                    needs = needs or advise.needs_of(trace, service)
                    row = self._row(trace, openness, verifier, service, subject, needs[subject])
                yield row

    def _row(
        self,
        trace: Trace,
        openness: Openness,
        verifier: advise.Verifier,
        service: Service,
        subject: str,
        needs: tuple[list, list],
    ) -> ServiceRow:
        name = service.name
        status = advise.status_of(trace, service, subject)
        no = certainty.outcome(trace.cf(name, subject)) == "no"
        missing = tuple(sorted(openness.missing(name, subject))) if status != "not_concerned" else ()
        return ServiceRow(
            service=service,
            subject=subject,
            cf=trace.cf(name, subject),
            told=trace.told(name, subject),
            status=status,
            held=_held(trace, name, subject),
            missing=missing,
            waiting_for=advise.waiting_for(self.knowledge.facts, frozenset(missing)),
            documents=() if no else advise.needed(needs[0], "document", trace, subject),
            steps=() if no else advise.needed(needs[1], "step", trace, subject),
            officer_only=name in trace.plan.officer_only,
            trace=trace,
            verifier=verifier,
            priority=trace.cf(service.priority.text, self._about(service.priority.text, subject))
            if service.priority
            else None,
        )

    def _about(self, name: str, subject: str) -> str:
        return HOUSEHOLD if self.knowledge.conclusions[name].about == HOUSEHOLD else subject

    def _choice(self, trace: Trace, rows: tuple[ServiceRow, ...], held: Package) -> Choice:
        services = self.knowledge.services

        @lru_cache(maxsize=4096)
        def worth(vertex: Vertex, relevant: Package) -> Worth | None:
            return worth_of(trace, services[vertex[0]], vertex[1], relevant)

        def worth_in(vertex: Vertex, package: Package) -> Worth | None:
            return worth(vertex, barring(services[vertex[0]], package))

        vertices = [row.vertex for row in rows if advise.can_be_taken(row.service, row.outcome) or row.held]
        return choose(vertices, self.clashes, held, self.duties, worth_in)

    def _yearly(self, trace: Trace, row: ServiceRow) -> float:
        worth = row.worth or worth_of(trace, row.service, row.subject, frozenset())
        return worth.yearly if worth else 0.0

    def _placed(self, trace: Trace, row: ServiceRow, choice: Choice, held: Package) -> ServiceRow:
        """Add what depends on the packages: advice, conflicts, and the benefit in the package at hand."""
        worth = None
        if row.outcome != "no":
            at_hand = barring(row.service, choice.at_hand(row.vertex, held))
            worth = worth_of(trace, row.service, row.subject, at_hand)
        conflicts = tuple(sorted({name for name, _ in choice.edges.get(row.vertex, ())}))
        advice = advise.advice(row.service, row.vertex, row.outcome, bool(row.held), choice)
        return replace(row, advice=advice, worth=worth, conflicts=conflicts)

    def _conclusions(self, trace: Trace, openness: Openness) -> Iterable[ConclusionRow]:
        for name, conclusion in self.knowledge.conclusions.items():
            if name in self.knowledge.services:
                continue
            for subject in trace.subjects(conclusion.about):
                fact, hidden = trace.index[subject, name], name in trace.plan.officer_only
                yield ConclusionRow(name, subject, fact["cf"], fact["told"], fact["contradiction"], hidden, openness)


class _Kept:
    """What still stands of a diagnosis made before: rows that rest on nothing that was worked out again."""

    def __init__(self, trace: Trace, before: Diagnosis | None) -> None:
        self.renewed = trace.renewed
        self.plan = trace.plan
        self.rows = {row.vertex: row for row in before.rows} if before and self.renewed is not None else {}
        self._services = {key.split(":")[1] for _, key in self.renewed or () if key.startswith(("need:", "follow:"))}
        self._services = {
            plan_rule.rule.effect.service.text for plan_rule in map(self.plan.rules.get, self._services) if plan_rule
        }

    def row(self, service: Service, subject: str) -> ServiceRow | None:
        """Give a service's row of before when nothing it shows can have changed."""
        row = self.rows.get((service.name, subject))
        if row is None or service.name in self._services:
            return None
        keys = [(subject, service.name), (subject, INPUT_KEYS[RECEIVED] + service.name)]
        if service.name in self.plan.provided:
            _, waits = self.plan.provided[service.name]
            keys += [(of, wait.key) for wait in waits for of in (subject, HOUSEHOLD)]
        if service.priority:
            keys += [(of, service.priority.text) for of in (subject, HOUSEHOLD)]
        return None if self.renewed.intersection(keys) else row


def _held(trace: Trace, service: str, subject: str) -> bool | None:
    given = trace.household.given(subject, INPUT_KEYS[RECEIVED] + service)
    return None if given is None else bool(given.value)


def _papers(trace: Trace, rows: Iterable[ServiceRow]) -> tuple[PlannedPaper, ...]:
    """Merge the papers of all services: each paper once (design 5.3)."""
    of: dict[str, dict[str, None]] = {}
    for_: dict[str, dict[str, None]] = {}
    for row in rows:
        for paper in row.documents:
            if paper.needed == "yes" and row.concerned:
                people = paper.of or ((row.subject,) if row.subject != HOUSEHOLD else ())
                of.setdefault(paper.name, {}).update(dict.fromkeys(people))
                for_.setdefault(paper.name, {})[row.service.name] = None
    return tuple(
        PlannedPaper(name, tuple(of[name]), tuple(services), advise.in_hand(trace, name, of[name]))
        for name, services in for_.items()
    )


def _warnings(trace: Trace, choice: Choice) -> Iterable[tuple[str, str]]:
    yield from trace.plan.warnings
    if choice.cut:
        yield "packages-cut", ""
