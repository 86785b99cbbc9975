"""The words of the pages, in both languages; each room has a file of its own in `texts/`."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(Path(__file__).with_name("texts").glob("*.yaml")):
        mine = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}
        twice = found.keys() & mine.keys()
        assert not twice, f"{path.name} says again: {sorted(twice)}"
        found |= mine
    return found


def words_in(lang: str) -> Callable[..., str]:
    """Give the function that templates call with a key, and with what fills the sentence."""

    def word(key: str, **details: Any) -> str:
        return _texts()[key][lang].format(**details)

    return word
