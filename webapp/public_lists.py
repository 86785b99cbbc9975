"""The list of beneficiaries that everybody may see: looked through by name, aid and village, page by page, or on paper."""

from flask import Flask, Response, request

from casework.lists import public as shown
from casework.refusals import Refused
from casework.staff.actors import APPLICANT
from engine.words import day
from webapp import frame

_LONGEST = 80


def register(app: Flask) -> None:
    """Add the page."""
    app.add_url_rule("/penerima", "public_lists_page", public_lists_page)


def public_lists_page() -> Response:
    """Show who is on published lists; `print=yes` gives more of them at once."""
    desk, lang, asked = frame.desk(), frame.chosen_language(), request.args
    office = desk.office
    name, number = asked.get("name", "").strip()[:_LONGEST], asked.get("list", "")
    village, printed = asked.get("village", ""), asked.get("print") == "yes"
    wrong = None
    with desk.database.reading(APPLICANT) as work:
        try:
            found = shown.beneficiaries(
                work,
                office,
                name,
                number or None,
                village,
                frame.page_asked(),
                shown.SHEET if printed else shown.PAGE,
            )
        except Refused as refused:
            found, wrong = None, refused.said(lang)
        lists = [
            (one.number, frame.service_name(one.service), day(one.since, lang), day(one.until, lang))
            for one in shown.public_lists(work, office)
        ]
        villages = shown.villages(work, office)
    return frame.show(
        "public_lists/list.html",
        400 if wrong else 200,
        found=found,
        wrong=wrong,
        lists=lists,
        villages=villages,
        asked={"name": name, "list": number, "village": village},
        printed=printed,
        service_name=frame.service_name,
        day=lambda value: day(value, lang),
        least=shown.SHORTEST,
    )
