"""What would have to change for a no to become a yes: what papers or a check can show, what comes with time, what stays.

Nothing here advises anybody to answer otherwise: what is so can be shown, and what is not so can only come about.
"""

from dataclasses import dataclass

from engine.diagnosis import Diagnosis
from engine.rows import ServiceRow
from engine.words import Speaker


@dataclass(frozen=True)
class Changes:
    """The changes in words, told apart."""

    document: tuple[str, ...]
    time: tuple[str, ...]
    fixed: tuple[str, ...]


def changes(diagnosis: Diagnosis, row: ServiceRow, speaker: Speaker) -> Changes | None:
    """Say what would have to change; None where nothing can be said."""
    return None
