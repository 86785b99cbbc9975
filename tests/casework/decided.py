"""A case that the office has verified, with an answer of the engine: what decisions, letters and objections stand on."""

from casework.cases import decisions, diagnoses
from casework.cases.models import Case, Claim
from casework.cases.opening import open_case
from casework.people.models import Household
from casework.people.observations import Said, observe_many
from casework.staff.actors import SYSTEM
from tests.casework import stage

PROGRAM, OTHER_PROGRAM = "perlindungan_jaminan_sosial", "rehabilitasi_sosial"
# What only officers may know: the service, the fact behind it, and the program that works on it.
SECRET, SECRET_FACT = "rujukan_hiv_napza", "hiv"
NAME, OTHER = "Siti Contoh", "Budi Contoh"
POOR = {
    "decile": 1,
    "dtsen_registered": True,
    "dukcapil_match": True,
    "refused_aid": False,
    "verified_vulnerable": True,
    "received_pena": False,
    "head_job": "farm_labourer",
}
OF_MEMBERS = {
    "is_asn_tni_polri": False,
    "is_state_pensioner": False,
    "monthly_wage": 900_000,
    "owns_company": False,
    "is_certified_teacher_or_health_worker": False,
    "is_village_official": False,
    "has_state_budget_income": False,
    "is_social_facilitator": False,
    "has_disability": False,
    "jkn_segment": "no_jkn",
}
# Of the first member, whose health insurance the state used to pay.
ILL = {
    "jkn_segment": "inactive",
    "was_pbi": True,
    "pbi_deactivated_on": "2026-10-01",
    "chronic_illness": "catastrophic",
}


def family(work, office, decile=1, village=stage.VILLAGE, kk="", secret=False):
    """Register two people of whom the office has seen enough in its registries to say yes or no to Sembako."""
    home = stage.household(work, NAME, OTHER, village=village, kk=kk)
    said = [Said(None, name, value) for name, value in {**POOR, "decile": decile}.items()]
    said += [Said(one, name, value) for one in home.people for name, value in OF_MEMBERS.items()]
    said += [Said(home.people[0], name, value) for name, value in ILL.items()]
    if secret:
        said.append(Said(home.people[0], SECRET_FACT, True))
    observe_many(work, office.knowledge, home, said, "registry")
    return home


def verified(work, office, *services, home=None, state="dinsos_verified", **of_family):
    """Open a case for services (the household's by name, a member's as (name, person)), verified and diagnosed."""
    home = home or family(work, office, **of_family)
    first = home.people[0]
    asked = [(name, first if office.knowledge.services[name].for_ == "person" else None) for name in services]
    case = open_case(work, office, home, asked, "counter")
    case.state = state
    work.session.flush()
    diagnoses.diagnose(work, office, case, "office")
    return case


def case_in(database, office, *services, **more):
    """The same in a database of its own unit of work; gives the case's number."""
    with database.work(SYSTEM) as work:
        return verified(work, office, *(services or ("sembako",)), **more).number


def case_of(work, number):
    return work.session.query(Case).filter_by(number=number).one()


def claim_of(work, number, service="sembako"):
    return work.session.query(Claim).join(Case).filter(Case.number == number, Claim.service == service).one()


def household_of(work, number):
    return work.session.get_one(Household, case_of(work, number).household_id)


def proposed(database, number, actor, proposal="grant", reason=None, service="sembako"):
    """Let somebody propose; gives the decision's id."""
    with database.work(actor) as work:
        return decisions.propose(work, claim_of(work, number, service), proposal, reason).id
