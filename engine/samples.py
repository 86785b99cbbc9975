"""Hold the rules to what officers expect of sample households, and see which rules no sample tries.

An expectation is one line of `expect:` in a household file. It names a service, a conclusion, a computed
fact or a package, and what must be true of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from engine import certainty
from engine.compile import Task
from engine.diagnosis import Diagnosis, Office
from engine.household_files import read_households
from engine.knowledge import values
from engine.knowledge.model import HOUSEHOLD
from engine.knowledge.problems import Problem, Refused, closest
from engine.knowledge.read import Node, Place, Table, Word, read_file
from engine.knowledge.shapes import Notes
from engine.knowledge.vocabulary import kind_of_fact
from engine.many.agreement import disagreements
from engine.many.answers import Many
from engine.many.tables import tables_of
from engine.meaning import Line
from engine.present import plain

TOLERANCE = 0.005
_OF_SERVICE = (
    *("subject", "outcome", "status", "confidence", "amount", "missing", "documents", "not_documents"),
    *("steps", "still_needed", "advice"),
)
_KEYS = {
    "service": _OF_SERVICE,
    "conclusion": ("subject", "outcome", "confidence", "missing"),
    "computed": ("subject", "value"),
    "package": ("recommended",),
}


@dataclass(frozen=True)
class Failure:
    """One thing that came out otherwise than expected."""

    household: str
    place: Place
    what: str
    expected: Any
    found: Any


# A diagnosis keeps its whole proof: of very many samples, so many are held at once.
_TOGETHER = 100


@dataclass
class Tally:
    """The result of running samples: how many expectations held, which failed, what could not be read."""

    households: int = 0
    expectations: int = 0
    failures: list[Failure] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def green(self) -> bool:
        return not self.failures and not self.refused


def sample_files(paths: Iterable[Path]) -> list[Path]:
    """List the household files under some files and folders."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml", ".json") and p.is_file())
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def run_samples(
    office: Office, paths: Iterable[Path], today: date, seen: Callable[[Diagnosis], None] | None = None
) -> Tally:
    """Diagnose every sample and compare with what it expects.

    Args:
        office: The edition to test.
        paths: Household files and folders of them.
        today: The day for households that name none.
        seen: Called with each diagnosis.
    """
    tally, many = Tally(), Many(office, needs=True)
    diagnoses: list[Diagnosis] = []
    for path in sample_files(paths):
        try:
            households = read_households(path, office.knowledge, today)
        except Refused as refused:
            tally.refused.append(refused)
            continue
        for household in households:
            diagnosis = office.diagnose(household)
            diagnoses.append(diagnosis)
            tally.households += 1
            if len(diagnoses) == _TOGETHER:
                tally.failures += _disagreements(many, diagnoses)
                diagnoses = []
            try:
                for failure in failures_of(diagnosis):
                    tally.expectations += 1
                    if failure:
                        tally.failures.append(failure)
            except Refused as refused:
                tally.refused.append(Refused(refused.problems, {household.place.file: read_file(path).text}))
            if seen:
                seen(diagnosis)
    tally.failures += _disagreements(many, diagnoses)
    return tally


def _disagreements(many: Many, diagnoses: Iterable[Diagnosis]) -> Iterator[Failure]:
    """Put every sample to the columns too; where they say otherwise, one of the evaluators is wrong."""
    # Two files may hold households of one name, so each goes under its number.
    numbered = {str(number): one for number, one in enumerate(diagnoses)}
    households = [replace(one.household, id=number) for number, one in numbered.items()]
    answers = many.answer(tables_of(households, many.office.knowledge))
    renamed = [replace(one, household=household) for one, household in zip(numbered.values(), households, strict=True)]
    for one in disagreements(renamed, answers):
        household = numbered[one.household].household
        what = f"columns: {one.service} {one.subject} {one.what}"
        yield Failure(household.id, household.place, what, one.forward, one.columns)


def failures_of(diagnosis: Diagnosis) -> Iterator[Failure | None]:
    """Try each expectation of a household; None for one that holds.

    Raises:
        Refused: when an expectation is not understood.
    """
    notes = Notes()
    household = diagnosis.household
    for item in notes.items(household.expect, "expect"):
        kind, name, found = _expectation(notes, item)
        if kind is None:
            continue
        for key, expected, actual in _compared(notes, diagnosis, kind, name, found):
            same = _agree(key, expected, actual)
            what = f"{kind} {name} {key}"
            yield None if same else Failure(household.id, item.place, what, expected, actual)
    if notes.problems:
        raise Refused(notes.problems)


def _expectation(notes: Notes, item: Node) -> tuple[str | None, str, dict[str, Node]]:
    kind = next((key.text for key, _ in item.pairs if key.text in _KEYS), None) if isinstance(item, Table) else None
    if kind is None:
        said = item.pairs[0][0].text if isinstance(item, Table) and item.pairs else getattr(item, "text", "…")
        notes.add("bad-expectation", item.place, what=said, did_you_mean=closest(said, _KEYS))
        return None, "", {}
    found = notes.table(item, "expect", (kind,), _KEYS[kind])
    target = found.pop(kind, None)
    if kind == "package":
        found["services"] = target
        return kind, "", found
    word = notes.word(target, kind)
    return (kind, word.text, found) if word else (None, "", {})


def _compared(
    notes: Notes, diagnosis: Diagnosis, kind: str, name: str, found: dict[str, Node]
) -> Iterator[tuple[str, Any, Any]]:
    if kind == "package":
        yield from _package(notes, diagnosis, found)
        return
    knowledge = diagnosis.knowledge
    shelf = {"service": knowledge.services, "conclusion": knowledge.conclusions, "computed": knowledge.facts}[kind]
    if name not in shelf:
        yield "", "?", closest(name, shelf) or "-"
        return
    about = {"service": "for_", "conclusion": "about", "computed": "of"}[kind]
    subject = _subject(notes, diagnosis, found.pop("subject", None), getattr(shelf[name], about))
    if subject is None:
        yield "subject", "?", ", ".join(diagnosis.household.members)
        return
    actual = {"service": _of_service, "conclusion": _of_conclusion, "computed": _of_computed}[kind](
        diagnosis, name, subject
    )
    for key, node in found.items():
        yield key, _expected(notes, diagnosis, name, key, node), actual(key) if actual else None


def _subject(notes: Notes, diagnosis: Diagnosis, node: Node | None, about: str) -> str | None:
    word = notes.word(node, "subject")
    members = diagnosis.household.members
    if word is not None:
        return word.text if word.text in ((HOUSEHOLD,) if about == HOUSEHOLD else members) else None
    return HOUSEHOLD if about == HOUSEHOLD else members[0] if len(members) == 1 else None


def _of_service(diagnosis: Diagnosis, name: str, subject: str) -> Callable[[str], Any] | None:
    row = diagnosis.row(name, subject)
    if row is None:
        return None

    def actual(key: str) -> Any:
        match key:
            case "confidence":
                return certainty.confidence(row.cf)
            case "amount":
                return row.worth.amount if row.worth else None
            case "missing":
                return row.missing
            case "documents" | "not_documents":
                return {one.name for one in row.documents if one.needed == "yes"}
            case "steps":
                return {one.name for one in row.steps if one.needed == "yes"}
            case "still_needed":
                return {line.name for line in row.still_needed}
        return getattr(row, key)

    return actual


def _of_conclusion(diagnosis: Diagnosis, name: str, subject: str) -> Callable[[str], Any]:
    found = diagnosis.trace.index.get((subject, name))
    cf = found["cf"] if found else None
    row = next((row for row in diagnosis.conclusions if (row.name, row.subject) == (name, subject)), None)

    def actual(key: str) -> Any:
        match key:
            case "missing":
                return row.missing if row else None
            case "outcome":
                return None if cf is None else certainty.outcome(cf)
        return None if cf is None else certainty.confidence(cf)

    return actual


def _of_computed(diagnosis: Diagnosis, name: str, subject: str) -> Callable[[str], Any]:
    found, given = diagnosis.trace.index.get((subject, name)), diagnosis.household.given(subject, name)
    value = found["value"] if found else given.value if given else None
    return lambda key: value


def _package(notes: Notes, diagnosis: Diagnosis, found: dict[str, Node]) -> Iterator[tuple[str, Any, Any]]:
    wanted = {word.text for word in notes.words(found.get("services"), "package")}
    bundles = [bundle for bundle in diagnosis.choice.bundles if {name for name, _ in bundle.services} == wanted]
    listed = [sorted({name for name, _ in bundle.services}) for bundle in diagnosis.choice.bundles]
    yield "package", sorted(wanted), sorted(wanted) if bundles else listed
    if bundles and "recommended" in found:
        recommended = notes.attempt(values.truth, notes.word(found["recommended"], "recommended"))
        yield "recommended", recommended, any(bundle.recommended for bundle in bundles)


def _expected(notes: Notes, diagnosis: Diagnosis, name: str, key: str, node: Node) -> Any:
    match key:
        case "confidence" | "amount":
            word = notes.word(node, key)
            return None if word is None or word.is_null else notes.attempt(values.number, word)
        case "missing":
            return _missing(notes, node)
        case "documents" | "not_documents" | "steps" | "still_needed":
            return {word.text for word in notes.words(node, key)}
        case "value":
            word = notes.word(node, key)
            if word is None or word.is_null:
                return None
            fact = diagnosis.knowledge.facts[name]
            kind = "number" if kind_of_fact(fact).type == "number" else fact.type
            return notes.attempt(values.literal, kind, word, fact, diagnosis.knowledge.regions)
    return notes.plain(node, key)


def _missing(notes: Notes, node: Node) -> set:
    """Read the exact set of what is missing: names, or `{fact, subject}` where the person matters."""
    found: set = set()
    for item in notes.items(node, "missing"):
        if isinstance(item, Table):
            body = notes.table(item, "missing", ("fact", "subject"))
            found.add(tuple(notes.plain(body.get(part), part) for part in ("fact", "subject")))
        elif isinstance(item, Word):
            found.add(item.text)
    return found


def _agree(key: str, expected: Any, actual: Any) -> bool:
    if actual is None or expected is None:
        return actual is None and expected is None
    match key:
        case "confidence":
            return abs(expected - actual) <= TOLERANCE
        case "documents" | "steps":
            return expected <= actual
        case "not_documents":
            return not expected & actual
        case "missing":
            pairs = {one for one in expected if isinstance(one, tuple)}
            names = {one for one in expected if isinstance(one, str)}
            return pairs <= set(actual) and {name for name, _ in set(actual) - pairs} == names
        case "amount" | "value" if isinstance(expected, int | float) and not isinstance(expected, bool):
            return abs(float(expected) - float(actual)) <= TOLERANCE
    return expected == actual


@dataclass
class Coverage:
    """Which rules and conditions some sample makes true, and which some sample makes false."""

    true: set[tuple[str, str]] = field(default_factory=set)
    false: set[tuple[str, str]] = field(default_factory=set)
    known: dict[tuple[str, str], Place] = field(default_factory=dict)

    def see(self, diagnosis: Diagnosis) -> None:
        """Note what one diagnosis made true and false."""
        trace = diagnosis.trace
        # Rules of services that do not appear for this applicant are known, and tried by the samples of others.
        for task in (trace.plan.whole or trace.plan).tasks:
            self.known |= {(task.name, said): place for said, place, _ in _parts(task)}
        for task in trace.plan.tasks:
            for of in trace.subjects(task.about) if _parts(task) else ():
                row = trace.row_of_task(task, of)
                for said, _, work in _parts(task):
                    self._note(task.name, said, work(row)[0])

    def _note(self, rule: str, line: str, cf: float) -> None:
        if certainty.outcome(cf) == "yes":
            self.true.add((rule, line))
        elif certainty.outcome(cf) == "no":
            self.false.add((rule, line))

    def gaps(self) -> list[tuple[Place, str, str, str]]:
        """Give what is never true or never false: place, rule, condition (empty: the whole rule), which of the two."""
        found = []
        for (rule, line), place in self.known.items():
            for name, seen in (("true", self.true), ("false", self.false)):
                if (rule, line) not in seen:
                    found.append((place, rule, line, name))
        return sorted(found)


def _parts(task: Task) -> list[tuple[str, Place, Line]]:
    """Give what can be true or false of a rule: the whole of it (""), and each line; with its place."""
    if task.rule is None or not (task.rule.blocks or task.rule.graded):
        return []
    found: list[tuple[str, Place, Line]] = [("", task.rule.rule.place, task.rule.premise)]
    for line in (*(one for block in task.rule.blocks for one in block.lines), *task.rule.graded):
        name, text = line.condition.name, line.condition.text
        found.append((f"{line.block}: {name.text}: {text.text}", name.place, line.line))
    return found


def shown(value: Any) -> str:
    """Write an expected or found value for a report."""
    if isinstance(value, set):
        return ", ".join(sorted(str(one) for one in value)) or "-"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join(f"{name} ({subject})" for name, subject in value)
    return "-" if value is None else str(plain(value))


def problem_of(failure: Failure) -> Problem:
    """Give a failure as a problem at the line that expected otherwise."""
    details = {"household": failure.household, "what": failure.what}
    return Problem(
        "expected-otherwise",
        failure.place,
        {**details, "expected": shown(failure.expected), "found": shown(failure.found)},
    )
