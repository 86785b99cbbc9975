"""The rows of a diagnosis: what follows about one service, or one conclusion, for one subject.

A row holds what the others rest on: outcome, status, what is missing, papers, packages. Why it is so, and what would
make it surer, is worked out when somebody asks; most rows of a household are never asked.
"""

from dataclasses import dataclass, field
from functools import cached_property

from engine import certainty
from engine.advise import Needed, Verification, Verifier
from engine.benefits import Vertex, Worth
from engine.explain import ConditionResult, Reason, provided, reasons, roots
from engine.forward import Trace
from engine.knowledge.model import Service
from engine.missing import Openness

Stopped = tuple[ConditionResult, tuple[ConditionResult, ...]]


@dataclass(frozen=True)
class ServiceRow:
    """What follows about one service for one subject (design 6.2)."""

    service: Service
    subject: str
    cf: float
    told: float
    status: str
    held: bool | None
    missing: tuple[tuple[str, str], ...]
    waiting_for: str | None
    documents: tuple[Needed, ...]
    steps: tuple[Needed, ...]
    officer_only: bool
    trace: Trace = field(repr=False, compare=False)
    verifier: Verifier = field(repr=False, compare=False)
    advice: str = "none"
    worth: Worth | None = None
    conflicts: tuple[str, ...] = ()
    priority: float | None = None

    @property
    def outcome(self) -> str:
        return certainty.outcome(self.cf)

    @property
    def vertex(self) -> Vertex:
        return self.service.name, self.subject

    @property
    def concerned(self) -> bool:
        return self.status != "not_concerned"

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Give what each rule of the service said."""
        return reasons(self.trace, self.service.name, self.subject)

    @cached_property
    def stopped_by(self) -> tuple[Stopped, ...]:
        """Give the findings that made it a no, each with the facts that decided it."""
        if self.outcome != "no" or not self.concerned:
            return ()
        return tuple((line, roots(self.trace, line)) for reason in self.reasons for line in reason.stoppers)

    @cached_property
    def still_needed(self) -> tuple[ConditionResult, ...]:
        """Give the papers and acts still to come (`provided all`)."""
        lines = provided(self.trace, self.service.name, self.subject)
        return tuple(line for line in lines if line.cf <= certainty.THRESHOLD)

    @cached_property
    def verify(self) -> tuple[Verification, ...]:
        """Give what could be better known, and what that would do."""
        return self.verifier.verify(self.service.name, self.subject) if self.concerned else ()


@dataclass(frozen=True)
class ConclusionRow:
    """What follows about one conclusion for one subject."""

    name: str
    subject: str
    cf: float
    told: float
    contradiction: bool
    officer_only: bool
    openness: Openness = field(repr=False, compare=False)

    @cached_property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Give what is not known and could change the outcome."""
        return tuple(sorted(self.openness.missing(self.name, self.subject)))


@dataclass(frozen=True, slots=True)
class PlannedPaper:
    """One paper over all services that ask for it."""

    document: str
    of: tuple[str, ...]
    for_: tuple[str, ...]
    in_hand: bool
