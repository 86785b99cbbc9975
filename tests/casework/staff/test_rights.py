"""Rights: the whole table, read once more by somebody else, and what no role may ever have together."""

import pytest

from casework.staff.actors import APPLICANT, EVERYWHERE, SYSTEM, Actor, Post
from casework.staff.rights import KNOWING, RIGHTS, ROLES, SECOND_FACTOR, SECRETS

STAFF = ("applicant_desk", "rt_rw", "kepala_dusun", "village_operator", "bidang_staff", "head")
STAFF += ("ppid", "policy_officer", "analyst", "administrator")
# Each right, and who has it; whoever changes a role changes this line too.
WHO = {
    "register.read": {"applicant_desk", "rt_rw", "kepala_dusun", "village_operator", "bidang_staff", "head"},
    "register.write": {"applicant_desk", "village_operator", "bidang_staff"},
    "register.import": {"village_operator", "bidang_staff"},
    "register.merge": {"bidang_staff"},
    "secrets.read": {"bidang_staff", "head"},
    "facts.write": {"applicant_desk", "bidang_staff"},
    "case.read": {"applicant_desk", "rt_rw", "kepala_dusun", "village_operator", "bidang_staff", "head", "ppid"},
    "case.open": {"applicant_desk", "village_operator", "bidang_staff"},
    "check.rt_rw": {"rt_rw"},
    "check.kepala_dusun": {"kepala_dusun"},
    "check.meeting": {"village_operator"},
    "check.office": {"bidang_staff"},
    "decision.propose": {"bidang_staff"},
    "decision.decide": {"head"},
    "objection.answer": {"head", "ppid"},
    "letter.write": {"applicant_desk", "bidang_staff", "head"},
    "list.draft": {"bidang_staff"},
    "list.sign": {"head"},
    "list.publish": {"head", "ppid"},
    "payment.prepare": {"bidang_staff"},
    "payment.sign": {"bidang_staff", "head"},
    "accounts.write": {"administrator"},
    "audit.read": {"head", "ppid", "administrator"},
    "knowledge.write": {"policy_officer"},
    "population.read": {"analyst"},
}


def test_there_are_these_roles_and_rights():
    """Those of the office, each right explained."""
    assert set(ROLES) == set(STAFF)
    assert set(RIGHTS) == set(WHO) == set().union(*ROLES.values())
    assert all(RIGHTS.values())


@pytest.mark.parametrize("right", WHO)
def test_a_right_is_with_whom_it_belongs(right):
    """And with nobody else."""
    holders = {role for role in ROLES if Actor("a", 1, (Post(role),)).may(right)}

    assert holders == WHO[right]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("decision.propose", "decision.decide"),  # four eyes
        ("list.draft", "list.sign"),
        ("payment.prepare", "decision.decide"),
        ("accounts.write", "register.read"),  # whoever gives rights does not look into files with them
        ("accounts.write", "case.read"),
        ("accounts.write", "secrets.read"),
        ("knowledge.write", "case.read"),  # whoever changes rules does not know whom they are for
        ("population.read", "register.read"),  # whoever counts people does not know who they are
        ("check.rt_rw", "check.kepala_dusun"),
        ("check.kepala_dusun", "check.office"),
    ],
)
def test_no_role_has_both(one, other):
    """Who does the one must not do the other."""
    assert [role for role, rights in ROLES.items() if {one, other} <= rights] == []


def test_all_but_heads_of_rt_and_hamlets_need_a_second_factor():
    """Above all whoever sees more than a neighbourhood."""
    assert set(ROLES) - SECOND_FACTOR == {"rt_rw", "kepala_dusun"}
    assert not any(ROLES[role] & {"secrets.read", "decision.decide"} for role in ("rt_rw", "kepala_dusun"))


def test_what_is_confidential_follows_the_need_and_not_the_role_alone():
    """A post without the need has all the rights of its role but this one."""
    assert sorted(KNOWING) == ["bidang_staff", "head"]
    for role in KNOWING:
        without = Actor("a", 1, (Post(role, secrets=False),))
        assert not without.may(SECRETS) and not without.posts_for(SECRETS)
        assert {right for right in RIGHTS if without.may(right)} == ROLES[role] - {SECRETS}
    both = Actor("a", 1, (Post("head", secrets=False), Post("bidang_staff")))
    assert [post.role for post in both.posts_for(SECRETS)] == ["bidang_staff"]


def test_a_bidang_has_its_rights_for_its_programs():
    """A post that names none has them for all."""
    mine = Actor("a", 1, (Post("bidang_staff", EVERYWHERE, frozenset({"rehabilitasi_sosial"})), Post("head")))

    assert mine.may_for("decision.propose", "rehabilitasi_sosial")
    assert not mine.may_for("decision.propose", "penanganan_bencana")
    assert mine.may_for("decision.decide", "penanganan_bencana")


def test_who_has_no_post_may_nothing():
    """Nor whoever holds one of a role that is no longer there; the system may all."""
    for nobody in (Actor("a", 1), APPLICANT, Actor("a", 1, (Post("director"),))):
        assert not any(nobody.may(right) for right in RIGHTS)
        assert not nobody.may_for("case.read", "rehabilitasi_sosial")
    assert all(SYSTEM.may(right) for right in RIGHTS)
