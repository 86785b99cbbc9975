"""Posts: which roles work in a part of a village, which for programs, and how places are spelt."""

import pytest

from casework.refusals import Refused
from casework.staff.actors import EVERYWHERE, Area, Post
from casework.staff.posts import PostEntry, checked_post
from tests.casework import stage

VILLAGE, PROGRAM = stage.VILLAGE, "rehabilitasi_sosial"


@pytest.fixture
def check(sqlite, office):
    """Check a post in an office that knows one village with a household in `Dusun 1`."""
    with sqlite.work() as work:
        stage.household(work, "Siti Contoh")

    def checked(role, **said):
        with sqlite.reading() as work:
            return checked_post(work, office.knowledge, PostEntry(role, **said))

    return checked


@pytest.mark.parametrize(
    ("role", "said", "post"),
    [
        ("head", {}, Post("head", EVERYWHERE, secrets=False)),
        ("head", {"secrets": True}, Post("head", EVERYWHERE)),
        ("ppid", {"secrets": True}, Post("ppid", EVERYWHERE, secrets=False)),
        ("rt_rw", {"village": "3506072001", "rw": "1", "rt": "002"}, Post("rt_rw", Area(VILLAGE, "", "01", "02"))),
        ("rt_rw", {"village": VILLAGE, "rw": "01"}, Post("rt_rw", Area(VILLAGE, "", "01"))),
        ("kepala_dusun", {"village": VILLAGE, "hamlet": " dusun  1 "}, Post("kepala_dusun", Area(VILLAGE, "Dusun 1"))),
        ("village_operator", {"village": VILLAGE}, Post("village_operator", Area(VILLAGE))),
        ("applicant_desk", {"village": "35.06.07"}, Post("applicant_desk", Area("35.06.07"))),
        ("bidang_staff", {"programs": (PROGRAM,)}, Post("bidang_staff", EVERYWHERE, frozenset({PROGRAM}))),
        ("head", {"programs": (PROGRAM,)}, Post("head")),
    ],
)
def test_what_a_post_is_kept_as(check, role, said, post):
    """The area as the register spells it; programs for a Bidang only, secrets for whoever may have them."""
    assert check(role, **said)[:3] == post[:3]
    assert check(role, **said).secrets == (said.get("secrets", False) and role != "ppid")


@pytest.mark.parametrize(
    ("role", "said", "code"),
    [
        ("director", {}, "staff-role"),
        ("", {}, "staff-role"),
        ("rt_rw", {}, "staff-village-needed"),
        ("rt_rw", {"village": VILLAGE}, "staff-rw-needed"),
        ("rt_rw", {"village": VILLAGE, "rt": "2"}, "staff-rw-needed"),
        ("rt_rw", {"rw": "1"}, "staff-area-whole"),
        ("rt_rw", {"village": "35.06.07", "rw": "1"}, "staff-area-whole"),
        ("rt_rw", {"village": VILLAGE, "rw": "one"}, "register-unit"),
        ("kepala_dusun", {"village": VILLAGE}, "staff-hamlet-needed"),
        ("village_operator", {"village": ""}, "staff-village-needed"),
        ("village_operator", {"village": "somewhere"}, "staff-village"),
        ("village_operator", {"village": "35.06.07.2009"}, "staff-village-unknown"),
        ("head", {"village": "35.71.01"}, "staff-village-unknown"),
        ("bidang_staff", {}, "staff-program-needed"),
        ("bidang_staff", {"programs": ("nothing",)}, "staff-program"),
    ],
)
def test_what_cannot_be_a_post(check, role, said, code):
    """An area that is not there, or not as deep as the role works."""
    with pytest.raises(Refused) as refused:
        check(role, **said)

    assert refused.value.code == code
