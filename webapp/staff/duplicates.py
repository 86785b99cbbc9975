"""Pages of entries that may be one person: side by side, for a human to decide."""

from flask import Flask, Response, redirect, request, url_for

from casework.people import merges
from casework.people.merges import RIGHT, Pair
from casework.people.models import Merge, Person
from casework.refusals import NotFound, Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.imports import jobs

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
    if request.method == "GET":
        with frame.reading() as work:
            return _show(work, merges.seen_pair(work, id))
    form = request.form
    try:
        with frame.work() as work:
            pair = merges.seen_pair(work, id)
            if form.get("do") == "different":
                merges.different(work, pair.likeness)
                return redirect(url_for("duplicates_page"))
            kept, gone = (pair.one, pair.other) if form.get("keep") == str(pair.one.id) else (pair.other, pair.one)
            if form.get("keep") not in (str(pair.one.id), str(pair.other.id)):
                raise Refused("register-choice", "keep")
            merges.merge(work, kept, gone, (form.get(f"version-{kept.id}", ""), form.get(f"version-{gone.id}", "")))
            onward = url_for("person_page", id=kept.id)
    except NotFound:
        raise
    except Refused as refused:
        with frame.reading() as work:
            return _show(work, merges.seen_pair(work, id), {refused.field: refused.said(public.chosen_language())}, 400)
    return redirect(onward)


def merge_undo(id: int) -> Response:
    """Make two entries of one again."""
    with frame.work() as work:
        made = work.session.get(Merge, id)
        if made is None:
            raise NotFound
        merges.undo(work, made)
        gone = made.gone_id
    return redirect(url_for("person_page", id=gone))


def _show(work: Work, pair: Pair, errors: dict[str | None, str] | None = None, status: int = 200) -> Response:
    people = [_beside(work, person) for person in pair[1:]]
    return frame.page(
        "staff/register/duplicate.html",
        status,
        pair=pair,
        people=people,
        parts=_SIDE_BY_SIDE,
        errors=errors or {},
        two_numbers=all(number for _, number in people),
    )


def _beside(work: Work, person: Person) -> tuple[Person, str | None]:
    return person, person.shown(work.keys, "nik")
