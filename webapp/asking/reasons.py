"""Why a question is asked: the services whose answer hangs on it, and the rules being tried."""

from typing import Any

from engine.knowledge.model import Concludes, Rule
from engine.words import Speaker, joined
from webapp.asking.walk import MEMBER, RECEIVERS, WHERE, WHO, Walk

_MOST_REASONS = 3


def reasons(at: Walk) -> list[dict[str, Any]]:
    """Say of each question of the step at hand which services hang on it, and which rules read it."""
    if at.step.kind in (WHERE, WHO, MEMBER, RECEIVERS):
        return []
    speaker = Speaker(at.office.knowledge, at.form.lang)
    hidden, found = at.interview.trace.plan.officer_only, []
    for one in at.step.asked:
        if one.fact not in at.facts:
            continue
        services = [service.label.in_(speaker.lang) for service in at.interview.tried(one.fact)]
        rules = [rule for rule in at.interview.rules_tried(one.fact) if not _is_hidden(rule, hidden)]
        found.append(
            {
                "label": speaker.label(one.fact),
                "services": joined(services[:_MOST_REASONS], speaker.lang) if services else None,
                "rules": [(rule.title.in_(speaker.lang), speaker.source(rule)) for rule in rules[:_MOST_REASONS]],
            }
        )
    return found


def _is_hidden(rule: Rule, hidden: frozenset[str]) -> bool:
    concluded = rule.effect.conclusion if isinstance(rule.effect, Concludes) else rule.effect.service
    return concluded.text in hidden
