"""Pages of entries that may be one person: side by side, for a human to decide."""

from flask import Flask, Response, redirect, request, url_for

from casework.people import merges
from casework.people.merges import RIGHT, Pair
from casework.people.models import Person
from casework.refusals import Refused
from casework.store.work import Work
from webapp.staff import frame
from webapp.staff.imports import jobs
from webapp.staff.register_forms import Shown, answer

_SIDE_BY_SIDE = ("name", "birth_date", "sex", "mother_name", "relation")


def register(app: Flask) -> None:
    """Add the pages."""
    post = ("POST",)
    frame.route(app, "/kantor/ganda", duplicates_page, RIGHT, menu="register_duplicates")
    frame.route(app, "/kantor/ganda/cari", duplicates_search, RIGHT, methods=post)
    frame.route(app, "/kantor/ganda/<int:id>", duplicate_page, RIGHT, methods=("GET", "POST"))
    frame.route(app, "/kantor/gabung/<int:id>/batal", merge_undo, RIGHT, methods=post)


def duplicates_page() -> Response:
    """Show the entries that await a decision."""
    with frame.reading() as work:
        return frame.page("staff/register/duplicates.html", pairs=merges.pairs(work), sought="sought" in request.args)


def duplicates_search() -> Response:
    """Look through the register; it takes a while."""
    jobs().find_likenesses()
    return redirect(url_for("duplicates_page", sought=1))


def duplicate_page(id: int) -> Response:
    """Show two entries side by side, or decide about them."""

    def save(work: Work) -> str:
        pair, form = merges.seen_pair(work, id), request.form
        if form.get("do") == "different":
            merges.different(work, pair.likeness)
            return url_for("duplicates_page")
        if form.get("keep") not in (str(pair.one.id), str(pair.other.id)):
            raise Refused("register-choice", "keep")
        kept, gone = (pair.one, pair.other) if form.get("keep") == str(pair.one.id) else (pair.other, pair.one)
        merges.merge(work, kept, gone, (form.get(f"version-{kept.id}", ""), form.get(f"version-{gone.id}", "")))
        return url_for("person_page", id=kept.id)

    return answer("staff/register/duplicate.html", lambda work: _side_by_side(work, merges.seen_pair(work, id)), save)


def merge_undo(id: int) -> Response:
    """Make two entries of one again."""
    with frame.work() as work:
        made = merges.merge_of(work, id)
        merges.undo(work, made)
        gone = made.gone_id
    return redirect(url_for("person_page", id=gone))


def _side_by_side(work: Work, pair: Pair) -> Shown:
    people: list[tuple[Person, str | None]] = [(person, person.shown(work.keys, "nik")) for person in pair[1:]]
    two_numbers = all(number for _, number in people)
    return {"pair": pair, "people": people, "parts": _SIDE_BY_SIDE, "two_numbers": two_numbers}
