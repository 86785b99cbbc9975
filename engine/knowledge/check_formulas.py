"""Checks of formulas: every name is known and visible, every operation fits, the whole gives what is expected."""

from collections.abc import Iterator

from engine.knowledge import formulas
from engine.knowledge.formulas import Formula
from engine.knowledge.kinds import Misfit, Typing, shown
from engine.knowledge.model import PERSON, Fact
from engine.knowledge.problems import Problem
from engine.knowledge.vocabulary import Vocabulary


def check_formula(
    vocabulary: Vocabulary, formula: Formula, of: str, expected: str, fact: Fact | None = None
) -> Iterator[Problem]:
    """Check a formula about a household or a person; `fact` is the one that it works out.

    Each name that cannot be read is told; only when all can is the formula typed, up to its first misfit.
    """
    unread = list(_unread(vocabulary, formula, of))
    yield from unread
    if unread:
        return
    typing = Typing(vocabulary, formula.word, of)
    try:
        kind = typing.kind(formula.tree)
        if kind.type != expected:
            raise typing.misfit(formula.tree, shown(kind), expected, fact and fact.place)
        if fact and fact.type in ("choice", "region"):
            typing.giving(formula.tree, fact)
    except Misfit as misfit:
        yield misfit.problem


def _unread(vocabulary: Vocabulary, formula: Formula, of: str) -> Iterator[Problem]:
    typings = {inside: Typing(vocabulary, formula.word, who) for inside, who in ((False, of), (True, PERSON))}
    looked_up = {id(call.args[0]) for call in formulas.calls_in(formula.tree, formulas.PARAMETER_FUNCTIONS)}
    for name, inside in formulas.names_in(formula.tree):
        try:
            if id(name) not in looked_up:
                typings[inside].name(name)
            else:
                typings[inside].parameter(name)
        except Misfit as misfit:
            yield misfit.problem
