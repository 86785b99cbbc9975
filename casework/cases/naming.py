"""A speaker that calls the members of a household by their names."""

from collections.abc import Mapping

from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.words import Speaker


class Naming(Speaker):
    """Speaks of one household to the office, or in a letter.

    Args:
        names: Of its members, by their ids.
    """

    def __init__(self, knowledge: Knowledge, lang: str, names: Mapping[str, str], of: str = HOUSEHOLD) -> None:
        super().__init__(knowledge, lang, of)
        self.names = names

    def about(self, subject: str) -> "Naming":
        return Naming(self.knowledge, self.lang, self.names, subject)

    def who(self, subject: str) -> str:
        return self.names.get(subject) or super().who(subject)
