"""Which name rests on which: the order in which things can be worked out, and circles in it.

Computed facts, conditional facts (`only_if`) and conclusions share one order (design 4, fine print), so a
circle is refused whatever the dates of its rules.
"""

from collections.abc import Mapping

from engine.knowledge.model import Concludes
from engine.knowledge.vocabulary import KNOWN, PREMISE, Vocabulary


def reads_of_everything(vocabulary: Vocabulary) -> dict[str, set[str]]:
    """Give, for every name that is worked out, the names it is worked out from."""
    knowledge = vocabulary.knowledge
    graph: dict[str, set[str]] = {name: set() for name in knowledge.conclusions}
    for fact in knowledge.facts.values():
        for formula in (fact.computed, fact.only_if):
            if formula:
                graph.setdefault(fact.name, set()).update(read.name for read in vocabulary.reads_of_formula(formula))
    for rule in knowledge.rules.values():
        if isinstance(rule.effect, Concludes):
            reads = vocabulary.reads_of_rule(rule, PREMISE)
            graph.setdefault(rule.effect.conclusion.text, set()).update(
                read.name for read in reads if read.what == KNOWN
            )
    return graph


def strata(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """Number the names so that each stands above all it rests on; inputs are not listed and count as 0.

    Raises:
        ValueError: when the graph has a circle (`check` refuses those before).
    """
    level: dict[str, int] = {}
    waiting = {name: {read for read in reads if read in graph} for name, reads in graph.items()}
    while waiting:
        ready = [name for name, reads in waiting.items() if not reads - level.keys()]
        if not ready:
            raise ValueError("a circle of rules")
        for name in ready:
            level[name] = 1 + max((level[read] for read in waiting[name]), default=0)
        for name in ready:
            del waiting[name]
    return level


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Find circles, one for each group of names that rest on each other, each as a path back to its beginning."""
    found, done = [], set()
    for start in sorted(graph):
        if start in done:
            continue
        path = _path_back(graph, start)
        if path:
            found.append(path)
            done.update(path)
    return found


def _path_back(graph: Mapping[str, set[str]], start: str) -> list[str] | None:
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        name = front.pop(0)
        for read in sorted(graph.get(name, ())):
            if read == start:
                path = [name]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return [*reversed(path), start]
            if read not in came_from and read in graph:
                came_from[read] = name
                front.append(read)
    return None


def closure(graph: Mapping[str, set[str]], start: set[str]) -> set[str]:
    """Give everything that can be reached from some names, themselves included."""
    seen, front = set(start), list(start)
    while front:
        for read in graph.get(front.pop(), ()):
            if read not in seen:
                seen.add(read)
                front.append(read)
    return seen
