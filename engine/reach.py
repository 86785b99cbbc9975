"""What a formula could still give while some of its inputs are open.

`formulas` says what a formula gives now; here the same tree is walked with ranges in the place of values. A
truth carries the range of its signed certainty, as `and`, `or` and `not` reckon with it. Any other value either
stands, and only how sure it is can still move, or it is free. Nothing here looks at which values a fact can
take: what is free may become anything.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Any, NamedTuple, Protocol

from engine import certainty
from engine.evaluate import evaluate
from engine.knowledge import formulas
from engine.knowledge.formulas import Tree
from engine.meaning import Row

Span = tuple[float, float]
Inputs = frozenset[tuple[str, str]]
NOTHING: Inputs = frozenset()


class Reach(NamedTuple):
    """The range of a value's signed certainty, whether the value itself stands, and the inputs that could move it.

    What is false lies below 0, what is unknown at 0, every other value above; a free value lies on both sides.
    """

    low: float
    high: float
    fixed: bool
    inputs: Inputs = NOTHING

    @classmethod
    def of_truth(cls, low: float, high: float, inputs: Inputs) -> "Reach":
        """Give the reach of a truth; it stands when its range keeps to one side of 0."""
        fixed = low > 0 or high < 0 or low == high == 0
        return cls(low, high, fixed, inputs if low < high else NOTHING)

    @classmethod
    def of_value(cls, value: Any, low: float, high: float, inputs: Inputs) -> "Reach":
        """Give the reach of a value that stands (None: stays unknown), its certainty between two ends."""
        if value is None:
            return UNKNOWN
        inputs = inputs if low < high else NOTHING
        return (
            cls(certainty.negate(high), certainty.negate(low), True, inputs)
            if value is False
            else cls(low, high, True, inputs)
        )

    @classmethod
    def of_anything(cls, most: float, inputs: Inputs) -> "Reach":
        """Give the reach of a free value that can be no surer than *most*."""
        return cls(certainty.negate(most), most, False, inputs) if most else UNKNOWN

    @property
    def sure(self) -> Span:
        """Give the range of the certainty, whatever the value."""
        one, other = certainty.confidence(self.low), certainty.confidence(self.high)
        ends = (one, other) if one < other else (other, one)
        return ends if self.fixed else (0.0, ends[1])


UNKNOWN = Reach(0.0, 0.0, True)


class Sight(Protocol):
    """What a formula sees of one subject: the values now, and what each name could still become."""

    row: Row

    def reach(self, name: str) -> Reach: ...

    def members(self) -> "list[Sight]": ...


def worked_out(value: Any, parts: Iterable[Reach]) -> Reach:
    """Give the reach of what all of some parts are needed for; *value* is what they give now."""
    parts = list(parts)
    if len(parts) == 1:
        ((low, high), fixed, inputs) = parts[0].sure, parts[0].fixed, parts[0].inputs
    else:
        sure = [part.sure for part in parts]
        low, high = certainty.least(least for least, _ in sure), certainty.least(most for _, most in sure)
        fixed, inputs = all(part.fixed for part in parts), union(part.inputs for part in parts)
    return Reach.of_value(value, low, high, inputs) if fixed else Reach.of_anything(high, inputs)


def reach_of(tree: Tree, sight: Sight) -> Reach:
    """Give what a formula could still give."""
    match tree:
        case formulas.Name(name) if name != "as_of":
            return sight.reach(name)
        case formulas.Logic(op, items):
            return _joined(op, [reach_of(item, sight) for item in items])
        case formulas.Not(item):
            return _opposite(reach_of(item, sight))
        case formulas.Choose():
            return _chosen(tree, sight)
        case formulas.Among(item, options, negated):
            among = _joined("or", [reach_of(formulas.Compare("==", item, option), sight) for option in options])
            return _opposite(among) if negated else among
        case formulas.Call(function) if function in formulas.MEMBER_FUNCTIONS:
            return _over_members(tree, sight)
        case formulas.Call(function, args) if function in formulas.PARAMETER_FUNCTIONS:
            parts = args[1:]
        case _:
            parts = formulas.children(tree)
    return worked_out(_now(tree, sight), [reach_of(part, sight) for part in parts])


def _now(tree: Tree, sight: Sight) -> Any:
    return evaluate(tree, sight.row)[0]


def _joined(op: str, parts: list[Reach]) -> Reach:
    """Join truths by `and` or `or`; what cannot move the result any more does not count."""
    join = certainty.least if op == "and" else certainty.greatest
    low, high = join(part.low for part in parts), join(part.high for part in parts)
    moving = (part for part in parts if (part.low < high if op == "and" else part.high > low))
    return Reach.of_truth(low, high, union(part.inputs for part in moving))


def _opposite(part: Reach) -> Reach:
    return Reach.of_truth(certainty.negate(part.high), certainty.negate(part.low), part.inputs)


def _chosen(tree: formulas.Choose, sight: Sight) -> Reach:
    test = reach_of(tree.test, sight)
    branches = []
    if test.high > 0:
        branches.append(_held_to(reach_of(tree.then, sight), certainty.greatest((test.low, 0.0)), test.high))
    if test.low < 0:
        sure_not = certainty.negate(test.high), certainty.negate(test.low)
        branches.append(_held_to(reach_of(tree.other, sight), certainty.greatest((sure_not[0], 0.0)), sure_not[1]))
    inputs = test.inputs | union(branch.inputs for branch in branches)
    if test.fixed:
        return branches[0]._replace(inputs=inputs) if branches else UNKNOWN
    low = certainty.least((0.0, *(branch.low for branch in branches)))
    high = certainty.greatest((0.0, *(branch.high for branch in branches)))
    return Reach(low, high, low == high == 0, inputs)


def _held_to(part: Reach, low: float, high: float) -> Reach:
    """Give a part that is no surer than something else, whose certainty lies between two ends."""
    ends = []
    for end, outer in ((part.low, part.low < 0), (part.high, part.high > 0)):
        sure = certainty.least((certainty.confidence(end), high if outer else low))
        ends.append(certainty.negate(sure) if end < 0 else sure)
    return part._replace(low=ends[0], high=ends[1])


def _over_members(tree: formulas.Call, sight: Sight) -> Reach:
    if tree.function != "count_yes_of_members" and sight.row.some_unlisted:
        return UNKNOWN
    members = sight.members()
    value = _now(tree, sight)
    parts = [reach_of(tree.args[0], member) for member in members] if tree.args else []
    match tree.function:
        case "count_yes_of_members":
            if all(part.fixed for part in parts):
                return worked_out(value, [part for part in parts if part != UNKNOWN])
            return Reach.of_anything(1.0, union(part.inputs for part in parts))
        case "of_member":
            shown = [reach_of(tree.args[1], member) for member in members]
            if all(part.fixed for part in parts):
                chosen = [it for part, it in zip(parts, shown, strict=True) if part.low > 0]
                whole = worked_out(True, parts)
                if len(chosen) != 1 or whole == UNKNOWN:
                    return UNKNOWN
                return _held_to(chosen[0], *whole.sure)._replace(inputs=whole.inputs | chosen[0].inputs)
            parts += [it._replace(fixed=False) for part, it in zip(parts, shown, strict=True) if part.high > 0]
            most = certainty.least(part.sure[1] for part in parts[: len(members)])
            return Reach.of_anything(most, union(part.inputs for part in parts))
    return worked_out(value, parts)


def union(parts: Iterable[Inputs]) -> Inputs:
    return reduce(frozenset.union, parts, NOTHING)
