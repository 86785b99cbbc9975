"""Pages of lists: upload one, see what is wrong with it and what it would do, bring it in; and take a list out."""

from flask import Flask, Response, current_app, redirect, request, url_for

from casework.jobs import Jobs
from casework.people import imports
from casework.people.exports import FORMATS, export_people
from casework.people.import_files import LARGEST
from casework.people.import_rows import REQUIRED, SHOWN
from casework.people.imports import RIGHT
from casework.people.models import Import
from casework.people.places import villages_for
from casework.refusals import Refused
from webapp import frame as public
from webapp.files import file_of
from webapp.staff import frame
from webapp.staff.register_forms import version
from webapp.words import words_in

JOBS = "tepat.jobs"
_FORM_AROUND = 64 * 1024
_SHOWN_FAULTS = 200
# A page that waits looks again after so many seconds, with or without JavaScript.
_AGAIN = "3"
_BADGES = {"reading": "wait", "read": "wait", "applying": "wait", "applied": "good", "refused": "stop"}


def register(app: Flask) -> None:
    """Add the pages; jobs are done at once unless `app.extensions["tepat.jobs"]` names who does them."""
    post = ("POST",)
    frame.route(
        app,
        "/kantor/impor",
        imports_page,
        RIGHT,
        methods=("GET", "POST"),
        menu="register_imports",
        largest=LARGEST + _FORM_AROUND,
    )
    frame.route(app, "/kantor/impor/contoh.csv", import_sample, RIGHT)
    frame.route(app, "/kantor/impor/<int:id>", import_page, RIGHT)
    frame.route(app, "/kantor/impor/<int:id>/masukkan", import_confirm, RIGHT, methods=post)
    frame.route(app, "/kantor/impor/<int:id>/buang", import_drop, RIGHT, methods=post)
    frame.route(app, "/kantor/impor/<int:id>/salah.csv", import_report, RIGHT)
    frame.route(app, "/kantor/ekspor", export_list, RIGHT, methods=post)


def jobs() -> Jobs:
    """Give who does what takes long."""
    if JOBS not in current_app.extensions:
        desk = public.desk()
        current_app.extensions[JOBS] = Jobs(frame.house(), desk.office.knowledge)
    return current_app.extensions[JOBS]


def imports_page() -> Response:
    """Show the lists, or take one in."""
    if request.method == "GET":
        return _list()
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        return _list({"list": words_in(public.chosen_language())("register_no_file")}, 400)
    with sent.stream:
        content = sent.read(LARGEST + 1)
    if len(content) > LARGEST:
        refused = Refused("import-too-large", megabytes=LARGEST // 1024**2)
        return _list({"list": refused.said(public.chosen_language())}, 413)
    with frame.work() as work:
        id_ = imports.upload(work, sent.filename, content).id
    jobs().read_import(id_)
    return redirect(url_for("import_page", id=id_))


def import_page(id: int) -> Response:
    """Show one list: how far it is, what is wrong with it, what it would do."""
    with frame.reading() as work:
        one = imports.seen_import(work, id)
        faults = [
            (fault, Refused(fault.code, **fault.details).said(public.chosen_language()))
            for fault in imports.faults_of(one)
        ]
        response = frame.page(
            "staff/register/import.html",
            one=one,
            state=_state,
            waits=one.state in imports.UNFINISHED,
            wrong=[pair for pair in faults if not pair[0].doubt][:_SHOWN_FAULTS],
            odd=[pair for pair in faults if pair[0].doubt][:_SHOWN_FAULTS],
            failed=one.fault and one.state == "read" and Refused(one.fault).said(public.chosen_language()),
        )
        if one.state in imports.UNFINISHED:
            response.headers["Refresh"] = _AGAIN
        return response


def import_confirm(id: int) -> Response:
    """Bring a list in that was read."""
    with frame.work() as work:
        imports.confirm(work, imports.seen_import(work, id), version())
    jobs().apply_import(id)
    return redirect(url_for("import_page", id=id))


def import_drop(id: int) -> Response:
    """Throw a list away."""
    with frame.work() as work:
        imports.drop(work, imports.seen_import(work, id), version())
    return redirect(url_for("imports_page"))


def import_report(id: int) -> Response:
    """Give what is wrong with a list as a file."""
    t = words_in(public.chosen_language())
    headings = [t(f"register_report_{column}") for column in ("row", "column", "kind", "sentence")]
    with frame.reading() as work:
        one = imports.seen_import(work, id)
        data = imports.report_csv(
            one, public.chosen_language(), headings, lambda doubt: t("register_odd" if doubt else "register_wrong")
        )
    return file_of(data, FORMATS["csv"], f"impor-{id}.csv")


def import_sample() -> Response:
    """Give an empty list with the headings, to be filled in."""
    headings = ";".join(
        [*(SHOWN[name] for name in REQUIRED), *(text for name, text in SHOWN.items() if name not in REQUIRED)]
    )
    return file_of(f"{headings}\r\n".encode("utf-8-sig"), FORMATS["csv"], "daftar-warga.csv")


def export_list() -> Response:
    """Take a list out, of one village or of the whole area."""
    t = words_in(public.chosen_language())
    form, village = request.form.get("form", ""), request.form.get("village") or None
    with frame.reading() as work:
        data = export_people(work, form, lambda column: t(f"register_column_{column}"), village)
    return file_of(data, FORMATS[form], f"warga.{form}")


def _state(one: Import) -> tuple[str, str]:
    """Say how far a list is, with the colour of it."""
    t = words_in(public.chosen_language())
    if one.state == "read" and not one.is_mended:
        return "stop", t("register_import_faulty", count=one.faulty)
    return _BADGES.get(one.state, "quiet"), t(f"register_import_{one.state}")


def _list(errors: dict[str, str] | None = None, status: int = 200) -> Response:
    with frame.reading() as work:
        return frame.page(
            "staff/register/imports.html",
            status,
            errors=errors or {},
            typed={},
            state=_state,
            lists=imports.imports_of(work),
            villages=villages_for(work, RIGHT),
            required=[SHOWN[name] for name in REQUIRED],
            optional=[text for name, text in SHOWN.items() if name not in REQUIRED],
            largest=LARGEST // 1024**2,
        )
