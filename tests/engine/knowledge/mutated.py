"""Texts with mistakes in them: YAML changed at random, as slips of the hand and of the clipboard change it.

A mutation is named by its seed, so a failing one is one number and means the same in every process.
"""

import re
from collections.abc import Callable, Sequence

from tests.engine.generated import Dice

WORD = re.compile(r"[^\s\[\]{},:\"'#]+")
NUMBER = re.compile(r"-?\d[\d_.]*")
JUNK_NUMBERS = ("0", "-1", "1.5", "1.000.000", "99999999999999999999", "1e9", "½", "٣", "0x1F", "2025-02-30", "5%", "")
JUNK_WORDS = (
    *(
        "yes",
        "no",
        "null",
        "~",
        "household",
        "person",
        "as_of",
        "id",
        "any member",
        "at least 5",
        "between 5 and",
        "is",
    ),
    *("[]", "{}", "[a, b]", "{a: b}", "{id: x}", "&a", "*a", "<<", "!!int", "---", "|", ">", "'", '"', "\t", "\x07"),
    *("1 if x else", "years_between(", "lookup(a)", "is one of ,", "50% of", "{", "}", "é", "🙂", "\u2028", "x" * 300),
)
INDENT = re.compile(r"^ *")


def mutated(text: str, dice: Dice, words: Sequence[str]) -> str:
    """Change a text one to three times; `words` are what a word may become."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        text = dice.choice(_CHANGES)(text, dice, words)
    return text


def _lines(change: Callable[[list[str], int, Dice], None]) -> Callable[[str, Dice, Sequence[str]], str]:
    def changed(text: str, dice: Dice, words: Sequence[str]) -> str:
        lines = text.split("\n")
        change(lines, dice.randrange(len(lines)), dice)
        return "\n".join(lines)

    return changed


def _delete(lines: list[str], at: int, dice: Dice) -> None:
    del lines[at : at + dice.choice((1, 1, 1, 2, 5))]


def _duplicate(lines: list[str], at: int, dice: Dice) -> None:
    lines[at:at] = lines[at : at + dice.choice((1, 1, 1, 2, 5))]


def _swap(lines: list[str], at: int, dice: Dice) -> None:
    other = dice.randrange(len(lines)) if dice.chance(0.5) else min(at + 1, len(lines) - 1)
    lines[at], lines[other] = lines[other], lines[at]


def _indent(lines: list[str], at: int, dice: Dice) -> None:
    lines[at] = INDENT.sub(lambda found: " " * max(0, len(found[0]) + dice.choice((-4, -2, -1, 1, 2, 4))), lines[at])


def _part(pattern: re.Pattern, become: Callable[[str, Dice, Sequence[str]], str]) -> Callable:
    """Make the change of one piece of a text that a pattern finds."""

    def changed(text: str, dice: Dice, words: Sequence[str]) -> str:
        found = [one.span() for one in pattern.finditer(text)]
        if not found:
            return text
        start, end = dice.choice(found)
        return text[:start] + become(text[start:end], dice, words) + text[end:]

    return changed


def _misspelt(word: str, dice: Dice, words: Sequence[str]) -> str:
    at = dice.randrange(len(word))
    return word[:at] + dice.choice(("", word[at] * 2, dice.choice("axz_1.- "))) + word[at + 1 :]


_CHANGES = (
    _lines(_delete),
    _lines(_duplicate),
    _lines(_swap),
    _lines(_indent),
    _part(WORD, lambda word, dice, words: dice.choice(words)),
    _part(WORD, lambda word, dice, words: dice.choice(words)),
    _part(WORD, lambda word, dice, words: dice.choice(JUNK_WORDS)),
    _part(WORD, _misspelt),
    _part(NUMBER, lambda word, dice, words: dice.choice(JUNK_NUMBERS)),
    _part(re.compile(":"), lambda word, dice, words: dice.choice(("", " ", "::", "="))),
    _part(re.compile(r"[\[\]{},\"']"), lambda word, dice, words: dice.choice(("", "[", "}", '"', ",,"))),
    _part(re.compile("."), lambda word, dice, words: ""),
    lambda text, dice, words: text[: dice.randrange(len(text) + 1)] if dice.chance(0.2) else text,
)


def words_of(texts: Sequence[str]) -> list[str]:
    """List the words of some texts, those between quotes whole, each once."""
    found = {word for text in texts for word in WORD.findall(text)}
    found |= {phrase for text in texts for phrase in re.findall(r": ([a-z][^,:{}\[\]\n\"']{3,40})", text)}
    return sorted(found)
