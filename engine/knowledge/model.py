"""The values that knowledge consists of: facts, rules, services and what stands around them.

Frozen, without behaviour: `parse` makes them, `check` judges them, `compile` binds their names. Each keeps
its place, so that whoever finds something wrong can point at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.knowledge.read import Place, Word

if TYPE_CHECKING:
    from engine.knowledge.banks import BankLayout
    from engine.knowledge.formulas import Formula

HOUSEHOLD = "household"
FAMILY = "family"
PERSON = "person"
MONEY_PERIODS = {"once": 1, "year": 1, "quarter": 4, "month": 12, "week": 52, "day": 365}
Value = bool | int | float | date | str | tuple[str, ...]


class Text(NamedTuple):
    """A text for people: Indonesian always, English where somebody wrote it."""

    id: str
    en: str | None = None

    def in_(self, lang: str) -> str:
        return (self.en or self.id) if lang == "en" else self.id


@dataclass(frozen=True, slots=True)
class Fact:
    """Something observed about a household or a person, or worked out from others (`computed`)."""

    name: str
    of: str
    type: str
    label: Text
    place: Place
    question: Text | None = None
    help: Text | None = None
    theme: str | None = None
    low: Value | str | None = None
    high: Value | str | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    unit: str | None = None
    verified_by: tuple[Word, ...] = ()
    answered_by: str = "applicant"
    find_out: Text | None = None
    form: str | None = None
    format: str | None = None
    sensitive: str | None = None
    ask: str | None = None
    only_if: "Formula | None" = None
    otherwise: Value | None = None
    presume: Value | None = None
    computed: "Formula | None" = None
    source: Word | None = None
    lasting: bool = False


class Operand(NamedTuple):
    """The other side of a comparison as written: a literal, a name, or `N% of NAME`."""

    word: Word
    percent: float | None = None


class Members(NamedTuple):
    """`any member`, `every member`, `no member`, `at least/at most/exactly N members`."""

    quantifier: str
    count: Operand | None = None


class Phrase(NamedTuple):
    """What a condition says about its name: a test, what it compares with, and over which members."""

    test: str
    operands: tuple[Operand, ...] = ()
    members: Members | None = None


class Condition(NamedTuple):
    """One line of a block: `name: phrase`."""

    name: Word
    phrase: Phrase
    text: Word


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that count together: `all`, `any`, or `at least` N of them."""

    label: str
    kind: str
    joins: str
    lines: tuple[Condition, ...]
    place: Place
    count: Operand | None = None


@dataclass(frozen=True, slots=True)
class Grades:
    """How strong a number of hits is: pairs (hits, certainty), rising."""

    lines: tuple[Condition, ...]
    steps: tuple[tuple[int, float], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Concludes:
    """Evidence for a conclusion (`then`), or its exact meaning (`decides`)."""

    conclusion: Word
    exactly: bool
    certainty: float = 1.0
    otherwise: float = 0.0
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Requires:
    """Documents that a service asks for."""

    service: Word
    documents: tuple[Word, ...]
    before: str = "proposal"


@dataclass(frozen=True, slots=True)
class Follows:
    """Steps of a service's procedure, in order."""

    service: Word
    steps: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One when-then sentence with its source."""

    id: str
    title: Text
    about: str
    blocks: tuple[Block, ...]
    effect: Concludes | Requires | Follows
    place: Place
    source: Word | None
    grades: Grades | None = None
    from_: date | None = None
    until: date | None = None
    because: Text | None = None
    unverifiable: tuple[Text, ...] = ()
    program: Word | None = None
    topic: str | None = None
    because_at: Place | None = None

    def in_force(self, day: date) -> bool:
        """Say whether the rule counts on this day; both ends are inclusive (design 4.9)."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A named yes/no idea; a category (PPKS) is one, and so is a service."""

    name: str
    about: str
    label: Text
    place: Place
    if_yes: Text | None = None
    if_no: Text | None = None
    category: bool = False
    officer_only: bool = False
    source: Word | None = None


class Component(NamedTuple):
    """One part of a benefit: paid for a member about whom the conclusion is yes."""

    name: Word
    member: Word
    amount: "Formula"
    at_most: Operand | None = None
    not_with: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a service gives: either one amount, or components of which some are paid."""

    kind: str
    per: str
    place: Place
    amount: "Formula | None" = None
    components: tuple[Component, ...] = ()
    pay_at_most: Operand | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Something the office offers, refers to, or does not offer here."""

    name: str
    label: Text
    program: Word
    activity: Word | None
    for_: str
    place: Place
    summary: Text | None = None
    applicants: tuple[str, ...] = (FAMILY,)
    offer: str = "here"
    refer_to: Text | None = None
    decided_by: str | None = None
    duty: bool = False
    urgent: bool = False
    benefit: Benefit | None = None
    exclusive: tuple[Word, ...] = ()
    not_with: tuple[Word, ...] = ()
    may_combine: tuple[Word, ...] = ()
    priority: Word | None = None
    quota: Word | None = None
    apply_at: Text | None = None
    time_limit: str | None = None
    valid_for: str | Text | None = None
    confirmed: bool = False
    confirmed_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a program."""

    name: str
    label: Text
    code: str | None


@dataclass(frozen=True, slots=True)
class Program:
    """One of the programs of the office, with its activities."""

    name: str
    label: Text
    place: Place
    unit: str | None
    code: str | None
    source: Word | None
    activities: Mapping[str, Activity]


@dataclass(frozen=True, slots=True)
class Exclusivity:
    """A group of services of which a person (or a household) may receive one."""

    name: str
    label: Text
    one_per: str
    place: Place
    source: Word | None = None
    confirmed: bool = False
    confirmed_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document an applicant brings."""

    name: str
    label: Text
    place: Place
    issued_by: Text | None = None
    how_to_get: Text | None = None
    valid_for: str | Text | None = None
    proves: tuple[Word, ...] = ()
    instead_of: tuple[Word, ...] = ()
    officer_only: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure."""

    name: str
    label: Text
    place: Place
    actor: Text | None = None
    where: Text | None = None
    time: str | None = None
    officer_only: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a number comes from, and whether anybody here has read it."""

    name: str
    title: str
    kind: str
    status: str
    seen: str
    place: Place
    address: str | None = None
    repealed_by: Word | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its Kemendagri code."""

    code: str
    label: str
    within: Word | None
    place: Place


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """An office that people are sent to, and the region it serves; what is None, nobody has found out yet."""

    name: str
    label: Text
    region: Word
    place: Place
    address: Text | None = None
    hours: Text | None = None
    phone: str | None = None
    duty_person: Text | None = None
    source: Word | None = None
    confirmed: bool = False
    confirmed_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A way of knowing, with its certainty from 0 to 1."""

    name: str
    certainty: float
    label: Text
    place: Place


class Band(NamedTuple):
    """A key of a parameter's table: a value of a fact, or a band such as `at least 250`."""

    word: Word
    test: str | None
    limit: Value


@dataclass(frozen=True, slots=True)
class Amount:
    """One value of a parameter and the days it counts on; exactly one of value, table and brackets is given."""

    from_: date
    until: date | None
    place: Place
    source: Word | None
    confirmed: bool
    value: Value | None = None
    table: "tuple[tuple[Band, Any], ...] | None" = None
    brackets: tuple[tuple[float, float], ...] | None = None
    confirmed_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, date or truth of the law that changes with time."""

    name: str
    label: Text
    place: Place
    unit: str | None
    keys: tuple[Word, ...]
    values: tuple[Amount, ...]

    def on(self, day: date) -> Amount | None:
        """Give the value in force on this day; of two, the one that began later. Never "the latest" (design 3.3)."""
        held = [value for value in self.values if value.from_ <= day and (value.until is None or day <= value.until)]
        return max(held, key=lambda value: value.from_, default=None)


@dataclass(frozen=True, slots=True)
class Decision:
    """A question that the office still has to answer, and what in the knowledge waits for the answer."""

    name: str
    question: Text
    concerns: tuple[Word, ...]
    place: Place
    was: str | None = None


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A part of a letter: heading, text, list; left out while its list or `only_if` is empty, and `otherwise` said instead."""

    place: Place
    heading: Text | None = None
    text: Text | None = None
    list: str | None = None
    only_if: str | None = None
    otherwise: Text | None = None


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """The wording of a letter of one kind (`blanks`), for some services or all; `facts` is what a statement states."""

    name: str
    kind: str
    label: Text
    parts: tuple[LetterPart, ...]
    place: Place
    services: tuple[Word, ...] = ()
    facts: tuple[Word, ...] = ()
    evidence: Word | None = None
    confirmed: bool = False
    confirmed_at: Place | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        """Give everything it says."""
        said = (text for part in self.parts for text in (part.heading, part.text, part.otherwise))
        return tuple(text for text in said if text)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One edition of everything the office knows; nothing in it has to be doubted again once it is checked."""

    edition: str
    facts: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    programs: Mapping[str, Program]
    conclusions: Mapping[str, Conclusion]
    services: Mapping[str, Service]
    exclusivity: Mapping[str, Exclusivity]
    papers: Mapping[str, Paper]
    steps: Mapping[str, Step]
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    evidence: Mapping[str, Evidence]
    default_evidence: str | None
    parameters: Mapping[str, Parameter]
    holidays: tuple[date, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    offices: Mapping[str, ContactPoint] = field(default_factory=dict)
    letters: Mapping[str, LetterTemplate] = field(default_factory=dict)
    bank_layouts: "Mapping[str, BankLayout]" = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    default_evidence_place: Place | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash(self.edition)
