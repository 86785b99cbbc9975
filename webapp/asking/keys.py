"""The keys that seal what people tell: from the environment where several servers must open each other's pages, else from
a file beside the knowledge that only its owner may read. A new key is made where there is none."""

import os
from pathlib import Path

from cryptography.fernet import Fernet

ENVIRONMENT = "TEPAT_SEAL_KEYS"


class BadKey(ValueError):
    """A key that cannot seal anything, with where it stands."""


def keys_of(file: Path) -> list[bytes]:
    """Give the keys, the newest first: those of `TEPAT_SEAL_KEYS` (parted by commas), or the lines of a file.

    Args:
        file: Made with one new key, readable by its owner only, when it does not exist.

    Raises:
        BadKey: when one of them is no Fernet key (32 bytes in URL-safe base64).
    """
    said = os.environ.get(ENVIRONMENT)
    where = ENVIRONMENT if said else str(file)
    keys = (said or _lines(file)).replace(",", "\n").split()
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            raise BadKey(f"{where}: key {number} is no Fernet key") from None
    if not keys:
        raise BadKey(f"{where}: there is no key")
    return [key.encode() for key in keys]


def _lines(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        return _made(file)


def _made(file: Path) -> str:
    """Make a key; of two servers that start at once, both take the one that was there first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(Fernet.generate_key().decode() + "\n")
    try:
        # A link is there with all that is in it, or not at all.
        os.link(mine, file)
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    return file.read_text(encoding="ascii")
