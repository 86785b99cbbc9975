"""From conclusions to advice: the status of a service, its papers and steps, what to verify, what to ask next."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine import certainty, memory
from engine.again import Supposition
from engine.benefits import Vertex
from engine.explain import resting_on
from engine.forward import Trace
from engine.household import Given
from engine.knowledge.model import HOUSEHOLD, Fact, Requires, Service
from engine.knowledge.vocabulary import PAPER
from engine.meaning import INPUT_KEYS
from engine.missing import Inputs
from engine.packages import Choice

STATUSES = (
    *("eligible", "eligible_as_told", "conditional", "likely", "undetermined", "unlikely", "ineligible"),
    *("excluded", "not_required", "not_in_force", "not_concerned"),
)
_EFFORT = {
    "boolean": 1.0,
    "choice": 1.0,
    "choices": 1.5,
    "integer": 1.5,
    "number": 1.5,
    "date": 1.5,
    "region": 1.5,
    "money": 2.0,
    "text": 2.0,
}


class Needed(NamedTuple):
    """A document or step: how surely it is needed (`yes`, `maybe`), of which members, by which rule."""

    name: str
    needed: str
    of: tuple[str, ...]
    rule: str
    before: str | None = None


class Verification(NamedTuple):
    """A fact on weak evidence: what it rests on now, the best it could, and the CF then."""

    fact: str
    subject: str
    now: str | None
    best: str
    cf_then: float


class Question(NamedTuple):
    """The fact most worth asking, and the services it could settle."""

    fact: str
    subject: str
    services: tuple[str, ...]


def status_of(trace: Trace, service: Service, of: str) -> str:
    """Give the status of a service for a subject: the first of design 5.1 that fits."""
    task = trace.plan.by_name["settle", service.name]
    cf, told = trace.cf(service.name, of), trace.told(service.name, of)
    if task.default < 0:
        return "not_in_force"
    concerns, unneeded, unless = (_lines(trace, service.name, of, kind) for kind in ("concerns", "unneeded", "unless"))
    if any(cf < -certainty.THRESHOLD for cf in concerns):
        return "not_concerned"
    if any(cf > certainty.THRESHOLD for cf in unneeded):
        return "not_required"
    match certainty.outcome(cf):
        case "no" if any(cf > certainty.THRESHOLD for cf in unless):
            return "excluded"
        case "no":
            return "ineligible" if told <= -certainty.SURE else "unlikely"
        case "unknown":
            return "undetermined"
    if _lacks(trace, service.name, of):
        return "conditional"
    return "eligible" if cf >= certainty.SURE else "eligible_as_told" if told >= certainty.SURE else "likely"


def _lacks(trace: Trace, name: str, of: str) -> bool:
    """Say whether papers or acts of a service are still to come."""
    if name not in trace.plan.provided:
        return False
    meaning, waits = trace.plan.provided[name]
    row = trace.row(waits, of)
    return any(line.line(row)[0] <= certainty.THRESHOLD for line in meaning.provided)


def _lines(trace: Trace, name: str, of: str, kind: str) -> list[float]:
    """Give the CFs of the lines of one kind of block in the rules of a service."""
    found = []
    for rule in trace.plan.by_name["settle", name].contributions:
        task = trace.plan.by_name["weigh", rule.id]
        if any(block.block.kind == kind for block in task.rule.blocks):
            row = trace.row_of_task(task, of)
            found += [
                line.line(row)[0] for block in task.rule.blocks if block.block.kind == kind for line in block.lines
            ]
    return found


def needs_of(trace: Trace, service: Service) -> dict[str, tuple[list, list]]:
    """Gather the facts about documents and steps of a service, for each subject of its rows."""
    rows = {subject: ([], []) for subject in trace.subjects(service.for_)}
    for fact in trace.needs_by_service.get(service.name, ()):
        subject = fact["of"] if service.for_ != HOUSEHOLD else HOUSEHOLD
        if subject in rows:
            rows[subject][isinstance(fact, memory.Step)].append(fact)
    return rows


def needed(facts: Iterable[Mapping], slot: str, trace: Trace, subject: str) -> tuple[Needed, ...]:
    """Merge what several rules say about the same document or step: the strongest answer counts (design 5.3)."""
    found: dict[str, Needed] = {}
    for fact in sorted(facts, key=lambda fact: (fact["rule"], fact.get("place", 0))):
        outcome = certainty.outcome(fact["cf"])
        if outcome == "no":
            continue
        answer = "yes" if outcome == "yes" else "maybe"
        effect = trace.plan.rules[fact["rule"]].rule.effect
        of = (fact["of"],) if fact["of"] != HOUSEHOLD and subject == HOUSEHOLD else ()
        before = effect.before if isinstance(effect, Requires) else None
        held = found.get(fact[slot])
        if held is None or (held.needed == "maybe" and answer == "yes"):
            found[fact[slot]] = Needed(fact[slot], answer, of, fact["rule"], before)
        elif held.needed == answer:
            found[fact[slot]] = held._replace(of=tuple(sorted({*held.of, *of}, key=trace.household.members.index)))
    return tuple(found.values())


class Verifier:
    """Finds what verification would change; each fact is supposed verified once for all services."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._supposed: dict[tuple[str, str], Supposition] = {}

    def verify(self, name: str, of: str) -> tuple[Verification, ...]:
        """Give, for a yes or no on weak evidence, each fact that could be better known (design 5.2)."""
        cf = self.trace.cf(name, of)
        if certainty.outcome(cf) == "unknown" or certainty.confidence(cf) == 1:
            return ()
        found = []
        for fact, subject in dict.fromkeys(resting_on(self.trace, name, of)):
            best = self._best(fact)
            now = self._now(fact, subject)
            if best is None or now is None or best[1] <= now["c"]:
                continue
            then = certainty.rounded(self._suppose(fact, subject, now["value"], best).cf(name, of))
            found.append(Verification(fact, subject, now["evidence"], best[0], then))
        return tuple(sorted(found, key=lambda one: (-certainty.confidence(one.cf_then), one.fact, one.subject)))

    def _now(self, fact: str, subject: str) -> Mapping | None:
        index = self.trace.index
        return index.get((subject, "given:" + fact)) or index.get((subject, fact))

    def _best(self, name: str) -> tuple[str, float] | None:
        knowledge = self.trace.plan.knowledge
        known = [knowledge.evidence[word.text] for word in knowledge.facts[name].verified_by]
        best = max(known, key=lambda evidence: evidence.certainty, default=None)
        return (best.name, best.certainty) if best else None

    def _suppose(self, fact: str, subject: str, value: object, best: tuple[str, float]) -> Supposition:
        key = (fact, subject)
        if key not in self._supposed:
            household = self.trace.household.with_given(subject, fact, Given(value, best[1], best[0]))
            self._supposed[key] = Supposition(self.trace, household)
        return self._supposed[key]


def can_be_taken(service: Service, outcome: str) -> bool:
    """Say whether a service can be asked for: a yes to what does not exist here is no offer."""
    return outcome == "yes" and service.offer != "not_here"


def advice(service: Service, vertex: Vertex, outcome: str, held: bool, choice: Choice) -> str:
    """Say what to do about a service (design 5.5): take, keep, choose, review or none."""
    if held:
        return "review" if outcome == "no" else "keep"
    if not can_be_taken(service, outcome):
        return "none"
    recommended = choice.recommended()
    everywhere = all(vertex in bundle.services for bundle in choice.bundles)
    if everywhere or (recommended and vertex in recommended.services):
        return "take"
    return "none" if recommended else "choose"


def waiting_for(knowledge_facts: Mapping[str, Fact], missing: Inputs) -> str | None:
    """Say who can help: the applicant, or only the office; None when nothing is missing."""
    if not missing:
        return None
    return "applicant" if any(_applicant_knows(knowledge_facts, name) for name, _ in missing) else "office"


def _applicant_knows(facts: Mapping[str, Fact], name: str) -> bool:
    return name not in facts or facts[name].answered_by == "applicant"


def next_question(
    facts: Mapping[str, Fact], rows: Iterable[tuple[Service, float, Inputs]], theme: str | None = None
) -> Question | None:
    """Choose the fact most worth asking (design 5.8).

    Args:
        facts: The facts of the schema, in the order of the interview.
        rows: The open services: service, yearly value in rupiah, what is missing.
        theme: The theme at hand, preferred among equals.

    Returns:
        None when nothing an applicant knows could settle anything.
    """
    rows = list(rows)
    worth = {
        key: worth
        for key, worth in worths_of_asking(facts, rows).items()
        if _applicant_knows(facts, key[0]) and facts[key[0]].sensitive != "officer_only"
    }
    if not worth:
        return None
    order = {name: index for index, name in enumerate(facts)}
    best = min(worth, key=lambda key: (-round(worth[key], 9), facts[key[0]].theme != theme, order[key[0]], key[1]))
    return Question(*best, tuple(sorted({service.name for service, _, missing in rows if best in missing})))


def worths_of_asking(
    facts: Mapping[str, Fact], rows: Iterable[tuple[Service, float, Inputs]]
) -> dict[tuple[str, str], float]:
    """Give each missing fact, and how much it is worth to ask it (design 5.8).

    Args:
        facts: The facts of the schema.
        rows: The open services: service, yearly value in rupiah, what is missing.
    """
    worth: dict[tuple[str, str], float] = {}
    for service, yearly, missing in rows:
        # A service with few open facts is nearly settled, so each of them counts for more.
        share = (1 + yearly / 1_000_000 + 100 * service.duty) / max(1, len(missing))
        for key in missing:
            if key[0] in facts:
                worth[key] = worth.get(key, 0.0) + share / _EFFORT[facts[key[0]].type]
    return worth


def in_hand(trace: Trace, document: str, of: Iterable[str]) -> bool:
    """Say whether a paper is there: of everyone it is needed of, or of the household."""
    key = INPUT_KEYS[PAPER] + document

    def held(subject: str) -> bool:
        given = trace.household.given(subject, key)
        return given is not None and given.value is True and given.certainty > certainty.THRESHOLD

    people = tuple(of)
    return held(HOUSEHOLD) or (all(map(held, people)) if people else any(map(held, trace.household.members)))
