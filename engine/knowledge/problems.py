"""A mistake someone made in a file, told so that they can mend it.

One problem is a code, a place and the words that fill its sentence. The sentences stand in
`messages.yaml`, in Indonesian and English; this room only puts them together:
`file:line:column: code: sentence`, the line itself, a caret, and one hint.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine.population_number import masked, without_numbers

if TYPE_CHECKING:
    from engine.knowledge.read import Place

MESSAGES = Path(__file__).with_name("messages.yaml")


@dataclass(frozen=True)
class Problem:
    """One mistake: `also` is the second place where two places disagree; `details` fill the sentence."""

    code: str
    place: "Place"
    details: Mapping[str, Any] = field(default_factory=dict)
    also: "Place | None" = None

    @property
    def is_warning(self) -> bool:
        return bool(_messages()[self.code].get("warning"))

    @property
    def is_personal(self) -> bool:
        """Say whether what stands at the place is a number that must not be shown whole, well written or not."""
        return bool(_messages()[self.code].get("personal"))

    def sentence(self, lang: str = "id") -> str:
        """Say what is wrong, in one sentence."""
        return _fill(_messages()[self.code][lang], self.details, lang)

    def hint(self, lang: str = "id") -> str | None:
        """Say how to mend it; None when the sentence says enough."""
        if guess := self.details.get("did_you_mean"):
            return _fill(_messages()["did-you-mean"][lang], {"guess": guess}, lang)
        hint = _messages()[self.code].get("hint")
        return _fill(hint[lang], self.details, lang) if hint else None

    def as_json(self, lang: str = "id") -> dict[str, Any]:
        """Give the problem as plain data, one object of `tepat check --json`; what came without a file has a path."""
        where = {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        also = self.also and {"file": self.also.file, "line": self.also.line, "column": self.also.column}
        return {
            **(where if self.place.file else {**where, "path": self.place.path}),
            "code": self.code,
            "severity": "warning" if self.is_warning else "error",
            "sentence": self.sentence(lang),
            "hint": self.hint(lang),
            "also": also,
        }


class Refused(Exception):
    """Knowledge or a household cannot be used; `problems` says why, `texts` holds the files for showing lines."""

    def __init__(self, problems: Iterable[Problem], texts: Mapping[str, str] | None = None) -> None:
        self.problems = sort_problems(problems)
        self.texts = dict(texts or {})
        super().__init__("\n".join(f"{problem.code}: {problem.sentence('en')}" for problem in self.problems))


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order problems by place, errors and warnings together, each said once."""
    unique = {(p.place.file, p.place.line, p.place.column, p.place.path, p.code, str(p.details)): p for p in problems}
    return tuple(unique[key] for key in sorted(unique))


def render(problem: Problem, line_of: Callable[[str, int], str | None], lang: str = "id") -> str:
    """Print one problem with its line, a caret and its hint.

    Args:
        problem: What to print.
        line_of: Gives a line of a file (counted from 1), or None when there is none to show.
        lang: `id` or `en`.
    """
    place = problem.place
    lines = [": ".join(part for part in (_where(place), problem.code, problem.sentence(lang)) if part)]
    lines += _excerpt(place, line_of, problem.is_personal)
    if problem.also:
        lines.append(f"  {_messages()['also'][lang]} {_where(problem.also)}")
        lines += _excerpt(problem.also, line_of, problem.is_personal)
    if hint := problem.hint(lang):
        lines.append(f"  {_messages()['hint'][lang]}: {hint}")
    return "\n".join(lines)


def yaml_reason(reason: str) -> Any:
    """Translate what the YAML reader says into both languages; its own words where they are new."""
    return _messages()["yaml-reasons"].get(reason, reason)


def lines_in(texts: Mapping[str, str]) -> Callable[[str, int], str | None]:
    """Make the `line_of` of `render` from the texts of files."""

    def line_of(file: str, line: int) -> str | None:
        lines = _LINE_ENDS.split(texts[file]) if texts.get(file) else []
        return lines[line - 1] if 0 < line <= len(lines) else None

    return line_of


def closest(word: str, known: Iterable[str]) -> str | None:
    """Guess which known word was meant, None when nothing is near."""
    found = difflib.get_close_matches(word, sorted(set(known)), n=1, cutoff=0.7)
    return found[0] if found else None


# YAML counts these as ends of lines too.
_LINE_ENDS = re.compile("[\n\x85\u2028\u2029]")


def codes() -> tuple[str, ...]:
    """List every code a problem can have."""
    return tuple(code for code, message in _messages().items() if message.get("problem", "yes") == "yes")


def _where(place: "Place") -> str:
    return f"{place.file}:{place.line}:{place.column}" if place.file else place.path


def _excerpt(place: "Place", line_of: Callable[[str, int], str | None], personal: bool) -> list[str]:
    line = line_of(place.file, place.line)
    if line is None:
        return []
    line = without_numbers(line)
    if personal:
        start, end = place.column - 1, place.column - 1 + place.width
        line = line[:start] + masked(line[start:end]) + line[end:]
    number = f"{place.line:>4}"
    start = max(0, place.column - 100)
    shown = line[start : start + 160]
    width = max(1, min(place.width, len(shown) - (place.column - 1 - start)))
    return [f"{number} | {shown}", f"{' ' * len(number)} | {' ' * (place.column - 1 - start)}{'^' * width}"]


def _fill(template: str, details: Mapping[str, Any], lang: str) -> str:
    shown = {
        key: value.get(lang, value.get("id")) if isinstance(value, Mapping) else value for key, value in details.items()
    }
    return without_numbers(template.format_map(_Visible(shown)))


class _Visible(dict):
    def __missing__(self, key: str) -> str:
        raise KeyError(f"a message of messages.yaml asks for {{{key}}}, which its problem does not give")


@lru_cache(maxsize=1)
def _messages() -> Mapping[str, Mapping[str, Any]]:
    return yaml.load(MESSAGES.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
