"""The whole way in a real browser, from the first page to the checklist, as sample households go it."""

import pytest

from tests.webapp.answering import Hands
from webapp.telling.cards import GROUPS, group_of

# A family of four, somebody without a home, a house that falls down, victims of a landslide, a group, a foundation:
# each goes once, every other one with JavaScript.
WAYS = [
    ("keluarga-h01", False),
    ("keluarga-h02", True),
    ("keluarga-h08", True),
    ("keluarga-h05", False),
    ("kelompok-g01", True),
    ("yayasan-o01", False),
]


# What stands in a group comes to; on which side something waits is no outcome.
OUTCOMES = {"propose": "yes", "papers": "yes", "office": "unknown", "undecided": "unknown"}


def outcomes_expected(office, told):
    """Give the outcome of each service, the best of those of its people, without what is received already."""
    found = {}
    for row in office.diagnose_for_everybody(told).shown:
        if not row.held:
            found.setdefault(row.service.name, set()).add(GROUPS.index(group_of(row)))
    groups = {name: GROUPS[min(places)] for name, places in found.items()}
    return {name: OUTCOMES.get(group, group) for name, group in groups.items()}


def outcomes_shown(page):
    cards = page.locator("article.card").evaluate_all("all => all.map(one => [one.id, one.classList[1]])")
    return {name: OUTCOMES.get(group, group) for name, group in cards}


@pytest.mark.parametrize(("name", "scripts"), WAYS)
def test_who_answers_page_by_page_is_told_what_follows_from_all_that_is_known(
    open_page, address, app, told, name, scripts
):
    """The outcomes on the result are those of the household, without what applicants cannot know; then the papers."""
    office, household = app.extensions["tepat"].office, told(name)
    hands = Hands(open_page(scripts=scripts), address, scripts)

    hands.walk(household, office.knowledge.facts)
    hands.to_result()

    assert outcomes_shown(hands.page) == outcomes_expected(office, household)
    hands.page.locator("main [name=service]").first.check()
    hands.to_checklist()
    assert hands.heading == "Surat dan langkah"
    assert hands.page.locator("svg.qr").is_visible()
