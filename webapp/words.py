"""The words of the pages, in both languages; each room has a file of its own in `texts/`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.sentences import sentences_in

_TEXTS = Path(__file__).with_name("texts")


def words_in(lang: str) -> Callable[..., str]:
    """Give the function that templates call with a key, and with what fills the sentence."""

    def word(key: str, **details: Any) -> str:
        return sentences_in(_TEXTS)[key][lang].format(**details)

    return word
