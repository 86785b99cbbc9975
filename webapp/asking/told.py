"""What a person has told so far, and the seal under which it travels with the page: the server keeps nothing.

The answers are compressed and encrypted with authentication (Fernet: AES-128-CBC and HMAC-SHA256), so that a page
carries them unreadable and unchanged. They open for some hours only; a page left open on a borrowed phone closes by itself.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from engine.knowledge.model import FAMILY

HOURS_OPEN = 12
LONGEST_SEALED = 200_000
_LONGEST_TOLD = 500_000


class Unreadable(Exception):
    """A seal that does not open: altered, of another office, or too old (`expired`)."""

    def __init__(self, expired: bool = False) -> None:
        self.expired = expired
        super().__init__("expired" if expired else "altered")


Entry = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What was typed, by field (see `answers`), and the way through the interview.

    `now` is the step that is being asked, `trail` the steps that were answered, in order, and `then` those that an
    answer called for (`walk.Step` writes and reads them). What was typed on a step that is not in the trail is a
    draft. `changing` says that the step was answered before. `by` is how it was told: in the `interview`, or in the
    one-page `form`. `key` is the same whenever the same answers are handed in again (empty: not finished yet).
    """

    typed: Mapping[str, list[str]] = field(default_factory=dict)
    members: int = 1
    applicant: str = FAMILY
    trail: tuple[Entry, ...] = ()
    then: tuple[Entry, ...] = ()
    now: Entry = ()
    changing: bool = False
    helping: bool = False
    by: str = "interview"
    key: str = ""

    def with_(self, **changes: object) -> "Told":
        return replace(self, **changes)


class Sealer:
    """Seals and opens what was told, under one secret; older secrets still open what they sealed."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        """Make a sealer.

        Args:
            keys: Fernet keys; the first one seals, all of them open.
        """
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, told: Told) -> str:
        """Give what was told as one unreadable word that fits a hidden field."""
        plain = json.dumps(asdict(told), ensure_ascii=False, separators=(",", ":")).encode()
        return self._fernet.encrypt(zlib.compress(plain, 9)).decode()

    def open(self, sealed: str) -> Told:
        """Give what was told. Raises: Unreadable."""
        if len(sealed) > LONGEST_SEALED:
            raise Unreadable
        try:
            packed = self._fernet.decrypt(sealed.encode(), ttl=HOURS_OPEN * 3600)
        except (InvalidToken, ValueError):
            raise Unreadable(self._is_ours(sealed)) from None
        # What we sealed ourselves was small enough; the limit holds even so.
        plain = json.loads(zlib.decompressobj().decompress(packed, _LONGEST_TOLD))
        for name in ("trail", "then"):
            plain[name] = tuple(tuple(entry) for entry in plain[name])
        return Told(**plain | {"now": tuple(plain["now"])})

    def _is_ours(self, sealed: str) -> bool:
        """Say whether a word that does not open is only too old."""
        try:
            self._fernet.decrypt(sealed.encode())
        except (InvalidToken, ValueError):
            return False
        return True
