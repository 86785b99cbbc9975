"""The blank paper form for people without a telephone: what may be asked of one kind of applicant, laid out for a pen.

It asks what the page asks, from the same schema, and never for the number of an identity card: whoever types it in
later needs roles, not names.
"""

from collections.abc import Iterable
from typing import Any

from webapp.asking.forms import Field, Form

SEATS = 6
_MOST_BOXES = 14


def paper_form(form: Form) -> dict[str, Any]:
    """Give what the template of the paper form shows."""
    word = form.word
    blank = _Blank(form)
    return {
        "lang": form.lang,
        "title": word("paper_title", who=word(f"paper_for_{form.applicant}")),
        "notes": [word(key) for key in ("free", "paper_how", "paper_no_number", "honest")],
        "helper": [word(f"paper_{key}") for key in ("helper", "helper_role", "day")],
        "seats": list(range(1, SEATS + 1)),
        "members": {
            "title": word(f"paper_people_{form.applicant}"),
            "help": word("paper_members_help", seats=SEATS),
            "call": word("call"),
            "rows": [blank.row(one) for _, fields in form.of_member(0) for one in blank.asked(fields)],
        },
        "everybody": {
            "title": word("everybody"),
            "help": word("paper_everybody_help"),
            "groups": [*blank.groups(form.of_everybody())],
        },
        "household": {"title": word(f"paper_about_{form.applicant}"), "groups": [*blank.groups(form.of_household())]},
        "aid": {
            "title": word("aid"),
            "choices": [text for _, text in form.aid()[0]],
            "each": [text for _, text in form.aid()[1]],
        },
        "words": {
            **{key: word(key) for key in ("yes", "no", "unknown", "none_of_these")},
            "nobody": word("paper_nobody"),
            "question": word("paper_question"),
            "page": word("list_page", page="{page}", pages="{pages}"),
        },
    }


class _Blank:
    """Turns fields of the page into lines of paper."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def asked(self, fields: Iterable[Field]) -> list[Field]:
        """Leave out the numbers of cards."""
        return [one for one in fields if not self.form.knowledge.facts[one.name.partition(".")[2]].format]

    def groups(self, themes: Iterable[tuple[str, list[Field]]]) -> Iterable[dict[str, Any]]:
        for title, fields in themes:
            if rows := [self.row(one) for one in self.asked(fields)]:
                yield {"title": title, "rows": rows}

    def row(self, field: Field) -> dict[str, Any]:
        """Give a question with its boxes; of very many choices (sub-districts) the answer is written."""
        boxes = [text for _, text in field.choices] if len(field.choices) <= _MOST_BOXES else []
        if field.control == "several":
            boxes.append(self.form.word("none_of_these"))
        return {"label": field.label, "help": field.help or "", "truth": field.control == "truth", "choices": boxes}
