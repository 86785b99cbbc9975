"""Read what the office offers: programs, services and benefits, documents, steps, conclusions, sources."""

from typing import TYPE_CHECKING, Any

from engine.knowledge.durations import duration_of
from engine.knowledge.model import (
    MONEY_PERIODS,
    Activity,
    Benefit,
    Component,
    Conclusion,
    Exclusivity,
    Operand,
    Paper,
    Program,
    Service,
    Source,
    Step,
    Text,
)
from engine.knowledge.parse_values import formula, place_of, truth_of
from engine.knowledge.read import Node, Table, Word
from engine.knowledge.shapes import Notes

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

APPLICANTS = ("family", "group", "organisation", "finder", "disaster")
KINDS = ("cash", "goods", "service", "permit")
DECIDERS = ("dinsos", "kemensos", "provinsi", "bupati", "desa", "other")
ENTITIES = ("household", "person")
_SERVICE_KEYS = (
    *(
        "activity",
        "summary",
        "applicants",
        "offer",
        "refer_to",
        "decided_by",
        "duty",
        "urgent",
        "benefit",
        "exclusive",
        "not_with",
    ),
    *("may_combine", "priority", "quota", "apply_at", "time_limit", "valid_for", "confirmed"),
)
_PAPER_KEYS = ("issued_by", "how_to_get", "valid_for", "proves", "instead_of", "officer_only")


def read_programs(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `programs:` with their activities."""
    for name, body in notes.named(node, "programs"):
        found = notes.table(body, name.text, ("name",), ("unit", "code", "source", "activities"), name.place)
        label = notes.text(found.get("name"), "name") or Text(name.text)
        activities = {}
        for key, item in notes.named(found.get("activities"), "activities"):
            inner = notes.table(item, key.text, ("name",), ("code",), key.place)
            title = notes.text(inner.get("name"), "name") or Text(key.text)
            activities[key.text] = Activity(key.text, title, notes.plain(inner.get("code"), "code"))
        unit, code = notes.plain(found.get("unit"), "unit"), notes.plain(found.get("code"), "code")
        source = notes.word(found.get("source"), "source")
        shelves.put(
            "programs", name.text, Program(name.text, label, name.place, unit, code, source, activities), name.place
        )


def read_conclusions(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `conclusions:`, the ideas that rules conclude."""
    _conclusions(notes, node, shelves, category=False)


def read_categories(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `categories:`, the conclusions that are PPKS categories."""
    _conclusions(notes, node, shelves, category=True)


def _conclusions(notes: Notes, node: Node, shelves: "Shelves", category: bool) -> None:
    for name, body in notes.named(node, "conclusions"):
        found = notes.table(
            body, name.text, ("about", "name"), ("if_yes", "if_no", "officer_only", "source"), name.place
        )
        about = notes.one_of(found.get("about"), "about", ENTITIES)
        label = notes.text(found.get("name"), "name")
        conclusion = Conclusion(
            name=name.text,
            about=about or "",
            label=label or Text(name.text),
            place=name.place,
            if_yes=notes.text(found.get("if_yes"), "if_yes"),
            if_no=notes.text(found.get("if_no"), "if_no"),
            category=category,
            officer_only=truth_of(notes, found.get("officer_only"), False),
            source=notes.word(found.get("source"), "source"),
        )
        if about and label:
            shelves.put("conclusions", name.text, conclusion, name.place)


def read_services(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `services:` (design 3.3)."""
    for name, body in notes.named(node, "services"):
        found = notes.table(body, name.text, ("program", "name", "for"), _SERVICE_KEYS, name.place)
        service = _service(notes, name, found)
        if service.program.text and service.for_:
            shelves.put("services", name.text, service, name.place)


def _service(notes: Notes, name: Word, found: dict[str, Node]) -> Service:
    applicants = notes.items(found.get("applicants"), "applicants")
    offer = notes.one_of(found.get("offer"), "offer", ("here", "refer", "not_here"), "here")
    if offer == "refer" and "refer_to" not in found:
        notes.add("missing-key", name.place, key="refer_to", what=name.text)
    return Service(
        name=name.text,
        label=notes.text(found.get("name"), "name") or Text(name.text),
        program=notes.word(found.get("program"), "program") or Word("", name.place),
        activity=notes.word(found.get("activity"), "activity"),
        for_=notes.one_of(found.get("for"), "for", ENTITIES) or "",
        place=name.place,
        summary=notes.text(found.get("summary"), "summary"),
        applicants=tuple(one for item in applicants if (one := notes.one_of(item, "applicants", APPLICANTS)))
        or ("family",),
        offer=offer or "here",
        refer_to=notes.text(found.get("refer_to"), "refer_to"),
        decided_by=notes.one_of(found.get("decided_by"), "decided_by", DECIDERS),
        duty=truth_of(notes, found.get("duty"), False),
        urgent=truth_of(notes, found.get("urgent"), False),
        benefit=_benefit(notes, found["benefit"]) if "benefit" in found else None,
        exclusive=notes.words(found.get("exclusive"), "exclusive"),
        not_with=notes.words(found.get("not_with"), "not_with"),
        may_combine=notes.words(found.get("may_combine"), "may_combine"),
        priority=notes.word(found.get("priority"), "priority"),
        quota=notes.word(found.get("quota"), "quota"),
        apply_at=notes.text(found.get("apply_at"), "apply_at"),
        time_limit=_duration(notes, found.get("time_limit"), "time_limit"),
        valid_for=_validity(notes, found.get("valid_for")),
        confirmed=truth_of(notes, found.get("confirmed"), False),
        confirmed_at=place_of(found, "confirmed"),
    )


def _duration(notes: Notes, node: Node | None, what: str) -> str | None:
    word = notes.word(node, what)
    if word is None:
        return None
    if duration_of(word.text) is None:
        notes.add("bad-duration", word.place, value=word.text)
        return None
    return word.text


def _validity(notes: Notes, node: Node | None) -> str | Text | None:
    """Read how long something holds: a duration, or in words what ends it."""
    if not isinstance(node, Word):
        return notes.text(node, "valid_for")
    if duration_of(node.text) is None:
        notes.add("bad-validity", node.place, value=node.text)
        return None
    return node.text


def _benefit(notes: Notes, node: Node) -> Benefit | None:
    found = notes.table(node, "benefit", ("kind",), ("per", "amount", "components", "pay_at_most"))
    kind = notes.one_of(found.get("kind"), "kind", KINDS)
    if "amount" in found and "components" in found:
        notes.add("amount-or-components", found["components"].place, found["amount"].place)
    components = notes.named(found.get("components"), "components")
    benefit = Benefit(
        kind=kind or "",
        per=notes.one_of(found.get("per"), "per", tuple(MONEY_PERIODS), "once") or "once",
        place=node.place,
        amount=formula(notes, found.get("amount"), "amount"),
        components=tuple(one for name, body in components if (one := _component(notes, name, body))),
        pay_at_most=_operand(notes, found.get("pay_at_most")),
    )
    return benefit if kind else None


def _component(notes: Notes, name: Word, node: Node) -> Component | None:
    found = notes.table(node, name.text, ("member", "amount"), ("at_most", "not_with"), name.place)
    member = notes.word(found.get("member"), "member")
    amount = formula(notes, found.get("amount"), "amount")
    at_most, not_with = _operand(notes, found.get("at_most")), notes.words(found.get("not_with"), "not_with")
    return Component(name, member, amount, at_most, not_with) if member and amount else None


def _operand(notes: Notes, node: Node | None) -> Operand | None:
    word = notes.word(node, "number")
    return Operand(word) if word else None


def read_exclusivity(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `exclusivity:`, the groups of services of which only one is received."""
    for name, body in notes.named(node, "exclusivity"):
        found = notes.table(body, name.text, ("name", "one_per"), ("source", "confirmed"), name.place)
        label = notes.text(found.get("name"), "name") or Text(name.text)
        one_per = notes.one_of(found.get("one_per"), "one_per", ENTITIES)
        source = notes.word(found.get("source"), "source")
        confirmed = truth_of(notes, found.get("confirmed"), False)
        if one_per:
            at = place_of(found, "confirmed")
            group = Exclusivity(name.text, label, one_per, name.place, source, confirmed, at)
            shelves.put("exclusivity", name.text, group, name.place)


def read_papers(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `documents:`, the papers people bring."""
    for name, body in notes.named(node, "documents"):
        found = notes.table(body, name.text, ("name",), _PAPER_KEYS, name.place)
        label = notes.text(found.get("name"), "name") or Text(name.text)
        paper = Paper(
            name=name.text,
            label=label,
            place=name.place,
            issued_by=notes.text(found.get("issued_by"), "issued_by"),
            how_to_get=notes.text(found.get("how_to_get"), "how_to_get"),
            valid_for=_validity(notes, found.get("valid_for")),
            proves=notes.words(found.get("proves"), "proves"),
            instead_of=notes.words(found.get("instead_of"), "instead_of"),
            officer_only=truth_of(notes, found.get("officer_only"), False),
        )
        shelves.put("documents", name.text, paper, name.place)


def read_steps(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `steps:`, the steps of procedures."""
    for name, body in notes.named(node, "steps"):
        found = notes.table(body, name.text, ("name",), ("actor", "where", "time", "officer_only"), name.place)
        label = notes.text(found.get("name"), "name") or Text(name.text)
        actor, where = notes.text(found.get("actor"), "actor"), notes.text(found.get("where"), "where")
        time = _duration(notes, found.get("time"), "time")
        hidden = truth_of(notes, found.get("officer_only"), False)
        shelves.put("steps", name.text, Step(name.text, label, name.place, actor, where, time, hidden), name.place)


def read_sources(notes: Notes, node: Node, shelves: "Shelves") -> None:
    """Read `sources:`; `seen` says whether anybody here has read it."""
    kinds, states = ("regulation", "sop", "interview", "decision", "news"), ("in_force", "repealed", "unknown")
    for name, body in notes.pairs(node, "sources"):
        found = notes.table(
            body, name.text, ("title", "kind", "status", "seen"), ("repealed_by", "address"), name.place
        )
        title = _title(notes, found.get("title")) or name.text
        kind = notes.one_of(found.get("kind"), "kind", kinds)
        status = notes.one_of(found.get("status"), "status", states)
        seen = notes.one_of(found.get("seen"), "seen", ("yes", "reported", "known"))
        address = notes.plain(found.get("address"), "address")
        repealed_by = notes.word(found.get("repealed_by"), "repealed_by")
        if kind and status and seen:
            source = Source(name.text, title, kind, status, seen, name.place, address, repealed_by)
            shelves.put("sources", name.text, source, name.place)


def _title(notes: Notes, node: Any) -> str | None:
    """A title is a name, the same in every language; a text is taken too."""
    if isinstance(node, Table):
        text = notes.text(node, "title")
        return text.id if text else None
    return notes.plain(node, "title")
