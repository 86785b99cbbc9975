"""What is carried home on paper: the checklist as data for its sheet, set as a PDF in `casework.typeset`."""

import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import segno

from casework import typeset
from webapp.telling.checklist import Checklist, ChosenService, ListedPaper, ListedStep
from webapp.words import words_in

_LONG_WORD = re.compile(r"\S{24}(?=\S)")


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Set data in a template: the name of a `.typ` file of this folder, without its ending (`casework.typeset`)."""
    return typeset.pdf(Path(__file__).with_name(f"{template}.typ"), data)


def _each_text(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _each_text(value, change) for key, value in data.items()}
    return [_each_text(value, change) for value in data] if isinstance(data, list | tuple) else data


def _breakable(text: str) -> str:
    """Let a very long word break at the edge of the sheet."""
    return _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def sheet_of(checklist: Checklist, address: str, shape: str) -> dict[str, Any]:
    """Give what the template of the checklist shows.

    Args:
        checklist: What to bring and do.
        address: Where the same list is, without people.
        shape: `a4`, or `receipt` for a roll 80 mm wide.
    """
    said = _each_text(_said(checklist, address), _breakable)
    return {**said, "shape": shape, "lang": checklist.lang, "link": address, "qr": _drawn(address)}


def _drawn(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="l").save(drawn, kind="svg", border=4)
    return drawn.getvalue().decode()


def _said(checklist: Checklist, address: str) -> dict[str, Any]:
    """Give all texts of the sheet, in its order."""
    word = words_in(checklist.lang)
    return {
        "title": word("list_title"),
        "made": word("list_made", day=checklist.day),
        "notes": [*_notes(checklist, word)],
        "services_title": word("list_services"),
        "services": [{"title": one.title, "lines": _service_lines(one, word)} for one in checklist.services],
        "groups": [*_groups(checklist, word)],
        "papers_note": word("list_valid_note") if checklist.papers else word("list_no_papers"),
        "steps_title": word("list_steps"),
        "procedures": [
            {
                "title": ", ".join(one.title for one in procedure.services),
                "steps": [{"title": step.title, "lines": _step_lines(step, word)} for step in procedure.steps],
                "none": word("list_no_steps"),
            }
            for procedure in checklist.procedures
        ],
        "steps_note": word("list_time_note"),
        "contact_title": word("list_contact"),
        "contact": list(checklist.contact),
        "qr_title": word("list_qr"),
        "qr_help": word("list_qr_help"),
        "qr_alt": word("list_qr_alt"),
        "address": address,
        "page": word("list_page", page="{page}", pages="{pages}"),
    }


def _notes(checklist: Checklist, word: Callable[..., str]) -> Iterable[str]:
    yield word("free")
    yield word("decides")
    if not checklist.services:
        yield word("list_nothing")
    elif not checklist.confirmed:
        yield word("list_unconfirmed")
    if checklist.clash:
        yield word("list_clash")


def _service_lines(one: ChosenService, word: Callable[..., str]) -> list[str]:
    return _joined(
        word("list_whom", who=one.who) if one.who else None,
        word("list_where_limit", where=one.where) if one.where else word("list_where_unknown"),
        word("list_limit", time=one.limit) if one.limit else word("list_limit_unknown"),
    )


def _joined(*told: str | None) -> list[str]:
    """Put what is told in one line; none of nothing."""
    line = " · ".join(one for one in told if one)
    return [line] if line else []


def _groups(checklist: Checklist, word: Callable[..., str]) -> Iterable[dict[str, Any]]:
    """Give the papers under their headings: what is still needed, by when, and what is in hand."""
    needed = [(word(f"list_time_{time}"), papers) for time, papers in checklist.needed]
    for title, parts in ((word("list_needed"), needed), (word("list_have"), [("", checklist.in_hand)])):
        if any(papers for _, papers in parts):
            yield {"title": title, "parts": [_part(subtitle, papers, word) for subtitle, papers in parts]}


def _part(title: str, papers: Iterable[ListedPaper], word: Callable[..., str]) -> dict[str, Any]:
    lines = [{"title": one.title, "lines": _paper_lines(one, word), "ticked": one.in_hand} for one in papers]
    return {"title": title, "papers": lines}


def _paper_lines(one: ListedPaper, word: Callable[..., str]) -> list[str]:
    issuer = word("list_from", issuer=one.issuer) if one.issuer else word("list_from_unknown")
    who = word("list_of", who=one.who) if one.who else None
    valid = word("list_valid", time=one.valid) if one.valid else None
    lines = _joined(who, None if one.in_hand else issuer, valid)
    if not one.in_hand:
        lines += [word("list_how", how=one.how)] if one.how else []
        lines += [word("list_instead", papers=one.instead)] if one.instead else []
    return [*lines, *_joined(one.needed_for)]


def _step_lines(step: ListedStep, word: Callable[..., str]) -> list[str]:
    who = word("list_done_by", actor=step.actor) if step.actor else None
    where = word("list_place", where=step.where) if step.where else None
    time = word("list_time", time=step.time) if step.time else None
    perhaps = None if step.sure else word("list_perhaps")
    return [*_joined(who, where, time), *_joined(step.whose), *_joined(perhaps)]
