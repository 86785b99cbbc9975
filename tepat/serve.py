"""`tepat serve`: the web application made ready, with its database, and served until told to stop.

What it needs is imported when it runs: the other commands need no database.
"""

import gc
import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tepat.main import Knowledge

TROUBLE = 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=os.cpu_count() or 1, show_default="one for each core")
@click.option("--demo", is_flag=True, help="Fill an empty database with an invented office to try things out.")
@click.pass_obj
def serve(knowledge: "Knowledge", host: str, port: int, processes: int, demo: bool) -> None:
    """Serve the web application.

    What people tell is sealed with the key in var/seal.key, or with TEPAT_SEAL_KEYS. Casework is kept in var/tepat.db
    (or what DATABASE_URL names), sealed with the keys in var/data.keys, or with TEPAT_DATA_KEYS.

    Example: tepat serve --port 8080
    """
    from sqlalchemy.exc import DBAPIError

    from casework.jobs import FILE, Jobs
    from tepat import serving
    from tepat.database import ready_database
    from tepat.demo import settle_in
    from webapp import create_app
    from webapp.asking.keys import keys_of
    from webapp.staff.imports import JOBS

    office, samples, var = knowledge.open("id"), knowledge.folder / "samples", knowledge.folder / "var"
    try:
        database = ready_database(knowledge.folder)
        if demo:
            settle_in(database, office, samples, var, click.echo)
        app = create_app(office, samples, secrets=keys_of(var / "seal.key"), database=database)
        jobs = app.extensions[JOBS] = Jobs(database, office.knowledge, var / FILE)
        app.extensions["tepat"].warm_up()
        listening = serving.listen(host, port)
    except (ValueError, OSError, DBAPIError) as error:
        click.echo(f"tepat serve: {error}", err=True)
        sys.exit(TROUBLE)
    gc.freeze()  # spare the collector what lives as long as the server
    for opened in (database, jobs):  # a connection must not be shared between processes; each opens its own
        opened.close()
    click.echo(f"Tepat: http://{host}:{port}")
    serving.serve(app, listening, processes, [jobs.run])
