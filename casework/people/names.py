"""How names are spelt: a person's name as words that are alike however somebody wrote it down.

"Hj. SOEKARTI, S.Pd", "Sukarti" and "Soekarti" are one word. Only what is safe to treat as alike is: old spelling, sounds
that are written either way, accents, doubled letters, titles. Who may be one person is the business of `likeness`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, insert

from casework.people.models import NameWord, Person
from casework.store.work import Work

LONGEST_WORD = 40
_MOST_WORDS = 12
# Before and after a name; a person may also be called Haji or Ir, therefore only where another word is left.
_HONOURS = (
    "h hj haji hajah k kh kyai nyai ust ustaz ustad ustadz ustadzah dr drs dra drg ir prof r rr rm raden bpk bapak ibu bu "
    "pak sdr sdri tn ny nn alm almh almarhum almarhumah apt"
)
_DEGREES = (
    "amd amdkeb amdkep sag se sh shi si skep skm skom sp spd spdi spsi sos ssos st ste str mag mh mhum mkes mkom mm mpd "
    "mpdi msi mt ners"
)
_TITLES = frozenset(f"{_HONOURS} {_DEGREES}".split())
# Old and new spelling, and Arabic and Javanese sounds that are written either way: the order counts.
_ALIKE = (
    *(("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("ch", "h"), ("kh", "h"), ("sj", "s"), ("sy", "s")),
    *(("sh", "s"), ("dh", "d"), ("th", "t"), ("dz", "z")),
    *(("j", "i"), ("y", "i"), ("v", "f"), ("z", "s"), ("q", "k"), ("x", "ks")),
)
_SHORT = {
    "moh": "muhamad",
    "muh": "muhamad",
    "mohamad": "muhamad",
    "mohamed": "muhamad",
    "mhd": "muhamad",
    "abd": "abdul",
}
_GAP = re.compile(r"[\s,;/()\-]+")
_WITHIN = re.compile(r"['’‘`´]")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"(.)\1+")


def words_of(name: str) -> list[str]:
    """Give the words of a name, each spelt one way and once, in the order of the name.

    Examples:
        >>> words_of("Hj. SOEKARTI, S.Pd")
        ['sukarti']
        >>> words_of("H.Moch.Ma'ruf")
        ['muhamad', 'maruf']
    """
    words: list[str] = []
    for part in _GAP.split(_WITHIN.sub("", _plain(name))):
        whole = part.replace(".", "")
        words += [whole] if whole in _TITLES else [word for word in _NOT_A_LETTER.split(part) if word]
    bare = [word for word in words if word not in _TITLES] or words
    return list(dict.fromkeys(filter(None, map(spelt, bare))))[:_MOST_WORDS]


@lru_cache(maxsize=50_000)
def spelt(word: str) -> str:
    """Give a word of small letters the one way it is kept: Djoko, Joko and Yoko are alike, so are Achmad and Ahmad."""
    before = ""
    while word != before:
        before = word
        for written, kept in _ALIKE:
            word = word.replace(written, kept)
        word = _DOUBLED.sub(r"\1", word)[:LONGEST_WORD]
    return _SHORT.get(word, word)


def keep_words(work: Work, person: Person) -> None:
    """Keep what a person is found by in step with the name; a merged entry is found by none."""
    work.session.execute(delete(NameWord).where(NameWord.person_id == person.id))
    if person.merged_into is None:
        add_words(work, [(person.id, person.name)])


def add_words(work: Work, names: Iterable[tuple[int, str]]) -> None:
    """Add the words of people who have none yet."""
    rows: list[dict[str, Any]] = [
        {"word": word, "person_id": person} for person, name in names for word in words_of(name)
    ]
    if rows:
        work.session.connection().execute(insert(NameWord.__table__), rows)


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
