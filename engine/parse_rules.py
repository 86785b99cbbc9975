"""Read rules: their blocks of conditions, their one effect, their dates and sources."""

import re
from typing import TYPE_CHECKING

from engine import values
from engine.model import Block, Concludes, Condition, Follows, Grades, Operand, Requires, Rule, Text
from engine.parse_facts import date_of, fraction
from engine.phrases import parse_phrase
from engine.problems import Problem, closest
from engine.read import Node, Table, Word
from engine.shapes import Notes

if TYPE_CHECKING:
    from engine.parse import Shelves

EFFECTS = ("then", "decides", "requires", "follow")
_PLAIN_BLOCKS = {
    "concerns all": ("concerns", "all"),
    "when all": ("when", "all"),
    "when any": ("when", "any"),
    "unless any": ("unless", "any"),
    "unneeded any": ("unneeded", "any"),
    "provided all": ("provided", "all"),
}
_AT_LEAST = re.compile(r"when at least (\S+) of")
_KEYS = (
    *("id", "title", "about", "source", "from", "until", "because", "unverifiable", *EFFECTS),
    *("certainty", "otherwise", "basis", "count of", "grades", "for", "before", *_PLAIN_BLOCKS),
)
_FITTING = {
    "then": ("certainty", "otherwise", "basis", "count of", "grades"),
    "decides": (),
    "requires": ("for", "before"),
    "follow": ("for",),
}


def read_rules(notes: Notes, found: dict[str, Node], shelves: "Shelves") -> None:
    """Read `program:` or `topic:` and `rules:` of one file (design 3.2)."""
    program, topic = notes.word(found.get("program"), "program"), notes.plain(found.get("topic"), "topic")
    if (program is None) == (topic is None):
        notes.add("program-or-topic", found["rules"].place)
    for item in notes.items(found["rules"], "rules"):
        if isinstance(item, Table) and (rule := _rule(notes, item, program, topic)):
            shelves.put("rules", rule.id, rule, rule.place)
        elif not isinstance(item, Table):
            notes.add("table-expected", item.place, what="rules")


def _rule(notes: Notes, node: Table, program: Word | None, topic: str | None) -> Rule | None:
    found = _keys_of(notes, node)
    id_ = notes.word(found.get("id"), "id")
    if id_ is None or not id_.text:
        notes.add("missing-key", node.place, key="id", what="rule")
        return None
    title = notes.text(found.get("title"), "title") if "title" in found else None
    for key in ("title", "source"):
        if key not in found:
            code = "missing-source" if key == "source" else "missing-key"
            notes.add(code, id_.place, key=key, what=id_.text, name=id_.text)
    effects = [effect for effect in EFFECTS if effect in found]
    if len(effects) != 1:
        notes.add("one-effect", id_.place, name=id_.text, found=", ".join(effects) or "-")
        return None
    _check_fit(notes, found, effects[0])
    effect = _effect(notes, found, effects[0], node)
    start, end = date_of(notes, found.get("from")), date_of(notes, found.get("until"))
    if start and end and start > end:
        notes.add("from-after-until", found["until"].place, found["from"].place)
    if effect is None:
        return None
    return Rule(
        id=id_.text,
        title=title or Text(id_.text),
        about=notes.one_of(found.get("about"), "about", ("household", "person"), "household") or "household",
        blocks=_blocks(notes, found),
        effect=effect,
        place=id_.place,
        source=notes.word(found.get("source"), "source"),
        grades=_grades(notes, found, id_),
        from_=start,
        until=end,
        because=notes.text(found.get("because"), "because"),
        unverifiable=notes.texts(found.get("unverifiable"), "unverifiable"),
        program=program,
        topic=topic,
    )


def _keys_of(notes: Notes, node: Table) -> dict[str, Node]:
    """Give the rule's keys, blocks `when at least N of` included; a block may stand once."""
    found: dict[str, Node] = {}
    for key, value in notes.pairs(node, "rule"):
        if key.text not in _KEYS and not _AT_LEAST.fullmatch(key.text):
            known = (*_KEYS, "when at least N of")
            guess = closest(key.text, known)
            notes.add("unknown-key", key.place, key=key.text, what="rule", known=", ".join(known), did_you_mean=guess)
        else:
            found[key.text] = value
    several = [key for key, _ in node.pairs if _AT_LEAST.fullmatch(key.text)]
    for extra in several[1:]:
        notes.add("repeated-key", extra.place, several[0].place, key="when at least N of")
    return found


def _check_fit(notes: Notes, found: dict[str, Node], effect: str) -> None:
    """Note keys that do not go with the rule's effect."""
    for key in found:
        allowed = key in _FITTING[effect] or key not in {name for names in _FITTING.values() for name in names}
        if key in ("concerns all", "unneeded any", "provided all"):
            allowed = effect == "decides"
        if not allowed:
            notes.add("wrong-block", found[key].place, key=key, effect=effect)
    if ("count of" in found) != ("grades" in found):
        key = "count of" if "count of" in found else "grades"
        notes.add("count-needs-grades", found[key].place)
    if "grades" in found:
        for key in ("certainty", "otherwise"):
            if key in found:
                notes.add("wrong-block", found[key].place, key=key, effect="grades")


def _effect(notes: Notes, found: dict[str, Node], effect: str, node: Table) -> Concludes | Requires | Follows | None:
    if effect in ("then", "decides"):
        conclusion = notes.word(found[effect], effect)
        if conclusion is None:
            return None
        certainty = fraction(notes, found.get("certainty"), -1.0, 1.0)
        otherwise = fraction(notes, found.get("otherwise"), -1.0, 0.0)
        basis = notes.plain(found.get("basis"), "basis")
        return Concludes(
            conclusion,
            effect == "decides",
            1.0 if certainty is None else certainty,
            0.0 if otherwise is None else otherwise,
            basis,
        )
    service = notes.word(found.get("for"), "for")
    if service is None:
        notes.add("missing-key", node.place, key="for", what=effect)
        return None
    listed = notes.words(found[effect], effect)
    if not listed:
        notes.add("empty-block", found[effect].place, key=effect)
    if effect == "follow":
        return Follows(service, listed)
    before = notes.one_of(found.get("before"), "before", ("proposal", "payment", "later"), "proposal") or "proposal"
    return Requires(service, listed, before)


def _blocks(notes: Notes, found: dict[str, Node]) -> tuple[Block, ...]:
    blocks = []
    for label, node in found.items():
        if label in _PLAIN_BLOCKS:
            kind, joins = _PLAIN_BLOCKS[label]
            blocks.append(Block(label, kind, joins, _lines(notes, node, label), node.place))
        elif counted := _AT_LEAST.fullmatch(label):
            lines = _lines(notes, node, label)
            number = counted[1]
            if number.lstrip("-").isdigit() and not 1 <= int(number) <= len(lines):
                notes.add("bad-count", node.place, value=number, lines=len(lines))
            blocks.append(Block(label, "when", "at least", lines, node.place, Operand(Word(number, node.place))))
    return tuple(blocks)


def _lines(notes: Notes, node: Node, label: str) -> tuple[Condition, ...]:
    lines = []
    for item in notes.items(node, label):
        for name, phrase in notes.pairs(item, label):
            if condition := _condition(notes, name, phrase):
                lines.append(condition)
        if isinstance(item, Table) and len(item.pairs) > 1:
            notes.add("one-condition-a-line", item.pairs[1][0].place, key=item.pairs[1][0].text)
    if not notes.items(node, label):
        notes.add("empty-block", node.place, key=label)
    return tuple(lines)


def _condition(notes: Notes, name: Word, node: Node) -> Condition | None:
    word = notes.word(node, name.text)
    if word is None:
        return None
    phrase = parse_phrase(word)
    if isinstance(phrase, Problem):
        notes.problems.append(phrase)
        return None
    return Condition(name, phrase, word)


def _grades(notes: Notes, found: dict[str, Node], id_: Word) -> Grades | None:
    if "count of" not in found or "grades" not in found:
        return None
    lines = _lines(notes, found["count of"], "count of")
    steps = []
    for key, value in notes.pairs(found["grades"], "grades"):
        hits = notes.attempt(values.whole, key)
        grade = fraction(notes, value, -1.0, 1.0)
        if hits is None or grade is None:
            continue
        if steps and (hits <= steps[-1][0] or grade <= steps[-1][1]):
            notes.add("grades-not-rising", key.place, hits=hits, grade=f"{grade:g}")
        if hits < 0 or hits > len(lines) or (hits > 0 and grade <= 0):
            notes.add("bad-grade", key.place, hits=hits, grade=f"{grade:g}", lines=len(lines))
        steps.append((hits, grade))
    return Grades(lines, tuple(steps), id_.place)
