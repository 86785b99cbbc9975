"""Somebody who fills in the interview: reads each page as a browser would, and answers it from what a household tells.

Only the HTML is read: fields, ticks and buttons. Pages come from whoever posts (a test client, or a connection to a
real server), so that the same walk measures questions, outcomes and speed. What a household does not tell is answered
"not known"; on a list of ticks, though, whoever ticks one thing says "no" to the rest, as people do.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, Fact, Value
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS

NOBODY, NOT_KNOWN = "-", "?"
INTERVIEW, RESULT = "/periksa", "/hasil"
MOST_PAGES = 200
Sent = dict[str, list[str]]
Post = Callable[[str, Sent], str]


class Stuck(Exception):
    """A page that does not take its answer, or one that is no page of the interview."""


@dataclass
class Page:
    """What stands in the form of a page.

    `choices` are the values that a field offers, none for one that is typed; `buttons` are pairs of name and value,
    or `formaction` and its address; `mistakes` what the page asks to mend; `labels` what stands beside a box.
    """

    choices: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    hidden: Sent = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def offers(self, do: str) -> bool:
        return ("do", do) in self.buttons

    @property
    def is_last(self) -> bool:
        """Say whether nothing is asked any more: what was answered can be checked, and leads to the result."""
        return not self.offers("next") and ("formaction", RESULT) in self.buttons


class _Reader(HTMLParser):
    """Reads the form `answers` of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.page, self._within, self._select, self._mistake = Page(), False, "", False
        self._box: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = at.get("id") == "answers"
        elif not self._within:
            return
        elif tag == "input" and at.get("type") == "hidden":
            self.page.hidden.setdefault(at["name"], []).append(at.get("value", ""))
        elif tag == "input":
            offered = self.page.choices.setdefault(at["name"], [])
            if at.get("type") in ("radio", "checkbox"):
                offered.append(at["value"])
                self._box = at["name"], at["value"]
        elif tag == "select":
            self._select = at["name"]
            self.page.choices[self._select] = []
        elif tag == "option" and self._select:
            self.page.choices[self._select].append(at.get("value", ""))
        elif tag == "button":
            self.page.buttons.append(
                ("formaction", at["formaction"]) if "formaction" in at else (at["name"], at["value"])
            )
        elif tag == "a" and at.get("href", "").startswith("#"):
            self._mistake = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        elif tag == "select":
            self._select = ""
        elif tag == "a":
            self._mistake = False
        elif tag == "label":
            self._box = None

    def handle_data(self, data: str) -> None:
        if self._mistake:
            self.page.mistakes.append(data)
        elif self._box:
            self.page.labels[self._box] = self.page.labels.get(self._box, "") + data


def read(html: str) -> Page:
    """Read the form of a page. Raises: Stuck, when it has none."""
    reader = _Reader()
    reader.feed(html)
    if "sealed" not in reader.page.hidden:
        raise Stuck(f"no page of the interview: {_heading(html)}")
    return reader.page


def _heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return found[1].strip() if found else html[:200]


class Asked(NamedTuple):
    """A fact that a page asked, by the field that asked it: `h`, `m0`, `w`, or `t` for a list of ticks."""

    fact: str
    where: str
    seats: tuple[str, ...] = ()


class Turn(NamedTuple):
    """One page that was answered: what it asked, the answers that were sealed in it, and what was sent."""

    asked: tuple[Asked, ...]
    sealed: str
    sent: Sent

    @property
    def names(self) -> list[str]:
        """Give the fields that were filled in."""
        return [name for name in self.sent if name not in ("sealed", "lang", "do")]


@dataclass(frozen=True)
class Walked:
    """A whole interview: each page with its answers, and the last page, on which they are checked."""

    turns: tuple[Turn, ...]
    last: Page

    @property
    def screens(self) -> int:
        """Give how many pages were answered; the one on which the answers are checked is not counted."""
        return len(self.turns)

    @property
    def sealed(self) -> str:
        return self.last.hidden["sealed"][0]


class Walker:
    """One household that fills in the interview."""

    def __init__(self, household: Household, facts: Mapping[str, Fact], lang: str = "id") -> None:
        self.household, self.facts, self.lang = household, facts, lang
        # Until the members are listed, lists of ticks are about the one who applies.
        self._listed = False

    def walk(self, post: Post) -> Walked:
        """Answer every page up to the last. Raises: Stuck."""
        turns = []
        for page, sent in self.pages(post):
            if page.is_last:
                return Walked(tuple(turns), page)
            turns.append(Turn(tuple(_asked(page)), page.hidden["sealed"][0], sent))
        raise Stuck(f"no end after {MOST_PAGES} pages")

    def pages(self, post: Post) -> Iterator[tuple[Page, Sent]]:
        """Give every page as it comes, with what is then sent for it; the last one is given and left."""
        self._listed = False
        page = read(post(INTERVIEW, {"lang": [self.lang], "do": ["start"]}))
        for _ in range(MOST_PAGES):
            sent = self._answer(page)
            yield page, sent
            if page.is_last:
                return
            page = read(post(INTERVIEW, sent))
            if page.mistakes:
                raise Stuck(f"{'; '.join(page.mistakes)} (sent {_brief(sent)})")

    def _answer(self, page: Page) -> Sent:
        """Give what is sent for a page."""
        sent = dict(page.hidden)
        self._listed = self._listed or page.offers("another")
        for name, choices in page.choices.items():
            said = self._ticks(page) if name == "t" else self._said(name, choices)
            if said:
                sent[name] = said
        sent["do"] = ["another" if self._is_more(page) else "next"]
        return sent

    def _is_more(self, page: Page) -> bool:
        """Say whether there are members behind the one of this page."""
        seats = [int(name[1:-3]) for name in page.choices if re.fullmatch(r"m[0-9]+\.id", name)]
        return page.offers("another") and bool(seats) and seats[0] + 1 < len(self.household.members)

    def _said(self, name: str, choices: list[str]) -> list[str]:
        where, _, fact = name.partition(".")
        if name == "applicant":
            return [self.household.applicant]
        if name == "papers":
            return self._papers(choices)
        if where == "aid":
            return self._aid(choices)
        if where == "w":
            return self._who(fact, choices)
        if where != "h" and int(where[1:]) >= len(self.household.members):
            # A group of whom nobody is told is asked about one member all the same.
            return [NOT_KNOWN if NOT_KNOWN in choices else ""]
        subject = HOUSEHOLD if where == "h" else self.household.members[int(where[1:])]
        if fact == "id":
            return [subject]
        value = self._value(subject, fact)
        if value is None:
            return [NOT_KNOWN if NOT_KNOWN in choices else ""]
        return self._typed(fact, value)

    def _value(self, subject: str, fact: str) -> Value | None:
        given = self.household.facts.get((subject, fact))
        return None if given is None else given.value

    def _typed(self, fact: str, value: Value) -> list[str]:
        """Write a value as one types it, so that it can be read in one way only."""
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        if isinstance(value, tuple):
            return list(value) or [NOBODY]
        if self.facts[fact].type == "money":
            return [f"{value} rupiah"]
        return [f"{value:.4f}" if isinstance(value, float) and not value.is_integer() else str(value)]

    def _ticks(self, page: Page) -> list[str]:
        """Tick what is so: what holds for somebody it is about, or is other than it is presumed to be."""
        told = {name: self._told(name, page.labels["t", name]) for name in page.choices["t"] if name in self.facts}
        ticked = [name for name, values in told.items() if any(value != self.facts[name].presume for value in values)]
        return ticked or [NOBODY if any(told.values()) else NOT_KNOWN]

    def _told(self, fact: str, label: str) -> list[Value]:
        """Give what is told about a thing to tick, of all whom its label is about."""
        about = self.household.subjects if self._listed else self.household.subjects[:2]
        named = [member for member in self.household.members if label.strip().endswith(f"({member})")]
        return [value for of in named or about if (value := self._value(of, fact)) is not None]

    def _who(self, fact: str, choices: list[str]) -> list[str]:
        seats = [choice for choice in choices if choice.isdecimal()]
        told = {seat: self._value(self.household.members[int(seat)], fact) for seat in seats}
        ticked = [seat for seat, value in told.items() if value]
        return ticked or [NOT_KNOWN if set(told.values()) == {None} else NOBODY]

    def _aid(self, choices: list[str]) -> list[str]:
        """Tick what is received: services, or on the page of who receives one, the seats."""
        if self.household.received is None:
            return [NOT_KNOWN]
        prefix = INPUT_KEYS[RECEIVED]
        received = [(of, name[len(prefix) :]) for of, name in self._held(prefix)]
        seats = {member: seat for seat, member in enumerate(self.household.members)}
        said = {service for _, service in received}
        said |= {f"{service}@{seats[of]}" for of, service in received if of in seats}
        return [choice for choice in choices if choice in said] or [NOBODY if NOBODY in choices else NOT_KNOWN]

    def _papers(self, choices: list[str]) -> list[str]:
        prefix = INPUT_KEYS[PAPER]
        in_hand = {name[len(prefix) :] for _, name in self._held(prefix)}
        return [choice for choice in choices if choice in in_hand] or [NOBODY]

    def _held(self, prefix: str) -> Iterable[tuple[str, str]]:
        return (key for key, given in self.household.facts.items() if key[1].startswith(prefix) and given.value)


def _asked(page: Page) -> Iterable[Asked]:
    """Name the facts that a page asks; who a member is called is none, and neither are aid and papers."""
    for name, choices in page.choices.items():
        where, _, fact = name.partition(".")
        if where == "aid":
            continue
        if name == "t":
            yield from (Asked(one, "t") for one in choices if one not in (NOBODY, NOT_KNOWN))
        elif where == "w":
            yield Asked(fact, "w", tuple(choice for choice in choices if choice.isdecimal()))
        elif fact and fact != "id":
            yield Asked(fact, where)


def _brief(sent: Sent) -> str:
    return ", ".join(f"{name}={'+'.join(values)}" for name, values in sent.items() if name not in ("sealed", "lang"))
