"""Make docs/screenshots/*.png: the main pages as somebody with a small phone sees them, of one sample household.

The day, the household and the sizes are fixed, so that a picture changes when its page does and at no other time.
"""

import logging
from datetime import date

from playwright.sync_api import Browser

from engine.household_files import read_households
from tests.webapp.answering import Hands
from tests.webapp.stage import CHECKOUT, DESK, PHONE, chromium, journey_of, served
from webapp import create_app

FOLDER = CHECKOUT / "docs" / "screenshots"
DAY = date(2026, 11, 25)
HOUSEHOLD = CHECKOUT / "samples" / "keluarga" / "h01-keluarga-besar.yaml"
TALL = (360, 1200)
MOST_BYTES = 600_000
# By name of the picture: its size, the page, and of a page that carries answers the kind of step whose they are
# (none: those at the end).
OPEN = {"home": (PHONE, "/"), "catalogue": (PHONE, "/layanan/pkh")}
OF_ANSWERS = {
    "question": (PHONE, "/periksa", "among"),
    "result": (TALL, "/hasil", None),
    "checklist": (TALL, "/surat", None),
    "result-wide": (DESK, "/hasil", None),
}


def main() -> None:
    """Take every picture. Raises: SystemExit, when together they are too large for a repository."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_app(CHECKOUT, CHECKOUT / "samples", lambda: DAY)
    household = read_households(HOUSEHOLD, app.extensions["tepat"].office.knowledge, DAY)[0]
    walked = journey_of(app, household)
    FOLDER.mkdir(exist_ok=True)
    with served(app) as address, chromium() as browser:
        for name, (size, path) in OPEN.items():
            hands = _sit_down(browser, size, address)
            hands.page.goto(address + path)
            _take(hands, name)
        for name, (size, path, kind) in OF_ANSWERS.items():
            hands = _sit_down(browser, size, address)
            hands.arrive(path, sealed=walked.kinds[kind] if kind else walked.sealed, do="show")
            _take(hands, name)
    if (taken := sum(one.stat().st_size for one in FOLDER.glob("*.png"))) > MOST_BYTES:
        raise SystemExit(f"{FOLDER} holds {taken} bytes, more than {MOST_BYTES}")


def _sit_down(browser: Browser, size: tuple[int, int], address: str) -> Hands:
    width, height = size
    return Hands(browser.new_page(viewport={"width": width, "height": height}, java_script_enabled=False), address)


def _take(hands: Hands, name: str) -> None:
    hands.page.screenshot(path=FOLDER / f"{name}.png")
    hands.page.close()


if __name__ == "__main__":
    main()
