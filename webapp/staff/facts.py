"""The facts of a household: what stands and why, and the forms in which staff write down what was told, seen or found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.cases.facts import LISTED, Standing, members_of, standing_of
from casework.people.models import Household, Observation, SecretObservation
from casework.people.observations import (
    PAPER,
    RECEIVED,
    Misread,
    Said,
    evidence_for,
    knows_secrets,
    observe_many,
    secret_names,
    value_of,
)
from casework.people.register import household_there
from casework.refusals import NotFound, Refused
from casework.store.work import Work
from engine.knowledge.model import HOUSEHOLD, PERSON
from webapp.asking import typed
from webapp.asking.answers import Answers
from webapp.asking.forms import THEMES
from webapp.asking.typed import Unclear
from webapp.frame import chosen_language, desk
from webapp.staff import diagnosis, frame
from webapp.staff.case_page import link_to
from webapp.staff.facts_form import FactsForm
from webapp.staff.facts_words import FactWords
from webapp.words import words_in

AID = "aid"
_WRITES = ("facts.write", "check.office", "check.rt_rw", "check.kepala_dusun", "check.meeting", "case.open")
SUPPOSES = ("facts.write", "case.open", "check.office", "decision.decide")


@dataclass(frozen=True)
class Row:
    """One fact: what stands of it, how surely, and everything that was ever observed, the latest first."""

    label: str
    value: str
    evidence: str
    sure: str
    observed_on: str
    aged: bool
    history: tuple[dict[str, Any], ...]


def register(app: Flask) -> None:
    """Add the pages of facts."""
    frame.route(app, "/kantor/keluarga/<int:id>/fakta", facts_page, "register.read")
    path = "/kantor/keluarga/<int:id>/fakta/<subject>"
    frame.route(app, path, facts_enter, *_WRITES, methods=("GET", "POST"))


# The case page asks each of its rooms for its part.
on_case = diagnosis.on_case


def facts_page(id: int) -> Response:
    """Show everything that is known of a household."""
    with frame.reading() as work:
        home = household_there(work, id)
        standing = standing_of(work, desk().office, home, knows_secrets(work, home))
        work.record("facts.read", "household", home.id)
        words = FactWords.of(work, home)
        return frame.page(
            "staff/facts/facts.html",
            home=home,
            household_link=link_to("household_page", id=home.id),
            words=words,
            warnings=[words.warned(one) for one in standing.warnings],
            subjects=[(one, words.who(one), _rows(words, standing, one)) for one in subjects_of(work, home)],
            listed=[words.aid(one) for one in standing.document.get(LISTED, ())],
            may_write=bool(evidence_for(work, desk().office.knowledge)),
            may_suppose=any(work.actor.may(right) for right in SUPPOSES),
        )


def facts_enter(id: int, subject: str) -> Response:
    """Write down what was observed of one subject, or (`aid`) which aid the household receives."""
    with frame.reading() as work:
        home = household_there(work, id)
        if subject not in (AID, *subjects_of(work, home)):
            raise NotFound
        page = _Entry(work, home, subject)
        if request.method == "GET":
            work.record("facts.read", "household", home.id)
            return page.show(200)
    said = page.read()
    if not page.answers.errors:
        try:
            with frame.work() as work:
                page.record(work, household_there(work, id), said)
            return redirect(url_for("facts_page", id=id) + f"#{subject}")
        except Misread as misread:
            page.mark(misread)
        except Refused as refused:
            if refused.field is None:
                raise
            page.answers.errors[refused.field] = refused.said(chosen_language())
    with frame.reading() as work:
        return page.again(work, household_there(work, id)).show(400)


class _Entry:
    """The form of one subject: what it asks, what was filled in, and what is to be mended."""

    def __init__(self, work: Work, home: Household, subject: str, answers: Answers | None = None) -> None:
        office, lang = desk().office, chosen_language()
        self.home, self.subject, self.office = home, subject, office
        self.answers = answers or Answers(request.form.to_dict(flat=False), 1)
        self.secrets = knows_secrets(work, home)
        self.form = FactsForm(office.knowledge, lang, words_in(lang), work.today, self.secrets)
        self.standing = standing_of(work, office, home, self.secrets)
        self.words = FactWords.of(work, home)
        self.members = [one.member for one in members_of(home, work.today)]
        self.hidden = secret_names(office.knowledge, work.today)
        self.evidence = evidence_for(work, office.knowledge)
        self.subjects = subjects_of(work, home)
        self.of = HOUSEHOLD if subject in (HOUSEHOLD, AID) else PERSON
        self.where = "h" if self.of == HOUSEHOLD else "m0"
        self.observed_on: date | None = None

    def again(self, work: Work, home: Household) -> "_Entry":
        """Make the form once more with what was filled in."""
        return _Entry(work, home, self.subject, self.answers)

    def read(self) -> list[tuple[str, Any]]:
        """Read what was filled in; what is to be mended stands in the answers."""
        if self.subject == AID:
            ticked = self.form.received(self.answers, self.members)
            said = [] if ticked is None else [(RECEIVED, ticked)]
        else:
            said = self.form.said(self.answers, self.where, self.of)
        if not said and not self.answers.errors:
            self.answers.errors[""] = self.words.word("facts_nothing_filled")
        if day := self.answers.one("observed_on").strip():
            try:
                self.observed_on = typed.day(day)
            except Unclear as unclear:
                self.answers.errors["observed_on"] = self.form.ask_back(unclear)
        return said

    def record(self, work: Work, home: Household, said: Iterable[tuple[str, Any]]) -> None:
        """Record it as one observation of one source. Raises: Refused."""
        person = next((one for one in home.people if one.member == self.subject), None)
        if (self.of == PERSON) != (person is not None):
            raise NotFound
        observe_many(
            work,
            self.office.knowledge,
            home,
            [Said(person, fact, value) for fact, value in said],
            self.answers.one("evidence"),
            observed_on=self.observed_on,
            document=self.answers.one("document") or None,
            note=self.answers.one("note").strip()[:1000] or None,
        )

    def mark(self, misread: Misread) -> None:
        """Put the engine's sentences beside their fields."""
        for (_, fact), problem in misread.problems.items():
            name = AID if fact == RECEIVED else f"{self.where}.{fact}"
            self.answers.errors[name] = problem.sentence(self.form.lang)

    def show(self, status: int) -> Response:
        knowledge, lang = self.office.knowledge, self.form.lang
        details: dict[str, Any] = {}
        if self.subject == AID:
            settled = self.standing.settled.get((HOUSEHOLD, RECEIVED))
            details["aid"] = self.form.aid_of(self.hidden)
            details["seats"] = [(str(seat), self.words.who(one)) for seat, one in enumerate(self.members)]
            details["now"] = self.words.value(RECEIVED, settled.value) if settled and settled.certainty else None
        else:
            details["themes"] = self.form.themes(self.where, self.of, self.words, self.standing, self.subject)
        return frame.page(
            "staff/facts/enter.html",
            status,
            home=self.home,
            subject=self.subject,
            subjects=[*((one, self.words.who(one)) for one in self.subjects), (AID, self.words.word("facts_received"))],
            words=self.words,
            answers=self.answers,
            errors={name: self._named(name, sentence) for name, sentence in self.answers.errors.items()},
            evidence=[(name, self.words.evidence(name)) for name in self.evidence],
            documents=[(one.name, one.label.in_(lang)) for one in knowledge.papers.values() if not one.officer_only],
            **details,
        )

    def _named(self, name: str, sentence: str) -> str:
        """Say in the summary which field a sentence is about."""
        fact = name.partition(".")[2]
        return f"{self.words.label(fact)}: {sentence}" if fact else sentence


def subjects_of(work: Work, home: Household) -> list[str]:
    """Give whom facts are about: the household, then its members."""
    return [HOUSEHOLD, *(one.member for one in members_of(home, work.today))]


def _rows(words: FactWords, standing: Standing, subject: str) -> list[tuple[str, list[Row]]]:
    """Give what is known of one subject, by theme in the order of the schema; then papers, then received aid."""
    facts = list(words.knowledge.facts)
    themes: dict[str, list[tuple[int, str]]] = {}
    for of, name in standing.settled:
        if of == subject:
            known = words.knowledge.facts.get(name)
            theme = "papers" if name.startswith(PAPER) else f"theme_{(known and known.theme) or THEMES[-1]}"
            place = facts.index(name) if known else len(facts)
            themes.setdefault(theme, []).append((place, name))
    order = [f"theme_{theme}" for theme in THEMES] + ["papers"]
    return [
        (words.word(theme), [_row(words, standing, subject, name) for _, name in sorted(themes[theme])])
        for theme in sorted(themes, key=order.index)
    ]


def _row(words: FactWords, standing: Standing, subject: str, fact: str) -> Row:
    settled = standing.settled[subject, fact]
    known = settled.certainty > 0
    return Row(
        label=words.label(fact),
        value=words.value(fact, settled.value) if known else words.word("facts_unknown"),
        evidence=words.evidence(settled.evidence) if known else "",
        sure=words.sure(settled.certainty) if known else "",
        observed_on=words.day(settled.observed_on) if known and settled.observed_on else "",
        aged=settled.aged,
        history=tuple(_seen(words, one) for one in reversed(standing.history.get((subject, fact), []))),
    )


def _seen(words: FactWords, row: Observation | SecretObservation) -> dict[str, Any]:
    """Say one observation: when, what, on what evidence, by whom."""
    return {
        "day": words.day(row.observed_on),
        "value": words.value(row.fact, value_of(row)),
        "evidence": words.evidence(row.evidence),
        "by": row.recorded_by,
        "document": words.label(row.document) if row.document else None,
        "note": row.note,
    }
