"""The door to experta, and its two defects, which must not come back."""

import collections
import logging
import subprocess
import sys

from engine.inference import Fact, KnowledgeEngine, RankStrategy, Rule


def engine_with(strategy, blocked):
    """Make thirty rules that each fire unless blocked, one of them blocked while the agenda is full."""
    from experta import NOT

    fired = []

    def rule(number):
        def fire(self):
            fired.append(number)

        return Rule(Fact(a=1), NOT(Fact(block=number)), salience=0)(fire)

    parts = {f"rule_{number:02}": rule(number) for number in range(30)}
    made = type("Engine", (KnowledgeEngine,), {**parts, "__strategy__": strategy})()
    made.reset()
    made.declare(Fact(a=1))
    made.declare(Fact(block=blocked))
    made.run()
    return fired


def test_experta_is_imported_without_leaving_its_crutches_behind():
    """`collections.Mapping` is lent for the import only, and no handler stays on the root logger."""
    code = "import logging, collections, engine.inference; print(hasattr(collections, 'Mapping'), logging.getLogger().handlers)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed == "False []\n"
    assert not hasattr(collections, "Mapping")
    assert logging.getLogger("experta.watchers.RULES").level == logging.NOTSET


def test_a_rule_whose_conditions_no_longer_hold_never_fires():
    """Our strategy takes a withdrawn activation off the agenda wherever it stands."""
    for blocked in range(30):
        fired = engine_with(RankStrategy, blocked)

        assert blocked not in fired
        assert len(fired) == 29


def test_the_defect_is_still_in_experta_itself():
    """With experta's own strategy some blocked rule fires, which is why ours exists."""
    from experta.strategies import DepthStrategy

    assert any(blocked in engine_with(DepthStrategy, blocked) for blocked in range(30))
