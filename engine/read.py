"""Read YAML and JSON into plain data in which every word knows its file, line and column.

This room knows spelling and places only: what the words mean is decided by `parse`. Every scalar stays
text, so `no`, `on`, `1.10` and a number with a leading zero cannot surprise anybody; both of two equal
keys stay visible, so that `parse` can refuse them.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engine.problems import Problem

KNOWLEDGE_FILE_LIMIT = 4 * 1024 * 1024
HOUSEHOLD_FILE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 40
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
    """
    try:
        refused = list(_refused(text, file))
        node = None if refused else yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        return Document(file, text, None, (_unreadable(error, file),))
    if refused:
        return Document(file, text, None, tuple(refused))
    if node is None:
        return Document(file, text, None, (Problem("empty-file", Place(file)),))
    return Document(file, text, _convert(node, file), ())


def read_file(path: Path, name: str | None = None, limit: int = HOUSEHOLD_FILE_LIMIT) -> Document:
    """Read one file; trouble with the file itself is a problem of the document too.

    Args:
        path: The file.
        name: The name to show for it (default: the path as given).
        limit: The largest size in bytes; a larger file is not read at all.
    """
    name = name or str(path)
    try:
        size = path.stat().st_size
        if size > limit:
            return _unusable(name, "file-too-large", size=size // 1024, limit=limit // 1024)
        raw = path.read_bytes()
    except OSError as error:
        return _unusable(name, "no-such-file", reason=error.strerror or str(error))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unusable(name, "not-text", line=raw.count(b"\n", 0, error.start) + 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return read_text(_yaml_of_json(text) if path.suffix == ".json" else text, name)


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


def from_plain(data: Any, path: str = "") -> Node:
    """Turn plain Python data (a form, a request) into nodes whose places are paths such as `members.0.age`."""
    place = Place("", path=path)
    if isinstance(data, dict):
        pairs = ((Word(str(key), place, True), from_plain(value, _join(path, key))) for key, value in data.items())
        return Table(tuple(pairs), place)
    if isinstance(data, list | tuple):
        return Listing(tuple(from_plain(item, _join(path, index)) for index, item in enumerate(data)), place)
    if data is None:
        return Word("", place, True)
    if isinstance(data, bool):
        return Word("yes" if data else "no", place, True)
    return Word(str(data), place, not isinstance(data, str))


def _join(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _convert(node: yaml.Node, file: str) -> Node:
    start, end = node.start_mark, node.end_mark
    width = end.column - start.column if end.line == start.line else 1
    place = Place(file, start.line + 1, start.column + 1, max(1, width))
    if isinstance(node, yaml.ScalarNode):
        return Word(node.value, place, not node.style)
    if isinstance(node, yaml.SequenceNode):
        return Listing(tuple(_convert(item, file) for item in node.value), place)
    return Table(tuple((_key(key, file), _convert(value, file)) for key, value in node.value), place)


def _key(node: yaml.Node, file: str) -> Word:
    word = _convert(node, file)
    return word if isinstance(word, Word) else Word("?", word.place)


def _refused(text: str, file: str) -> Iterator[Problem]:
    """Find what this language does not allow: aliases, anchors, merge keys, tags, too deep nesting, two documents."""
    if (bad := _forbidden_character(text)) is not None:
        line = text.count("\n", 0, bad) + 1
        yield Problem("not-text", Place(file, line, bad - text.rfind("\n", 0, bad)), {"line": line})
        return
    if not _SUSPICIOUS.search(text) and text.count("[") + text.count("{") < DEPTH_LIMIT:
        return
    depth, documents = 0, 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        mark = event.start_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                yield Problem("second-document", place)
                return
        if isinstance(event, yaml.AliasEvent):
            yield Problem("alias", place, {"name": "*" + event.anchor})
        elif getattr(event, "anchor", None):
            yield Problem("alias", place, {"name": "&" + event.anchor})
        elif isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
            yield Problem("alias", place, {"name": "<<"})
        if getattr(event, "tag", None):
            yield Problem("tag", place, {"tag": event.tag})
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            yield Problem("too-deep", place, {"limit": DEPTH_LIMIT})
            return


_SUSPICIOUS = re.compile(r"[&*!]|<<|^---|^ {80}", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _forbidden_character(text: str) -> int | None:
    found = _CONTROL.search(text)
    return found.start() if found else None


def _unreadable(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    return Problem("unreadable-yaml", place, {"reason": getattr(error, "problem", None) or str(error)})


def _unusable(file: str, code: str, **details: Any) -> Document:
    return Document(file, "", None, (Problem(code, Place(file, details.get("line", 1)), details),))


def _yaml_of_json(text: str) -> str:
    """Rewrite what JSON allows and YAML 1.1 does not; lines stay, so places stay true."""
    try:
        json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text
    pair = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
    joined = pair.sub(lambda found: f"\\U{_code_point(*found.groups()):08X}", text)
    return joined.replace("\\/", "/").replace("\t", " ")


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
