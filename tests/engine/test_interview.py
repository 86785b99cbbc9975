"""The interview: every screen can still matter, and in the end it knows as much as if everything had been asked."""

from datetime import date

from hypothesis import given

from engine.diagnosis import Office
from engine.forward import infer
from engine.household import Given, Household
from engine.interview import Interview, Question
from engine.knowledge.model import HOUSEHOLD
from engine.knowledge.vocabulary import PAPER, RECEIVED
from engine.meaning import INPUT_KEYS
from engine.plan_of_applicant import served
from tests.engine.generated import Case, Size, cases, examples
from tests.engine.generated import knowledge_of as made

DAY = date(2026, 1, 1)
KNOWLEDGE = """
facts:
  soil: {of: household, type: boolean, theme: home, label: {id: Tanah}, question: {id: "?"}}
  light: {of: household, type: boolean, theme: home, label: {id: Terang}, question: {id: "?"}}
  hungry: {of: household, type: boolean, theme: money, label: {id: Lapar}, question: {id: "?"}}
  flood: {of: household, type: choice, presume: none, theme: event, choices: {none: {id: Tidak}, water: {id: Banjir}}, label: {id: Banjir}, question: {id: "?"}}
  displaced: {of: household, type: boolean, theme: event, only_if: "flood != 'none'", else: no, label: {id: Mengungsi}, question: {id: "?"}}
  owns_company: {of: person, type: boolean, presume: no, ask: who_among, theme: aid, label: {id: PT}, question: {id: "?"}}
  sick: {of: person, type: boolean, ask: who_among, theme: health, label: {id: Sakit}, question: {id: "?"}}
  ill_with: {of: person, type: choice, only_if: sick, else: cold, theme: health, choices: {cold: {id: Pilek}, tbc: {id: TBC}}, label: {id: Penyakit}, question: {id: "?"}}
  decile: {of: household, type: integer, range: 1 to 10, answered_by: registry, theme: aid, label: {id: Desil}}
  secret: {of: household, type: boolean, sensitive: officer_only, theme: home, label: {id: Rahasia}, question: {id: "?"}}
  unread: {of: household, type: boolean, theme: home, label: {id: Tidak dibaca}, question: {id: "?"}}
evidence: {told: {certainty: 1, name: {id: Dikatakan}}, presumed: {certainty: 0.3, name: {id: Dianggap}}}
sources: {law: {title: UU, kind: regulation, status: in_force, seen: yes}}
programs: {p: {name: {id: P}}}
conclusions: {poor: {about: household, name: {id: Miskin}}}
services:
  aid: {program: p, name: {id: Bantuan}, for: household}
  rescue: {program: p, name: {id: Tolong}, for: household, urgent: yes, applicants: [family, disaster]}
  shelter: {program: p, name: {id: Tenda}, for: household, urgent: yes, applicants: [disaster]}
  hidden: {program: p, name: {id: Tersembunyi}, for: household}
  cure: {program: p, name: {id: Obat}, for: person}
topic: x
rules:
  - {id: A, title: {id: A}, source: law, when any: [{soil: yes}, {hungry: yes}], decides: poor}
  - {id: B, title: {id: B}, source: law, when all: [{poor: yes}, {light: no}, {decile: at most 4}], unless any: [{owns_company: any member}], decides: aid}
  - {id: C, title: {id: C}, source: law, when all: [{flood: is water}], decides: rescue}
  - {id: D, title: {id: D}, source: law, when all: [{flood: is water}, {displaced: yes}], decides: shelter}
  - {id: F, title: {id: F}, source: law, when all: [{secret: yes}], decides: hidden}
  - {id: E, title: {id: E}, source: law, about: person, when all: [{ill_with: is tbc}], decides: cure}
"""
ONE = ("ibu",)
TWO = ("ibu", "anak")


def office():
    return Office(made({"facts_schema.yaml": KNOWLEDGE}))


def interview(told=(), asked=(), members=TWO, applicant="family", **more):
    """Begin an interview with some facts told: (fact, subject, value)."""
    facts = {(of, name): Given(value, 1.0, "told") for name, of, value in told}
    household = Household("k", applicant, DAY, tuple(members), facts)
    here = office()
    trace = infer(here.plan_of_interview(household), household)
    asked = frozenset(asked) | {(name, of) for name, of, _ in told}
    return Interview(trace, served(here.plan(DAY), applicant), asked, **more)


def names(screen):
    return [one.fact for one in screen.questions]


def every_screen(told=(), **more):
    """Walk to the end, answering nothing."""
    asked, found, theme = set(), [], None
    while screen := interview(told, asked, **more).next(theme):
        found.append(screen)
        theme = screen.theme
        asked |= {(one.fact, subject) for one in screen.questions for subject in one.subjects}
    return found


def test_facts_of_one_theme_that_are_asked_alike_share_a_screen():
    """Both facts of the home stand together; what is asked of members, or of money, does not."""
    screens = every_screen()

    assert ["soil", "light"] in [names(screen) for screen in screens]
    assert {screen.kind for screen in screens} == {"facts", "tick", "among", "each"}


def test_a_theme_is_finished_before_the_next_one_begins():
    """The theme at hand goes on while it has something open."""
    assert interview().next("health").theme == "health"
    assert interview().next("money").theme == "money"


def test_nothing_is_asked_that_only_officers_know_or_that_nothing_reads():
    """Neither the registry's facts, nor secrets, nor what no rule reads."""
    asked = {name for screen in every_screen() for name in names(screen)}

    assert not asked & {"decile", "secret", "unread"}


def test_a_helper_who_may_look_it_up_is_asked_what_the_registry_knows():
    """Secrets stay out even so."""
    asked = {name for screen in every_screen(officer=True) for name in names(screen)}

    assert "decile" in asked and "secret" not in asked


def test_what_is_decided_is_not_asked_any_more():
    """With light in the house there is no aid, whatever else holds."""
    asked = {name for screen in every_screen([("light", HOUSEHOLD, True)]) for name in names(screen)}

    assert not asked & {"soil", "hungry", "owns_company"}


def test_what_was_asked_is_not_asked_again_though_it_is_not_known():
    """ "Don't know" is an answer."""
    screens = every_screen()
    asked = [(one.fact, subject) for screen in screens for one in screen.questions for subject in one.subjects]

    assert len(asked) == len(set(asked))


def test_what_hangs_on_another_fact_waits_for_it():
    """The kind of illness is asked only once somebody may be ill, and of that person only."""
    first = [screen for screen in every_screen() if "ill_with" in names(screen)]
    told = [("sick", "ibu", True), ("sick", "anak", False)]
    screen = next(one for one in every_screen(told) if "ill_with" in names(one))

    assert first[0].kind == "each" and names(interview().next("health")) == ["sick"]
    assert screen.questions == (Question("ill_with", ("ibu",)),)


def test_what_is_presumed_not_to_be_is_no_reason_to_ask_what_hangs_on_it():
    """Nobody is asked where they were displaced to while there is presumed to be no flood."""
    asked = {name for screen in every_screen(applicant="disaster") for name in names(screen)}

    assert "flood" in asked and "displaced" not in asked


def test_what_is_rarely_so_is_a_list_to_tick():
    """What excludes stands on one list, each with the people it could be."""
    screen = next(one for one in every_screen() if one.kind == "tick")

    assert (screen.theme, screen.questions) == ("aid", (Question("owns_company", TWO),))


def test_the_urgent_screen_asks_on_what_urgent_services_rest():
    """A family is asked whether there is a flood; a victim of one, what hangs on it too."""
    assert names(interview(members=ONE).urgent()) == ["flood"]
    assert names(interview(members=ONE, applicant="disaster").urgent()) == ["flood", "displaced"]
    assert interview([("flood", HOUSEHOLD, "none")], members=ONE).urgent() is None


def test_why_something_is_asked_is_answered_with_services_and_rules():
    """The services still open on it, and the rules that read it."""
    here = interview()

    assert [service.name for service in here.tried("soil")] == ["aid"]
    assert [rule.id for rule in here.rules_tried("soil")] == ["A"]
    assert here.tried("unread") == ()


def test_the_screens_that_are_left_only_become_fewer_when_nothing_new_opens():
    """It counts lists, not facts, and ends at none."""
    asked, before = set(), interview().screens_left()
    while screen := interview((), asked).next():
        asked |= {(one.fact, subject) for one in screen.questions for subject in one.subjects}
        left = interview((), asked).screens_left()
        assert left <= before
        before = left

    assert before == 0


def walked(here: Office, full: Household) -> tuple[Household, list]:
    """Interview a household: it answers whatever it is asked, and tells of nothing else."""
    told = Household(full.id, full.applicant, full.as_of, full.members, {}, full.members_listed)
    serving, asked, screens, theme = served(here.plan(full.as_of), full.applicant), set(), [], None
    while True:
        at = Interview(infer(here.plan_of_interview(told), told), serving, asked)
        screen = at.next(theme)
        if screen is None:
            return told, screens
        screens.append((at, screen))
        theme = screen.theme
        for question in screen.questions:
            for subject in question.subjects:
                asked.add((question.fact, subject))
                for key in (question.fact, *(INPUT_KEYS[kind] + question.fact for kind in (PAPER, RECEIVED))):
                    if (given_ := full.given(subject, key)) is not None and key in _keys(here, question.fact):
                        told = told.with_given(subject, key, given_)


def _keys(here: Office, name: str) -> set[str]:
    kind = RECEIVED if name in here.knowledge.services else PAPER
    return {name} if name in here.knowledge.facts else {INPUT_KEYS[kind] + name}


@examples(100)
@given(cases(Size(inputs=10, parameters=4, derived=4, ideas=4, services=3, members=3, households=1)))
def test_whoever_is_interviewed_is_told_the_same_as_whoever_fills_in_everything(case: Case):
    """Outcomes are those of all facts; every question stood in an open proof, and none was asked twice."""
    here = Office(case.knowledge)
    for full in case.households:
        askable = {
            fact.name
            for fact in here.knowledge.facts.values()
            if not fact.computed and fact.answered_by == "applicant" and fact.sensitive != "officer_only"
        }
        full = Household(
            full.id,
            full.applicant,
            full.as_of,
            full.members,
            {key: value for key, value in full.facts.items() if key[1] in askable or ":" in key[1]},
            full.members_listed,
        )
        told, screens = walked(here, full)
        seen = set()
        for at, screen in screens:
            keys = {(one.fact, subject) for one in screen.questions for subject in one.subjects}
            rows = {key for row in at.rows for key in row.missing}
            assert keys <= rows and not keys & seen
            seen |= keys
        known, all_ = (here.diagnose_for_everybody(one) for one in (told, full))
        assert [(row.vertex, row.outcome) for row in known.rows] == [(row.vertex, row.outcome) for row in all_.rows]


def test_what_cannot_be_asked_any_more_holds_nothing_back():
    """A question hangs on others: one is asked and not known, the other does not apply; so it is asked at last."""
    hanging = """
facts:
  able: {of: person, type: boolean, ask: who_among, theme: money, label: {id: Mampu}, question: {id: "?"}}
  shop: {of: person, type: boolean, only_if: able, else: no, ask: who_among, theme: money, label: {id: Warung}, question: {id: "?"}}
  willing: {of: household, type: boolean, only_if: "count_of_members(shop) > 0", else: no, theme: aid, label: {id: Mau}, question: {id: "?"}}
evidence: {told: {certainty: 0.6, name: {id: Dikatakan}}}
sources: {law: {title: UU, kind: regulation, status: in_force, seen: yes}}
programs: {p: {name: {id: P}}}
services: {aid: {program: p, name: {id: Bantuan}, for: household}}
topic: x
rules:
  - {id: A, title: {id: A}, source: law, when all: [{shop: any member}, {willing: yes}], decides: aid}
"""
    here = Office(made({"facts_schema.yaml": hanging}))
    facts = {(of, "able"): Given(of == "ibu", 0.6, "told") for of in TWO}
    household = Household("k", "family", DAY, TWO, facts)
    asked = {("able", "ibu"), ("able", "anak"), ("shop", "ibu")}

    screen = Interview(infer(here.plan(DAY), household), served(here.plan(DAY), "family"), asked).next()

    assert [one.fact for one in screen.questions] == ["willing"]
