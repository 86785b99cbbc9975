"""Why the office does not do what was asked for: one sentence for each reason, in both languages, and the field it is about."""

from pathlib import Path
from typing import Any

from engine.sentences import sentences_in

_SENTENCES = Path(__file__).with_name("sentences")


class Refused(Exception):
    """Something that cannot be done as asked.

    Args:
        code: A key of one of the files in `casework/sentences/`.
        field: The name of the field that must be mended, for the page.
        details: What fills the sentence; never a whole NIK, KK or account number.
    """

    def __init__(self, code: str, field: str | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.details = code, field, details

    def said(self, lang: str) -> str:
        """Say it in a language."""
        return sentences_in(_SENTENCES)[self.code][lang].format(**self.details)

    def __str__(self) -> str:
        return self.said("en")


class NotFound(Refused):
    """What is not there, or not there for this actor: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__("not-found")


class NotAllowed(Refused):
    """What this actor has no right to do."""

    def __init__(self) -> None:
        super().__init__("not-allowed")


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing since it was shown."""

    def __init__(self) -> None:
        super().__init__("changed-meanwhile")
