"""The facts of working memory: what is given, worked out, contributed and concluded about whom.

Facts are only ever added, never changed and never withdrawn, so what working memory holds at the end is
the whole trace: each fact that was inferred keeps the ids of the facts it fired on (`by`), and explaining
is a walk over them.
"""

from engine.inference import Fact
from engine.meaning import RULE_KEY, Reading


class Remembered(Fact):
    """A fact of a household's working memory: its slots are plain values, declared as they are."""

    def __init__(self, **slots) -> None:
        dict.update(self, slots)

    def has_field_constraints(self) -> bool:
        return False

    def has_nested_accessor(self) -> bool:
        return False

    @property
    def key(self) -> str:
        """Give the key under which tasks wait for this fact."""
        return self["name"]

    @property
    def reading(self) -> Reading:
        """Give what the fact says, as `meaning` reads it."""
        return (self["value"], self["c"], self["value_told"], self["told"], self["presumed"])


class Household(Remembered):
    """The household itself: how many members are listed, and whether there may be more."""

    key = ""

    @property
    def reading(self) -> Reading:
        return (self["size"], self["some_unlisted"])


class Member(Remembered):
    """One member of the household, by seat."""

    key = ""
    reading = ()


class Evidence(Remembered):
    """What is given, presumed or unknown (c = 0) about a subject, and the evidence behind it."""


class Computed(Remembered):
    """A value worked out from others."""


class Roll(Remembered):
    """The readings of one name for all members, in the order of their seats."""

    @property
    def reading(self) -> Reading:
        return self["readings"]


class Contribution(Remembered):
    """What one rule says about one conclusion of one subject, 0 included."""

    @property
    def key(self) -> str:
        return RULE_KEY + self["rule"]

    @property
    def reading(self) -> Reading:
        return (self["cf"], self["told"])


class Conclusion(Remembered):
    """A conclusion with its CF, as proven and as told."""

    @property
    def reading(self) -> Reading:
        return (self["cf"], self["told"])


class Needs(Remembered):
    """A document that a service asks for."""

    @property
    def key(self) -> str:
        return f"need:{self['rule']}:{self['document']}"

    @property
    def reading(self) -> Reading:
        return (self["cf"], self["told"])


class Step(Needs):
    """A step of a service's procedure."""

    @property
    def key(self) -> str:
        return f"follow:{self['rule']}:{self['step']}"


KINDS = {
    kind.__name__.lower(): kind for kind in (Household, Member, Evidence, Computed, Roll, Contribution, Conclusion)
}
