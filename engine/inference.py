"""The one door to experta: everything else in the house gets it here.

experta 1.9.4 needs two cures on today's Python, and both stay in this file. Its dependency frozendict 1.2
looks for `collections.Mapping`, which left Python in 3.10: it is lent for that import only. And importing
experta puts a handler on the root logger, which is taken away again.

The strategy here also cures a fault of experta's own: `DepthStrategy` looks for a withdrawn activation in
three places of the agenda only, so that a rule whose conditions no longer hold can still fire.
"""

import bisect
import collections
import collections.abc
import logging
import operator

_handlers = list(logging.getLogger().handlers)
collections.Mapping = collections.abc.Mapping
try:
    import frozendict  # noqa: F401
finally:
    del collections.Mapping

from experta import AS, MATCH, Fact, KnowledgeEngine, P, Rule  # noqa: E402
from experta.abstract import Matcher, Strategy  # noqa: E402
from experta.activation import Activation  # noqa: E402
from experta.agenda import Agenda  # noqa: E402
from experta.factlist import FactList  # noqa: E402
from experta.matchers import ReteMatcher  # noqa: E402

for _handler in list(logging.getLogger().handlers):
    if _handler not in _handlers:
        logging.getLogger().removeHandler(_handler)

_key = operator.attrgetter("key")

__all__ = [
    "AS",
    "MATCH",
    "Activation",
    "Agenda",
    "Fact",
    "FactList",
    "KnowledgeEngine",
    "Matcher",
    "P",
    "RankStrategy",
    "ReteMatcher",
    "Rule",
]


class RankStrategy(Strategy):
    """Fire by salience, then by the order in which the facts behind an activation came; remove exactly.

    Every rule of a plan has a salience of its own, so the order never depends on hashes.
    """

    def _update_agenda(self, agenda: Agenda, added: list[Activation], removed: list[Activation]) -> None:
        for activation in (*removed, *added):
            if activation.key is None:
                ids = sorted(fact["__factid__"] for fact in activation.facts)
                activation.key = (activation.rule.salience, [-id_ for id_ in ids])
        for activation in removed:
            agenda.activations[:] = [one for one in agenda.activations if one != activation]
        if len(added) > 8:
            agenda.activations.extend(added)
            agenda.activations.sort(key=_key)
        else:
            for activation in added:
                bisect.insort(agenda.activations, activation, key=_key)

    # experta's own wraps this in questions about its log, at every firing.
    update_agenda = _update_agenda
