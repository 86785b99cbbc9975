"""The facts of working memory: what is given, worked out, contributed and concluded about whom.

Facts are only ever added, never changed and never withdrawn, so what working memory holds at the end is
the whole trace: each fact that was inferred keeps the ids of the facts it fired on (`by`), and explaining
is a walk over them.
"""

from engine.inference import Fact
from engine.meaning import RULE_KEY


class Remembered(Fact):
    """A fact of a household's working memory: its slots are plain values, declared as they are.

    Once declared, `key` is the key under which tasks wait for it, and `reading` what it says, as `meaning` reads it.
    `open` says that it is not known, or only presumed, or that something open lies behind it: it may still change.
    """

    open = False

    def __init__(self, **slots) -> None:
        dict.update(self, slots)

    def settle(self) -> None:
        """Note key and reading, which everybody asks for and nothing changes any more."""
        self.key = self["name"]
        self.reading = (self["value"], self["c"], self["value_told"], self["told"], self["presumed"])

    def has_field_constraints(self) -> bool:
        return False

    def has_nested_accessor(self) -> bool:
        return False


class Household(Remembered):
    """The household itself: how many members are listed, and whether there may be more."""

    def settle(self) -> None:
        self.key, self.reading = "", (self["size"], self["some_unlisted"])


class Member(Remembered):
    """One member of the household, by seat."""

    def settle(self) -> None:
        self.key, self.reading = "", ()


class Evidence(Remembered):
    """What is given, presumed or unknown (c = 0) about a subject, and the evidence behind it."""

    def settle(self) -> None:
        super().settle()
        self.open = self["presumed"] or self["value"] is None


class Computed(Remembered):
    """A value worked out from others."""


class Roll(Remembered):
    """The readings of one name for all members, in the order of their seats."""

    def settle(self) -> None:
        self.key, self.reading = self["name"], self["readings"]


class Contribution(Remembered):
    """What one rule says about one conclusion of one subject, 0 included."""

    def settle(self) -> None:
        self.key, self.reading = RULE_KEY + self["rule"], (self["cf"], self["told"])


class Conclusion(Remembered):
    """A conclusion with its CF, as proven and as told."""

    def settle(self) -> None:
        self.key, self.reading = self["name"], (self["cf"], self["told"])


class Needs(Remembered):
    """A document that a service asks for."""

    def settle(self) -> None:
        self.key, self.reading = f"need:{self['rule']}:{self['document']}", (self["cf"], self["told"])


class Step(Needs):
    """A step of a service's procedure."""

    def settle(self) -> None:
        self.key, self.reading = f"follow:{self['rule']}:{self['step']}", (self["cf"], self["told"])
