"""What a page shows of a service: everything that can be said of it before anybody has told anything."""

from dataclasses import dataclass

from engine.knowledge.model import PERSON, Concludes, Follows, Requires, Rule, Service
from engine.words import say
from webapp.catalogue.amounts import Amounts, Benefit
from webapp.catalogue.conditions import Lines
from webapp.catalogue.saying import Asked, Cited, Named, Saying


@dataclass(frozen=True)
class ServiceEntry:
    """Everything that is shown of a service."""

    name: str
    title: str
    summary: str | None
    program: Named
    activity: str | None
    applicants: tuple[str, ...]
    per_person: bool
    decided_by: str | None
    limited: bool
    offer: str
    elsewhere: str | None
    in_force: bool
    concerns: tuple[Lines, ...]
    conditions: tuple[Lines, ...]
    exclusions: tuple[Lines, ...]
    unneeded: tuple[Lines, ...]
    provided: tuple[Lines, ...]
    unverifiable: tuple[str, ...]
    benefit: Benefit | None
    papers: tuple[Asked, ...]
    steps: tuple[Asked, ...]
    apply_at: str | None
    time_limit: str | None
    valid_for: str | None
    not_with: tuple[Named, ...]
    together: tuple[Named, ...]
    sources: tuple[Cited, ...]
    confirmed: bool


def service_entry(saying: Saying, service: Service) -> ServiceEntry:
    """Make the entry of a public service."""
    public, word = saying.public, saying.word
    rules = public.aimed.get(service.name, ())
    deciding = [rule for rule in rules if isinstance(rule.effect, Concludes)]
    blocks = [block for rule in deciding for block in saying.conditions.of(rule)]
    program = public.programs[service.program.text]
    activity = program.activities[service.activity.text] if service.activity else None
    return ServiceEntry(
        name=service.name,
        title=service.label.in_(saying.lang),
        summary=saying.text(service.summary),
        program=Named(program.name, program.label.in_(saying.lang)),
        activity=activity.label.in_(saying.lang) if activity else None,
        applicants=tuple(word(f"cat_applicant_{applicant}") for applicant in service.applicants),
        per_person=service.for_ == PERSON,
        decided_by=word(f"cat_decided_{service.decided_by}") if service.decided_by else None,
        limited=service.quota is not None,
        offer=service.offer,
        elsewhere=saying.text(service.refer_to),
        in_force=bool(deciding),
        concerns=_of_kind(blocks, "concerns"),
        conditions=_of_kind(blocks, "when"),
        exclusions=_of_kind(blocks, "unless"),
        unneeded=_of_kind(blocks, "unneeded"),
        provided=_of_kind(blocks, "provided"),
        unverifiable=tuple(text.in_(saying.lang) for rule in deciding for text in rule.unverifiable),
        benefit=Amounts(public, saying.speaker).of(service),
        papers=_papers(saying, [rule for rule in rules if isinstance(rule.effect, Requires)]),
        steps=_steps(saying, [rule for rule in rules if isinstance(rule.effect, Follows)]),
        apply_at=saying.text(service.apply_at),
        time_limit=saying.lasting(service.time_limit),
        valid_for=saying.lasting(service.valid_for),
        not_with=saying.named(public.excluded[service.name]),
        together=saying.named(other.text for other in service.may_combine),
        sources=_sources(saying, service, rules),
        confirmed=service.confirmed,
    )


def _of_kind(blocks: list[Lines], kind: str) -> tuple[Lines, ...]:
    return tuple(block for block in blocks if block.kind == kind)


def _papers(saying: Saying, rules: list[Rule]) -> tuple[Asked, ...]:
    """Give each paper once; where rules differ on when it is brought, the first says it."""
    before = {word.text: rule.effect.before for rule in reversed(rules) for word in rule.effect.documents}
    asked = [(word.text, rule) for rule in rules for word in rule.effect.documents]
    notes = {
        name: None if moment == "proposal" else say("before", moment, saying.lang) for name, moment in before.items()
    }
    return tuple(
        Asked(name, saying.public.papers[name].label.in_(saying.lang), when, notes[name])
        for name, when in saying.occasions(asked)
        if name in saying.public.papers
    )


def _steps(saying: Saying, rules: list[Rule]) -> tuple[Asked, ...]:
    """Give the steps in their order, each with who does it, where, and how long it takes."""
    found = []
    for name, when in saying.occasions((word.text, rule) for rule in rules for word in rule.effect.steps):
        step = saying.public.steps.get(name)
        if step is not None:
            told = (saying.text(step.actor), saying.text(step.where), saying.lasting(step.time))
            note = "; ".join(one for one in told if one) or None
            found.append(Asked(name, step.label.in_(saying.lang), when, note))
    return tuple(found)


def _sources(saying: Saying, service: Service, rules: tuple[Rule, ...]) -> tuple[Cited, ...]:
    """Give the sources of a service's rules and amounts, each once, or once for each article that is named."""
    in_force = saying.public.plan.amounts.in_force
    words = [rule.source for rule in rules]
    words += [amount.source for name in saying.public.parameters_of(service) if (amount := in_force[name])]
    once = {word.text: word for word in words if word}
    found = [cited for word in once.values() if (cited := saying.source(word))]
    with_article = {cited.name for cited in found if cited.article}
    return tuple(cited for cited in found if cited.article or cited.name not in with_article)
