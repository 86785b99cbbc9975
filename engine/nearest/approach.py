"""Which changes every way to a goal needs one of, in one supposed world.

The search goes backwards. While the answer is not yet a yes, some line stands in its way, and every way has to move that
line; so of all lines that must be moved the one that least can move is asked, and each change that could move it is
supposed and worked out anew. A line that nothing can move ends the search at once, as it does for most rows.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from engine import certainty
from engine.compile import Task
from engine.household import Given
from engine.knowledge.model import HOUSEHOLD, Fact, Rule
from engine.knowledge.vocabulary import PAPER
from engine.meaning import GIVEN_KEY, INPUT_KEYS, PROVEN, BlockMeaning, Line, Meaning, Row
from engine.nearest.changes import Change, Found, Step, any_value, can_be_found, is_known, may_become, nearest_values
from engine.nearest.otherwise import World

if TYPE_CHECKING:
    from engine.nearest.search import Nearest

_NEGATIVE = ("unless", "unneeded")


class Spot(NamedTuple):
    """Where a line stands: the task whose row it reads, for whom, and for a member condition at which seat."""

    task: Task
    of: str
    seat: int | None = None

    def row(self, world: World) -> Row:
        row = world.row(self.task, self.of)
        return row if self.seat is None else row.members()[self.seat]


class Approach:
    """Finds, in one supposed world, the changes of which every way to a goal needs at least one.

    A goal is to bring a CF `up` above the threshold, or else down below minus the threshold. Through `decides`, least and
    greatest it is passed on as it is; where evidence is combined any movement that way counts (`moving`).
    """

    def __init__(self, nearest: "Nearest", world: World) -> None:
        self.nearest, self.world, self.plan = nearest, world, world.plan
        self.knowledge, self.vocabulary = world.plan.knowledge, world.plan.vocabulary

    def toward(self, name: str, of: str, up: bool, moving: bool) -> Found:
        """Give the changes that could move a conclusion's CF."""
        task = self.plan.by_name["settle", name]
        moving = moving or not all(rule.effect.exactly for rule in task.contributions)
        found: Found = {}
        for rule in task.contributions:
            way = up if supports(rule) else not up
            found |= self._of_rule(self.plan.by_name["weigh", rule.id], of, way, moving)
        return found

    def _of_rule(self, task: Task, of: str, up: bool, moving: bool) -> Found:
        parts = [self._of_block(block, Spot(task, of), up, moving) for block in task.rule.blocks]
        parts += [self._of_line(line, Spot(task, of), up, True) for line in task.rule.graded]
        return needed(parts, up and not moving)

    def _of_block(self, block: BlockMeaning, spot: Spot, up: bool, moving: bool) -> Found | None:
        if not moving and reached(block.cf(spot.row(self.world))[PROVEN], up):
            return None
        up = not up if block.block.kind in _NEGATIVE else up
        parts = (self._of_line(line, spot, up, moving) for line in block.lines)
        return needed(parts, not moving and block.block.joins == ("all" if up else "any"))

    def _of_line(self, line: Meaning, spot: Spot, up: bool, moving: bool) -> Found | None:
        if not moving and reached(line.line(spot.row(self.world))[PROVEN], up):
            return None
        members = line.condition.phrase.members
        if members is None:
            return self._of_one(line, line.line, spot, spot.of, up, moving)
        ways = (True, False) if members.quantifier == "exactly" else (up != (members.quantifier in ("no", "at most")),)
        parts = (
            self._of_one(line, line.inner, spot._replace(seat=seat), member, way, moving)
            for seat, member in enumerate(self.world.household.members)
            for way in ways
        )
        every = {"every": up, "any": not up, "no": up}.get(members.quantifier, False)
        return needed(parts, every and not moving)

    def _of_one(self, line: Meaning, read: Line, spot: Spot, of: str, up: bool, moving: bool) -> Found | None:
        cf = read(spot.row(self.world))[PROVEN]
        if not moving and reached(cf, up):
            return None
        if line.is_idea:
            up = up if line.condition.phrase.test == "yes" else not up
            return self.toward(line.condition.name.text, self._holder(line.compared[0][1], of), up, moving)
        name, test = line.condition.name.text, line.condition.phrase.test
        match test:
            case "in hand":
                return self._paper(name, of) if up else {}
            case "is known" | "is unknown" if (test == "is known") != up:
                return {}
            case "is received" | "is not received":
                return {}
        found: Found = {}
        for name, about in line.compared:
            for subject, key in self._below(name, self._holder(about, of)):
                if (cf > 0) if up else (cf < 0):
                    found |= self._checked(subject, key, moving)
                found |= self._found_out(subject, key, line, spot, up)
                found |= self._later(subject, key, read, spot, up, moving)
        return found

    def _holder(self, about: str | None, of: str) -> str:
        return HOUSEHOLD if about == HOUSEHOLD else of

    def _below(self, name: str, of: str) -> Iterable[tuple[str, str]]:
        entry = self.vocabulary.look(name)
        if entry.sort == "parameter":
            return ()
        return self.world.grounds.below(name, of, self.world.household.members)

    def _input(self, key: str) -> Fact | None:
        """Give the fact that is told under a key; none for aid and papers, and for what is worked out."""
        fact = self.knowledge.facts.get(key.removeprefix(GIVEN_KEY))
        worked_out = key in self.world.grounds.makers
        return None if fact is None or worked_out or fact.name in self.plan.officer_only else fact

    def _found_out(self, subject: str, key: str, line: Meaning, spot: Spot, up: bool) -> Found:
        """Give what an office can come to know, with the values that would do."""
        fact = self._input(key)
        given = self.world.household.given(subject, fact.name) if fact else None
        if fact is None or not can_be_found(fact, given):
            return {}
        now, best, papers = given.value if is_known(given) else None, self._best(fact), self._papers(fact.name)
        wanted = None
        if fact.name == line.condition.name.text:
            limits = tuple(limit(spot.row(self.world))[0] for limit in line.limits)
            wanted = [] if None in limits else nearest_values(line.condition.phrase.test, limits, up)
        steps = (
            Step(
                Change("document", fact.name, subject, now, value, papers=papers), fact.name, best._replace(value=value)
            )
            for value in (any_value(fact) if wanted is None else wanted)
            if may_become(fact, now, value)
        )
        return dict.fromkeys(steps)

    def _checked(self, subject: str, key: str, moving: bool) -> Found:
        """Give the check that makes what was told surer; where a line must cross, only what is no surer than that."""
        fact = self._input(key)
        given = self.world.household.given(subject, fact.name) if fact else None
        if fact is None or not fact.verified_by or not is_known(given):
            return {}
        best = self._best(fact)._replace(value=given.value)
        if given.certainty >= best.certainty or (not moving and reached(given.certainty, True)):
            return {}
        papers = self._papers(fact.name)
        change = Change("document", fact.name, subject, given.value, given.value, best.evidence, papers=papers)
        return {Step(change, fact.name, best): None}

    def _best(self, fact: Fact) -> Given:
        """Give how a fact would be told after the best check there is; without one, as everything else is told."""
        known = [self.knowledge.evidence[word.text] for word in fact.verified_by]
        best = max(known, key=lambda one: one.certainty, default=None)
        return Given(None, best.certainty, best.name) if best else self._plainly()

    def _plainly(self) -> Given:
        name = self.knowledge.default_evidence
        return Given(None, self.knowledge.evidence[name].certainty, name) if name else Given(None, 1.0, None)

    def _papers(self, fact: str) -> tuple[str, ...]:
        return tuple(self.nearest.proofs.get(fact, ()))

    def _paper(self, name: str, of: str) -> Found:
        """Give the showing of a paper that nobody has shown yet."""
        key = INPUT_KEYS[PAPER] + name
        given = self.world.household.given(of, key)
        if name in self.plan.officer_only or (is_known(given) and given.value):
            return {}
        now = given.value if is_known(given) else None
        change = Change("document", name, of, now, True, papers=(name,))
        return {Step(change, key, self._plainly()._replace(value=True)): None}

    def _later(self, subject: str, key: str, read: Line, spot: Spot, up: bool, moving: bool) -> Found:
        """Give the first day ahead on which a fact that grows with time moves a line."""
        fact = self.knowledge.facts.get(key)
        if fact is None or not fact.computed or fact.name in self.plan.officer_only:
            return {}
        cf = read(spot.row(self.world))[PROVEN]
        for day in self.nearest.turns(key, subject):
            if day <= self.world.day:
                continue
            later = self.nearest.world(day, self.world.told, self.plan)
            then = read(spot.row(later))[PROVEN]
            if reached(then, up) or (moving and ((then > cf) if up else (then < cf))):
                now, value = self.nearest.diagnosis.trace.reading(subject, key)[0], later.reading(subject, key)[0]
                return {Step(Change("time", key, subject, now, value, on=day)): None}
        return {}


def needed(parts: Iterable[Found | None], every: bool) -> Found:
    """Join what could move the parts of a whole; where every part must move, the one that least can move is enough."""
    if not every:
        found: Found = {}
        for part in parts:
            found |= part or {}
        return found
    fewest: Found | None = None
    for part in parts:
        if part is not None and (fewest is None or len(part) < len(fewest)):
            fewest = part
        if fewest == {}:
            break
    return fewest or {}


def reached(cf: float, up: bool) -> bool:
    return certainty.outcome(cf) == ("yes" if up else "no")


def supports(rule: Rule) -> bool:
    """Say whether a surer premise speaks for the rule's conclusion."""
    effect = rule.effect
    return (
        bool(effect.exactly or rule.grades) or effect.certainty > 0 or (effect.certainty == 0 and effect.otherwise < 0)
    )
