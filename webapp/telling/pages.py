"""The pages that tell: the result of a household, and the sample households whose results can be read."""

import hashlib
import secrets

from flask import Flask, Response, abort, current_app, request, url_for

from engine.household import Household
from engine.knowledge.model import HOUSEHOLD, ContactPoint
from engine.offices import office_of, own_office
from engine.words import Speaker
from webapp.asking.reading import household_of
from webapp.asking.told import Told
from webapp.frame import chosen_language, desk, show
from webapp.telling import results, shelves
from webapp.words import words_in

_KEY = 12


def register(app: Flask) -> None:
    """Give the application the pages that tell."""
    desk_ = app.extensions["tepat"]
    app.extensions["shelves"] = shelves.Shelves(desk_.samples, desk_.office.knowledge, desk_.today)
    app.add_url_rule("/hasil", "result", again, methods=["POST"])
    app.add_url_rule("/contoh", "samples", samples)
    app.add_url_rule("/sampel/<name>", "sample", sample)


def again() -> Response:
    """Show the result of what is sealed in the request."""
    sealed = request.form.get("sealed", "")
    told = desk().sealer.open(sealed)
    return result(household_of(told), _with_key(told, hashlib.sha256(sealed.encode()).hexdigest()[: 2 * _KEY]))


def result(household: Household, told: Told) -> Response:
    """Show the result of a household; what was told travels on with the page, sealed."""
    diagnosis = desk().office.diagnose_for_everybody(household)
    lang = chosen_language()
    told = _with_key(told, secrets.token_urlsafe(_KEY))
    return show(
        "telling/result.html",
        result=results.page(diagnosis, lang, desk().office, request.form.getlist("change")),
        name=words_in(lang)(f"yours_{told.applicant}"),
        told=told,
        sealed=desk().sealer.seal(told),
        # As it was told, so it is changed.
        change=url_for("interview" if told.by == "interview" else "form"),
        office=_office_for(household),
    )


def _with_key(told: Told, key: str) -> Told:
    """Give the answers a key under which they can be handed in once, where that can be done at all.

    It follows from the page that led here: the same page, sent again, gives the same key.
    """
    return told.with_(key=key) if desk().database and not told.key else told


def _office_for(household: Household) -> ContactPoint | None:
    """Give the office to go to: the one where the household lives, or else this one."""
    knowledge = desk().office.knowledge
    home = household.given(HOUSEHOLD, "residence")
    return office_of(home.value if home else None, knowledge) or own_office(knowledge)


def samples() -> Response:
    """List the sample households."""
    speaker = Speaker(desk().office.knowledge, chosen_language())
    shelves_here = current_app.extensions["shelves"].all
    return show("telling/samples.html", shelves=[shelves.cards(shelf, speaker) for shelf in shelves_here])


def sample(name: str) -> Response:
    """Show the diagnosis of a sample household."""
    household = current_app.extensions["shelves"].named.get(name)
    if household is None:
        abort(404)
    diagnosis = desk().office.diagnose_for_everybody(household)
    return show(
        "telling/result.html",
        result=results.page(diagnosis, chosen_language(), desk().office, request.args.getlist("change")),
        name=shelves.name_of(household),
        told=None,
        office=_office_for(household),
    )
