"""The keys of the data: AES-256-GCM seals, HMAC-SHA-256 finds again what is sealed and signs the audit log.

A sealed value names its key, so that a new key can be put first while the old ones still open what they sealed. It is
bound to its row and column: moved to another row it does not open.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.refusals import Refused

ENVIRONMENT = "TEPAT_DATA_KEYS"
_LENGTH = 32
_NONCE = 12
_ID = 4


class BadKey(ValueError):
    """A key that is none, with where it stands."""


class Keyring:
    """Keys of 32 bytes, the newest first: it seals, all open, each by its id. One secret of its own finds and signs.

    Args:
        keys: The newest first.
        secret: Stays when keys change.
        again: Gives the keys anew when a value is met that none of them opens: somebody added one since.
    """

    def __init__(
        self, keys: Sequence[bytes], secret: bytes, again: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        self._again = again
        self._take(keys)
        self._index = hmac.digest(secret, b"blind index", "sha256")
        self._sign = hmac.digest(secret, b"signature", "sha256")

    def _take(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {hashlib.sha256(b"id" + key).digest()[:_ID]: AESGCM(key) for key in keys}
        self.newest = next(iter(self._ciphers))

    def seal(self, plain: bytes, about: str) -> bytes:
        """Seal bytes for one place (`about`: table, row and column)."""
        nonce = os.urandom(_NONCE)
        return self.newest + nonce + self._ciphers[self.newest].encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Open what was sealed for this place. Raises: Refused `unknown-key`, or `altered`."""
        if sealed[:_ID] not in self._ciphers and self._again:
            self._take(self._again())
        cipher = self._ciphers.get(sealed[:_ID])
        if cipher is None:
            raise Refused("unknown-key", key=sealed[:_ID].hex())
        try:
            return cipher.decrypt(sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :], about.encode())
        except InvalidTag:
            raise Refused("altered") from None

    def is_newest(self, sealed: bytes) -> bool:
        return sealed[:_ID] == self.newest

    def index(self, kind: str, plain: str) -> bytes:
        """Give the blind index of a value: the same for equal values of one kind, and of no other use."""
        return hmac.digest(self._index, f"{kind}:{plain}".encode(), "sha256")[:16]

    def sign(self, message: bytes) -> str:
        return hmac.new(self._sign, message, "sha256").hexdigest()


def new_key() -> str:
    """Make a line of a key file."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_LENGTH)).decode()


def keyring_of(file: Path) -> Keyring:
    """Give the keyring of `TEPAT_DATA_KEYS` (parted by commas), or of a file that only its owner may read.

    The last line is the secret that finds and signs; it stays when keys are added before it. A file that does not exist
    is made with one key and the secret.

    Raises:
        BadKey: when a line is no key (32 bytes in URL-safe base64), or there are fewer than two.
    """
    if not os.environ.get(ENVIRONMENT) and not file.exists():
        write(file, [new_key(), new_key()])
    *keys, secret = _read(file)
    return Keyring(keys, secret, lambda: _read(file)[:-1])


def _read(file: Path) -> list[bytes]:
    said = os.environ.get(ENVIRONMENT)
    where = ENVIRONMENT if said else str(file)
    lines = (said or file.read_text(encoding="ascii")).replace(",", "\n").split()
    keys = [_key(line, number, where) for number, line in enumerate(lines, 1)]
    if len(keys) < 2:
        raise BadKey(f"{where}: it takes a key and a secret, one a line")
    return keys


def add_key(file: Path) -> None:
    """Put a new key before the others: from now on it seals."""
    write(file, [new_key(), *file.read_text(encoding="ascii").split()])


def drop_old_keys(file: Path) -> None:
    """Keep only the newest key and the secret; for when nothing is sealed with the others any more."""
    newest, *_, secret = file.read_text(encoding="ascii").split()
    write(file, [newest, secret])


def write(file: Path, lines: Sequence[str]) -> None:
    """Write a key file at once and for its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    mine.replace(file)


def _key(line: str, number: int, where: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(line)
    except ValueError:
        key = b""
    if len(key) != _LENGTH:
        raise BadKey(f"{where}: line {number} is no key")
    return key
