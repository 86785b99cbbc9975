"""The page of one list: its state and what can be done with it, who stands where, its annex, what keeps people from places."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from casework.lists import annex, annex_files, changes, reading, revising, states
from casework.lists.conflicts import explained
from casework.lists.lists import READING, hidden_services, secret_services, seen_list
from casework.lists.models import BeneficiaryList
from casework.refusals import ChangedMeanwhile, NotAllowed, NotFound, Refused
from casework.store.work import Work
from webapp import frame as public
from webapp.staff import frame
from webapp.staff.lists import day_of, knowing, number_of, words
from webapp.staff.moments import moment

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DONE = ("drafted", "brought_in", "changed")


def register(app: Flask) -> None:
    """Add the page and what can be done on it."""
    one = "/kantor/daftar/<number>"
    frame.route(app, one, list_page, *READING)
    frame.route(app, f"{one}/tabrakan", list_conflicts, *READING)
    frame.route(app, f"{one}/lampiran.pdf", list_annex_pdf, *READING)
    frame.route(app, f"{one}/lampiran.xlsx", list_annex_excel, *READING)
    frame.route(app, f"{one}/<what>", list_act, *READING, methods=("POST",))


def list_page(number: str) -> Response:
    """Show a list."""
    return show_list(number)


def list_act(number: str, what: str) -> Response:
    """Do something with a list and go back to it, or show there what is to be mended."""
    act = _ACTS.get(what)
    if act is None:
        raise NotFound
    try:
        with frame.work() as work:
            shown = act(work, seen_list(work, knowing(), number)) or number
    except (NotFound, NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refused:
        return show_list(number, refused, what, 400)
    return redirect(url_for("list_page", number=shown, done="changed"))


def list_conflicts(number: str) -> Response:
    """Show who waits because they hold something else, and why the two exclude each other."""
    lang = public.chosen_language()
    with frame.reading() as work:
        office, on = knowing(), seen_list(work, knowing(), number)
        hidden = hidden_services(work, office)
        found = [
            (entry, [explained(office.knowledge, conflict, lang, hidden) for conflict in conflicts])
            for entry, conflicts in reading.conflicts(work, office, on)
        ]
        work.record("list.conflicts", "list", on.number, count=len(found))
        return frame.page("staff/lists/conflicts.html", on=on, found=found, **words())


def list_annex_pdf(number: str) -> Response:
    """Give the annex on paper, one part of it."""
    part = request.args.get("part", "1")
    found = _annex(number, "pdf")
    chosen = int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 1
    if not 1 <= chosen <= annex_files.parts_of(found):
        raise NotFound
    return _file(annex_files.as_pdf(found, chosen), "application/pdf", f"{number}-{chosen}.pdf")


def list_annex_excel(number: str) -> Response:
    """Give the annex as a sheet."""
    return _file(annex_files.as_excel(_annex(number, "xlsx")), _EXCEL, f"{number}.xlsx")


def _annex(number: str, form: str) -> annex.Annex:
    with frame.reading() as work:
        return annex.annex_of(work, knowing().knowledge, seen_list(work, knowing(), number), form)


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def show_list(number: str, refused: Refused | None = None, form: str = "", status: int = 200) -> Response:
    """Show a list, with what is to be mended in one of its forms; what was typed stays."""
    place = request.args.get("place", "")
    with frame.reading() as work:
        office, on = knowing(), seen_list(work, knowing(), number)
        work.record("list.read", "list", on.number)
        place = place if place in reading.PLACES else reading.PLACES[0]
        name = request.args.get("name", "")
        counts = reading.counted(work, on)
        return frame.page(
            "staff/lists/list.html",
            status,
            on=on,
            counts=counts,
            total=reading.total_of(work, on),
            places=reading.PLACES,
            place=place,
            name=name,
            found=reading.entries(work, on, place, name, public.page_asked()),
            revised=revising.revised_by(work, on),
            revision=revising.revision_of(work, on),
            as_signed=annex.is_as_signed(work, on),
            secret=on.service in secret_services(work, office),
            parts=range(1, annex_files.parts_for(counts[reading.PLACES[0]]) + 1),
            may=states.steps(work, on),
            moment=moment,
            errors={refused.field: refused.said(public.chosen_language())} if refused else {},
            mended=form,
            typed=request.form,
            done=request.args.get("done") if request.args.get("done") in _DONE else None,
            **words(),
        )


def _sign(work: Work, on: BeneficiaryList) -> None:
    if not _typed("sk_number").strip():
        raise Refused("lists-sk-number", "sk_number")
    states.sign(work, knowing(), on, _typed("sk_number"), day_of(_typed("sk_date"), "sk_date"), _version())


def _quota(work: Work, on: BeneficiaryList) -> None:
    quota = number_of(_typed("quota"), "quota", "lists-quota")
    changes.set_quota(work, knowing().knowledge, on, quota, _version())


def _add(work: Work, on: BeneficiaryList) -> None:
    work.same(on, _version())
    changes.add_claim(work, knowing().knowledge, on, _typed("case"))


def _check_again(work: Work, on: BeneficiaryList) -> None:
    work.same(on, _version())
    changes.check_again(work, knowing().knowledge, on)


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _public() -> bool:
    return _typed("public") == "yes"


def _version() -> str:
    return request.form.get("version", "0")


# What the forms of the page do, by the last part of their address; one that gives a number leads to that list.
_ACTS: dict[str, Callable[[Work, BeneficiaryList], Any]] = {
    "periksa": lambda work, on: states.verify(work, knowing(), on, _version()),
    "kembalikan": lambda work, on: states.send_back(work, on, _typed("reason"), _version()),
    "tandatangan": _sign,
    "umumkan": lambda work, on: states.publish(work, knowing(), on, _public(), _version()),
    "nama": lambda work, on: states.show_names(work, knowing(), on, _public(), _version()),
    "batal": lambda work, on: states.drop(work, on, _typed("reason"), _version()),
    "ubah": lambda work, on: revising.revise(work, on, _typed("reason"), _version()).number,
    "kuota": _quota,
    "tambah": _add,
    "periksa-lagi": _check_again,
}
