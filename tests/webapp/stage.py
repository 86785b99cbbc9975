"""What tests in a browser stand on: the application on a port, a browser, and the walk of a sample household."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from benchmarks.interviews import as_applicant
from benchmarks.walker import Walker
from engine.household import Household
from webapp.asking.forms import Form
from webapp.asking.walk import Step
from webapp.words import words_in

CHECKOUT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
PHONE, DESK = (360, 740), (1280, 900)
PATIENCE = 10_000
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)


class Journey(NamedTuple):
    """A walk: its pages as they came, the answers at its end, and those sealed in the first page of each kind of step."""

    pages: list[str]
    sealed: str
    kinds: dict[str, str]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a headless Chromium, Debian's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_QUIET))
        yield browser
        browser.close()


def told_of(app: Flask, household: Household) -> Household:
    """Give a household as its applicant can tell it."""
    desk, applicant = app.extensions["tepat"], household.applicant
    form = Form(desk.office.knowledge, "id", words_in("id"), desk.served(applicant), applicant, household.as_of)
    return as_applicant(household, form)


def journey_of(app: Flask, household: Household) -> Journey:
    """Walk as a household without a browser, to the result and the checklist."""
    desk, client, pages = app.extensions["tepat"], app.test_client(), []

    def post(path: str, sent: dict[str, list[str]]) -> str:
        pages.append(client.post(path, data=sent).text)
        return pages[-1]

    walked = Walker(told_of(app, household), desk.office.knowledge.facts).walk(post)
    for path in ("/hasil", "/surat"):
        post(path, {"sealed": [walked.sealed]})
    kinds = {Step.of(desk.sealer.open(turn.sealed).now).kind: turn.sealed for turn in reversed(walked.turns)}
    return Journey(pages, walked.sealed, kinds)
