"""The arithmetic of certainty: every operation on certainty factors, each written once.

A certainty factor (CF) is a number from -1 (surely not) over 0 (not known) to +1 (surely). Certainty is
never need: how poor somebody is stands elsewhere. The combination is that of EMYCIN (van Melle 1980), after
MYCIN (Shortliffe and Buchanan 1975), in a form that does not depend on order.

The operations are written over a *carrier*: plain floats for one household (`FLOATS`, the default), columns for
many (`sheet`). A carrier only chooses, orders and cuts off; whatever is reckoned is reckoned here. No other room
does arithmetic on certainty factors; a test holds that law.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

THRESHOLD = 0.2
SURE = 0.8
MILLION = 1_000_000
FOR, AGAINST, BOTH_SIDES = "for", "against", "both"

Truth = Any
Number = Any


class Carrier(Protocol):
    """What the arithmetic needs of the numbers it is done on: a float each, or a column each."""

    def where(self, test: Truth, then: Number, otherwise: Number) -> Number: ...

    def unknown(self, value: Any) -> Truth: ...

    def truth(self, holds: Truth, fails: Truth) -> Truth:
        """Give true, false, or unknown where neither holds."""

    def sign(self, truth: Truth) -> Number:
        """Give +1 for true, -1 for false, 0 for unknown."""

    def smallest(self, numbers: Any, of_none: float) -> Number: ...

    def largest(self, numbers: Any, of_none: float) -> Number: ...

    def nth_largest(self, numbers: Any, n: Any, of_none: float, beyond: float) -> Number:
        """Give the n-th largest: `of_none` where n is 0 or less, `beyond` where there are fewer."""

    def rounded(self, number: Number) -> Number:
        """Round to 6 decimals: to the nearest millionth, halves to the even one."""

    def keep(self, number: Number) -> Number:
        """Hold on to a number that is used more than once."""

    @property
    def flat(self) -> "Carrier":
        """Give the carrier of what several numbers were made into one of: members into their household."""


_SIGNS: dict[bool | None, float] = {True: 1.0, False: -1.0, None: 0.0}


class Floats:
    """The carrier of one household: each number is a float, each truth True, False or None."""

    sign = _SIGNS.__getitem__

    @staticmethod
    def where(test: bool, then: float, otherwise: float) -> float:
        return then if test else otherwise

    @staticmethod
    def unknown(value: Any) -> bool:
        return value is None

    @staticmethod
    def truth(holds: bool, fails: bool) -> bool | None:
        return True if holds else False if fails else None

    @staticmethod
    def smallest(numbers: Iterable[float], of_none: float) -> float:
        return min(numbers, default=of_none)

    @staticmethod
    def largest(numbers: Iterable[float], of_none: float) -> float:
        return max(numbers, default=of_none)

    @staticmethod
    def nth_largest(numbers: Sequence[float], n: int, of_none: float, beyond: float) -> float:
        if n <= 0:
            return of_none
        return sorted(numbers, reverse=True)[n - 1] if n <= len(numbers) else beyond

    @staticmethod
    def rounded(number: float) -> float:
        return round(number * MILLION) / MILLION

    @staticmethod
    def keep(number: float) -> float:
        return number

    @property
    def flat(self) -> "Floats":
        return self


FLOATS = Floats()


class Combined(NamedTuple):
    """A concluded CF, and whether strong evidence stood on both sides."""

    cf: Number
    contradiction: Truth


def compare(holds: Truth, certainty: Number, on: Carrier = FLOATS) -> Number:
    """Give a comparison's CF: +c when it holds, -c when it fails, 0 when it cannot be said (design 4.1)."""
    return on.sign(holds) * certainty


def compare_twice(holds: Truth, certainty: Number, told: Number, on: Carrier = FLOATS) -> tuple[Number, Number]:
    """Give a comparison's CF in both passes, where it holds or fails in both alike."""
    sign = on.keep(on.sign(holds))
    return sign * certainty, sign * told


def negate_twice(cfs: tuple[Number, Number]) -> tuple[Number, Number]:
    """Give the CF of the opposite in both passes."""
    return 0.0 - cfs[0], 0.0 - cfs[1]


def joined_twice(every: bool, parts: Sequence[Callable[[Any], tuple[float, float]]]) -> Callable[[Any], tuple]:
    """Give a function for the CF, in both passes, of `all` of some parts (`every`) or of `any`, each a function itself.

    What `least` and `greatest` say, for one household, in the loop that is run most.
    """
    if len(parts) == 1:
        return parts[0]

    def least_of_all(row: Any) -> tuple[float, float]:
        least_cf = least_told = 1.0
        for part in parts:
            cf, told = part(row)
            least_cf = cf if cf < least_cf else least_cf
            least_told = told if told < least_told else least_told
        return least_cf, least_told

    def greatest_of_all(row: Any) -> tuple[float, float]:
        greatest_cf = greatest_told = -1.0
        for part in parts:
            cf, told = part(row)
            greatest_cf = cf if cf > greatest_cf else greatest_cf
            greatest_told = told if told > greatest_told else greatest_told
        return greatest_cf, greatest_told

    return least_of_all if every else greatest_of_all


def magnitude(cf: Number, on: Carrier = FLOATS) -> Number:
    """Give how far a CF lies from 0, on either side."""
    return on.where(cf < 0, 0.0 - cf, cf)


def claimed(cf: Number, on: Carrier = FLOATS) -> tuple[Truth, Number]:
    """Turn a signed certainty back into a truth and how sure it is; 0 is unknown."""
    return on.truth(cf > 0, cf < 0), magnitude(cf, on)


def judged(cf: Number, on: Carrier = FLOATS) -> tuple[Truth, Number]:
    """Turn a conclusion's CF into its outcome and |CF|, as formulas see it (design 3.1)."""
    size = magnitude(cf, on)
    return on.truth(cf > THRESHOLD, cf < -THRESHOLD), on.where(size > THRESHOLD, size, 0.0)


def outcome(cf: float) -> str:
    """Name an outcome: `yes` above 0.2, `no` below -0.2, else `unknown`."""
    return "yes" if cf > THRESHOLD else "no" if cf < -THRESHOLD else "unknown"


def confidence(cf: float) -> float:
    """Say how sure an outcome is, whichever it is: |CF|."""
    return abs(cf)


def least(cfs: Iterable[Number], on: Carrier = FLOATS) -> Number:
    """Give the CF of `all` of these; +1 when there are none."""
    return on.smallest(cfs, 1.0)


def greatest(cfs: Iterable[Number], on: Carrier = FLOATS) -> Number:
    """Give the CF of `any` of these; -1 when there are none."""
    return on.largest(cfs, -1.0)


def nth(cfs: Sequence[Number], n: Any, on: Carrier = FLOATS) -> Number:
    """Give the CF of `at least n` of these: the n-th largest; +1 for n = 0, -1 beyond their number."""
    return on.nth_largest(cfs, n, 1.0, -1.0)


def negate(cf: Number) -> Number:
    """Give the CF of the opposite."""
    return 0.0 - cf


def counted(quantifier: str, cfs: Any, n: Any, some_unlisted: Truth, on: Carrier = FLOATS) -> Number:
    """Give the CF of a member phrase (design 4.3).

    Args:
        quantifier: `any`, `every`, `no`, `at least`, `at most`, `exactly`.
        cfs: One CF per listed member.
        n: The number of the last three; unknown (a parameter without a value) makes the phrase 0.
        some_unlisted: More members may exist than are listed, so nothing that they could overturn is said.
        on: The carrier of the members' CFs.
    """
    flat = on.flat
    match quantifier:
        case "any":
            return flat.where(some_unlisted, greatest((greatest(cfs, on), 0.0), flat), greatest(cfs, on))
        case "every":
            return flat.where(some_unlisted, least((least(cfs, on), 0.0), flat), least(cfs, on))
        case "no":
            cf = negate(greatest(cfs, on))
            return flat.where(some_unlisted, least((cf, 0.0), flat), cf)
    if n is None:
        return 0.0
    at_least = nth(cfs, n, on)
    at_most = negate(nth(cfs, n + 1, on))
    at_least = flat.where(some_unlisted, greatest((at_least, 0.0), flat), at_least)
    at_most = flat.where(some_unlisted, least((at_most, 0.0), flat), at_most)
    both = {"at least": (at_least,), "at most": (at_most,), "exactly": (at_least, at_most)}[quantifier]
    return flat.where(flat.unknown(n), 0.0, least(both, flat))


def gate(premise: Number, certainty: float, otherwise: float, on: Carrier = FLOATS) -> Number:
    """Give a `then` rule's contribution: scaled beyond the threshold, 0 within it (design 4.4)."""
    refuted = on.where(premise < -THRESHOLD, otherwise * negate(premise), 0.0) if otherwise else 0.0
    return on.where(premise > THRESHOLD, certainty * premise, refuted)


def graded(cfs: Sequence[Number], premise: Number, grades: Iterable[tuple[int, float]], on: Carrier = FLOATS) -> Number:
    """Give the contribution of a `count of` rule: the strongest of its grades (design 4.4 and 4.5).

    Grades above 0 hits are positive; grade 0 and they cannot both count, so their sum is the one that does.
    """
    none, some = 0.0, [0.0]
    for hits, grade in grades:
        reached = least((premise, nth(cfs, hits, on) if hits else negate(nth(cfs, 1, on))), on)
        weight = on.where(reached > THRESHOLD, grade * reached, 0.0)
        if hits:
            some.append(weight)
        else:
            none = weight
    return none + on.largest(some, 0.0)


def strongest(cfs: Sequence[Number], bases: Sequence[str | None], on: Carrier = FLOATS) -> list[Number]:
    """Keep, of contributions that share a basis, the strongest for and the strongest against (design 4.5).

    Args:
        cfs: The contributions, in the order of rule ids.
        bases: What each rests on, or None.
        on: The carrier.

    Returns:
        The contributions in the same order, 0 for those that do not count; of equals the first counts.
    """
    kept = []
    for at, (cf, basis) in enumerate(zip(cfs, bases, strict=True)):
        same = [] if basis is None else [other for other, shared in enumerate(bases) if shared == basis]
        if len(same) < 2:
            kept.append(cf)
            continue
        before = [cfs[other] for other in same if other < at]
        after = [cfs[other] for other in same if other > at]
        leads = (cf > on.largest((0.0, *before), 0.0)) & (cf >= on.largest((0.0, *after), 0.0))
        trails = (cf < on.smallest((0.0, *before), 0.0)) & (cf <= on.smallest((0.0, *after), 0.0))
        kept.append(on.where(leads | trails, cf, 0.0))
    return kept


def combine(
    cfs: Sequence[Number], bases: Sequence[str | None] = (), sides: Sequence[str] = (), on: Carrier = FLOATS
) -> Combined:
    """Combine the evidence for and against a conclusion (design 4.6), rounded when concluded.

    Args:
        cfs: The contributions, in the order of rule ids.
        bases: What each rests on; evidence of one basis does not add up with itself.
        sides: Where it is known that a contribution is never negative (`for`) or never positive (`against`), else
            `both`; spares what could not change the result.
        on: The carrier.
    """
    if any(bases):
        cfs = strongest(cfs, bases, on)
    doubt_for = doubt_against = 1.0
    for cf, side in zip(cfs, sides or (BOTH_SIDES,) * len(cfs), strict=True):
        if side != AGAINST:
            doubt_for = doubt_for * (1.0 - (cf if side == FOR else on.where(cf > 0, cf, 0.0)))
        if side != FOR:
            doubt_against = doubt_against * (1.0 + (cf if side == AGAINST else on.where(cf < 0, cf, 0.0)))
    if all(side == FOR for side in sides or (BOTH_SIDES,)):
        return Combined(rounded(1.0 - doubt_for, on), False)
    doubt_for, doubt_against = on.keep(doubt_for), on.keep(doubt_against)
    most = on.keep(on.where(doubt_for > doubt_against, doubt_for, doubt_against))
    cf = (doubt_against - doubt_for) / on.where(most > 0, most, 1.0)
    contradiction = ((1.0 - doubt_for > SURE) & (1.0 - doubt_against > SURE)) | (most <= 0)
    return Combined(rounded(cf, on), contradiction)


def rounded(cf: Number, on: Carrier = FLOATS) -> Number:
    """Round a CF to 6 decimals, before anything compares it."""
    return on.rounded(cf)


def raised(cf: Number, on: Carrier = FLOATS) -> Number:
    """Scale a certainty to full strength, as the second pass does with every given fact (design 4.8)."""
    return on.where(cf > 0, 1.0, 0.0)
