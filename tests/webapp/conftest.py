"""The application under test, over the real knowledge, and a server for a real browser."""

import functools
import threading
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.interviews import as_applicant
from benchmarks.walker import Walker
from engine.household_files import read_households
from engine.samples import sample_files
from webapp import create_app
from webapp.asking.forms import Form
from webapp.asking.walk import Step
from webapp.words import words_in

CHECKOUT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
PHONE, DESK = (360, 740), (1280, 900)
PATIENCE = 10_000


class Journey(NamedTuple):
    """A walk: its pages as they came, the answers at its end, and those sealed in the first page of each kind of step."""

    pages: list[str]
    sealed: str
    kinds: dict[str, str]


@pytest.fixture(scope="session")
def app():
    return create_app(CHECKOUT, CHECKOUT / "samples", lambda: DAY)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def sample(app):
    """Give a sample household by its id."""
    knowledge = app.extensions["tepat"].office.knowledge
    files = sample_files([CHECKOUT / "samples"])
    return {one.id: one for path in files for one in read_households(path, knowledge, DAY)}.__getitem__


@pytest.fixture(scope="session")
def told(app, sample):
    """Give a sample household as its applicant can tell it."""
    desk = app.extensions["tepat"]

    def told_(name):
        household = sample(name)
        served = desk.served(household.applicant)
        form = Form(desk.office.knowledge, "id", words_in("id"), served, household.applicant, DAY)
        return as_applicant(household, form)

    return told_


@pytest.fixture(scope="session")
def journey(app, told):
    """Walk as a sample household without a browser: the pages that came, and the answers sealed in them."""
    desk, client = app.extensions["tepat"], app.test_client()

    @functools.cache
    def walk(name):
        pages = []

        def post(path, sent):
            pages.append(client.post(path, data=sent).text)
            return pages[-1]

        walked = Walker(told(name), desk.office.knowledge.facts).walk(post)
        for path in ("/hasil", "/surat"):
            post(path, {"sealed": [walked.sealed]})
        kinds = {Step.of(desk.sealer.open(turn.sealed).now).kind: turn.sealed for turn in reversed(walked.turns)}
        return Journey(pages, walked.sealed, kinds)

    return walk


@pytest.fixture(scope="session")
def address(app):
    """Serve the application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, Debian's own."""
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Open pages in a browser of their own: on a small phone and without JavaScript, unless said otherwise."""
    contexts = []

    def open_(size=PHONE, scripts=False, **more):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts, **more)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
