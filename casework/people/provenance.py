"""How much an observation counts: of everything that was observed of one fact, what stands on a day, and how surely.

One module knows it, for diagnosis, pages and visits alike:

- **The strongest counts.** Its strength is the certainty of its evidence. Agreement does not add up: three heads of RT
  who say the same are as sure as one.
- **It grows old.** A fact that can change is fresh for some months; after that it counts at most as much as the
  parameters say, so what is told today wins over what was checked long ago. What is `lasting` (a birth date) does not age.
- **One source speaks once, by its latest word.** The applicant, a registry and a village's letters each are one source,
  whoever wrote it down; somebody who went and looked (RT, Kepala Dusun, field staff) is a source of their own. So whoever
  corrects themselves is believed; and whoever takes a word back (no value) says nothing any more.
- **Two equally strong sources that disagree leave it unknown, with a warning,** whichever came later: that a second head
  of RT was there later does not say who is right. One of them correcting themselves settles it, something stronger
  settles it, and so does time, when the older of the two is no longer fresh.
- **A newer, weaker word against a stronger one is warned of** and changes nothing: it wants to be checked.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from engine import certainty
from engine.evaluate import months_between
from engine.knowledge.model import Knowledge

FRESH_MONTHS, AGED_CERTAINTY = "observation_fresh_months", "observation_aged_certainty"
# Evidence that is somebody's own look; all other evidence is one source, whoever writes it down.
WITNESSED = frozenset({"rt_rw", "kepala_dusun", "field_visit"})
DISAGREE, NEWER = "disagree", "newer"


class Observed(NamedTuple):
    """One observation of one fact; a value of None takes back what this source said before."""

    value: Any
    evidence: str
    observed_on: date
    recorded_at: datetime
    witness: str = ""

    @property
    def source(self) -> tuple[str, str]:
        return self.evidence, self.witness if self.evidence in WITNESSED else ""


class Settled(NamedTuple):
    """What stands: certainty 0 is unknown; `warning` is None, `disagree` or `newer`."""

    value: Any = None
    evidence: str | None = None
    certainty: float = 0.0
    warning: str | None = None
    observed_on: date | None = None
    aged: bool = False


class Yardstick(NamedTuple):
    """How sure each evidence makes, how many months that lasts (None: for ever), and how sure it is at most after."""

    certainty: Mapping[str, float]
    fresh_months: float | None = None
    aged: float = 0.0

    @classmethod
    def of(cls, knowledge: Knowledge, day: date) -> "Yardstick":
        """Read it from an edition; without both parameters nothing grows old."""
        amounts = [name in knowledge.parameters and knowledge.parameters[name].on(day) for name in _PARAMETERS]
        months, aged = (amount.value if amount else None for amount in amounts)
        sure = {name: one.certainty for name, one in knowledge.evidence.items()}
        return cls(sure, None if aged is None else months, aged or 0.0)

    def is_aged(self, observed_on: date, day: date) -> bool:
        return self.fresh_months is not None and months_between(observed_on, day) >= self.fresh_months


_PARAMETERS = FRESH_MONTHS, AGED_CERTAINTY


class _Weighed(NamedTuple):
    """An observation with its strength: how sure it is now, and among those equally old how sure it was."""

    certainty: float
    of_evidence: float
    observed: Observed
    aged: bool

    @property
    def strength(self) -> tuple[float, float]:
        return self.certainty, self.of_evidence


def settle(observed: Iterable[Observed], day: date, yardstick: Yardstick, lasting: bool = False) -> Settled:
    """Say what stands of one fact on a day.

    Args:
        observed: Everything that was ever observed of it, in any order; what was observed later than the day is left out.
        day: The day.
        yardstick: How sure evidence makes, and how long.
        lasting: The fact cannot change, so it does not grow old.
    """
    weighed = [_weigh(one, day, yardstick, lasting) for one in _latest_words(observed, day)]
    weighed = [one for one in weighed if one.certainty > 0]
    if not weighed:
        return Settled()
    most = max(one.strength for one in weighed)
    strongest = [one for one in weighed if one.strength == most]
    best = max(strongest, key=lambda one: (one.observed.observed_on, one.observed.recorded_at))
    if any(one.observed.value != best.observed.value for one in strongest):
        return Settled(warning=DISAGREE)
    value, evidence, observed_on, *_ = best.observed
    contradicted = any(one.observed.value != value and one.observed.observed_on > observed_on for one in weighed)
    return Settled(value, evidence, best.certainty, NEWER if contradicted else None, observed_on, best.aged)


def _latest_words(observed: Iterable[Observed], day: date) -> list[Observed]:
    latest: dict[tuple[str, str], Observed] = {}
    for one in sorted(observed, key=lambda one: (one.observed_on, one.recorded_at)):
        if one.observed_on <= day:
            latest[one.source] = one
    return [one for one in latest.values() if one.value is not None]


def _weigh(one: Observed, day: date, yardstick: Yardstick, lasting: bool) -> _Weighed:
    sure = yardstick.certainty.get(one.evidence, 0.0)
    aged = not lasting and yardstick.is_aged(one.observed_on, day)
    return _Weighed(certainty.least((sure, yardstick.aged)) if aged else sure, sure, one, aged)
