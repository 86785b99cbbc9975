"""The application under test, over the real knowledge, and a server for a real browser."""

import functools

import pytest

from engine.household_files import read_households
from engine.samples import sample_files
from tests.webapp.stage import CHECKOUT, DAY, PATIENCE, PHONE, chromium, journey_of, served, told_of
from webapp import create_app


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
    return lambda name: told_of(app, sample(name))


@pytest.fixture(scope="session")
def journey(app, sample):
    """Walk as a sample household without a browser; each walks once."""
    return functools.cache(lambda name: journey_of(app, sample(name)))


@pytest.fixture(scope="session")
def address(app):
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser):
    """Open pages in a browser of their own: on a small phone and without JavaScript, unless said otherwise."""
    contexts = []

    def open_(size=PHONE, scripts=False):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
