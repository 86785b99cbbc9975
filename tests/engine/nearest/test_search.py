"""The smallest changes that would make an answer a yes: found, told apart, and each of them really enough."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given

from engine.diagnosis import Diagnosis, Office
from engine.forward import infer
from engine.household import Given, Household
from engine.household_files import read_households
from engine.knowledge.model import HOUSEHOLD, Knowledge
from engine.nearest.changes import Change, Way
from engine.nearest.search import Nearest, fixed, ways_to_yes
from engine.rows import ServiceRow
from tests.engine.generated import Case, Size, cases, examples, household_from, knowledge_of

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 23)
SMALL = Size(inputs=10, parameters=4, derived=4, ideas=5, services=3, members=3, households=1)
BASE = """
facts:
  soil: {of: household, type: boolean, verified_by: [seen], label: {id: Tanah}, question: {id: "?"}}
  tiles: {of: household, type: boolean, verified_by: [seen], label: {id: Ubin}, question: {id: "?"}}
  rooms: {of: household, type: integer, sensitive: personal, label: {id: Kamar}, question: {id: "?"}}
  faith: {of: person, type: boolean, sensitive: specific, label: {id: Iman}, question: {id: "?"}}
  decile: {of: household, type: integer, range: 1 to 10, answered_by: registry, verified_by: [seen], sensitive: specific,
           label: {id: Desil}, find_out: {id: "?"}}
  listed: {of: household, type: boolean, answered_by: registry, verified_by: [seen], label: {id: Terdata}, find_out: {id: "?"}}
  judged: {of: household, type: boolean, answered_by: officer, verified_by: [seen], label: {id: Dinilai}, find_out: {id: "?"}}
  hurt: {of: person, type: boolean, presume: no, answered_by: officer, verified_by: [seen], sensitive: officer_only,
         label: {id: Luka}, find_out: {id: "?"}}
  birth_date: {of: person, type: date, theme: who, label: {id: Lahir}, question: {id: "?"}}
  sex: {of: person, type: choice, choices: {L: {id: L}, P: {id: P}}, theme: who, label: {id: L/P}, question: {id: "?"}}
  age: {of: person, type: integer, computed: "years_between(birth_date, as_of)", theme: who, label: {id: Umur}}
  size: {of: household, type: integer, computed: "count_of_members()", theme: who, label: {id: Besar}}
  clerk: {of: person, type: boolean, only_if: "years_between(birth_date, as_of) >= 18", else: no, label: {id: Pegawai},
          question: {id: "?"}}
  elders: {of: household, type: integer, computed: "count_of_members(age >= 60)", label: {id: Tua}}
  fortnight: {of: person, type: boolean, computed: "20 <= days_between(birth_date, as_of) <= 34", label: {id: Bayi}}
evidence:
  presumed: {certainty: 0.3, name: {id: Dianggap}}
  told: {certainty: 0.6, name: {id: Dikatakan}}
  seen: {certainty: 1, name: {id: Dilihat}}
default_evidence: told
sources: {law: {title: UU, kind: regulation, status: in_force, seen: yes}}
programs: {p: {name: {id: P}}}
conclusions: {idea: {about: household, name: {id: Gagasan}}}
services:
  aid: {program: p, name: {id: Bantuan}, for: household}
  help: {program: p, name: {id: Pertolongan}, for: person}
  other: {program: p, name: {id: Lain}, for: household}
documents: {card: {name: {id: Kartu}, proves: [soil]}, list: {name: {id: Daftar}, proves: [listed]}}
parameters: {most: {name: {id: Paling}, unit: decile, values: [{from: 2020-01-01, value: 4, source: law}, {from: 2028-01-01, value: 5, source: law}]}}
"""


def office(*rules: str) -> Office:
    head = "topic: x\nrules:\n"
    body = "".join(f"  - {{id: R{n}, title: {{id: R}}, source: law, {rule}}}\n" for n, rule in enumerate(rules))
    return Office(knowledge_of({"facts_schema.yaml": BASE, "rules/x.yaml": head + body}))


def diagnosed(desk: Office, **told) -> Diagnosis:
    data = {"as_of": DAY.isoformat(), "household": {}, "members": [], **told}
    return desk.diagnose(household_from(data, desk.knowledge))


def ways(desk: Office, service: str = "aid", subject: str = HOUSEHOLD, **told) -> tuple[Way, ...]:
    diagnosis = diagnosed(desk, **told)
    return ways_to_yes(diagnosis, diagnosis.row(service, subject), office=desk)


def told_by(found: Iterable[Way]) -> list[list[tuple]]:
    return [[(one.kind, one.fact, one.now, one.then) for one in way.changes] for way in found]


def otherwise(household: Household, changes: Iterable[Change], knowledge: Knowledge) -> Household:
    """Tell a household as some changes have it: each after its best check, papers as everything is told."""
    for change in changes:
        if change.on:
            household = replace(household, as_of=change.on)
            continue
        key = change.fact
        checks = (
            [knowledge.evidence[word.text] for word in knowledge.facts[key].verified_by]
            if key in knowledge.facts
            else []
        )
        best = max(checks, key=lambda one: one.certainty, default=knowledge.evidence[knowledge.default_evidence])
        key = "paper:" + key if key in knowledge.papers else key
        household = household.with_given(change.subject, key, Given(change.then, best.certainty, best.name))
    return household


def follows(desk: Office, household: Household, changes: Iterable[Change], vertex: tuple[str, str]) -> str:
    """Work everything out anew and give the outcome."""
    household = otherwise(household, changes, desk.knowledge)
    cf = infer(desk.plan_of(household), household).cf(*vertex)
    return "yes" if cf > 0.2 else "no" if cf < -0.2 else "unknown"


def test_a_yes_has_no_ways():
    """Nothing is to be changed about what already is a yes."""
    desk = office("when all: [{soil: yes}], decides: aid")

    assert ways(desk, household={"soil": True}) == ()


def test_what_an_office_does_not_know_yet_can_be_looked_up():
    """An unknown decile: the way is that the registry says the limit, or less."""
    desk = office("when all: [{decile: at most most}], decides: aid")

    assert ways(desk) == (Way((Change("document", "decile", HOUSEHOLD, None, 4),), "document"),)


def test_a_register_can_take_in_whom_it_lacks():
    """Registered no becomes yes by the procedure for it, and the paper that proves it is named."""
    desk = office("when all: [{listed: yes}], decides: aid")

    assert ways(desk, household={"listed": False}) == (
        Way((Change("document", "listed", HOUSEHOLD, False, True, papers=("list",)),), "document"),
    )


def test_a_register_does_not_forget():
    """Registered yes is not wished away."""
    desk = office("when all: [{listed: no}], decides: aid")

    assert ways(desk, household={"listed": True}) == ()


def test_what_an_officer_found_stands():
    """An officer's finding can be missing, but once there it is not wished otherwise."""
    desk = office("when all: [{judged: yes}], decides: aid")

    assert told_by(ways(desk)) == [[("document", "judged", None, True)]]
    assert ways(desk, household={"judged": False}) == ()


def test_a_measure_is_renewed_only_to_the_good():
    """A decile can come out lower; it is not wished higher where that costs more services than it wins."""
    desk = office(
        "when all: [{decile: at most most}], decides: aid",
        "when all: [{decile: at most 5}], decides: other",
        "about: person, when all: [{decile: above 7}], decides: help",
    )

    assert told_by(ways(desk, household={"decile": 6})) == [[("document", "decile", 6, 4)]]
    assert ways(desk, "help", "a", household={"decile": 3}, members=[{"id": "a"}]) == ()


def test_what_an_applicant_said_is_never_wished_otherwise():
    """A no that rests on an answer has no way, whether the answer is weak or sure, and an unknown one is only missing."""
    desk = office("when all: [{soil: yes}], decides: aid")

    for soil in (False, {"value": False, "evidence": 0.1}, {"value": False, "evidence": "seen"}, None):
        assert ways(desk, household={"soil": soil}) == ()


def test_a_weak_answer_can_be_checked():
    """What was told is true but too weakly known: the check that would be enough, with the paper that proves it."""
    desk = office("when all: [{soil: yes}], decides: aid")

    assert ways(desk, household={"soil": {"value": True, "evidence": 0.1}}) == (
        Way((Change("document", "soil", HOUSEHOLD, True, True, "seen", papers=("card",)),), "document"),
    )


def test_a_check_counts_where_evidence_is_combined():
    """For and against in balance: checking what speaks for it is enough; checking what speaks against is not named."""
    desk = office(
        "when all: [{soil: yes}], then: idea, certainty: 0.9",
        "when all: [{tiles: yes}], then: idea, certainty: -0.8",
        "when all: [{idea: yes}], decides: aid",
    )

    assert told_by(ways(desk, household={"soil": True, "tiles": True})) == [[("document", "soil", True, True)]]


def test_a_paper_can_be_shown():
    """A paper that is not there yet is a way; one that stands against a service is not given up."""
    shown = office("when all: [{card: in hand}], decides: aid")
    against = office("unless any: [{card: in hand}], decides: aid")

    assert ways(shown, papers={"card": False}) == (
        Way((Change("document", "card", HOUSEHOLD, False, True, papers=("card",)),), "document"),
    )
    assert ways(against, papers={"card": True}) == ()


def test_received_aid_is_never_given_up():
    """Aid that stands in the way is no way; it is among what stays."""
    desk = office("unless any: [{other: is received}], decides: aid")
    diagnosis = diagnosed(desk, active_services=["other"])
    row = diagnosis.row("aid", HOUSEHOLD)

    assert ways_to_yes(diagnosis, row, office=desk) == ()
    assert fixed(diagnosis, row) == (Change("fixed", "other", HOUSEHOLD, True, None),)


def test_several_changes_are_joined_only_where_fewer_are_not_enough():
    """Two lines that both fail need both; a line that already holds adds nothing; alternatives are ways of their own."""
    both = office("when all: [{listed: yes}, {decile: at most most}], decides: aid")
    either = office("when any: [{listed: yes}, {decile: at most most}], decides: aid")

    decile, listed = ("document", "decile", None, 4), ("document", "listed", False, True)
    assert told_by(ways(both, household={"listed": False})) == [[decile, listed]]
    assert told_by(ways(both, household={"listed": False, "decile": 2})) == [[listed]]
    assert told_by(ways(either, household={"listed": False})) == [[decile], [listed]]


def test_no_way_is_longer_than_three_changes_and_no_more_ways_are_given_than_asked_for():
    """`most` cuts the list; four lines to be moved have no way."""
    four = office("when all: [{listed: yes}, {judged: yes}, {decile: at most most}, {card: in hand}], decides: aid")
    any_ = office("when any: [{listed: yes}, {judged: yes}, {decile: at most most}, {card: in hand}], decides: aid")
    diagnosis = diagnosed(any_)
    row = diagnosis.row("aid", HOUSEHOLD)

    assert ways(four) == ()
    assert [len(ways_to_yes(diagnosis, row, most, any_)) for most in (1, 2, 3, 9)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("born", "on"),
    [("1966-11-24", date(2026, 11, 24)), ("1968-02-29", date(2028, 2, 29)), ("1967-02-28", date(2027, 2, 28))],
)
def test_an_age_comes_with_time(born, on):
    """Sixty on the sixtieth birthday, and not a day before."""
    desk = office("about: person, when all: [{age: at least 60}], decides: help")
    now = DAY.year - int(born[:4]) - (born[5:] > "11-23")

    assert ways(desk, "help", "a", members=[{"id": "a", "birth_date": born}]) == (
        Way((Change("time", "age", "a", now, 60, on=on),), "time"),
    )


def test_an_age_told_without_a_birth_date_names_no_day():
    """Only the age is known: nobody can say on which day."""
    desk = office("about: person, when all: [{age: at least 60}], decides: help")

    assert ways(desk, "help", "a", members=[{"id": "a", "age": 59}]) == ()


def test_no_day_is_further_off_than_five_years():
    """Sixty in five years to the day is still named, a day later no more; and nobody grows younger."""
    desk = office("about: person, when all: [{age: at least 60}], decides: help")
    young = office("about: person, when all: [{age: below 18}], decides: help")

    assert ways(desk, "help", "a", members=[{"id": "a", "birth_date": "1971-11-23"}])[0].changes[0].on == date(
        2031, 11, 23
    )
    assert ways(desk, "help", "a", members=[{"id": "a", "birth_date": "1971-11-24"}]) == ()
    assert ways(young, "help", "a", members=[{"id": "a", "birth_date": "2000-01-01"}]) == ()


def test_of_several_birthdays_the_first_one_that_is_enough_counts():
    """Any elder: the older one's birthday. Two elders: the younger one's, by way of a computed fact of the household."""
    one, two = (office(f"when all: [{{elders: at least {n}}}], decides: aid") for n in (1, 2))
    any_ = office("when all: [{age: any member at least 60}], decides: aid")
    members = [{"id": "a", "birth_date": "1969-01-01"}, {"id": "b", "birth_date": "1968-01-01"}]
    found = [ways(desk, members=members) for desk in (one, any_, two)]

    assert [[change.on for change in way.changes] for (way,) in found] == [
        [date(2028, 1, 1)],
        [date(2028, 1, 1)],
        [date(2029, 1, 1)],
    ]


def test_a_short_time_is_not_passed_over():
    """A fortnight in which something holds is found although it is over again long before the last day looked at."""
    desk = office("about: person, when all: [{fortnight: yes}], decides: help")

    found = ways(desk, "help", "a", members=[{"id": "a", "birth_date": "2026-11-20"}])
    assert [change.on for change in found[0].changes] == [date(2026, 12, 10)]


def test_time_and_a_check_go_together():
    """An age to come and a decile to be looked up: one way of both, to be waited for."""
    desk = office("about: person, when all: [{age: at least 60}, {listed: yes}], decides: help")

    (way,) = ways(desk, "help", "a", members=[{"id": "a", "birth_date": "1966-11-24"}])
    assert way.kind == "time"
    assert told_by([way]) == [[("document", "listed", None, True), ("time", "age", 59, 60)]]


def test_a_law_to_come_is_a_way():
    """A rule that is not in force yet, and an amount that will be higher, are named with their day."""
    later = office("when all: [{soil: yes}], decides: aid, from: 2027-05-01")
    higher = office("when all: [{decile: at most most}], decides: aid")

    assert ways(later, household={"soil": True}) == (
        Way((Change("time", "aid", HOUSEHOLD, None, None, on=date(2027, 5, 1)),), "time"),
    )
    assert [way.changes[-1].on for way in ways(higher, household={"decile": 5})] == [None, date(2028, 1, 1)]


def test_what_stays_is_told_without_what_it_should_be():
    """Told rooms decide and stay; there is no value that they would need."""
    desk = office("when all: [{rooms: below 3}], decides: aid")
    diagnosis = diagnosed(desk, household={"rooms": 5})

    assert fixed(diagnosis, diagnosis.row("aid", HOUSEHOLD)) == (Change("fixed", "rooms", HOUSEHOLD, 5, None),)


def test_what_is_protected_is_not_even_named():
    """Faith and sex decide, and still are in no list; what an office can find out is not fixed; nor what comes with time."""
    desk = office(
        "about: person, when all: [{faith: yes}, {sex: is P}, {listed: yes}, {age: at least 60}], decides: help"
    )
    member = {"id": "a", "faith": False, "sex": "L", "birth_date": "1967-01-01"}
    diagnosis = diagnosed(desk, household={"listed": False}, members=[member])

    assert fixed(diagnosis, diagnosis.row("help", "a")) == ()


def test_how_many_somebody_lives_with_is_not_named():
    """The state of a family is who they are, counted by a formula or told."""
    desk = office("when all: [{size: at most 1}], decides: aid")
    diagnosis = diagnosed(desk, members=[{"id": "a"}, {"id": "b"}])
    row = diagnosis.row("aid", HOUSEHOLD)

    assert (row.outcome, fixed(diagnosis, row)) == ("no", ())


def test_what_is_only_asked_at_an_age_can_stay():
    """An answer that is asked of the grown alone decides and stays, whatever birthdays lie ahead."""
    desk = office("about: person, when all: [{clerk: no}], decides: help")
    diagnosis = diagnosed(desk, members=[{"id": "a", "birth_date": "1990-01-01", "clerk": True}])

    assert fixed(diagnosis, diagnosis.row("help", "a")) == (Change("fixed", "clerk", "a", True, None),)


def test_too_old_stays():
    """An age that time only carries further away is fixed."""
    desk = office("about: person, when all: [{age: at most 18}], decides: help")
    diagnosis = diagnosed(desk, members=[{"id": "a", "birth_date": "1990-01-01"}])

    assert fixed(diagnosis, diagnosis.row("help", "a")) == (Change("fixed", "age", "a", 36, None),)


def test_what_only_officers_may_see_is_nowhere():
    """A service that rests on a secret has no ways and nothing fixed, told or not."""
    desk = office("about: person, when all: [{hurt: yes}, {listed: yes}], decides: help")

    for hurt in ({}, {"hurt": False}, {"hurt": True}):
        diagnosis = diagnosed(desk, household={"listed": False}, members=[{"id": "a", **hurt}])
        row = diagnosis.row("help", "a")
        assert (ways_to_yes(diagnosis, row, office=desk), fixed(diagnosis, row)) == ((), ())


def test_an_office_of_its_own_says_the_same():
    """Without an office the rules of later days are found all the same."""
    desk = office("about: person, when all: [{age: at least 60}], decides: help")
    diagnosis = diagnosed(desk, members=[{"id": "a", "birth_date": "1966-11-24"}])
    row = diagnosis.row("help", "a")

    assert ways_to_yes(diagnosis, row) == ways_to_yes(diagnosis, row, office=desk) != ()


def check_ways(desk: Office, diagnosis: Diagnosis, rows: Iterable[ServiceRow]) -> Iterator[tuple[ServiceRow, Way]]:
    """Hold every way of some rows to what a way is, by working everything out anew."""
    knowledge, hidden = desk.knowledge, diagnosis.plan.officer_only
    nearest, known = Nearest(diagnosis, desk), {}
    for row in rows:
        found = nearest.ways(row)
        assert list(found) == sorted(found, key=lambda way: len(way.changes))
        for way in found:
            for size in range(len(way.changes) + 1):
                for part in combinations(way.changes, size):
                    key = (part, row.vertex)
                    known[key] = known.get(key) or follows(desk, diagnosis.household, part, row.vertex)
                    assert (known[key] == "yes") == (size == len(way.changes)), (row.vertex, way, part)
            for change in way.changes:
                assert change.fact not in hidden and not hidden.intersection(change.papers)
                assert (change.kind == "time") == (change.on is not None)
                fact = knowledge.facts.get(change.fact)
                if fact and change.kind == "document" and fact.answered_by == "applicant":
                    assert change.now == change.then and change.evidence
            yield row, way
        for change in nearest.fixed(row):
            assert change.kind == "fixed" and change.then is None and change.fact not in hidden
            assert getattr(knowledge.facts.get(change.fact), "sensitive", None) not in ("specific", "officer_only")


@examples(25)
@given(cases(SMALL))
def test_every_way_is_enough_and_no_part_of_it_is(case: Case) -> None:
    """Of made-up knowledge: worked out anew with its changes the answer is a yes, with fewer of them it is not."""
    for household in case.households:
        diagnosis = case.office.diagnose(household)
        list(check_ways(case.office, diagnosis, diagnosis.rows))


@pytest.fixture(scope="module")
def kediri() -> Office:
    return Office.open(ROOT)


def sample(desk: Office, file: str, name: str) -> Household:
    found = read_households(ROOT / "samples" / file, desk.knowledge, DAY)
    return next(one for one in found if one.id == name)


@pytest.mark.parametrize(
    ("file", "name", "kinds"),
    [
        ("keluarga/h01-keluarga-besar.yaml", "keluarga-h01-desil-belum-diketahui", {"document"}),
        ("keluarga/h02-tanpa-tempat-tinggal.yaml", "keluarga-h02-kabar-yang-belum-jelas", {"document"}),
        ("keluarga/h03-janda-lanjut-usia.yaml", "keluarga-h03-umur-59", {"time"}),
        ("keluarga/jawaban-sendiri.yaml", None, {"document"}),
    ],
)
def test_every_way_of_a_sample_is_enough_and_no_day_could_be_sooner(kediri, file, name, kinds):
    """Of the real knowledge, and a day earlier it is not a yes yet."""
    household = (
        sample(kediri, file, name) if name else read_households(ROOT / "samples" / file, kediri.knowledge, DAY)[0]
    )
    diagnosis = kediri.diagnose(household)
    found = list(check_ways(kediri, diagnosis, diagnosis.shown))

    assert {way.kind for _, way in found} == kinds
    for row, way in found:
        if way.kind == "time":
            sooner = [one._replace(on=one.on - timedelta(days=1)) if one.on else one for one in way.changes]
            assert follows(kediri, household, sooner, row.vertex) != "yes"


def test_a_grandmother_of_59_turns_60_tomorrow(kediri):
    """PKH needs a component; her sixtieth birthday on 24 November 2026 brings one, and nothing sooner does."""
    household = sample(kediri, "keluarga/h03-janda-lanjut-usia.yaml", "keluarga-h03-umur-59")
    diagnosis = kediri.diagnose(household)
    row = diagnosis.row("pkh", HOUSEHOLD)

    (way,) = ways_to_yes(diagnosis, row, office=kediri)
    assert way == Way((Change("time", "age", "nenek", 59, 60, on=DAY + timedelta(days=1)),), "time")


def test_a_decile_the_office_looks_up_opens_three_programs(kediri):
    """Of the big family only the decile is not known: up to 4 for PKH and Sembako, up to 5 for PBI-JK."""
    household = sample(kediri, "keluarga/h01-keluarga-besar.yaml", "keluarga-h01-desil-belum-diketahui")
    diagnosis = kediri.diagnose(household)
    found = [
        ways_to_yes(diagnosis, diagnosis.row(*vertex), office=kediri)[0]
        for vertex in (("pkh", HOUSEHOLD), ("sembako", HOUSEHOLD), ("pbi_jk", "ibu"))
    ]

    assert [[(one.fact, one.now, one.then) for one in way.changes] for way in found] == [
        [("decile", None, 4)],
        [("decile", None, 4)],
        [("decile", None, 5)],
    ]
