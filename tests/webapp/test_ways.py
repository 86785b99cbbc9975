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


@pytest.fixture
def hands(open_page, address):
    return Hands(open_page(), address)


def test_who_lives_in_the_city_is_sent_to_its_office_and_may_go_on_all_the_same(hands):
    """City and regency are often confused: the other office is named with its address."""
    hands.begin()
    hands.answer(h__residence="35.71")
    assert hands.heading == "Kantor lain yang melayani"
    assert "Kota Kediri" in hands.page.locator(".office").inner_text()
    hands.press("next")

    assert hands.heading == "Siapa yang membutuhkan"


@pytest.mark.parametrize(
    ("applicant", "urgent"),
    [
        ("disaster", {"h.disaster_type": ["landslide"], "h.disaster_affected": ["yes"], "t": ["-"]}),
        ("family", {"t": ["stranded"]}),
        ("finder", {"t": ["homeless"]}),
    ],
)
def test_an_emergency_is_answered_after_three_screens(hands, applicant, urgent):
    """Where, who, what: then stands what can be asked for now, before anything else is asked."""
    hands.begin()
    hands.answer(h__residence="35.06.02")
    hands.answer(applicant=applicant)
    hands.fill(urgent)
    hands.press("next")
    assert hands.heading == "Ini mendesak: bantuan yang bisa diminta sekarang"
    assert hands.page.locator("section.urgent li").count() > 0
    hands.to_result()

    assert hands.heading == "Hasil"


def answers_shown(page):
    """Give every answer on the page on which answers are checked, by its question."""
    rows = page.locator(".told-step dl > div").evaluate_all(
        "all => all.map(one => [...one.children].map(x => x.innerText))"
    )
    return dict(rows)


@pytest.mark.parametrize("scripts", [False, True])
def test_one_answer_is_changed_on_the_page_of_all_answers_and_the_others_stay(open_page, address, journey, scripts):
    """The link leads to the step with its answer, and from there straight back."""
    hands = Hands(open_page(scripts=scripts), address, scripts)
    hands.arrive("/periksa", sealed=journey("keluarga-h02").sealed, do="check")
    before = answers_shown(hands.page)
    hands.press("change-0")
    assert hands.page.locator("[name='h.residence']").input_value() == "35.06.17"
    hands.answer(h__residence="35.06.02")
    after = answers_shown(hands.page)

    assert [name for name in before if before[name] != after[name]] == ["Tempat tinggal"]
    assert after.keys() == before.keys()


def test_whoever_looks_at_an_answer_and_goes_back_has_changed_nothing(hands, journey):
    """Back leads to the page of all answers."""
    hands.arrive("/periksa", sealed=journey("keluarga-h02").sealed, do="check")
    before = answers_shown(hands.page)
    hands.press("change-0")
    hands.press("back")

    assert answers_shown(hands.page) == before


def test_a_member_is_added_and_removed_on_the_page_of_all_answers(hands, journey):
    """What the new one makes needful is asked; what the others answered stays."""
    hands.arrive("/periksa", sealed=journey("keluarga-h02").sealed, do="check")
    before = answers_shown(hands.page)
    hands.press("add")
    hands.answer(**{"m1.id": "Bayi", "m1.age": "1", "m1.sex": "P"})
    while hands.heading != "Periksa jawaban Anda":
        hands.press("skip")
    assert "Bayi" in answers_shown(hands.page)
    hands.press("remove-1")
    while hands.heading != "Periksa jawaban Anda":
        hands.press("skip")
    after = answers_shown(hands.page)

    assert "Bayi" not in after
    assert {name: after.get(name) for name in before} == before


def test_who_helps_others_clears_each_household_before_the_next(hands, app, journey):
    """The page of the end leads to the next household, and the helper is still one."""
    sealer = app.extensions["tepat"].sealer
    hands.begin(helping=True)
    assert sealer.open(hands.sealed).helping
    assert hands.page.locator(".helping").is_visible()
    hands.arrive("/hasil", sealed=sealer.seal(sealer.open(journey("keluarga-h02").sealed).with_(helping=True)))
    hands.go_to("/hapus")
    hands.page.get_by_role("button", name="Keluarga berikutnya").click()
    hands.page.locator(".helping").wait_for()

    assert sealer.open(hands.sealed).helping
    assert sealer.open(hands.sealed).typed == {}
