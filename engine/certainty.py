"""The arithmetic of certainty: every operation on certainty factors, each written once.

A certainty factor (CF) is a float from -1 (surely not) over 0 (not known) to +1 (surely). Certainty is
never need: how poor somebody is stands elsewhere. The combination is that of EMYCIN (van Melle 1980), after
MYCIN (Shortliffe and Buchanan 1975), in a form that does not depend on order. No other room does
arithmetic on certainty factors; a test holds that law.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

THRESHOLD = 0.2
SURE = 0.8
DIGITS = 6


class Combined(NamedTuple):
    """A concluded CF, and whether strong evidence stood on both sides."""

    cf: float
    contradiction: bool


class Weighed(NamedTuple):
    """One contribution to a conclusion: the rule, the basis it shares with others (or none), its CF."""

    rule: str
    basis: str | None
    cf: float


def compare(holds: bool | None, certainty: float) -> float:
    """Give a comparison's CF: +c when it holds, -c when it fails, 0 when it cannot be said (design 4.1)."""
    if holds is None:
        return 0.0
    return certainty if holds else -certainty if certainty else 0.0


def claimed(cf: float) -> tuple[bool | None, float]:
    """Turn a signed certainty back into a truth and how sure it is; 0 is unknown."""
    return (True, cf) if cf > 0 else (False, -cf) if cf < 0 else (None, 0.0)


def judged(cf: float) -> tuple[bool | None, float]:
    """Turn a conclusion's CF into its outcome and |CF|, as formulas see it (design 3.1)."""
    return (True, cf) if cf > THRESHOLD else (False, -cf) if cf < -THRESHOLD else (None, 0.0)


def outcome(cf: float) -> str:
    """Name an outcome: `yes` above 0.2, `no` below -0.2, else `unknown`."""
    return "yes" if cf > THRESHOLD else "no" if cf < -THRESHOLD else "unknown"


def confidence(cf: float) -> float:
    """Say how sure an outcome is, whichever it is: |CF|."""
    return abs(cf)


def least(cfs: Iterable[float]) -> float:
    """Give the CF of `all` of these; +1 when there are none."""
    return min(cfs, default=1.0)


def greatest(cfs: Iterable[float]) -> float:
    """Give the CF of `any` of these; -1 when there are none."""
    return max(cfs, default=-1.0)


def nth(cfs: Sequence[float], n: int) -> float:
    """Give the CF of `at least n` of these: the n-th largest; +1 for n = 0, -1 beyond their number."""
    if n <= 0:
        return 1.0
    return sorted(cfs, reverse=True)[n - 1] if n <= len(cfs) else -1.0


def negate(cf: float) -> float:
    """Give the CF of the opposite."""
    return -cf if cf else 0.0


def counted(quantifier: str, cfs: Sequence[float], n: int | None, some_unlisted: bool) -> float:
    """Give the CF of a member phrase (design 4.3).

    Args:
        quantifier: `any`, `every`, `no`, `at least`, `at most`, `exactly`.
        cfs: One CF per listed member.
        n: The number of the last three; None (a parameter without a value) makes the phrase 0.
        some_unlisted: More members may exist than are listed, so nothing that they could overturn is said.
    """
    match quantifier:
        case "any":
            cf, overturned_up = greatest(cfs), True
        case "every":
            cf, overturned_up = least(cfs), False
        case "no":
            cf, overturned_up = negate(greatest(cfs)), False
        case _ if n is None:
            return 0.0
        case "at least":
            cf, overturned_up = nth(cfs, n), True
        case "at most":
            cf, overturned_up = negate(nth(cfs, n + 1)), False
        case _:
            return least((counted("at least", cfs, n, some_unlisted), counted("at most", cfs, n, some_unlisted)))
    if not some_unlisted:
        return cf
    return max(cf, 0.0) if overturned_up else min(cf, 0.0)


def gate(premise: float, certainty: float, otherwise: float) -> float:
    """Give a `then` rule's contribution: scaled beyond the threshold, 0 within it (design 4.4)."""
    if premise > THRESHOLD:
        return certainty * premise
    if premise < -THRESHOLD:
        return otherwise * -premise
    return 0.0


def graded(cfs: Sequence[float], premise: float, grades: Iterable[tuple[int, float]]) -> float:
    """Give the contribution of a `count of` rule: the strongest of its grades (design 4.4 and 4.5).

    Grade 0 and the others cannot both count, so one number says it all.
    """
    best = 0.0
    for hits, grade in grades:
        reached = least((premise, nth(cfs, hits) if hits else negate(nth(cfs, 1))))
        weight = grade * reached if reached > THRESHOLD else 0.0
        best = max(best, weight, key=abs)
    return best


def strongest(contributions: Iterable[Weighed]) -> list[Weighed]:
    """Keep, of contributions that share a basis, the strongest for and the strongest against (design 4.5).

    They come and go in the order of rule ids; of equals the first stays.
    """
    ordered = sorted(contributions, key=lambda one: one.rule)
    if all(one.basis is None for one in ordered):
        return ordered
    kept: dict[tuple[str, bool], Weighed] = {}
    for one in ordered:
        if one.basis is not None and one.cf:
            best = kept.get((one.basis, one.cf > 0))
            if best is None or abs(one.cf) > abs(best.cf):
                kept[one.basis, one.cf > 0] = one
    chosen = {id(one) for one in kept.values()}
    return [one for one in ordered if one.basis is None or id(one) in chosen]


def combine(contributions: Iterable[Weighed]) -> Combined:
    """Combine the evidence for and against a conclusion (design 4.6), rounded when concluded."""
    p = n = 1.0
    for one in strongest(contributions):
        if one.cf > 0:
            p *= 1 - one.cf
        elif one.cf < 0:
            n *= 1 + one.cf
    if p <= 0 and n <= 0:
        return Combined(0.0, True)
    return Combined(rounded((n - p) / max(p, n)), 1 - p > SURE and 1 - n > SURE)


def rounded(cf: float) -> float:
    """Round a CF to 6 decimals, before anything compares it."""
    return round(cf, DIGITS) + 0.0


def raised(cf: float) -> float:
    """Scale a certainty to full strength, as the second pass does with every given fact (design 4.8)."""
    return 1.0 if cf > 0 else 0.0
