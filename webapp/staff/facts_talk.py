"""For this talk only: what would follow if something were otherwise, of a registered household or of one that nobody knows.

Nothing is stored: what is supposed travels with the page, and is gone with it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Response, request, url_for

from casework.cases.facts import LISTED, Standing, household_in, standing_of
from casework.people.observations import PAPER, RECEIVED, knows_secrets, secret_names
from casework.people.register import household_there
from casework.refusals import Refused
from engine.diagnosis import Diagnosis
from engine.household import MEMBER_LIMIT, Household
from engine.household_files import household_of
from engine.knowledge.model import HOUSEHOLD, PERSON
from engine.knowledge.problems import Problem
from engine.knowledge.read import from_plain
from webapp.asking import typed
from webapp.asking.answers import Answers
from webapp.asking.typed import Unclear
from webapp.frame import APPLICANTS, chosen_language, desk
from webapp.staff import facts_file, frame
from webapp.staff.diagnosis_rows import Told, told
from webapp.staff.facts import AID, SUPPOSES, subjects_of
from webapp.staff.facts_form import BACK, FactsForm
from webapp.staff.facts_words import FactWords
from webapp.words import words_in


def register(app: Flask) -> None:
    """Add the pages on which nothing is stored."""
    path = "/kantor/keluarga/<int:id>/andai"
    frame.route(app, path, facts_suppose, *SUPPOSES, methods=("GET", "POST"))
    frame.route(app, "/kantor/diagnosis", facts_quick, *SUPPOSES, methods=("GET", "POST"), menu="facts_quick")


def facts_suppose(id: int) -> Response:
    """Suppose that something about a registered household were otherwise, and show what would follow."""
    with frame.reading() as work:
        home = household_there(work, id)
        secrets = knows_secrets(work, home)
        standing = standing_of(work, desk().office, home, secrets)
        work.record("facts.supposed", "household", home.id)
        names = dict(FactWords.of(work, home).names)
        talk = _Talk(standing, subjects_of(work, home), names, secrets, work.today)
        return talk.page("staff/facts/talk.html", home=home, address=url_for("facts_suppose", id=id))


def facts_quick() -> Response:
    """Diagnose a household without a case: from a form, or from a household file."""
    with frame.reading() as work:
        secrets, today = work.actor.may("secrets.read"), work.today
    text = facts_file.sent()
    if text:
        return facts_file.page(text, secrets, today)
    word = words_in(chosen_language())
    sent = request.form.get("members", "")
    count = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 1
    count = max(1, min(count + (request.form.get("do") == "add"), MEMBER_LIMIT))
    members = [word("member", number=number) for number in range(1, count + 1)]
    applicant = request.form.get("applicant", "")
    document = {
        "id": "diagnosis",
        "applicant": applicant if applicant in APPLICANTS else APPLICANTS[0],
        "as_of": today.isoformat(),
        "household": {},
        "members": [{"id": name} for name in members],
        "papers": {},
    }
    standing = Standing(document, {}, (), {})
    talk = _Talk(standing, [HOUSEHOLD, *members], {}, secrets, today)
    return talk.page("staff/facts/talk.html", home=None, address=url_for("facts_quick"), count=count)


@dataclass
class _Talk:
    """One talk: what stands, what is supposed, and what follows."""

    standing: Standing
    subjects: list[str]
    names: dict[str, str]
    secrets: bool
    today: date

    def __post_init__(self) -> None:
        office, lang = desk().office, chosen_language()
        self.office, self.lang = office, lang
        self.word = words_in(lang)
        self.words = FactWords(office.knowledge, self.names, lang)
        self.form = FactsForm(office.knowledge, lang, self.word, self.today, self.secrets)
        self.answers = Answers(request.form.to_dict(flat=False), 1)
        self.evidence = self._evidence()
        self.supposed: list[str] = []

    @property
    def about(self) -> str:
        """Give whose fields are shown: that of the tab pressed, or that at hand."""
        for said in (self.answers.one("tab"), self.answers.one("about")):
            if said in (*self.subjects, AID):
                return said
        return self.subjects[0]

    def page(self, template: str, **details: Any) -> Response:
        """Show the form, and what follows once it was asked for."""
        shown, status = None, 200
        if self.answers.one("do") == "see":
            household = self._supposed()
            if household is None:
                status = 400
            else:
                shown = self._told(household)
        asked = {"aid": self.form.aid_of(secret_names(self.office.knowledge, self.today))}
        if self.about != AID:
            where, of = self._where(self.about)
            asked["themes"] = self.form.themes(where, of, self.words, self.standing, self.about)
        return frame.page(
            template,
            status,
            answers=self.answers,
            errors={name: self._named(name, sentence) for name, sentence in self.answers.errors.items()},
            about=self.about,
            subjects=[*((one, self.words.who(one)) for one in self.subjects), (AID, self.word("facts_received"))],
            carried=self._carried(),
            seats=[(str(seat), self.words.who(one)) for seat, one in enumerate(self.subjects[1:])],
            evidence=[(one.name, one.label.in_(self.lang)) for one in self._all_evidence()],
            chosen_evidence=self.evidence,
            applicants=[(one, self.word(f"facts_applicant_{one}")) for one in APPLICANTS],
            rows=shown,
            supposed=self.supposed,
            day=self.words.day(self.today),
            **asked,
            **details,
        )

    def _all_evidence(self) -> list[Any]:
        return [one for one in self.office.knowledge.evidence.values() if one.name != "presumed"]

    def _evidence(self) -> str:
        said = self.answers.one("evidence")
        known = [one.name for one in self._all_evidence()]
        return said if said in known else self.office.knowledge.default_evidence or known[0]

    def _where(self, subject: str) -> tuple[str, str]:
        return ("h", HOUSEHOLD) if subject == HOUSEHOLD else (f"m{self.subjects.index(subject) - 1}", PERSON)

    def _carried(self) -> list[tuple[str, str]]:
        """Give what was filled in about others than those shown, for hidden fields."""
        shown = AID if self.about == AID else self._where(self.about)[0]
        return [
            (name, value)
            for name, value in self.answers.hidden()
            if value and (name in (AID, BACK) or "." in name)
            if (value if name == BACK else name).partition(".")[0] != shown
        ]

    def _supposed(self) -> Household | None:
        """Lay what is supposed over what stands; None when something is to be mended."""
        document = _copied(self.standing.document)
        for subject in self.subjects:
            where, of = self._where(subject)
            for name, value in self.form.said(self.answers, where, of):
                self._lay(document, subject, name, value)
                self._say(subject, name, value)
        ticked = self.form.received(self.answers, self.subjects[1:])
        if ticked is not None:
            document.pop(LISTED, None)
            document["active_services"], document["evidence"] = ticked, self.evidence
            self._say(HOUSEHOLD, RECEIVED, ticked)
        if day := self.answers.one("as_of").strip():
            try:
                document["as_of"] = typed.day(day).isoformat()
            except Unclear as unclear:
                self.answers.errors["as_of"] = self.form.ask_back(unclear)
        if self.answers.errors:
            return None
        try:
            return household_in(self.office.knowledge, document)
        except Refused:
            self._mark(document)
            return None

    def _say(self, subject: str, name: str, value: Any) -> None:
        """Note what is supposed, as it was typed where the engine has not read it yet."""
        said = self.word("facts_unknown") if value is None else self.words.typed(name, value)
        self.supposed.append(f"{self.words.who(subject)}, {self.words.label(name)}: {said}")

    def _lay(self, document: dict[str, Any], subject: str, name: str, value: Any) -> None:
        of = document["household"]
        if subject != HOUSEHOLD:
            of = document["members"][self.subjects.index(subject) - 1]
        if name.startswith(PAPER):
            of = (document if subject == HOUSEHOLD else of).setdefault("papers", {})
            name = name.removeprefix(PAPER)
        if value is None:
            of.pop(name, None)
        else:
            of[name] = {"value": value, "evidence": self.evidence}

    def _mark(self, document: dict[str, Any]) -> None:
        """Put the engine's sentences beside the fields that they are about."""
        file = {key: value for key, value in document.items() if key != LISTED}
        _, problems = household_of(from_plain(file), self.office.knowledge, self.today)
        for problem in problems:
            if not problem.is_warning:
                self.answers.errors.setdefault(_field_of(problem), problem.sentence(self.lang))
        self.answers.errors = self.answers.errors or {"": self.word("facts_not_readable")}

    def _named(self, name: str, sentence: str) -> str:
        """Say in the summary which field a sentence is about, and of whom."""
        where, _, fact = name.partition(".")
        if not fact:
            return sentence
        of = HOUSEHOLD if where == "h" else self.subjects[int(where[1:]) + 1]
        return f"{self.words.who(of)}, {self.words.label(fact)}: {sentence}"

    def _told(self, household: Household) -> list[Told]:
        """Tell what follows; of a registered household also what changes against what stands."""
        before = None
        if self.standing.settled:
            before = self._diagnosed(household_in(self.office.knowledge, self.standing.document))
        return told(self._diagnosed(household), self.words, before=before)

    def _diagnosed(self, household: Household) -> Diagnosis:
        office = self.office
        return office.diagnose(household) if self.secrets else office.diagnose_for_everybody(household)


def _copied(document: dict[str, Any]) -> dict[str, Any]:
    return {
        **document,
        "household": dict(document["household"]),
        "members": [{**one, "papers": dict(one.get("papers", {}))} for one in document["members"]],
        "papers": dict(document.get("papers", {})),
    }


def _field_of(problem: Problem) -> str:
    """Give the field of a place in a household: `members.2.age` is `m2.age`."""
    room, *rest = problem.place.path.split(".")
    where = "h"
    if room == "members" and rest:
        where, rest = f"m{rest[0]}", rest[1:]
    if room == "papers" or rest[:1] == ["papers"]:
        return f"{where}.{PAPER}{rest[-1]}"
    if room in ("household", "members") and rest:
        return f"{where}.{rest[0]}"
    return AID if room == "active_services" else room
