"""The table of states: whole, reachable, and the only way anything moves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.cases.transitions import (
    CASE,
    CASE_ENDS,
    CASE_STATES,
    CLAIM,
    CLAIM_ENDS,
    CLAIM_STATES,
    FIRST,
    GRANTED,
    NEEDS,
    TRANSITIONS,
    WAYS,
    ways_from,
)
from casework.staff.rights import RIGHTS

STATES = {CASE: CASE_STATES, CLAIM: CLAIM_STATES}
ENDS = {CASE: CASE_ENDS, CLAIM: CLAIM_ENDS}


def reachable(of, start, step):
    """Give what can be reached from a state, by a function from a state to the next ones."""
    seen, front = {start}, [start]
    while front:
        for state in step(front.pop()):
            if state not in seen:
                seen.add(state)
                front.append(state)
    return seen


@pytest.mark.parametrize("of", [CASE, CLAIM])
def test_every_state_is_reached_from_the_first(of):
    """No state stands apart."""
    assert reachable(of, FIRST[of], lambda state: [way.after for way in ways_from(of, state)]) == set(STATES[of])


@pytest.mark.parametrize("of", [CASE, CLAIM])
def test_from_every_state_there_is_a_way_to_an_end(of):
    """Nothing is stuck for ever."""
    stuck = [
        state
        for state in STATES[of]
        if not ENDS[of] & reachable(of, state, lambda one: [way.after for way in ways_from(of, one)])
    ]

    assert stuck == []


def test_the_states_are_those_of_the_domain():
    """As the data process names them (part 6.1), with a way back and an end."""
    assert (
        *("draft", "submitted", "rt_rw_checked", "kadus_checked", "musdes_approved", "musdes_rejected"),
        *("dinsos_verified", "closed", "returned", "withdrawn"),
    ) == CASE_STATES
    assert (
        *("open", "proposed", "determined", "declined", "paid", "monitored", "graduated", "terminated", "withdrawn"),
    ) == CLAIM_STATES


def test_every_way_stands_once_and_names_what_exists():
    """One line for each pair of states; its right and its needs are known."""
    assert len(WAYS) == len(TRANSITIONS)
    assert {way.right for way in TRANSITIONS} <= RIGHTS.keys()
    assert {need for way in TRANSITIONS for need in way.needs} == NEEDS.keys()


def test_money_is_never_granted_without_a_decision():
    """Whatever leads into a granted state from outside asks for the decision that grants it."""
    into = [way for way in TRANSITIONS if way.of == CLAIM and way.after in GRANTED and way.before not in GRANTED]

    assert [way.needs for way in into] == [("granted",)]


def test_turning_aside_always_takes_a_reason():
    """What is not the usual way on is explained, or rests on a decision or a proof."""
    assert [
        way for way in TRANSITIONS if not way.main and not {"reason", "sent_back", "handed_over"} & {*way.needs}
    ] == []


def test_an_applicant_can_only_hand_in_and_take_back():
    """Nobody decides in their own case."""
    assert {way.after for way in TRANSITIONS if way.applicant} == {"submitted", "withdrawn"}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_usual_ways_come_first(data):
    """The buttons of a page are in this order."""
    of = data.draw(st.sampled_from([CASE, CLAIM]))
    mains = [way.main for way in ways_from(of, data.draw(st.sampled_from(STATES[of])))]

    assert mains == sorted(mains, reverse=True)
