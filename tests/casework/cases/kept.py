"""A household of which all is known that PKH and Sembako ask for, and a case that asks for something."""

from datetime import date

from casework.people.observations import observe_many
from tests.casework import stage

_OF_HOUSEHOLD = {
    "dukcapil_match": True,
    "decile": 4,
    "has_shelter": True,
    "food_worry_last_year": False,
    "refused_aid": False,
    "received_pena": False,
}
_OF_EACH = {
    "has_disability": False,
    "chronic_illness": "no_illness",
    "is_asn_tni_polri": False,
    "is_state_pensioner": False,
    "wage_above_minimum": False,
    "owns_company": False,
    "is_certified_teacher_or_health_worker": False,
    "is_village_official": False,
    "has_state_budget_income": False,
    "is_social_facilitator": False,
}


def poor(work, office, evidence="self_declared", decile=4):
    """Register a mother and a child of preschool age, of the fourth decile, and what each of their facts rests on."""
    home = stage.household(work, "Siti", "Adi")
    mother, child = home.people
    mother.birth_date, child.birth_date, child.sex = date(1984, 4, 4), date(2020, 11, 23), "L"
    observe_many(work, office.knowledge, home, said_of(home, decile), evidence)
    return home


def said_of(home, decile=4):
    """Give all that is said of such a household, to be recorded on some evidence."""
    mother, child = home.people
    said = [(None, fact, value) for fact, value in {**_OF_HOUSEHOLD, "decile": decile}.items()]
    said += [(one, fact, value) for one in home.people for fact, value in _OF_EACH.items()]
    said += [(mother, "pregnant", False), (mother, "postpartum", False), (child, "school_level", "not_yet")]
    said += [(one, "birth_date", one.birth_date.isoformat()) for one in home.people]
    said += [(one, "sex", one.sex) for one in home.people]
    return [*said, (None, "residence", home.village), (None, "received", [])]


def case_of(work, home, *services):
    """Open a case for services; one written `service@1` is for the second member."""
    case = stage.case(work, home)
    for one in services:
        service, _, seat = one.partition("@")
        stage.claim(work, case, service, home.people[int(seat)] if seat else None)
    return case
