"""Read YAML and JSON into plain data in which every word knows its file, line and column.

This room knows spelling and places only: what the words mean is decided by `parse`. Every scalar stays
text, so `no`, `on`, `1.10` and a number with a leading zero cannot surprise anybody; both of two equal
keys stay visible, so that `parse` can refuse them.
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engine.knowledge.problems import Problem, yaml_reason

KNOWLEDGE_FILE_LIMIT = 4 * 1024 * 1024
HOUSEHOLD_FILE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 40
REPEAT_LIMIT = 10_000
NULL_WORDS = frozenset({"", "~", "null"})


class Place(NamedTuple):
    """Where a word stands: line and column count from 1; `path` names a value that came without a file."""

    file: str
    line: int = 1
    column: int = 1
    width: int = 1
    path: str = ""

    def inside(self, offset: int, width: int = 1) -> "Place":
        """Point at a part of this word, `offset` characters from its beginning."""
        return self._replace(column=self.column + offset, width=max(1, width))


class Word(NamedTuple):
    """A scalar: its text as written, and whether it was written without quotes."""

    text: str
    place: Place
    plain: bool = True

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in NULL_WORDS

    def part(self, offset: int, width: int = 1) -> Place:
        """Point at a part of the text; at the whole word where the file spells it in another way (folded, escaped)."""
        quote = 0 if self.plain else 1
        if self.place.width != len(self.text) + 2 * quote:
            return self.place
        return self.place.inside(offset + quote, width)


class Listing(NamedTuple):
    """A sequence of nodes."""

    items: tuple["Node", ...]
    place: Place


class Table(NamedTuple):
    """A mapping, its pairs in the order of the file, equal keys included."""

    pairs: tuple[tuple[Word, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """Give the value of the first pair with this key."""
        return next((value for word, value in self.pairs if word.text == key), None)


Node = Word | Listing | Table


class Document(NamedTuple):
    """One file as read: its node (None when it cannot be used) and the problems of its spelling."""

    file: str
    text: str
    node: Node | None
    problems: tuple[Problem, ...]


def read_text(text: str, file: str) -> Document:
    """Read one YAML or JSON text.

    Returns:
        A document; its `node` is None when the text is empty or cannot be read, and `problems` says why.
        Tags, anchors, aliases and merge keys are refused, and yet read on as YAML understands them, so that
        the other mistakes of the file are found in the same run.
    """
    if (bad := _CONTROL.search(text)) is not None:
        line, column = text.count("\n", 0, bad.start()) + 1, bad.start() - text.rfind("\n", 0, bad.start())
        return Document(file, text, None, (Problem("not-text", Place(file, line, column), {"line": line}),))
    composer = _Composer(text, file)
    try:
        node = composer.whole()
    except _Unusable as unusable:
        return Document(file, text, None, (*composer.problems, unusable.problem))
    except yaml.YAMLError as error:
        return Document(file, text, None, (*composer.problems, _unreadable(error, text, file)))
    problems = composer.problems if node else [Problem("empty-file", Place(file))]
    return Document(file, text, node, tuple(problems))


def read_file(path: Path, name: str | None = None, limit: int = HOUSEHOLD_FILE_LIMIT) -> Document:
    """Read one file; trouble with the file itself is a problem of the document too.

    Args:
        path: The file.
        name: The name to show for it (default: the path as given).
        limit: The largest size in bytes; a larger file is not read at all, a larger stream not to its end.
    """
    name = name or str(path)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = b"" if size > limit else file.read(limit + 1)
    except (OSError, ValueError) as error:
        return _unusable(name, "no-such-file", reason=_reason_of(error))
    if max(size, len(raw)) > limit:
        return _unusable(name, "file-too-large", size=max(size, len(raw)) // 1024, limit=limit // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unusable(name, "not-text", line=raw.count(b"\n", 0, error.start) + 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return read_text(_yaml_of_json(text) if path.suffix.lower() == ".json" else text, name)


def knowledge_files(folder: Path) -> list[Path]:
    """List the files of a knowledge folder in the order of their paths."""
    found = [folder / "facts_schema.yaml"]
    for room in ("rules", "knowledge_base"):
        for top, folders, files in os.walk(folder / room):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [Path(top, name) for name in files if name.endswith((".yaml", ".yml"))]
    return sorted((path for path in found if path.is_file()), key=lambda path: path.relative_to(folder).as_posix())


def edition_of(documents: Iterable[Document]) -> str:
    """Name an edition: SHA-256 over the paths and line-feed-normalised bytes of its files (design 4.9)."""
    digest = hashlib.sha256()
    for document in documents:
        body = document.text.encode()
        digest.update(f"{document.file}\0{len(body)}\0".encode())
        digest.update(body)
    return "sha256:" + digest.hexdigest()


def from_plain(data: Any, path: str = "", depth: int = 0) -> Node:
    """Turn plain Python data (a form, a request) into nodes whose places are paths such as `members.0.age`.

    What lies deeper than any household goes is left empty.
    """
    place = Place("", path=path)
    if depth > DEPTH_LIMIT:
        return Word("", place)
    if isinstance(data, dict):
        pairs = (
            (Word(str(key), Place("", path=_join(path, key))), from_plain(value, _join(path, key), depth + 1))
            for key, value in data.items()
        )
        return Table(tuple(pairs), place)
    if isinstance(data, list | tuple):
        items = (from_plain(item, _join(path, index), depth + 1) for index, item in enumerate(data))
        return Listing(tuple(items), place)
    if data is None:
        return Word("", place, True)
    if isinstance(data, bool):
        return Word("yes" if data else "no", place, True)
    return Word(str(data), place, not isinstance(data, str))


def _join(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


class _Unusable(Exception):
    """A text whose rest cannot be read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


class _Composer:
    """Builds the nodes of one text out of the events of the YAML reader, and notes what is not allowed here."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self.problems = file, []
        self._events = iter(yaml.parse(text, Loader=yaml.CBaseLoader))
        self._anchored: dict[str, tuple[Node, int]] = {}
        self._size = self._repeated = 0

    def whole(self) -> Node | None:
        """Give the node of the one document; None when there is nothing. Raises: _Unusable, yaml.YAMLError."""
        node = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise _Unusable(Problem("second-document", self._place(event)))
                node = self._node(next(self._events), 0)
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth >= DEPTH_LIMIT and not isinstance(event, yaml.ScalarEvent):
            raise _Unusable(Problem("too-deep", self._place(event), {"limit": DEPTH_LIMIT}))
        self._size += 1
        before = self._size
        self._refuse_marks(event)
        if isinstance(event, yaml.ScalarEvent):
            node: Node = Word(event.value, self._place(event), not event.style)
        elif isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth + 1))
            node = Listing(tuple(items), self._place(event, inner))
        else:
            node = self._table(event, depth)
        if event.anchor:
            self._anchored[event.anchor] = node, self._size - before + 1
        return node

    def _table(self, event: yaml.Event, depth: int) -> Table:
        pairs, merged = [], []
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            key = self._node(inner, depth + 1)
            key = key if isinstance(key, Word) else Word("?", key.place)
            node = self._node(next(self._events), depth + 1)
            if key.text == "<<" and key.plain:
                self.problems.append(Problem("alias", key.place, {"name": "<<"}))
                tables = node.items if isinstance(node, Listing) else (node,)
                merged += [pair for table in tables if isinstance(table, Table) for pair in table.pairs]
            else:
                pairs.append((key, node))
        own = {key.text for key, _ in pairs}
        pairs += [(key, node) for key, node in merged if key.text not in own]
        return Table(tuple(pairs), self._place(event, inner))

    def _alias(self, event: yaml.Event) -> Node:
        """Give what an alias stands for; nothing when it stands within itself, or the text would grow too large."""
        place = self._place(event)._replace(width=1 + len(event.anchor))
        self.problems.append(Problem("alias", place, {"name": "*" + event.anchor}))
        node, size = self._anchored.get(event.anchor, (Word("", place), 1))
        self._size += size
        self._repeated += size
        return node if self._repeated <= REPEAT_LIMIT else Word("", place)

    def _refuse_marks(self, event: yaml.Event) -> None:
        place = self._place(event)
        if event.anchor:
            name = "&" + event.anchor
            self.problems.append(Problem("alias", place._replace(width=len(name)), {"name": name}))
        if event.tag:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problems.append(Problem("tag", place._replace(width=len(shown)), {"tag": shown}))

    def _place(self, event: yaml.Event, last: yaml.Event | None = None) -> Place:
        start, end = event.start_mark, (last or event).end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.file, start.line + 1, start.column + 1, max(1, width))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _unreadable(error: yaml.YAMLError, text: str, file: str) -> Problem:
    here, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or str(error)
    written = text.rstrip()
    if here and here.index >= len(written):
        # The end of the text is shown behind the last word, not on an empty line below it.
        place = Place(file, written.count("\n") + 1, len(written) - written.rfind("\n"))
    else:
        place = Place(file, here.line + 1, here.column + 1) if here else Place(file)
    also = (
        Place(file, begun.line + 1, begun.column + 1)
        if begun and here and _INSIDE.search(error.context or "")
        else None
    )
    return Problem("unreadable-yaml", place, {"reason": yaml_reason(reason)}, also)


# Only of quotes and brackets the beginning helps; of a block it is the first line of the file.
_INSIDE = re.compile("quoted scalar|flow")


def _reason_of(error: Exception) -> Any:
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return known or getattr(error, "strerror", None) or str(error)


_REASONS = {
    errno.ENOENT: {"id": "berkas tidak ada", "en": "there is no such file"},
    errno.EISDIR: {"id": "ini folder, bukan berkas", "en": "this is a folder, not a file"},
    errno.EACCES: {"id": "tidak ada izin membaca", "en": "you may not read it"},
}


def _unusable(file: str, code: str, **details: Any) -> Document:
    return Document(file, "", None, (Problem(code, Place(file, details.get("line", 1)), details),))


def _yaml_of_json(text: str) -> str:
    """Rewrite what JSON allows and YAML 1.1 does not; lines stay, so places stay true."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _ESCAPE.sub(_yaml_escape, text).replace("\t", " ")


# Each escape is taken whole, so that the second backslash of a pair begins nothing.
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)")


def _yaml_escape(found: re.Match) -> str:
    if found[1]:
        return f"\\U{0x10000 + ((int(found[1], 16) - 0xD800) << 10) + (int(found[2], 16) - 0xDC00):08X}"
    return "/" if found[0] == "\\/" else found[0]
