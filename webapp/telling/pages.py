"""The pages that tell: the result of a household, and the sample households whose results can be read."""

from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, request, url_for

from engine.household import Household
from engine.words import Speaker
from webapp.asking.reading import household_of
from webapp.asking.told import Told
from webapp.frame import chosen_language, desk, show
from webapp.telling import results, shelves
from webapp.words import words_in


@dataclass(frozen=True)
class Ways:
    """Where a result leads on to, carrying the answers along; None is not there."""

    change: str
    checklist: str | None
    clear: str | None


def register(app: Flask) -> None:
    """Give the application the pages that tell."""
    desk_ = app.extensions["tepat"]
    app.extensions["shelves"] = shelves.Shelves(desk_.samples, desk_.office.knowledge, desk_.today)
    app.add_url_rule("/hasil", "result", again, methods=["POST"])
    app.add_url_rule("/contoh", "samples", samples)
    app.add_url_rule("/sampel/<name>", "sample", sample)


def again() -> Response:
    """Show the result of what is sealed in the request."""
    told = desk().sealer.open(request.form.get("sealed", ""))
    return result(household_of(told), told)


def result(household: Household, told: Told) -> Response:
    """Show the result of a household; what was told travels on with the page, sealed."""
    diagnosis = desk().office.diagnose_for_everybody(household)
    lang = chosen_language()
    return show(
        "telling/result.html",
        result=results.page(diagnosis, lang),
        name=words_in(lang)("your_family"),
        told=told,
        sealed=desk().sealer.seal(told),
        ways=_ways(told),
    )


def _ways(told: Told) -> Ways:
    """Give the addresses that a result leads on to: as it was told, so it is changed."""
    here = current_app.view_functions
    asked = told.by == "interview" and "interview" in here
    return Ways(
        change=url_for("interview" if asked else "form"),
        checklist=url_for("checklist") if "checklist" in here else None,
        clear=url_for("clear") if "clear" in here else None,
    )


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
        result=results.page(diagnosis, chosen_language()),
        name=shelves.name_of(household),
        told=None,
        ways=None,
    )
