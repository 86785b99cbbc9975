"""The application under test, over the real knowledge, and a server for a real browser."""

import threading
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from engine.household_files import read_households
from engine.samples import sample_files
from webapp import create_app

CHECKOUT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
PHONE, DESK = (360, 740), (1280, 900)
PATIENCE = 10_000


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
