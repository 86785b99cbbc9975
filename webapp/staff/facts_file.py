"""A quick diagnosis of a household file that is sent or pasted; what cannot be read in it is said line by line."""

from datetime import date

from flask import Response, request

from engine.household import Household
from engine.household_files import household_of
from engine.knowledge.problems import Problem, lines_in, render
from engine.knowledge.read import HOUSEHOLD_FILE_LIMIT, Table, read_text
from webapp.frame import chosen_language, desk
from webapp.staff import frame
from webapp.staff.diagnosis_rows import told
from webapp.staff.facts_words import FactWords
from webapp.words import words_in


def sent() -> str | None:
    """Give the text of the household file that was sent or pasted; None when there is none."""
    file = request.files.get("file")
    if file and file.filename:
        text = file.stream.read(HOUSEHOLD_FILE_LIMIT).decode("utf-8-sig", errors="replace")
    else:
        text = request.form.get("text", "")
    return text.replace("\r\n", "\n") if text.strip() else None


def page(text: str, secrets: bool, today: date) -> Response:
    """Show what follows for a household file, or what must be mended in it."""
    office, lang = desk().office, chosen_language()
    household, faults = _read(text, today, lang)
    rows = None
    if household is not None:
        made = office.diagnose(household) if secrets else office.diagnose_for_everybody(household)
        rows = told(made, FactWords(office.knowledge, {}, lang))
    return frame.page("staff/facts/file.html", 200 if household else 400, faults=faults, rows=rows, text=text)


def _read(text: str, today: date, lang: str) -> tuple[Household | None, list[str]]:
    """Read one household; gives the faults instead when there are any."""
    word = words_in(lang)
    document = read_text(text, word("facts_file"))

    def said(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
        line_of = lines_in({document.file: document.text})
        return [render(one, line_of, lang) for one in problems if not one.is_warning]

    if faults := said(document.problems):
        return None, faults
    node = document.node
    if not isinstance(node, Table) or node.get("based_on") is not None:
        return None, [word("facts_one_household")]
    household, problems = household_of(node, desk().office.knowledge, today)
    return household, said(problems)
