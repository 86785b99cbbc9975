"""The checklist as a plain message to copy: short lines, and stars where a messenger writes bold."""

from collections.abc import Iterable, Iterator

from webapp.telling.checklist import Checklist, ChosenService, ListedPaper, ListedStep
from webapp.words import words_in


def message(checklist: Checklist, address: str) -> str:
    """Give the checklist as the text of a message."""
    return "\n".join(_lines(checklist, address)).strip() + "\n"


def _lines(checklist: Checklist, address: str) -> Iterator[str]:
    word = words_in(checklist.lang)
    yield f"*{word('list_title')}*"
    yield word("list_made", day=checklist.day)
    yield ""
    yield f"*{word('list_services')}*"
    yield from (f"- {_titled(one)}" for one in checklist.services)
    if not checklist.services:
        yield word("list_nothing")
    if checklist.needed:
        yield from ("", f"*{word('list_needed')}*")
    for time, papers in checklist.needed:
        yield f"_{word(f'list_time_{time}')}_"
        for paper in papers:
            yield from _paper(paper, checklist.lang)
    if checklist.in_hand:
        yield from ("", f"*{word('list_have')}*")
        yield from (f"[x] {_titled(paper)}" for paper in checklist.in_hand)
    for procedure in checklist.procedures:
        yield from ("", f"*{word('list_steps')}: {', '.join(one.title for one in procedure.services)}*")
        yield from _steps(procedure.steps, checklist.lang)
    yield from ("", word("free"), word("decides"))
    if not checklist.confirmed and checklist.services:
        yield word("list_unconfirmed")
    yield from ("", *checklist.contact, "", address)


def _titled(one: ListedPaper | ChosenService) -> str:
    return f"{one.title} – {one.who}" if one.who else one.title


def _paper(paper: ListedPaper, lang: str) -> Iterator[str]:
    word = words_in(lang)
    yield f"[ ] {_titled(paper)}"
    yield f"    {word('list_from', issuer=paper.issuer) if paper.issuer else word('list_from_unknown')}"
    if paper.instead:
        yield f"    {word('list_instead', papers=paper.instead)}"


def _steps(steps: Iterable[ListedStep], lang: str) -> Iterator[str]:
    word, number = words_in(lang), 0
    for number, step in enumerate(steps, 1):
        told = "; ".join(one for one in (step.actor, step.time) if one)
        yield f"{number}. {step.title}{f' ({told})' if told else ''}"
        if step.whose:
            yield f"    {step.whose}"
    if not number:
        yield word("list_no_steps")
