"""What each role may do: one table. Where one may do it is the area of the post (`casework.staff.areas`)."""

RIGHTS = {
    "register.read": "see households and people of the area",
    "register.write": "enter and correct households, people, accounts",
    "register.import": "bring in and take out whole lists of people",
    "register.merge": "say whether two entries are one person",
    "secrets.read": "see what only officers may know (HIV, drugs, violence)",
    "facts.write": "record what was told, seen or found in a registry",
    "case.read": "see cases of the area",
    "case.open": "open a case, take papers in, write notes",
    "check.rt_rw": "check facts as head of RT or RW",
    "check.kepala_dusun": "confirm the check as head of the hamlet",
    "check.meeting": "enter what the village meeting decided",
    "check.office": "verify a case at the office",
    "decision.propose": "propose a decision",
    "decision.decide": "approve, reject or override a proposal",
    "objection.answer": "answer an objection or a request for human review",
    "letter.write": "make letters",
    "list.draft": "draft and verify a list of beneficiaries",
    "list.sign": "sign a list",
    "list.publish": "publish a list",
    "payment.prepare": "make a payment batch, export it, read in the bank's answer",
    "payment.sign": "sign the totals of a batch",
    "accounts.write": "make accounts, give and take posts",
    "audit.read": "read the audit log",
    "knowledge.write": "change rules",
    "population.read": "take out data without names",
}

_READING = {"register.read", "case.read"}
_CASEWORK = {"facts.write", "case.open", "letter.write"}

ROLES: dict[str, frozenset[str]] = {
    "applicant_desk": frozenset(_READING | _CASEWORK | {"register.write"}),
    "rt_rw": frozenset({"register.read", "case.read", "check.rt_rw"}),
    "kepala_dusun": frozenset({"register.read", "case.read", "check.kepala_dusun"}),
    "village_operator": frozenset(_READING | {"register.write", "register.import", "case.open", "check.meeting"}),
    "bidang_staff": frozenset(
        _READING
        | _CASEWORK
        | {"register.write", "register.import", "register.merge", "check.office", "decision.propose", "list.draft"}
        | {"secrets.read", "payment.prepare", "payment.sign"}
    ),
    "head": frozenset(
        _READING
        | {"secrets.read", "decision.decide", "objection.answer", "list.sign", "list.publish", "payment.sign"}
        | {"letter.write", "audit.read"}
    ),
    "ppid": frozenset({"objection.answer", "list.publish", "audit.read", "case.read"}),
    "policy_officer": frozenset({"knowledge.write"}),
    "analyst": frozenset({"population.read"}),
    "administrator": frozenset({"accounts.write", "audit.read"}),
}

# The right that a role may have and a post need not (`casework.staff.actors.Post.secrets`): it follows the need.
SECRETS = "secrets.read"
KNOWING = frozenset(role for role, rights in ROLES.items() if SECRETS in rights)

# Roles whose holders sign in with a second factor; heads of RT, RW and hamlets only write what they saw.
SECOND_FACTOR = frozenset(ROLES) - {"rt_rw", "kepala_dusun"}
