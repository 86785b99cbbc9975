"""One actor's unit of work: a session in one transaction, the moment, the keys, and what will stand in the audit log."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from casework.refusals import ChangedMeanwhile, NotAllowed
from casework.staff.actors import Actor
from casework.store.base import Guarded
from casework.store.keys import Keyring

# The office's clock: Western Indonesian Time.
T = TypeVar("T")
ZONE = ZoneInfo("Asia/Jakarta")


@dataclass
class Record:
    """What will stand in the audit log: an action, what it was done to, and details without whole numbers."""

    action: str
    kind: str
    about: str
    details: dict[str, Any]


@dataclass
class Work:
    """What every function of casework takes first. It is committed as a whole when its block ends, or not at all."""

    session: Session
    actor: Actor
    now: datetime
    keys: Keyring
    records: list[Record] = field(default_factory=list)
    seen: dict[Hashable, Any] | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def require(self, right: str) -> None:
        """Raise NotAllowed unless the actor has a right (`casework.staff.rights`)."""
        if not self.actor.may(right):
            raise NotAllowed

    def record(self, action: str, kind: str, about: object, **details: Any) -> None:
        """Put something on the record, in the same transaction; `kind` and `about` name a row, such as `case`, number."""
        self.records.append(Record(action, kind, str(about), details))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what is worked out under a key, for as long as nothing can change it: once while reading, else each time."""
        if self.seen is None:
            return make()
        if key not in self.seen:
            self.seen[key] = make()
        return self.seen[key]

    def same(self, row: Guarded, version: int | str | None) -> None:
        """Raise ChangedMeanwhile when a row is no longer the version that was shown; None trusts the caller."""
        if version is not None and str(row.version) != str(version):
            raise ChangedMeanwhile
