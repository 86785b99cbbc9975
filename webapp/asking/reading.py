"""What was told, read as a household of this edition."""

from engine.household import Household
from webapp.asking.forms import Form
from webapp.asking.told import Told, Unreadable
from webapp.asking.walk import settled
from webapp.frame import chosen_language, desk
from webapp.words import words_in


def form_of(told: Told) -> Form:
    """Give the questions of the kind of applicant who tells, in the language of the request."""
    lang = chosen_language()
    return Form(
        desk().office.knowledge, lang, words_in(lang), desk().served(told.applicant), told.applicant, desk().today()
    )


def household_of(told: Told) -> Household:
    """Read what was told. Raises: Unreadable, when this edition cannot read it any more."""
    household = form_of(told).read(settled(told))
    if household is None:
        raise Unreadable
    return household
