"""The words of the pages, in both languages."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[str, str]]:
    return yaml.load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def words_in(lang: str) -> Callable[..., str]:
    """Give the function that templates call with a key, and with what fills the sentence."""

    def word(key: str, **details: Any) -> str:
        return _texts()[key][lang].format(**details)

    return word
