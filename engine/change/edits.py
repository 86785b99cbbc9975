"""What was edited between two editions, and an edition in which only some of the edits are made.

`said` knows what one thing says; this room lays two editions side by side, thing by thing. Because knowledge is a
frozen value, "the old edition with just this edit" is one too: made in memory, checked, and asked like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from engine.change.said import named_in, said
from engine.knowledge.check import check
from engine.knowledge.model import Knowledge, Rule
from engine.knowledge.read import Place

# In the order in which a reader wants them; rules last, for they rest on all others.
SHELVES = (
    *("evidence", "facts", "parameters", "regions", "papers", "steps", "exclusivity", "programs", "conclusions"),
    *("services", "rules"),
)
_IN_FILE_ORDER = ("facts", "evidence", "programs")
DEFAULT = "default_evidence"


class Changed(NamedTuple):
    """One line of a thing, by its key in the file, before and after; None where it was not said."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Edit:
    """One thing that says something else in the new edition: `shelf` and `name` say which, `lines` what changed."""

    shelf: str
    name: str
    how: str
    lines: tuple[Changed, ...]
    place: Place | None
    names: frozenset[str]

    @property
    def key(self) -> tuple[str, str]:
        return self.shelf, self.name


def edits(old: Knowledge, new: Knowledge) -> tuple[Edit, ...]:
    """Give every edit that changes what the knowledge means; what only changes texts and comments is none."""
    found = []
    for shelf in SHELVES:
        before, after = getattr(old, shelf), getattr(new, shelf)
        for name in sorted({*before, *after}):
            if shelf == "conclusions" and (name in old.services or name in new.services):
                continue
            things = [_thing(k, shelf, name) for k in (old, new)]
            found += _edit(shelf, name, *things)
    if old.default_evidence != new.default_evidence:
        line = Changed(DEFAULT, old.default_evidence, new.default_evidence)
        found.append(Edit(DEFAULT, DEFAULT, "changed", (line,), new.default_evidence_place, frozenset()))
    return tuple(found)


def reworded(old: Knowledge, new: Knowledge) -> tuple[str, ...]:
    """List the files that differ, in whatever: the places where texts and comments may have changed."""
    files = {*old.texts, *new.texts}
    return tuple(sorted(file for file in files if _lines(old.texts.get(file)) != _lines(new.texts.get(file))))


def _lines(text: str | None) -> list[str] | None:
    return None if text is None else text.splitlines()


def _thing(knowledge: Knowledge, shelf: str, name: str) -> tuple[Any, ...] | None:
    """Give what stands under a name; a service together with the conclusion it is."""
    thing = getattr(knowledge, shelf).get(name)
    if thing is None:
        return None
    return (thing, knowledge.conclusions.get(name)) if shelf == "services" else (thing,)


def _edit(shelf: str, name: str, before: tuple | None, after: tuple | None) -> Iterable[Edit]:
    was, is_ = ({key: text for one in things or () for key, text in said(one).items()} for things in (before, after))
    lines = tuple(
        Changed(key, was.get(key), is_.get(key)) for key in dict.fromkeys((*was, *is_)) if was.get(key) != is_.get(key)
    )
    how = "added" if before is None else "removed" if after is None else "changed"
    if lines or how != "changed":
        things = [one for things in (before, after) for one in things or () if one is not None]
        names = frozenset().union(*map(named_in, things))
        yield Edit(shelf, name, how, lines, (after or before)[0].place, names)


def mixed(old: Knowledge, new: Knowledge, chosen: Iterable[tuple[str, str]]) -> Knowledge | None:
    """Make the old edition with only some edits of the new one, named by their keys.

    Returns:
        The edition; None when those edits alone make no sound knowledge, as `check` finds.
    """
    chosen = sorted(set(chosen))
    taken: dict[str, set[str]] = {}
    for shelf, name in chosen:
        taken.setdefault(shelf, set()).add(name)
    taken["conclusions"] = taken.get("conclusions", set()) | taken.get("services", set())
    shelves = {
        shelf: _mixed(shelf, getattr(old, shelf), getattr(new, shelf), taken.get(shelf, ())) for shelf in SHELVES
    }
    made = replace(
        old,
        **shelves,
        edition=f"{old.edition}+{chosen}",
        sources=dict(sorted({**new.sources, **old.sources}.items())),
        default_evidence=new.default_evidence if DEFAULT in taken else old.default_evidence,
        # What is still to be decided, where an office is, how letters are worded and what files a bank takes changes no
        # answer, and may name what the other edition alone has.
        decisions={},
        offices={},
        letters={},
        bank_layouts={},
    )
    return None if any(not problem.is_warning for problem in check(made)) else made


def _mixed(shelf: str, old: Mapping[str, Any], new: Mapping[str, Any], taken: Iterable[str]) -> dict[str, Any]:
    held = dict(old)
    for name in taken:
        if name in new:
            held[name] = new[name]
        else:
            held.pop(name, None)
    order = [name for name in dict.fromkeys((*new, *old)) if name in held]
    return {name: held[name] for name in (order if shelf in _IN_FILE_ORDER else sorted(held))}


def needing(all_edits: Iterable[Edit]) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Give, for each edit, the edits it cannot be made without, itself among them.

    What names something new needs the edit that adds it; what takes something away needs the edits of all that
    named it.
    """
    listed = list(all_edits)
    added = {one.name: one.key for one in listed if one.how == "added"}
    direct = {one.key: {added[name] for name in one.names if name in added} | {one.key} for one in listed}
    for one in listed:
        if one.how == "removed":
            direct[one.key] |= {other.key for other in listed if one.name in other.names and other.how != "added"}
    closed = {}
    for key in direct:
        seen, front = {key}, [key]
        while front:
            for other in direct[front.pop()] - seen:
                seen.add(other)
                front.append(other)
        closed[key] = frozenset(seen)
    return closed


def bearing(old: Knowledge, new: Knowledge, all_edits: Iterable[Edit], start: Iterable[str]) -> list[Edit]:
    """Give the edits that can bear on some names, the nearest first: what they rest on, however deep, in either edition.

    How sure evidence is, and which is meant when none is named, bears on everything.
    """
    far = _distances([_names_behind(old), _names_behind(new)], start)
    found = [
        (0 if one.shelf in ("evidence", DEFAULT) else far[_about(one)], one)
        for one in all_edits
        if one.shelf in ("evidence", DEFAULT) or _about(one) in far
    ]
    return [
        one
        for _, one in sorted(
            found,
            key=lambda pair: (pair[0], SHELVES.index(pair[1].shelf) if pair[1].shelf in SHELVES else -1, pair[1].name),
        )
    ]


def _about(edit: Edit) -> str:
    return f"rule {edit.name}" if edit.shelf == "rules" else edit.name


def _names_behind(knowledge: Knowledge) -> dict[str, set[str]]:
    """Give what each name rests on: what its own entry names, and the rules about it, each with what it names."""
    behind: dict[str, set[str]] = {}
    for shelf in SHELVES:
        for name, thing in getattr(knowledge, shelf).items():
            if isinstance(thing, Rule):
                target = thing.effect.service if hasattr(thing.effect, "service") else thing.effect.conclusion
                behind.setdefault(target.text, set()).add(f"rule {name}")
                behind.setdefault(f"rule {name}", set()).update(named_in(thing))
            else:
                behind.setdefault(name, set()).update(named_in(thing))
    return behind


def _distances(graphs: Iterable[Mapping[str, set[str]]], start: Iterable[str]) -> dict[str, int]:
    graphs = list(graphs)
    far = dict.fromkeys(start, 0)
    front = list(far)
    while front:
        name = front.pop(0)
        for graph in graphs:
            for other in sorted(graph.get(name, ())):
                if other not in far:
                    far[other] = far[name] + 1
                    front.append(other)
    return far
