"""Read rules: their blocks of conditions, their one effect, their dates and sources."""

import re
from typing import TYPE_CHECKING

from engine.knowledge import values
from engine.knowledge.model import Block, Concludes, Condition, Follows, Grades, Operand, Phrase, Requires, Rule, Text
from engine.knowledge.parse_values import days_of, fraction, source_of
from engine.knowledge.phrases import LISTS, parse_phrase
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Listing, Node, Table, Word
from engine.knowledge.shapes import Notes, is_null
from engine.knowledge.values import shortened

if TYPE_CHECKING:
    from engine.knowledge.parse import Shelves

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
_OFFER = ("concerns all", "unneeded any", "provided all")
_FITTING = {
    "then": ("certainty", "otherwise", "basis", "count of", "grades"),
    "decides": _OFFER,
    "requires": ("for", "before"),
    "follow": ("for",),
}
_A_RULE = {"id": "sebuah aturan", "en": "a rule"}
Effect = Concludes | Requires | Follows


def read_rules(notes: Notes, found: dict[str, Node], whole: Node, shelves: "Shelves") -> None:
    """Read `program:` or `topic:` and `rules:` of one file (design 3.2)."""
    program, topic = notes.word(found.get("program"), "program"), notes.plain(found.get("topic"), "topic")
    if program is None and topic is None:
        notes.add("program-or-topic", whole.place._replace(width=1))
    elif program is not None and topic is not None:
        notes.add("program-or-topic", found["topic"].place, found["program"].place)
    for item in notes.items(found.get("rules"), "rules"):
        if isinstance(item, Table) and (rule := _rule(notes, item, program, topic)):
            shelves.put("rules", rule.id, rule, rule.place)
        elif not isinstance(item, Table):
            notes.add("table-expected", item.place, what="rules")


def _rule(notes: Notes, node: Table, program: Word | None, topic: str | None) -> Rule | None:
    found, keys = _keys_of(notes, node)
    id_ = _id(notes, found, node)
    title = notes.text(found.get("title"), "title")
    if "title" not in found:
        notes.add("missing-key", id_.place, key="title", what=id_.text or _A_RULE)
    source = source_of(notes, found, id_.place, id_.text or _A_RULE)
    start, end = days_of(notes, found)
    blocks = _blocks(notes, found, keys)
    grades = _grades(notes, found, id_)
    effect = _one_effect(notes, found, keys, id_)
    if effect is None or not id_.text:
        return None
    return Rule(
        id=id_.text,
        title=title or Text(id_.text),
        about=notes.one_of(found.get("about"), "about", ("household", "person"), "household") or "household",
        blocks=blocks,
        effect=effect,
        place=id_.place,
        source=source,
        grades=grades,
        from_=start,
        until=end,
        because=notes.text(found.get("because"), "because"),
        because_at=found["because"].place if "because" in found else None,
        unverifiable=notes.texts(found.get("unverifiable"), "unverifiable"),
        program=program,
        topic=topic,
    )


def _id(notes: Notes, found: dict[str, Node], node: Table) -> Word:
    """Read the rule's id; a rule without one is read to its end all the same, for its other mistakes."""
    if not is_null(found.get("id")) and (id_ := notes.word(found["id"], "id")) and id_.text:
        return id_
    place = node.place._replace(width=1)
    notes.add("missing-key", place, key="id", what=_A_RULE)
    return Word("", place)


def _keys_of(notes: Notes, node: Table) -> tuple[dict[str, Node], dict[str, Word]]:
    """Give the rule's keys, blocks `when at least N of` included, and their words; a block may stand once."""
    found: dict[str, Node] = {}
    keys: dict[str, Word] = {}
    for key, value in notes.pairs(node, _A_RULE):
        if key.text not in _KEYS and not _AT_LEAST.fullmatch(key.text):
            known = (*_KEYS, "when at least N of")
            guess = closest(key.text, known)
            notes.add("unknown-key", key.place, key=key.text, what=_A_RULE, known=", ".join(known), did_you_mean=guess)
        else:
            found[key.text], keys[key.text] = value, key
    several = [key for key in keys.values() if _AT_LEAST.fullmatch(key.text)]
    for extra in several[1:]:
        notes.add("repeated-key", extra.place, several[0].place, key="when at least N of")
    return found, keys


def _one_effect(notes: Notes, found: dict[str, Node], keys: dict[str, Word], id_: Word) -> Effect | None:
    effects = [effect for effect in EFFECTS if effect in found]
    if len(effects) != 1:
        place, also = (keys[effects[1]].place, keys[effects[0]].place) if effects else (id_.place, None)
        notes.add("one-effect", place, also, name=id_.text or _A_RULE, found=", ".join(effects) or "-")
        return None
    _check_fit(notes, keys, effects[0])
    if is_null(found[effects[0]]):
        notes.add("empty-block", keys[effects[0]].place, key=effects[0])
        return None
    return _effect(notes, found, effects[0], id_)


def _check_fit(notes: Notes, keys: dict[str, Word], effect: str) -> None:
    """Note keys that do not go with the rule's effect."""
    special = {name for names in _FITTING.values() for name in names}
    for key, word in keys.items():
        if key in special and key not in _FITTING[effect]:
            notes.add("wrong-block", word.place, keys[effect].place, key=key, effect=effect)
        elif key in ("certainty", "otherwise") and "grades" in keys:
            notes.add("wrong-block", word.place, keys["grades"].place, key=key, effect="grades")
    if ("count of" in keys) != ("grades" in keys):
        lone, missing = ("count of", "grades") if "count of" in keys else ("grades", "count of")
        notes.add("count-needs-grades", keys[lone].place, key=lone, missing=missing)


def _effect(notes: Notes, found: dict[str, Node], effect: str, id_: Word) -> Effect | None:
    if effect in ("then", "decides"):
        conclusion = notes.word(found[effect], effect)
        return _concludes(notes, found, conclusion, effect == "decides") if conclusion else None
    listed = notes.words(found[effect], effect)
    if isinstance(found[effect], Listing) and not found[effect].items:
        notes.add("empty-block", found[effect].place, key=effect)
    if is_null(found.get("for")):
        notes.add("missing-key", id_.place, key="for", what=id_.text or _A_RULE)
        return None
    service = notes.word(found["for"], "for")
    if service is None or effect == "follow":
        return service and Follows(service, listed)
    before = notes.one_of(found.get("before"), "before", ("proposal", "payment", "later"), "proposal") or "proposal"
    return Requires(service, listed, before)


def _concludes(notes: Notes, found: dict[str, Node], conclusion: Word, exactly: bool) -> Concludes:
    certainty = fraction(notes, found.get("certainty"), -1.0, 1.0)
    otherwise = fraction(notes, found.get("otherwise"), -1.0, 0.0)
    basis = notes.plain(found.get("basis"), "basis")
    return Concludes(
        conclusion, exactly, 1.0 if certainty is None else certainty, 0.0 if otherwise is None else otherwise, basis
    )


def _blocks(notes: Notes, found: dict[str, Node], keys: dict[str, Word]) -> tuple[Block, ...]:
    blocks = []
    for label, node in found.items():
        key = keys[label]
        if label in _PLAIN_BLOCKS:
            kind, joins = _PLAIN_BLOCKS[label]
            blocks.append(Block(label, kind, joins, _lines(notes, node, key)[0], key.place))
        elif counted := _AT_LEAST.fullmatch(label):
            lines, written = _lines(notes, node, key)
            number = Word(counted[1], key.part(counted.start(1), len(counted[1])))
            if number.text[0] in values.DIGITS:
                n = notes.attempt(values.whole, number)
                if n is not None and not 1 <= n <= written:
                    notes.add("bad-count", number.place, value=number.text, lines=written)
            blocks.append(Block(label, "when", "at least", lines, key.place, Operand(number)))
    return tuple(blocks)


def _lines(notes: Notes, node: Node, key: Word) -> tuple[tuple[Condition, ...], int]:
    """Read the lines of a block; also say how many are written, readable or not."""
    lines = []
    items = notes.items(node, key.text)
    for item in items:
        pairs = _rejoined(notes.pairs(item, key.text))
        lines += [condition for name, phrase in pairs if (condition := _condition(notes, name, phrase))]
        if len(pairs) > 1:
            notes.add("one-condition-a-line", pairs[1][0].place, key=pairs[1][0].text)
        elif not pairs and (is_null(item) or isinstance(item, Table)):
            notes.add("empty-block", item.place, key=key.text)
    if not items and not isinstance(node, Table):
        notes.add("empty-block", key.place, key=key.text)
    return tuple(lines), len(items)


def _rejoined(pairs: list[tuple[Word, Node]]) -> list[tuple[Word, Node]]:
    """Put together a list that braces cut at its commas: in `{floor: is one of soil, tile}`, `tile` is a key."""
    (name, first), *rest = pairs or [(None, None)]
    if not rest or not isinstance(first, Word) or any(node != Word("", node.place) for _, node in rest):
        return pairs
    last = rest[-1][0].place
    width = last.column + last.width - first.place.column if last.line == first.place.line else first.place.width
    whole = Word(", ".join([first.text, *(key.text for key, _ in rest)]), first.place._replace(width=width))
    phrase = parse_phrase(whole)
    return [(name, whole)] if isinstance(phrase, Phrase) and phrase.test in LISTS else pairs


def _condition(notes: Notes, name: Word, node: Node) -> Condition | None:
    if isinstance(node, Listing) and node.items and all(isinstance(item, Word) for item in node.items):
        listed = ", ".join(item.text for item in node.items)
        guess = shortened(f"is one of {listed}")
        notes.add("unreadable-phrase", node.place, phrase=shortened(f"[{listed}]"), did_you_mean=guess)
        return None
    word = notes.word(node, name.text)
    if word is None:
        return None
    phrase = parse_phrase(word)
    if isinstance(phrase, Problem):
        notes.problems.append(phrase)
        return None
    return Condition(name, phrase, word)


def _grades(notes: Notes, found: dict[str, Node], id_: Word) -> Grades | None:
    lines, written = (
        _lines(notes, found["count of"], Word("count of", found["count of"].place))
        if "count of" in found
        else ((), None)
    )
    steps: list[tuple[int, float]] = []
    last = None
    for key, value in notes.pairs(found.get("grades"), "grades"):
        hits = notes.attempt(values.whole, key)
        grade = fraction(notes, value, -1.0, 1.0)
        if hits is None or grade is None:
            continue
        if steps and (hits <= steps[-1][0] or grade <= steps[-1][1]):
            notes.add(
                "grades-not-rising",
                key.place,
                last,
                hits=hits,
                grade=f"{grade:g}",
                before=f"{steps[-1][0]}: {steps[-1][1]:g}",
            )
        elif hits < 0 or (hits > 0 and grade <= 0) or (written is not None and hits > written):
            notes.add("bad-grade", key.place, hits=hits, grade=f"{grade:g}", lines=written)
        steps.append((hits, grade))
        last = key.place
    if "grades" in found and (
        is_null(found["grades"]) or (isinstance(found["grades"], Table) and not found["grades"].pairs)
    ):
        notes.add("empty-block", found["grades"].place, key="grades")
    if "count of" not in found or "grades" not in found:
        return None
    return Grades(lines, tuple(steps), id_.place)
