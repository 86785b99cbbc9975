"""Read the shape of nodes: tables with known keys, texts in two languages, words, lists.

Every reader notes what is wrong and gives a usable stand-in or None, so that one run finds all mistakes.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from engine.knowledge.model import Text
from engine.knowledge.problems import Problem, closest
from engine.knowledge.read import Listing, Node, Place, Table, Word
from engine.knowledge.values import BadValue

T = TypeVar("T")
NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class Notes:
    """The problems found so far, and the readers that find them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, place: Place, also: Place | None = None, **details: Any) -> None:
        """Note one problem."""
        self.problems.append(Problem(code, place, details, also))

    def attempt(self, read: Callable[..., T], *args: Any) -> T | None:
        """Call a reader of values; note its problem and give None when it refuses."""
        try:
            return read(*args)
        except BadValue as bad:
            self.problems.append(bad.problem)
            return None

    def table(
        self,
        node: Node | None,
        what: Any,
        required: Iterable[str] = (),
        optional: Iterable[str] = (),
        at: Place | None = None,
    ) -> dict[str, Node]:
        """Read a table whose keys are known; keys that are missing (noted `at` its name), unknown or repeated are noted."""
        pairs = self.pairs(node, what)
        found = {key.text: value for key, value in reversed(pairs)}
        known = [*required, *optional]
        for key, _ in pairs:
            if key.text not in known:
                guess = closest(key.text, known)
                self.add("unknown-key", key.place, key=key.text, what=what, known=", ".join(known), did_you_mean=guess)
                found.pop(key.text, None)
        for key in required:
            if node is not None and (isinstance(node, Table) or is_null(node)) and is_null(found.get(key)):
                place = found.pop(key).place if key in found else at or node.place
                self.add("missing-key", place, key=key, what=what)
        return found

    def pairs(self, node: Node | None, what: Any) -> list[tuple[Word, Node]]:
        """Read a table with free keys; of equal keys the first stays and the others are noted."""
        if node is None or is_null(node):
            return []
        if not isinstance(node, Table):
            self.add("table-expected", node.place, what=what)
            return []
        seen: dict[str, Word] = {}
        kept = []
        for key, value in node.pairs:
            if key.text in seen:
                self.add("repeated-key", key.place, seen[key.text].place, key=key.text)
            else:
                seen[key.text] = key
                kept.append((key, value))
        return kept

    def named(self, node: Node | None, what: Any) -> list[tuple[Word, Node]]:
        """Read a table whose keys are names: small letters, digits and underscores."""
        pairs = self.pairs(node, what)
        for key, _ in pairs:
            if not key.text[:1].isalpha() or not set(key.text) <= NAME_LETTERS:
                self.add("bad-name", key.place, name=key.text, what=what)
        return pairs

    def items(self, node: Node | None, what: Any) -> list[Node]:
        """Read a list; a single word counts as a list of one."""
        if node is None or is_null(node):
            return []
        if isinstance(node, Word):
            return [node]
        if not isinstance(node, Listing):
            self.add("list-expected", node.place, what=what)
            return []
        return list(node.items)

    def words(self, node: Node | None, what: Any) -> tuple[Word, ...]:
        """Read a list of words."""
        return tuple(word for item in self.items(node, what) if (word := self.word(item, what)))

    def word(self, node: Node | None, what: Any) -> Word | None:
        """Read one word; a list or a table in its place is noted."""
        if node is None or isinstance(node, Word):
            return node
        self.add("word-expected", node.place, what=what)
        return None

    def plain(self, node: Node | None, what: Any) -> str | None:
        """Read one word as plain text."""
        word = self.word(node, what)
        return word.text if word else None

    def one_of(self, node: Node | None, what: Any, known: Iterable[str], default: str | None = None) -> str | None:
        """Read one word out of a few."""
        word = self.word(node, what)
        if word is None:
            return default
        if word.text not in known:
            guess = closest(word.text, known)
            self.add("not-one-of", word.place, value=word.text, what=what, known=", ".join(known), did_you_mean=guess)
            return default
        return word.text

    def text(self, node: Node | None, what: Any) -> Text | None:
        """Read a text for people, `{id: ..., en: ...}`; a missing English text is a warning."""
        if node is None:
            return None
        if not isinstance(node, Table):
            self.add("text-expected", node.place, what=what)
            return None
        found = {}
        for key, value in self.pairs(node, what):
            if key.text not in ("id", "en"):
                self.add("text-keys", key.place, key=key.text, what=what)
            elif (word := self.word(value, what)) is not None:
                found[key.text] = word.text
        if not found.get("id"):
            self.add("missing-key", node.place, key="id", what=what)
            return None
        if not found.get("en"):
            self.add("missing-english", node.place, what=what)
        return Text(found["id"], found.get("en"))

    def texts(self, node: Node | None, what: Any) -> tuple[Text, ...]:
        """Read a list of texts."""
        if isinstance(node, Table):
            node = Listing((node,), node.place)
        return tuple(text for item in self.items(node, what) if (text := self.text(item, what)))


def is_null(node: Node | None) -> bool:
    """Say whether nothing is written: no node, or an empty plain word."""
    return node is None or (isinstance(node, Word) and node.is_null)
