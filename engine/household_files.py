"""Household files become households; whatever is not understood is refused with file, line, column and a hint.

Nothing is guessed. A household may be `based_on` another one of the same folder, with only what differs.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.evaluate import UNKNOWN, Known, evaluate
from engine.household import MEMBER_LIMIT, Given, Household
from engine.knowledge import values
from engine.knowledge.dependencies import reads_of_everything, strata
from engine.knowledge.model import HOUSEHOLD, PERSON, Fact, Knowledge
from engine.knowledge.parse_offer import APPLICANTS
from engine.knowledge.problems import Problem, Refused, closest
from engine.knowledge.read import Document, Listing, Node, Place, Table, Word, read_file
from engine.knowledge.shapes import Notes
from engine.knowledge.vocabulary import PAPER, RECEIVED, WHOM, Vocabulary
from engine.meaning import INPUT_KEYS, Amounts
from engine.population_number import BIRTH, NIK, SEX, WOMAN, doubts, masked

_KEYS = (
    *("id", "based_on", "applicant", "as_of", "evidence", "members_listed", "household", "members", "papers"),
    *("active_services", "expect"),
)


def read_households(path: Path, knowledge: Knowledge, today: date, as_of: date | None = None) -> list[Household]:
    """Read the households of one file.

    Args:
        path: A YAML or JSON file with one household or a list of them.
        knowledge: The edition whose facts may be given.
        today: The day for a household that names none.
        as_of: A day that wins over the file.

    Raises:
        Refused: with every problem of the file.
    """
    document = read_file(path)
    notes = Notes()
    notes.problems.extend(document.problems)
    folder = _Folder(path, document, notes)
    tables = folder.own()
    households = [
        _read(notes, folder.whole(table), knowledge, today, as_of, number) for number, table in enumerate(tables)
    ]
    errors = [problem for problem in notes.problems if not problem.is_warning]
    if errors or document.node is None:
        raise Refused(errors or document.problems, folder.texts)
    return households


def read_each(
    path: Path, knowledge: Knowledge, today: date, as_of: date | None = None
) -> list[tuple[str, Household | None, tuple[Problem, ...]]]:
    """Read the households of one file, each on its own, so that a refused one does not hide the others.

    Returns:
        For each its id, the household (None when it is refused), and its problems.

    Raises:
        Refused: when the file itself cannot be read.
    """
    document = read_file(path)
    notes = Notes()
    folder = _Folder(path, document, notes)
    tables = folder.own()
    if notes.problems or document.problems or document.node is None:
        raise Refused([*document.problems, *notes.problems], folder.texts)
    found = []
    for number, table in enumerate(tables):
        folder.notes = own = Notes()
        household = _read(own, folder.whole(table), knowledge, today, as_of, number)
        refused = any(not problem.is_warning for problem in own.problems)
        found.append((household.id, None if refused else household, tuple(own.problems)))
    return found


def household_of(node: Node, knowledge: Knowledge, today: date) -> tuple[Household | None, list[Problem]]:
    """Read a household that came without a file (a form, a request).

    Returns:
        The household, None when something in it is refused; and all problems, whose places carry a path.
    """
    notes = Notes()
    household = _read(notes, node, knowledge, today, None, 0)
    refused = any(not problem.is_warning for problem in notes.problems)
    return (None if refused else household), notes.problems


class _Folder:
    """The household files of a folder, for `based_on`; the others are read only when somebody is based on one."""

    def __init__(self, path: Path, document: Document, notes: Notes) -> None:
        self.path, self.document, self.notes = path, document, notes
        self.texts = {document.file: document.text}
        self._known: dict[str, Table] | None = None
        self._whole: dict[str, Table] = {}

    def own(self) -> list[Table]:
        """Give the households of the file itself."""
        node = self.document.node
        items = node.items if isinstance(node, Listing) else (node,) if node is not None else ()
        tables = [item for item in items if isinstance(item, Table)]
        for item in items:
            if not isinstance(item, Table):
                self.notes.add("not-a-household", item.place)
        if node is not None and not items:
            self.notes.add("not-a-household", node.place)
        seen: dict[str, Place] = {}
        for table in tables:
            id_ = table.get("id")
            if isinstance(id_, Word) and id_.text in seen:
                self.notes.add("repeated-household", id_.place, seen[id_.text], name=id_.text)
            elif isinstance(id_, Word):
                seen[id_.text] = id_.place
        return tables

    def whole(self, table: Table) -> Table:
        """Lay a household over the one it is based on, and that one over its own base."""
        changes = []
        above: set[str] = set()
        sound = True
        while isinstance(base := table.get("based_on"), Word):
            changes.append(table)
            table = self._whole.get(base.text) or self._all().get(base.text)
            if table is None:
                guess = closest(base.text, self._all())
                self.notes.add("unknown-household", base.place, value=base.text, did_you_mean=guess)
            elif base.text in above:
                self.notes.add("circular-based-on", base.place, value=base.text)
            if table is None or base.text in above:
                table, sound = changes.pop(), False
                break
            above.add(base.text)
        for change in reversed(changes):
            table = _laid_over(table, change)
            if sound and isinstance(id_ := change.get("id"), Word) and self._all().get(id_.text) is change:
                self._whole[id_.text] = table
        return table

    def _all(self) -> dict[str, Table]:
        if self._known is None:
            self._known = {}
            others = sorted(p for p in self.path.parent.glob("*") if p.suffix in (".yaml", ".yml", ".json"))
            for path in others:
                document = self.document if path == self.path else read_file(path)
                self.texts.setdefault(document.file, document.text)
                node = document.node
                for item in node.items if isinstance(node, Listing) else (node,):
                    id_ = item.get("id") if isinstance(item, Table) else None
                    if isinstance(id_, Word):
                        self._known.setdefault(id_.text, item)
        return self._known


def _laid_over(base: Table, change: Table) -> Table:
    """Lay a change over a household: facts by name, members by id, everything else whole; `expect` is not inherited."""
    merged: dict[str, tuple[Word, Node]] = {key.text: (key, node) for key, node in base.pairs if key.text != "expect"}
    for key, node in change.pairs:
        old = merged.get(key.text, (key, None))[1]
        if key.text in ("household", "papers") and isinstance(old, Table) and isinstance(node, Table):
            node = _facts_over(old, node)
        elif key.text == "members" and isinstance(old, Listing) and isinstance(node, Listing):
            node = _members_over(old, node)
        merged[key.text] = (key, node)
    merged.pop("based_on", None)
    return Table(tuple(merged.values()), change.place)


def _facts_over(base: Table, change: Table) -> Table:
    merged = {key.text: (key, node) for key, node in base.pairs}
    for key, node in change.pairs:
        old = merged.get(key.text, (key, None))[1]
        if key.text == "papers" and isinstance(old, Table) and isinstance(node, Table):
            node = _facts_over(old, node)
        merged[key.text] = (key, node)
    # A key written twice in one place stays visible, so that reading still refuses it.
    counts: dict[str, int] = {}
    for key, _ in change.pairs:
        counts[key.text] = counts.get(key.text, 0) + 1
    repeats = [(key, node) for key, node in change.pairs if counts[key.text] > 1]
    return Table((*merged.values(), *repeats[1:]), change.place)


def _members_over(base: Listing, change: Listing) -> Listing:
    def id_of(member: Node, seat: int) -> str:
        word = member.get("id") if isinstance(member, Table) else None
        return word.text if isinstance(word, Word) else f"anggota-{seat}"

    merged: dict[str, Node] = {id_of(member, seat): member for seat, member in enumerate(base.items, 1)}
    for seat, member in enumerate(change.items, 1):
        id_ = id_of(member, seat)
        if isinstance(member, Table) and isinstance(member.get("remove"), Word):
            merged.pop(id_, None)
        elif id_ in merged and isinstance(member, Table) and isinstance(merged[id_], Table):
            merged[id_] = _facts_over(merged[id_], member)
        else:
            merged[id_] = member
    return Listing(tuple(merged.values()), change.place)


def _read(notes: Notes, node: Node, knowledge: Knowledge, today: date, as_of: date | None, number: int) -> Household:
    return _Reader(notes, node, knowledge, today, as_of, number).read()


class _Reader:
    """Reads one household table."""

    def __init__(
        self, notes: Notes, node: Node, knowledge: Knowledge, today: date, as_of: date | None, number: int
    ) -> None:
        self.notes, self.node, self.knowledge = notes, node, knowledge
        self.found = notes.table(node, "household", optional=_KEYS)
        self.day = as_of or self._day() or today
        self.number = number
        self.facts: dict[tuple[str, str], Given] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.numbers: dict[tuple[str, str], Place] = {}

    def read(self) -> Household:
        notes, found = self.notes, self.found
        if isinstance(self.node, Table) and "household" not in found and "members" not in found:
            notes.add("not-a-household", self.node.place)
        before = len(notes.problems)
        self.evidence = self._evidence(found.get("evidence")) or self._default_evidence()
        applicant = notes.one_of(found.get("applicant"), "applicant", APPLICANTS, "family") or "family"
        listed = notes.one_of(found.get("members_listed"), "members_listed", ("all", "some"), "all") or "all"
        self._read_facts(HOUSEHOLD, found.get("household"))
        members = self._members(found.get("members"))
        self._papers(HOUSEHOLD, found.get("papers"))
        received = self._received(found.get("active_services"), members)
        self._refuse_given_and_computed(members)
        self._doubt_numbers()
        id_ = notes.word(found.get("id"), "id")
        warnings = tuple(problem for problem in notes.problems[before:] if problem.is_warning)
        return Household(
            id=id_.text if id_ and id_.text else f"keluarga-{self.number + 1}",
            applicant=applicant,
            as_of=self.day,
            members=members,
            facts=self.facts,
            members_listed=listed,
            received=received,
            warnings=warnings,
            expect=found.get("expect"),
            place=self.node.place,
        )

    def _day(self) -> date | None:
        word = self.notes.word(self.found.get("as_of"), "as_of")
        return self.notes.attempt(values.day, word) if word else None

    def _default_evidence(self) -> Given:
        default = self.knowledge.evidence[self.knowledge.default_evidence]
        return Given(True, default.certainty, default.name)

    def _evidence(self, node: Node | None) -> Given | None:
        """Read evidence: a known id, or a bare certainty from 0 to 1."""
        word = self.notes.word(node, "evidence")
        if word is None or word.is_null:
            return None
        known = self.knowledge.evidence.get(word.text)
        if known:
            return Given(True, known.certainty, known.name)
        try:
            certainty = float(values.number(word))
        except values.BadValue:
            guess = closest(word.text, self.knowledge.evidence)
            self.notes.add("unknown-evidence", word.place, value=word.text, did_you_mean=guess)
            return None
        if not 0 <= certainty <= 1:
            self.notes.add("certainty-out-of-range", word.place, value=word.text, low="0", high="1")
            return None
        return Given(True, certainty, None)

    def _members(self, node: Node | None) -> tuple[str, ...]:
        notes = self.notes
        items = notes.items(node, "members")
        if len(items) > MEMBER_LIMIT:
            notes.add("too-many-members", node.place, count=len(items), limit=MEMBER_LIMIT)
            return ()
        members: dict[str, Place] = {}
        for seat, item in enumerate(items, 1):
            if not isinstance(item, Table):
                notes.add("table-expected", item.place, what="members")
                continue
            word = notes.word(item.get("id"), "id")
            id_ = word.text if word and not word.is_null else f"anggota-{seat}"
            place = word.place if word else item.place
            if id_ == HOUSEHOLD or len(id_) > 60 or any(mark in id_ for mark in ":\n"):
                notes.add("bad-member-id", place, name=id_[:60])
            elif id_ in members:
                notes.add("repeated-member", place, members[id_], name=id_)
            else:
                members[id_] = place
                self._read_facts(id_, item)
                self._papers(id_, item.get("papers"))
        return tuple(members)

    def _read_facts(self, of: str, node: Node | None) -> None:
        for name, body in self.notes.pairs(node, of):
            if of != HOUSEHOLD and name.text in ("id", "papers", "remove"):
                continue
            fact = self.knowledge.facts.get(name.text)
            if fact is None:
                guess = closest(name.text, self.knowledge.facts)
                self.notes.add("unknown-fact-given", name.place, name=name.text, did_you_mean=guess)
            elif (fact.of == HOUSEHOLD) != (of == HOUSEHOLD):
                code = "fact-of-household" if fact.of == HOUSEHOLD else "fact-of-member"
                self.notes.add(code, name.place, name=name.text)
            elif (given := self._given(fact, body)) is not None:
                self.facts[of, name.text] = given
                self.places[of, name.text] = name.place
                if fact.format:
                    told = body.get("value") if isinstance(body, Table) else body
                    self.numbers[of, name.text] = told.place

    def _given(self, fact: Fact, node: Node) -> Given | None:
        evidence = self.evidence
        if isinstance(node, Table):
            found = self.notes.table(node, fact.name, ("value",), ("evidence",))
            evidence = self._evidence(found.get("evidence")) or self.evidence
            node = found.get("value", Word("", node.place))
        if isinstance(node, Word) and node.is_null:
            return None
        value = self.notes.attempt(values.value_of, fact, node, self.knowledge.regions, self.day)
        return None if value is None else Given(value, evidence.certainty, evidence.evidence)

    def _papers(self, of: str, node: Node | None) -> None:
        for name, body in self.notes.pairs(node, "papers"):
            if name.text not in self.knowledge.papers:
                guess = closest(name.text, self.knowledge.papers)
                self.notes.add("unknown-document", name.place, value=name.text, did_you_mean=guess)
                continue
            shell = Fact(name.text, PERSON, "boolean", self.knowledge.papers[name.text].label, name.place)
            if (given := self._given(shell, body)) is not None:
                self.facts[of, INPUT_KEYS[PAPER] + name.text] = given

    def _received(self, node: Node | None, members: tuple[str, ...]) -> Given | None:
        """Read `active_services`: absent is unknown, a list (an empty one too) says surely what is and is not received."""
        if node is None or (isinstance(node, Word) and node.is_null):
            return None
        for item in self.notes.items(node, "active_services"):
            entry = (
                self.notes.table(item, "active_services", ("service",), ("subject",))
                if isinstance(item, Table)
                else {"service": item}
            )
            service, subject = (self.notes.word(entry.get(key), key) for key in ("service", "subject"))
            if service is None:
                continue
            if service.text not in self.knowledge.services:
                guess = closest(service.text, self.knowledge.services)
                self.notes.add("unknown-service", service.place, value=service.text, did_you_mean=guess)
            elif (of := self._receiver(service, subject, members)) is not None:
                held = Given(True, self.evidence.certainty, self.evidence.evidence)
                self.facts[of, INPUT_KEYS[RECEIVED] + service.text] = held
        return self.evidence

    def _receiver(self, service: Word, subject: Word | None, members: tuple[str, ...]) -> str | None:
        if subject is not None and subject.text not in (HOUSEHOLD, *members):
            self.notes.add(
                "unknown-member", subject.place, value=subject.text, did_you_mean=closest(subject.text, members)
            )
            return None
        if self.knowledge.services[service.text].for_ == HOUSEHOLD:
            return HOUSEHOLD
        if subject is not None and subject.text != HOUSEHOLD:
            return subject.text
        if len(members) == 1:
            return members[0]
        self.notes.add("service-needs-subject", service.place, name=service.text)
        return None

    def _doubt_numbers(self) -> None:
        """Note what a NIK or KK number says otherwise than the household, and a NIK that two members have."""
        k = self.knowledge
        first: dict[str, str] = {}
        for (of, name), place in self.numbers.items():
            number, kind = self.facts[of, name].value, k.facts[name].format
            who = WHOM[HOUSEHOLD] if of == HOUSEHOLD else of
            birth, sex = (self.facts.get((of, known)) for known in (BIRTH, SEX))
            woman = None if sex is None else sex.value == WOMAN
            home = {region.within.text for region in k.regions.values() if region.within}
            for code, details in doubts(number, kind, self.day, birth and birth.value, woman, home):
                self.notes.add(code, place, who=who, home=_names_of(home, k), **details)
            if kind == NIK and (other := first.setdefault(number, of)) != of:
                also = self.numbers[other, name]
                self.notes.add("nik-repeated", place, also, who=who, other=other, number=masked(number))

    def _refuse_given_and_computed(self, members: Iterable[str]) -> None:
        """Refuse a computed fact that is given beside what it can be worked out from (design 3.1)."""
        told = [key for key in self.places if self.knowledge.facts[key[1]].computed]
        if not told:
            return
        amounts = Amounts.on(self.knowledge, self.day)
        scope = _GivenScope(self, HOUSEHOLD, amounts, tuple(members), {})
        # In their order, so that each finds worked out already what it reads.
        for name in _computed_in_order(self.knowledge):
            for one in scope.members() if self.knowledge.facts[name].of == PERSON else (scope,):
                one.known(name)
        for of, name in told:
            if scope.about(of).worked_out(name) is not None:
                self.notes.add("given-and-computed", self.places[of, name], name=name)


def _names_of(regions: Iterable[str], knowledge: Knowledge) -> str:
    return ", ".join(knowledge.regions[code].label for code in sorted(regions))


@lru_cache(maxsize=4)
def _computed_in_order(knowledge: Knowledge) -> tuple[str, ...]:
    """Give the computed facts, each behind those it reads."""
    level = strata(reads_of_everything(Vocabulary(knowledge)))
    return tuple(sorted((name for name, fact in knowledge.facts.items() if fact.computed), key=level.__getitem__))


class _GivenScope:
    """What a formula can be worked out from when only given facts count; a `formulas.Scope`."""

    def __init__(
        self,
        reader: _Reader,
        of: str,
        amounts: Amounts,
        members: tuple[str, ...],
        found: dict[tuple[str, str], Known],
    ) -> None:
        self.reader, self.of, self.amounts, self.all_members, self.found = reader, of, amounts, members, found
        self.day = reader.day

    @property
    def some_unlisted(self) -> bool:
        listed = self.reader.found.get("members_listed")
        return isinstance(listed, Word) and listed.text == "some"

    def about(self, of: str) -> "_GivenScope":
        """Give the scope of another subject."""
        return self if of == self.of else _GivenScope(self.reader, of, self.amounts, self.all_members, self.found)

    def worked_out(self, name: str) -> Any:
        """Give what a computed fact's formula gives, whether it is told or not; None when unknown."""
        return evaluate(self.reader.knowledge.facts[name].computed.tree, self)[0]

    def known(self, name: str) -> Known:
        fact = self.reader.knowledge.facts.get(name)
        if fact is None:
            return UNKNOWN if name in self.reader.knowledge.conclusions else self.amounts.value(name, self)
        scope = self.about(self.of if fact.of == PERSON else HOUSEHOLD)
        given = self.reader.facts.get((scope.of, name))
        if given is not None:
            return (given.value, given.certainty) if given.certainty else UNKNOWN
        if fact.computed is None:
            return UNKNOWN
        if (scope.of, name) not in self.found:
            self.found[scope.of, name] = evaluate(fact.computed.tree, scope)
        return self.found[scope.of, name]

    def members(self) -> list["_GivenScope"]:
        return [self.about(member) for member in self.all_members]

    def table(self, parameter: str, keys: list[Known]) -> Known:
        return self.amounts.table(parameter, keys)

    def brackets(self, parameter: str) -> tuple[tuple[float, float], ...] | None:
        amount = self.amounts.in_force.get(parameter)
        return amount.brackets if amount else None
