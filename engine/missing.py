"""What is not known yet and could still matter.

Every CF carries the range it could still take while unknown and presumed facts are free. A line counts
where its range can still move the result; walking the lines that count, down to the facts, gives what is
missing. A fact under a branch that is already decided is not (design 4, fine print, *Missing*).

Through comparisons, least, greatest and negation an outcome changes only where a line crosses a threshold;
once evidence is combined, any movement counts. So the walk has two modes, `CROSSING` and `MOVING`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine import certainty
from engine.compile import Task
from engine.forward import Trace
from engine.knowledge.model import HOUSEHOLD, Rule
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import GIVEN_KEY, INPUT_KEYS, PROVEN, BlockMeaning, Line, Meaning, Row
from engine.reach import NOTHING, Inputs, Reach, Span, reach_of, union, worked_out

ANYTHING: Span = (-1.0, 1.0)
CROSSING, MOVING = "crossing", "moving"


class Openness:
    """What is still open in one trace; every answer is worked out once."""

    def __init__(self, trace: Trace, before: "Openness | None" = None) -> None:
        self.trace, self.plan = trace, trace.plan
        self.vocabulary = trace.plan.vocabulary
        self._spans: dict[tuple[str, str], Span] = {}
        self._inputs: dict[tuple[str, str, str], Inputs] = {}
        self._reaches: dict[tuple[str, str], Reach] = {}
        # Lines and blocks live as long as their plan, so their ids tell them apart.
        self._ranges: dict[tuple[int, str], Span] = {}
        if before is not None and trace.renewed is not None:
            self._keep(before)

    def _keep(self, before: "Openness") -> None:
        """Take over what was worked out before about names that were not worked out again."""
        renewed = self.trace.renewed
        for mine, theirs in (
            (self._spans, before._spans),
            (self._inputs, before._inputs),
            (self._reaches, before._reaches),
        ):
            mine.update((key, found) for key, found in theirs.items() if (key[1], key[0]) not in renewed)

    def missing(self, name: str, of: str) -> Inputs:
        """Give the inputs (fact, subject) that could still change the outcome of a conclusion."""
        return self.inputs(name, of, CROSSING)

    def span(self, name: str, of: str) -> Span:
        """Give the range a conclusion's CF could still take."""
        key = (name, of)
        if key not in self._spans:
            self._spans[key] = self._span(self.plan.by_name["settle", name], of)
        return self._spans[key]

    def inputs(self, name: str, of: str, mode: str) -> Inputs:
        """Give the inputs that could still move a conclusion's CF, or take it across a threshold."""
        key = (name, of, mode)
        if key not in self._inputs:
            task = self.plan.by_name["settle", name]
            self._inputs[key] = self._moving(task, of, mode) if counts(self.span(name, of), mode) else NOTHING
        return self._inputs[key]

    def _span(self, task: Task, of: str) -> Span:
        cf = self.trace.cf(task.name, of)
        if not self.trace.index[of, task.name].open:
            return cf, cf
        spans = [(rule, self.contribution(rule, of)) for rule in task.contributions]
        if all(low == high for _, (low, high) in spans):
            return cf, cf
        if spans[0][0].effect.exactly:
            return tuple(certainty.rounded(end) for end in spans[0][1])
        ends = [certainty.combine([span[end] for _, span in spans], task.bases, task.sides).cf for end in (0, 1)]
        return ends[0], ends[1]

    def contribution(self, rule: Rule, of: str) -> Span:
        """Give the range of what a rule contributes."""
        task = self.plan.by_name["weigh", rule.id]
        contributed = self.trace.index[of, task.makes]
        if not contributed.open:
            return contributed["cf"], contributed["cf"]
        low, high = self.premise(task, of)
        effect = rule.effect
        if rule.grades:
            return self._graded(task, of, (low, high))
        if effect.exactly:
            return low, high
        ends = [certainty.gate(end, effect.certainty, effect.otherwise) for end in (low, high)]
        if certainty.outcome(low) == "unknown" or certainty.outcome(high) != certainty.outcome(low):
            ends.append(0.0)
        return min(ends), max(ends)

    def _graded(self, task: Task, of: str, premise: Span) -> Span:
        spans = [self.line(line, self.trace.row_of_task(task, of), of) for line in task.rule.graded]
        lows, highs = [low for low, _ in spans], [high for _, high in spans]
        grades = task.rule.rule.grades.steps
        up = [grade for grade in grades if grade[0] > 0]
        none = [grade for grade in grades if grade[0] == 0]
        reached = certainty.graded(lows, premise[0], up), certainty.graded(highs, premise[1], up)
        empty = [certainty.graded(lines, end, none) for lines in (lows, highs) for end in premise]
        return min(reached[0], *empty, reached[0]), max(reached[1], *empty)

    def premise(self, task: Task, of: str) -> Span:
        """Give the range of a rule's premise."""
        row = self.trace.row_of_task(task, of)
        return _least([self.block(block, row, of) for block in task.rule.blocks])

    def block(self, block: BlockMeaning, row: Row, of: str) -> Span:
        """Give the range of a block."""
        key = (id(block), of)
        if key not in self._ranges:
            spans = [self.line(line, row, of) for line in block.lines]
            n = block.count(row)[0] if block.count else None
            lows, highs = zip(*spans, strict=True)
            one, other = block.joined(lows, n), block.joined(highs, n)
            self._ranges[key] = (one, other) if one < other else (other, one)
        return self._ranges[key]

    def line(self, line: Meaning, row: Row, of: str) -> Span:
        """Give the range of one condition."""
        key = (id(line), of)
        if key not in self._ranges:
            self._ranges[key] = self._line(line, row, of)
        return self._ranges[key]

    def _line(self, line: Meaning, row: Row, of: str) -> Span:
        phrase = line.condition.phrase
        if line.is_settled(self.trace.index, of):
            cf = line.line(row)[PROVEN]
            return cf, cf
        if phrase.members is None:
            return self._plain(line, row, of, line.line)
        spans = [self._plain(line, member, subject, line.inner) for member, subject in self._members(row)]
        n = line.count(row)[0] if line.count else None
        ends = [
            certainty.counted(phrase.members.quantifier, [s[end] for s in spans], n, row.some_unlisted)
            for end in (0, 1)
        ]
        if phrase.members.quantifier == "exactly" and any(low != high for low, high in spans):
            sides = (("at least", 0, 1), ("at most", 1, 0))
            pairs = [
                [certainty.counted(q, [s[e] for s in spans], n, row.some_unlisted) for e in (a, b)] for q, a, b in sides
            ]
            return certainty.least(pair[0] for pair in pairs), certainty.least(pair[1] for pair in pairs)
        return min(ends), max(ends)

    def _members(self, row: Row) -> list[tuple[Row, str]]:
        return list(zip(row.members(), self.trace.household.members, strict=True))

    def _plain(self, line: Meaning, row: Row, of: str, read: Line) -> Span:
        """Give the range of a condition about one subject."""
        name, test = line.condition.name.text, line.condition.phrase.test
        if line.is_idea:
            low, high = self.span(name, self._holder(line.compared[0][1], of))
            return (low, high) if test == "yes" else (certainty.negate(high), certainty.negate(low))
        cf = read(row)[PROVEN]
        match test:
            case "is known" | "is unknown" | "is received" | "is not received":
                return ANYTHING if self.line_inputs(line, of) else (cf, cf)
            case "in hand":
                return (cf if cf else -1.0, 1.0) if self.line_inputs(line, of) else (cf, cf)
        reaches = self._reaches_of(line, of)
        if test in ("yes", "no"):
            low, high = reaches[0].low, reaches[0].high
            return (low, high) if test == "yes" else (certainty.negate(high), certainty.negate(low))
        found = worked_out(certainty.claimed(cf)[0], reaches)
        return found.low, found.high

    def line_inputs(self, line: Meaning, of: str) -> Inputs:
        """Give the open inputs behind a plain condition about a fact, a paper or a received service."""
        name, test = line.condition.name.text, line.condition.phrase.test
        if test in ("is received", "is not received"):
            holder = self._holder(line.compared[0][1], of)
            evidence = self.trace.index[holder, INPUT_KEYS[RECEIVED] + name]
            return frozenset({(name, holder)}) if evidence["value"] is None else NOTHING
        if test == "in hand":
            return self._papers(name, of)
        reaches = self._reaches_of(line, of)
        if test in ("is known", "is unknown") and reaches[0].fixed:
            return NOTHING
        return union(reach.inputs for reach in reaches)

    def _papers(self, name: str, of: str) -> Inputs:
        """Papers still unknown matter until one is known to be there."""
        key = INPUT_KEYS[PAPER] + name
        holders = [HOUSEHOLD, *(self.trace.household.members if of == HOUSEHOLD else (of,))]
        evidence = {holder: self.trace.index.get((holder, key)) for holder in holders}
        if any(one is not None and one["value"] and one["c"] == 1 for one in evidence.values()):
            return NOTHING
        return frozenset((name, holder) for holder, one in evidence.items() if one is not None and one["value"] is None)

    def _holder(self, about: str | None, of: str) -> str:
        return HOUSEHOLD if about == HOUSEHOLD else of

    def _reaches_of(self, line: Meaning, of: str) -> list[Reach]:
        return [self.reach(name, self._holder(about, of)) for name, about in line.compared]

    def reach(self, name: str, of: str) -> Reach:
        """Give what the value of a fact, or a conclusion as formulas see it, could still become."""
        key = (name, of)
        if key not in self._reaches:
            self._reaches[key] = self._reach(name, of)
        return self._reaches[key]

    def _reach(self, name: str, of: str) -> Reach:
        if name in self.plan.knowledge.conclusions:
            low, high = (certainty.compare(*certainty.judged(end)) for end in self.span(name, of))
            return Reach.of_truth(low, high, self.inputs(name, of, MOVING) if low < high else NOTHING)
        task = self.plan.by_name.get(("work", name))
        if task is None:
            return self._given(name, of, name)
        found = self.trace.index[of, name]
        if not found.open:
            return Reach.of_value(found["value"], found["c"], found["c"], NOTHING)
        fact, own = task.fact, self._given(GIVEN_KEY + name, of, name)
        row = self.trace.row_of_task(task, of)
        if fact.computed:
            return reach_of(fact.computed.tree, _Sight(self, row, of)) if own.inputs else own
        applies = reach_of(fact.only_if.tree, _Sight(self, row, of))
        if applies.low >= 0:
            return own
        sure_not = certainty.negate(applies.high), certainty.negate(applies.low)
        if applies.high < 0:
            return Reach.of_value(fact.otherwise, *sure_not, applies.inputs)
        return Reach.of_anything(certainty.greatest((sure_not[1], own.sure[1])), applies.inputs | own.inputs)

    def _given(self, key: str, of: str, name: str) -> Reach:
        evidence = self.trace.index[of, key]
        if evidence["value"] is None or evidence["presumed"]:
            return Reach.of_anything(1.0, frozenset({(name, of)}))
        return Reach.of_value(evidence["value"], evidence["c"], evidence["c"], NOTHING)

    def _moving(self, task: Task, of: str, mode: str) -> Inputs:
        spans = {rule.id: self.contribution(rule, of) for rule in task.contributions}
        moving = [rule for rule in task.contributions if _can_move(rule, spans, task.contributions)]
        # Only a `decides` rule hands its premise on as it is; combined evidence counts wherever it moves.
        mode = mode if task.contributions[0].effect.exactly else MOVING
        return union(self.premise_inputs(self.plan.by_name["weigh", rule.id], of, mode) for rule in moving)

    def premise_inputs(self, task: Task, of: str, mode: str) -> Inputs:
        """Give the inputs that could still move a rule's premise, or its count."""
        row, meaning = self.trace.row_of_task(task, of), task.rule
        _, high = self.premise(task, of)
        blocks = [block for block in meaning.blocks if self.block(block, row, of)[0] < high]
        found = union(self._block_inputs(block, row, of, mode) for block in blocks)
        if high > -certainty.THRESHOLD:
            found |= self._lines_inputs(meaning.graded, row, of, MOVING)
        return found

    def _block_inputs(self, block: BlockMeaning, row: Row, of: str, mode: str) -> Inputs:
        low, high = self.block(block, row, of)
        if not counts((low, high), mode):
            return NOTHING
        if block.block.kind in ("unless", "unneeded"):
            low, high = certainty.negate(high), certainty.negate(low)
        spans = [(line, self.line(line, row, of)) for line in block.lines]
        return self._lines_inputs([line for line, (bottom, top) in spans if bottom < high and top > low], row, of, mode)

    def _lines_inputs(self, lines: Iterable[Meaning], row: Row, of: str, mode: str) -> Inputs:
        return union(self.condition_inputs(line, row, of, mode) for line in lines)

    def condition_inputs(self, line: Meaning, row: Row, of: str, mode: str) -> Inputs:
        """Give the inputs that could still move one condition, or take it across a threshold."""
        low, high = self.line(line, row, of)
        if not counts((low, high), mode):
            return NOTHING
        name, about = line.compared[0]
        if line.condition.phrase.members is None:
            return self.inputs(name, self._holder(about, of), mode) if line.is_idea else self.line_inputs(line, of)
        found = []
        for member, subject in self._members(row):
            bottom, top = self._plain(line, member, subject, line.inner)
            if counts((bottom, top), mode) and self._member_counts(line, bottom, top, low, high):
                found.append(self.inputs(name, subject, mode) if line.is_idea else self.line_inputs(line, subject))
        return union(found)

    def _member_counts(self, line: Meaning, bottom: float, top: float, low: float, high: float) -> bool:
        match line.condition.phrase.members.quantifier:
            case "any" | "at least":
                return top > low
            case "every":
                return bottom < high
            case "no" | "at most":
                return top > certainty.negate(high)
        return True


def _least(spans: list[Span]) -> Span:
    """Give the range of what holds as surely as the least of some."""
    if len(spans) == 1:
        return spans[0]
    return certainty.least(low for low, _ in spans), certainty.least(high for _, high in spans)


def counts(span: Span, mode: str) -> bool:
    """Say whether a range can still matter: any movement, or only one across a threshold."""
    low, high = span
    return low < high and (mode == MOVING or certainty.outcome(low) != certainty.outcome(high))


def _can_move(rule: Rule, spans: dict[str, Span], rules: Iterable[Rule]) -> bool:
    """Say whether a contribution can still move its conclusion, given what shares its basis."""
    low, high = spans[rule.id]
    if low == high:
        return False
    if rule.effect.basis is None:
        return True
    others = [spans[one.id] for one in rules if one.effect.basis == rule.effect.basis and one is not rule]
    best_for = max((max(0.0, bottom) for bottom, _ in others), default=0.0)
    best_against = min((min(0.0, top) for _, top in others), default=0.0)
    return high > best_for or low < best_against


class _Sight(NamedTuple):
    """What a formula sees of one subject (`reach`)."""

    openness: Openness
    row: Row
    of: str

    def reach(self, name: str) -> Reach:
        entry = self.openness.vocabulary.look(name)
        if entry.sort != "parameter":
            return self.openness.reach(name, HOUSEHOLD if entry.of == HOUSEHOLD else self.of)
        keys = self.openness.plan.knowledge.parameters[name].keys
        return worked_out(self.row.known(name)[0], [self.reach(key.text) for key in keys])

    def members(self) -> "list[_Sight]":
        members = self.openness.trace.household.members
        return [_Sight(self.openness, row, of) for row, of in zip(self.row.members(), members, strict=True)]
