"""What people see: a thin Flask application over the engine. It translates; it never compares and keeps nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Flask

from engine.diagnosis import Office
from webapp import pages

LARGEST_REQUEST = 512 * 1024


def create_app(folder: Path, samples: Path | None = None, today: Callable[[], date] = date.today) -> Flask:
    """Make the application for a knowledge folder.

    Args:
        folder: The knowledge folder; it is loaded once.
        samples: A folder of household files to choose from; None offers none.
        today: Gives the day for households that name none.

    Raises:
        Refused: when the knowledge has errors.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.config["MAX_FORM_PARTS"] = 6000
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["tepat"] = pages.Desk(Office.open(folder), samples, today)
    pages.register(app)
    return app
