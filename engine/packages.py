"""Which services can be received together, and which set of them is best.

Services with outcome yes, and those already received, are vertices; an edge joins two that exclude each
other. A package is a maximal set without an edge. What is held is never dropped silently: it is in some
package, and the order of packages counts how much of it each keeps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from engine.benefits import Package, Vertex, Worth
from engine.knowledge.exclusion import Clash, components, excludes

LARGEST_GROUP = 16
MOST_PACKAGES = 256


@dataclass(frozen=True, slots=True)
class Bundle:
    """One package with its yearly values in rupiah."""

    services: Package
    cash: float
    in_kind: float
    unconfirmed: float
    duties: int
    held: int
    confirmed_cash: float
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """All packages, the best first; which vertices exclude which; whether some were left out."""

    bundles: tuple[Bundle, ...]
    edges: Mapping[Vertex, frozenset[Vertex]]
    cut: bool

    def recommended(self) -> Bundle | None:
        return next((bundle for bundle in self.bundles if bundle.recommended), None)

    def at_hand(self, vertex: Vertex, held: Package) -> Package:
        """Give the package in which a service's own row is worked out (design 5, fine print)."""
        recommended = self.recommended()
        if recommended and vertex in recommended.services:
            return recommended.services
        return next((bundle.services for bundle in self.bundles if vertex in bundle.services), held)


def choose(
    vertices: Iterable[Vertex],
    clashes: Mapping[tuple[str, str], Clash],
    held: Package,
    duties: frozenset[str],
    worth: Callable[[Vertex, Package], Worth | None],
) -> Choice:
    """Find the packages and order them (design 5.5).

    Args:
        vertices: (service, subject) with outcome yes, or held.
        clashes: Which services exclude each other.
        held: What is already received.
        duties: The services that are an emergency or legal duty.
        worth: What a service gives in a package.
    """
    ordered = sorted(vertices)
    edges = {
        vertex: frozenset(
            o for o in ordered if o != vertex and excludes(clashes.get((vertex[0], o[0])), vertex[1], o[1])
        )
        for vertex in ordered
    }
    free = [vertex for vertex in ordered if not edges[vertex]]
    groups = components((v for v in ordered if edges[v]), {(v, o): True for v in ordered for o in edges[v]})
    options, cut = [], False
    for group in groups:
        kept = sorted(group, key=lambda v: (v not in held, v[0] not in duties, v))[:LARGEST_GROUP]
        cut |= len(kept) < len(group)
        options.append(_maximal_sets(kept, edges))
    while prod(map(len, options)) > MOST_PACKAGES:
        longest = max(range(len(options)), key=lambda index: len(options[index]))
        options[longest] = options[longest][: len(options[longest]) // 2 or 1]
        cut = True
    bundles = [
        _bundle(frozenset((*free, *(v for part in parts for v in part))), held, duties, worth)
        for parts in product(*options)
    ]
    bundles.sort(key=lambda b: (-b.duties, -b.confirmed_cash, -(b.cash + b.in_kind), -b.held, sorted(b.services)))
    return Choice(_with_recommendation(bundles), edges, cut)


def _with_recommendation(bundles: list[Bundle]) -> tuple[Bundle, ...]:
    """Recommend the first, unless another differs from it only in unconfirmed or in-kind value."""
    if not bundles or not bundles[0].services:
        return tuple(bundles)
    first = bundles[0]
    rivals = [
        other
        for other in bundles[1:]
        if (other.duties, other.confirmed_cash, other.held) == (first.duties, first.confirmed_cash, first.held)
        and other.cash + other.in_kind != first.cash + first.in_kind
    ]
    if rivals:
        return tuple(bundles)
    fields = {name: getattr(first, name) for name in Bundle.__dataclass_fields__} | {"recommended": True}
    return (Bundle(**fields), *bundles[1:])


def _bundle(
    services: Package, held: Package, duties: frozenset[str], worth: Callable[[Vertex, Package], Worth | None]
) -> Bundle:
    worths = [one for vertex in sorted(services) if (one := worth(vertex, services))]
    cash = [one for one in worths if one.kind == "cash"]
    return Bundle(
        services=services,
        cash=sum(one.yearly for one in cash),
        in_kind=sum(one.yearly for one in worths if one.kind != "cash"),
        unconfirmed=sum(one.yearly for one in worths if not one.confirmed),
        duties=sum(1 for name, _ in services if name in duties),
        held=len(services & held),
        confirmed_cash=sum(one.yearly for one in cash if one.confirmed),
    )


def _maximal_sets(vertices: list[Vertex], edges: Mapping[Vertex, frozenset[Vertex]]) -> list[frozenset[Vertex]]:
    """List the maximal sets without an edge: cliques of the complement, by Bron and Kerbosch (1973)."""
    apart = {v: {o for o in vertices if o != v and o not in edges[v]} for v in vertices}
    found: list[frozenset[Vertex]] = []

    def grow(chosen: set, candidates: set, excluded: set) -> None:
        if not candidates and not excluded:
            found.append(frozenset(chosen))
            return
        pivot = max(sorted(candidates | excluded), key=lambda v: len(apart[v] & candidates))
        for vertex in sorted(candidates - apart[pivot]):
            grow(chosen | {vertex}, candidates & apart[vertex], excluded & apart[vertex])
            candidates = candidates - {vertex}
            excluded = excluded | {vertex}

    grow(set(), set(vertices), set())
    return sorted(found, key=lambda one: (-len(one), sorted(one)))
