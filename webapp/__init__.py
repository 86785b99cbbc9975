"""What people see: a thin Flask application over the engine and casework. It translates; it never compares."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask, Response

from casework.store.database import Database
from engine.diagnosis import Office
from engine.offices import own_office
from webapp import frame, masking, public_lists
from webapp.applications import pages as applications
from webapp.asking import form_page, interview_pages
from webapp.asking.told import Sealer
from webapp.catalogue import pages as catalogue
from webapp.staff import (
    accounts,
    audit_pages,
    bulk,
    case_forms,
    case_new,
    case_page,
    decisions,
    diagnosis,
    duplicates,
    facts,
    facts_talk,
    field_hamlet,
    field_task,
    field_tasks,
    imports,
    letters,
    lists,
    lists_entry,
    lists_page,
    meetings,
    objections,
    papers,
    payments,
    payments_batch,
    profile,
    queue,
    register_entry,
    register_villages,
    search,
    sign_in,
)
from webapp.staff import frame as staff_frame
from webapp.staff import register as register_pages
from webapp.telling import checklist_pages
from webapp.telling import pages as telling

# In the order of the menu.
OFFICE_ROOMS = (
    staff_frame,
    *(queue, bulk, case_page, case_forms, case_new, field_tasks, field_task, field_hamlet, meetings),
    *(search, register_entry, register_pages, imports, duplicates),
    *(decisions, letters, objections),
    applications,
    papers,
    *(lists, lists_page, lists_entry, public_lists),
    payments,
    payments_batch,
    sign_in,
    profile,
    accounts,
    register_villages,
    audit_pages,
    *(facts, facts_talk, diagnosis),
)
LARGEST_REQUEST = 512 * 1024


def create_app(
    knowledge: Path | Office,
    samples: Path | None = None,
    today: Callable[[], date] = date.today,
    secrets: Sequence[bytes] = (),
    database: Database | None = None,
) -> Flask:
    """Make the application.

    Args:
        knowledge: The knowledge folder, which is loaded once; or an office that has loaded it.
        samples: A folder of household files to choose from; None offers none.
        today: Gives the day for households that name none.
        secrets: Fernet keys that seal what people tell, the newest first; none makes one for this process alone.
        database: Where casework is kept; none leaves out the pages of the office and of applications.

    Raises:
        Refused: when the knowledge has errors.
    """
    masking.install()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.config["MAX_FORM_PARTS"] = 6000
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    office = knowledge if isinstance(knowledge, Office) else Office.open(knowledge)
    sealer = Sealer(secrets or [Fernet.generate_key()])
    app.extensions["tepat"] = frame.Desk(office, samples, today, sealer, database)
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/privasi", "privacy", privacy)
    for room in (frame, interview_pages, form_page, telling, checklist_pages, catalogue):
        room.register(app)
    for room in OFFICE_ROOMS if database else ():
        room.register(app)
    return app


def home() -> Response:
    """Show the first page."""
    return frame.show("home.html", office=own_office(frame.desk().office.knowledge))


def privacy() -> Response:
    """Say what becomes of what people tell."""
    return frame.show("privacy.html")
