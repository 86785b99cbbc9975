"""People are sent to the office of the place where they live."""

import pytest

from engine.knowledge.check import load
from engine.offices import office_of, own_office
from tests.engine.knowledge.test_check import inspected
from tests.test_house import CHECKOUT

TWO = """
regions: {"35.06.07": {name: Ngancar, within: "35.06"}, "35.71": {name: Kota}}
offices:
  ours: {name: {id: A, en: A}, for: "35.06"}
  branch: {name: {id: B, en: B}, for: "35.06.07"}
"""


@pytest.mark.parametrize(
    ("residence", "office"),
    [
        ("35.06", "ours"),
        ("35.06.01", "ours"),
        ("35.06.07", "branch"),
        ("35.06.07.2001", "branch"),
        ("35.71", None),
        ("35.0", None),
        ("", None),
        (None, None),
    ],
)
def test_the_office_nearest_to_a_place_serves_it(residence, office):
    """That of the smallest region around it; none where none is known."""
    knowledge, _ = inspected(TWO)
    found = office_of(residence, knowledge)

    assert (found and found.name) == office


def test_the_first_office_of_the_file_is_the_one_that_speaks():
    """Whatever its name; without offices there is none."""
    assert own_office(inspected(TWO)[0]).name == "ours"
    assert own_office(inspected("regions: {}")[0]) is None


def test_regency_and_city_have_an_office_each():
    """They are often taken for each other."""
    knowledge = load(CHECKOUT)

    assert [office_of(code, knowledge).name for code in ("35.06.26", "35.71")] == ["dinsos_kabupaten", "dinsos_kota"]
    assert own_office(knowledge).name == "dinsos_kabupaten"
    assert office_of("00", knowledge) is None
