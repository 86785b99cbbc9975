"""Slots: two entries have a slot and a holder in common exactly when the engine says that they exclude each other."""

import itertools

import pytest

from casework.lists.slots import Slots
from engine.knowledge.exclusion import clashes, excludes
from engine.knowledge.model import HOUSEHOLD

HOME, MEMBERS = 7, (1, 2, 3)


@pytest.fixture(scope="module")
def slots(office):
    return Slots(office.knowledge)


def subjects(knowledge, service):
    return (HOUSEHOLD,) if knowledge.services[service].for_ == HOUSEHOLD else ("p1", "p2")


def held(slots, service, subject):
    return set(slots.of(service, HOME, None if subject == HOUSEHOLD else int(subject[1:]), MEMBERS))


def test_two_entries_meet_exactly_when_they_exclude_each_other(office, slots):
    """Every two services of the knowledge, for the household and for two of its members."""
    knowledge, clash = office.knowledge, clashes(office.knowledge)
    wrong = []
    for one, other in itertools.product(knowledge.services, repeat=2):
        for mine, theirs in itertools.product(subjects(knowledge, one), subjects(knowledge, other)):
            said = excludes(clash.get((one, other)), mine, theirs) or (one, mine) == (other, theirs)
            if bool(held(slots, one, mine) & held(slots, other, theirs)) != said:
                wrong.append((one, mine, other, theirs))

    assert wrong == []


def test_other_households_never_meet(office, slots):
    """What one family holds is no matter of another's."""
    mine = {slot for one in office.knowledge.services for slot in slots.of(one, 7, None, (1, 2))}
    theirs = {slot for one in office.knowledge.services for slot in slots.of(one, 8, None, (3, 4))}

    assert not mine & theirs


def test_may_combine_leaves_no_slot(slots):
    """PKH and Sembako go together."""
    assert not held(slots, "pkh", HOUSEHOLD) & held(slots, "sembako", HOUSEHOLD)


def test_a_household_service_names_every_slot_it_can_hold(office, slots):
    """So that whoever reads what is taken overlooks none."""
    for service in office.knowledge.services:
        for subject in subjects(office.knowledge, service):
            assert {slot.slot for slot in held(slots, service, subject)} <= set(slots.names(service))
