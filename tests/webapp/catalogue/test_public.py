"""What anybody may see of an edition: secrets, and what only serves secrets, are not among it."""

import pytest

from tests.webapp.catalogue.small import small_plan
from webapp.catalogue.public import public


@pytest.fixture(scope="module")
def shown():
    return public(small_plan())


def test_a_service_that_rests_on_a_secret_is_not_public(shown):
    """However deep the secret lies: `whisper` reads an idea that reads the fact."""
    assert list(shown.services) == ["meals", "roof"]


def test_papers_that_only_a_secret_service_asks_for_are_not_public(shown):
    """Nor is what stands in for them alone; what stands in for a public paper is."""
    assert set(shown.papers) == {"card", "letter", "stamp"}


def test_steps_and_sources_of_secret_services_alone_are_not_public(shown):
    """A source of a number in force is public although no rule cites it."""
    assert set(shown.steps) == {"ask"}
    assert set(shown.sources) == {"law-1", "law-2"}


def test_a_conflict_with_a_secret_service_is_not_told(shown):
    """`roof` excludes two services, and one of them stays unnamed."""
    assert shown.excluded["roof"] == ("meals",)


def test_no_rule_about_a_secret_is_public(shown):
    """Rules are left out by what they read and by what they are for."""
    assert {rule.id for rule in shown.rules} == set("ABCDEHIK")
