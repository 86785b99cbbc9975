"""Sentences for people in files of their own: a folder of YAML, each key once over all of them, each in both languages."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache
def sentences_in(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the sentences of a folder by key and language; it is read once."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        mine = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}
        twice = found.keys() & mine.keys()
        assert not twice, f"{path.name} says again: {sorted(twice)}"
        found |= mine
    return found
