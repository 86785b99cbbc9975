"""The states of a case and of its claims, and every way from one to another: one table. What is not in it cannot happen.

A case goes from the applicant through RT/RW, hamlet, village meeting to the office. Once the office has verified it, each
of its claims goes its own way: proposed, decided, paid, monitored, ended.
"""

from typing import NamedTuple

CASE, CLAIM = "case", "claim"


class Transition(NamedTuple):
    """One way from a state to another.

    Args:
        of: `case` or `claim`.
        before, after: The states.
        right: Who may (`casework.staff.rights`), in the area and the programs of the post.
        needs: What must be there, each a key of NEEDS.
        main: It is the usual way on; the others turn aside.
        applicant: The applicant may too.
    """

    of: str
    before: str
    after: str
    right: str
    needs: tuple[str, ...] = ()
    main: bool = False
    applicant: bool = False


NEEDS = {
    "claims": "the case asks for something",
    "reason": "a reason in words",
    "checked": "every fact that this level was asked about has an answer",
    "minutes": "minutes of a village meeting that say so of this case",
    "straight": "the case is urgent, or only officers may know what it is about",
    "verified": "the office has verified the case",
    "proposal": "a proposal that nobody has decided about yet",
    "granted": "a decision that grants it",
    "declined": "a decision that declines it",
    "sent_back": "a decision that sends the proposal back",
    "handed_over": "a payment that the bank confirmed, or a paper that shows it was handed over",
    "settled": "every claim has come to its end",
    "ungranted": "nothing of it is granted",
}


def _case(before: str, after: str, right: str, *needs: str, main: bool = False, applicant: bool = False) -> Transition:
    return Transition(CASE, before, after, right, needs, main, applicant)


def _claim(before: str, after: str, right: str, *needs: str, main: bool = False, applicant: bool = False) -> Transition:
    return Transition(CLAIM, before, after, right, needs, main, applicant)


TRANSITIONS: tuple[Transition, ...] = (
    # The usual way of a case.
    _case("draft", "submitted", "case.open", "claims", main=True, applicant=True),
    _case("submitted", "rt_rw_checked", "check.rt_rw", "checked", main=True),
    _case("rt_rw_checked", "kadus_checked", "check.kepala_dusun", "checked", main=True),
    _case("kadus_checked", "musdes_approved", "check.meeting", "minutes", main=True),
    _case("kadus_checked", "musdes_rejected", "check.meeting", "minutes", "reason", main=True),
    _case("musdes_approved", "dinsos_verified", "check.office", main=True),
    _case("dinsos_verified", "closed", "check.office", "settled", main=True),
    # The meeting advises, the office decides: what it rejected is verified all the same when there is a reason.
    _case("musdes_rejected", "dinsos_verified", "check.office", "reason", main=True),
    # What is urgent, or must not be known in the village, goes straight to the office.
    _case("submitted", "dinsos_verified", "check.office", "straight", "reason"),
    _case("rt_rw_checked", "dinsos_verified", "check.office", "straight", "reason"),
    _case("kadus_checked", "dinsos_verified", "check.office", "straight", "reason"),
    # Back, for something that is missing or wrong.
    _case("rt_rw_checked", "submitted", "check.kepala_dusun", "reason"),
    _case("submitted", "returned", "check.office", "reason"),
    _case("musdes_approved", "returned", "check.office", "reason"),
    _case("musdes_rejected", "returned", "check.office", "reason"),
    _case("dinsos_verified", "returned", "check.office", "reason"),
    _case("returned", "submitted", "case.open", "claims", main=True, applicant=True),
    # An objection that was upheld opens it again.
    _case("closed", "returned", "objection.answer", "reason"),
    # The applicant takes it back, or never answers.
    *(
        _case(before, "withdrawn", "case.open", "ungranted", "reason", applicant=True)
        for before in (
            "draft",
            "submitted",
            "rt_rw_checked",
            "kadus_checked",
            "musdes_approved",
            "musdes_rejected",
            "dinsos_verified",
            "returned",
        )
    ),
    # The usual way of a claim.
    _claim("open", "proposed", "decision.propose", "verified", "proposal", main=True),
    _claim("proposed", "determined", "decision.decide", "granted", main=True),
    _claim("proposed", "declined", "decision.decide", "declined", main=True),
    _claim("determined", "paid", "payment.prepare", "handed_over", main=True),
    _claim("paid", "monitored", "check.office", "reason", main=True),
    _claim("monitored", "graduated", "decision.decide", "reason", main=True),
    _claim("monitored", "terminated", "decision.decide", "reason", main=True),
    # Aid that comes in instalments.
    _claim("monitored", "paid", "payment.prepare", "handed_over"),
    # Back to whoever proposed, and open again after an objection.
    _claim("proposed", "open", "decision.decide", "sent_back"),
    _claim("declined", "open", "objection.answer", "reason"),
    # Who died, moved away or was found not to qualify is ended at once.
    _claim("determined", "terminated", "decision.decide", "reason"),
    _claim("paid", "terminated", "decision.decide", "reason"),
    _claim("open", "withdrawn", "case.open", "reason", applicant=True),
    _claim("proposed", "withdrawn", "case.open", "reason", applicant=True),
    _claim("determined", "withdrawn", "case.open", "reason", applicant=True),
)

FIRST = {CASE: "draft", CLAIM: "open"}
WAYS = {(one.of, one.before, one.after): one for one in TRANSITIONS}
CASE_STATES = tuple(dict.fromkeys([FIRST[CASE], *(one.after for one in TRANSITIONS if one.of == CASE)]))
CLAIM_STATES = tuple(dict.fromkeys([FIRST[CLAIM], *(one.after for one in TRANSITIONS if one.of == CLAIM)]))
CASE_ENDS = frozenset({"closed", "withdrawn"})
CLAIM_ENDS = frozenset({"declined", "graduated", "terminated", "withdrawn"})
GRANTED = frozenset({"determined", "paid", "monitored"})


def ways_from(of: str, state: str) -> tuple[Transition, ...]:
    """Give the ways on from a state, the usual ones first."""
    return tuple(
        sorted((one for one in TRANSITIONS if (one.of, one.before) == (of, state)), key=lambda one: not one.main)
    )
