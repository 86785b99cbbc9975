"""Interviews that are walked as a browser would: they ask nothing in vain, and miss nothing that the form knows."""

import functools
from dataclasses import replace

import pytest

from benchmarks.interviews import as_applicant, booth, families, held_size, samples, without_proof
from benchmarks.walker import Stuck, Walker, read
from engine.forward import infer
from engine.household import Given
from engine.missing import Openness

SAMPLES = (
    *("keluarga-anak", "keluarga-h03-umur-59", "keluarga-h10-lansia", "keluarga-h11-tepat-18", "janda-perintis"),
    *("orang-hiv-korban-kekerasan", "keluarga-h02-kabar-yang-belum-jelas", "keluarga-h05", "anak-ditemukan-orang-lain"),
    *("kelompok-g01-empat-sah", "panti-gurah", "perusahaan-o01"),
)
MADE_UP, PERSONS, SEED = 20, 36, 11
TOLD = Given(True, 0.6, "self_declared")

PAGE = """<button form="answers" name="do" value="next">On</button>
<form id="answers"><input type="hidden" name="lang" value="id"><input type="hidden" name="sealed" value="s">
<input type="radio" name="h.wants_to_adopt" value="yes"><input type="radio" name="h.wants_to_adopt" value="?">
<input type="checkbox" name="w.pregnant" value="0"><input type="checkbox" name="w.pregnant" value="1">
<input type="checkbox" name="w.pregnant" value="-"><input type="checkbox" name="w.pregnant" value="?">
<input name="h.total_income"><select name="m1.sex"><option value=""></option><option value="P">P</option></select>
<button name="do" value="next">On</button><button formaction="/hasil">Result</button></form>"""


@functools.cache
def sample(name):
    return next(one for one in samples() if one.id == name)


@functools.cache
def walked():
    """Let a dozen samples of all kinds and twenty made-up families fill in the interview."""
    jobs = [*map(sample, SAMPLES), *families(MADE_UP, PERSONS, SEED)]
    return [booth().measure(household, "here") for household in jobs]


def blank(**facts):
    """Two people who tell nothing but what is given here."""
    household = replace(sample("keluarga-anak"), members=("Ibu", "Anak"), received=None, facts={})
    for name, (of, value) in facts.items():
        household = household.with_given(of, name, TOLD._replace(value=value))
    return household


def sent(household, html=PAGE):
    """Give what this household sends for a page."""
    answers = iter((html, '<form id="answers"><input type="hidden" name="sealed" value="s"></form>'))
    walker = Walker(household, booth().knowledge.facts)
    return next(walker.pages(lambda path, fields: next(answers)))[1]


def of_all(what):
    return {one.id: getattr(one, what) for one in walked() if getattr(one, what)}


@pytest.mark.proof
def test_everybody_comes_to_the_end():
    """Every page takes what is answered."""
    assert of_all("stuck") == {}


def test_an_interview_comes_to_the_same_as_the_form():
    """For every service and everybody it is about."""
    assert of_all("differences") == {}


def test_what_is_told_arrives_as_it_was_told():
    """No answer becomes another on its way through the pages."""
    assert of_all("misread") == {}


def test_nothing_is_asked_that_could_change_nothing():
    """Each fact, when it is asked, lies in an open proof."""
    assert of_all("idle") == {}


def test_nothing_is_asked_twice():
    """What was asked and is not known stays not known."""
    assert of_all("twice") == {}


def test_a_fact_outside_every_open_proof_would_be_seen():
    """Where one lives matters while nothing is known, and no more once it is told."""
    office, served = booth().desk.office, booth().desk.served("family")
    told = as_applicant(sample("keluarga-anak"), booth().form("family"))
    known, unknown = (
        without_proof({("residence", "household")}, Openness(infer(office.plan_of(one), one)), served)
        for one in (told, replace(told, facts={}))
    )

    assert (known, unknown) == ({("residence", "household")}, set())


def test_what_is_not_told_is_answered_not_known():
    """A choice has an answer for it; a field that is typed stays empty."""
    answered = sent(blank())

    assert (answered["h.wants_to_adopt"], answered["w.pregnant"]) == (["?"], ["?"])
    assert (answered["h.total_income"], answered["m1.sex"]) == ([""], [""])


def test_what_is_told_is_chosen_ticked_and_typed():
    """Money is typed so that it has one reading; of everybody those are ticked for whom it holds."""
    answered = sent(blank(wants_to_adopt=("household", True), pregnant=("Anak", True), total_income=("household", 500)))

    assert (answered["h.wants_to_adopt"], answered["w.pregnant"]) == (["yes"], ["1"])
    assert answered["h.total_income"] == ["500 rupiah"]


def test_nobody_is_told_apart_from_not_known():
    """Whoever says no of one member, and nothing of the others, says nobody."""
    assert sent(blank(pregnant=("Ibu", False)))["w.pregnant"] == ["-"]


def test_what_a_page_carries_is_sent_back_with_the_button():
    """The sealed answers and the language travel on; buttons outside the form are not its own."""
    answered = sent(blank())

    assert (answered["sealed"], answered["lang"], answered["do"]) == (["s"], ["id"], ["next"])
    assert read(PAGE).buttons == [("do", "next"), ("formaction", "/hasil")]


def test_a_page_that_asks_back_stops_the_walk():
    """Its sentences say what could not be read."""
    asks_back = PAGE.replace('<form id="answers">', '<form id="answers"><a href="#h.total_income">Not a number</a>')
    answers = iter((PAGE, asks_back))

    with pytest.raises(Stuck, match="Not a number"):
        Walker(blank(), booth().knowledge.facts).walk(lambda path, fields: next(answers))


def test_a_page_without_the_form_stops_the_walk():
    """An error page names itself."""
    with pytest.raises(Stuck, match="Something went wrong"):
        read("<h1>Something went wrong</h1>")


def test_the_median_is_of_families_of_four():
    """Others are measured, and not held to it."""
    four = [replace(one, members=4, applicant="family", screens=screens, stuck="") for one, screens in zip(walked(), (20, 30, 31), strict=False)]  # fmt: skip

    assert held_size([*four, replace(four[0], members=9, screens=99)]) == 30
