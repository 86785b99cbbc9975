"""What was told, read as a household of this edition."""

from engine.household import Household
from webapp.asking.answers import Answers
from webapp.asking.forms import Form
from webapp.asking.told import Told, Unreadable
from webapp.frame import chosen_language, desk
from webapp.words import words_in


def form_of(told: Told) -> Form:
    """Give the questions of the kind of applicant who tells, in the language of the request."""
    lang = chosen_language()
    return Form(desk().office.knowledge, lang, words_in(lang), desk().served(told.applicant), told.applicant)


def household_of(told: Told) -> Household:
    """Read what was told. Raises: Unreadable, when this edition cannot read it any more."""
    household = form_of(told).read(Answers(told.typed, told.members), desk().today())
    if household is None:
        raise Unreadable
    return household
