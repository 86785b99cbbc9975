"""The page on which a finished self-check is handed in: what goes along is shown first, then it is asked who it is from."""

from typing import Any

from flask import Flask, Response, request

from casework.cases import identities, pins, submissions
from casework.people.places import villages_for
from casework.refusals import Refused
from casework.staff import sign_ins
from casework.staff.actors import APPLICANT, SYSTEM, Actor
from casework.store.database import Database
from engine.household import Household
from engine.knowledge.model import HOUSEHOLD
from engine.offices import office_of, own_office
from webapp.applications.fields import Fields
from webapp.applications.offered import Offered, asked_for, offered, told_in_words
from webapp.asking.reading import household_of
from webapp.asking.told import Told, Unreadable
from webapp.frame import chosen_language, desk, show
from webapp.staff.frame import COOKIE
from webapp.words import words_in

# The edition of the consent text; a new one when what it says changes.
CONSENT = "2026-11"


def register(app: Flask) -> None:
    """Give the application the page on which one hands in."""
    app.add_url_rule("/ajukan", "apply", apply, methods=["POST"])
    app.context_processor(lambda: {"can_apply": True})


def apply() -> Response:
    """Show what is handed in and ask who it is from; or take it."""
    told = desk().sealer.open(request.form.get("sealed", ""))
    if not told.key:
        # Every result page gives a key; what carries none was never offered to be handed in.
        raise Unreadable
    household = household_of(told)
    if not served_here(household):
        return show("applications/elsewhere.html", 400, office=_office_of(household))
    with _house().reading() as work:
        before = submissions.submitted_before(work, told.key)
    if before:
        return _submitted(before, told)
    page = _Page(told, household)
    return page.take() if request.form.get("do") == "send" and not request.form.get("lang_to") else page.show()


def served_here(household: Household) -> bool:
    """Say whether this office serves where one lives; who does not know it is served here."""
    home = household.given(HOUSEHOLD, "residence")
    return home is None or _office_of(household) == own_office(desk().office.knowledge)


def _office_of(household: Household) -> Any:
    home = household.given(HOUSEHOLD, "residence")
    return office_of(home.value if home else None, desk().office.knowledge)


def _house() -> Database:
    return desk().database


def _clerk() -> Actor | None:
    """Give who is signed in at this browser, if they may open cases: then somebody applies at the counter."""
    token = request.cookies.get(COOKIE, "")
    found = sign_ins.actor_of(_house(), token) if token else None
    return found if found and found.may("case.open") else None


class _Page:
    """The form of one household."""

    def __init__(self, told: Told, household: Household) -> None:
        self.told, self.household, self.lang = told, household, chosen_language()
        self.fields = Fields(household)

    def show(
        self, status: int = 200, errors: dict[str, str] | None = None, doubts: list[tuple[str, str, str]] | None = None
    ) -> Response:
        """Show the form as it was filled in."""
        return show(
            "applications/apply.html",
            status,
            told=self.told,
            sealed=desk().sealer.seal(self.told),
            services=self.offers(),
            answers=told_in_words(self.household, desk().office.knowledge, self.lang),
            fields=self.fields,
            typed=self.fields.typed(),
            villages=self._villages(),
            errors=errors or {},
            mended=self._mended(errors or {}),
            doubts=doubts or [],
            clerk=_clerk(),
        )

    def offers(self) -> list[Offered]:
        first = "name" not in request.form and not request.form.getlist("service")
        diagnosis = desk().office.diagnose_for_everybody(self.household)
        return offered(diagnosis, self.lang, None if first else request.form.getlist("service"))

    def take(self) -> Response:
        """Take what was typed, or say what must be mended or looked at once more."""
        offers, identity = self.offers(), self.fields.identity()
        services = asked_for(offers)
        with _house().reading(SYSTEM) as work:
            wrong = identities.faults(work, identity, self.household, services)
        if not request.form.get("consent"):
            wrong["consent"] = Refused("application-no-consent", "consent")
        if wrong:
            return self.show(422, {field: one.said(self.lang) for field, one in wrong.items()})
        if doubts := self._doubts(identity):
            return self.show(422, doubts=doubts)
        clerk = _clerk()
        urgent = any(one.urgent and one.ticked for one in offers)
        application = submissions.Application(
            told=self.household,
            services=services,
            identity=identity,
            channel="counter" if clerk else "assisted" if self.told.helping else "self",
            key=self.told.key,
            consent=CONSENT,
            # Staff read it, in the language of the office.
            urgent=words_in("id")("apply_urgent") if urgent else None,
        )
        try:
            done = submissions.hand_in(_house(), clerk or APPLICANT, desk().office, application)
        except Refused as refused:
            return self.show(422, {refused.field or "service": refused.said(self.lang)})
        return _submitted(done, self.told)

    def _mended(self, errors: dict[str, str]) -> list[tuple[str, str]]:
        """Give what is to be mended in the order of the form: the field, and what it asks for with what to mend."""
        labels = self.fields.labels(words_in(self.lang))
        order = {field: number for number, field in enumerate(labels)}
        fields = sorted(errors, key=lambda field: order.get(field, len(order)))
        return [(field, f"{labels[field]}: {errors[field]}" if field in labels else errors[field]) for field in fields]

    def _doubts(self, identity: identities.Identity) -> list[tuple[str, str, str]]:
        """Give what is odd and was not looked at yet: the field, what to confirm it by, and what to look at."""
        day = _house().now().date()
        found = identities.doubts(identity, self.household, desk().office.knowledge, day)
        typed = self.fields.typed()
        # Confirmed is a number, not a field: another number is looked at anew.
        named = [(one, f"{one.name}:{typed[one.field]}") for one in found]
        sure = request.form.getlist("sure")
        return [(one.field, name, one.said(self.lang)) for one, name in named if any(n not in sure for _, n in named)]

    def _villages(self) -> list[tuple[str, str]]:
        """Give the villages to choose from: those of the kecamatan that was told, by name where it is known."""
        home = self.household.given(HOUSEHOLD, "residence")
        within = f"{home.value}." if home else ""
        word = words_in(self.lang)
        with _house().reading(SYSTEM) as work:
            every = [(one.code, one.name) for one in villages_for(work)]
        named = [(code, name or word("apply_village_code", code=code)) for code, name in every]
        return sorted((one for one in named if f"{one[0]}.".startswith(within)), key=lambda one: one[1].casefold())


def _submitted(done: submissions.Submitted, told: Told) -> Response:
    """Give the number and, once, the PIN; the answers in the browser are closed."""
    response = show(
        "applications/submitted.html",
        number=done.number,
        pin=pins.spaced(done.pin) if done.pin else None,
        helping=told.helping,
        clerk=_clerk(),
        day=_house().now().date(),
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
