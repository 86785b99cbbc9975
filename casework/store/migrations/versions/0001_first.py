"""The first schema."""

import sqlalchemy as sa
from alembic import op

from casework.store.base import Moment
from casework.store.guards import drop_guards, make_guards

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table, and what the database itself refuses."""
    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_used", ID, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("one_time_until", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("uid", name=op.f("uq_accounts_uid")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", ID, nullable=False),
        sa.Column("entry_signature", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_about", "audit_log", ["kind", "about"], unique=False)
    op.create_index("ix_audit_log_account_id", "audit_log", ["account_id"], unique=False)
    op.create_index("ix_audit_log_at", "audit_log", ["at"], unique=False)
    op.create_table(
        "day_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "what", name=op.f("pk_day_counts")),
    )
    op.create_table(
        "editions",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_editions")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", ID, nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("requested", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "serials",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_serials")),
    )
    op.create_table(
        "villages",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_villages")),
    )
    op.create_table(
        "account_posts",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=False),
        sa.Column("rw", sa.String(), nullable=False),
        sa.Column("rt", sa.String(), nullable=False),
        sa.Column("programs", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_posts_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_posts")),
    )
    op.create_index(op.f("ix_account_posts_account_id"), "account_posts", ["account_id"], unique=False)
    op.create_table(
        "households",
        sa.Column("id", ID, nullable=False),
        sa.Column("kk_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kk_index", sa.LargeBinary(), nullable=True),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=True),
        sa.Column("rw", sa.String(), nullable=True),
        sa.Column("rt", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("members_listed", sa.String(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["village"], ["villages.code"], name=op.f("fk_households_village_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("kk_index", name=op.f("uq_households_kk_index")),
        sa.UniqueConstraint("uid", name=op.f("uq_households_uid")),
    )
    op.create_index(op.f("ix_households_applicant"), "households", ["applicant"], unique=False)
    op.create_index("ix_households_place", "households", ["village", "hamlet", "rw", "rt"], unique=False)
    op.create_index(op.f("ix_households_village"), "households", ["village"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", ID, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("uploaded_at", Moment(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_imports_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("uid", name=op.f("uq_imports_uid")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("factor", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_attachments_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("uid", name=op.f("uq_attachments_uid")),
    )
    op.create_index(op.f("ix_attachments_case_id"), "attachments", ["case_id"], unique=False)
    op.create_index(op.f("ix_attachments_household_id"), "attachments", ["household_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", ID, nullable=True),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("pin_locked_until", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["accounts.id"], name=op.f("fk_cases_assigned_to_accounts")),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_cases_household_id_households")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_assigned_to"), "cases", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_cases_due_on"), "cases", ["due_on"], unique=False)
    op.create_index(op.f("ix_cases_household_id"), "cases", ["household_id"], unique=False)
    op.create_index("ix_cases_state_due", "cases", ["state", "due_on"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=True),
        sa.Column("nik_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("nik_index", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("mother_name", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("merged_into", ID, nullable=True),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_people_household_id_households")),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["people.id"],
            name=op.f("fk_people_merged_into_people"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("nik_index", name=op.f("uq_people_nik_index")),
        sa.UniqueConstraint("uid", name=op.f("uq_people_uid")),
    )
    op.create_index(op.f("ix_people_birth_date"), "people", ["birth_date"], unique=False)
    op.create_index(op.f("ix_people_household_id"), "people", ["household_id"], unique=False)
    op.create_index(op.f("ix_people_merged_into"), "people", ["merged_into"], unique=False)
    op.create_table(
        "bank_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_bank_accounts_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("uid", name=op.f("uq_bank_accounts_uid")),
    )
    op.create_index(op.f("ix_bank_accounts_number_index"), "bank_accounts", ["number_index"], unique=False)
    op.create_index(op.f("ix_bank_accounts_person_id"), "bank_accounts", ["person_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("cf", sa.Double(), nullable=True),
        sa.Column("officer_only", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", ID, nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["accounts.id"], name=op.f("fk_claims_assigned_to_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_claims_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_assigned_to"), "claims", ["assigned_to"], unique=False)
    op.create_index(op.f("ix_claims_case_id"), "claims", ["case_id"], unique=False)
    op.create_index(op.f("ix_claims_due_on"), "claims", ["due_on"], unique=False)
    op.create_index(
        "ix_claims_hidden",
        "claims",
        ["case_id"],
        unique=False,
        sqlite_where=sa.text("officer_only = 1"),
        postgresql_where=sa.text("officer_only"),
    )
    op.create_index(op.f("ix_claims_person_id"), "claims", ["person_id"], unique=False)
    op.create_index("ix_claims_program_state", "claims", ["program", "state"], unique=False)
    op.create_index(op.f("ix_claims_state"), "claims", ["state"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contacts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_case_id"), "contacts", ["case_id"], unique=False)
    op.create_table(
        "diagnoses",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("answer_sha256", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_diagnoses_case_id_cases")),
        sa.ForeignKeyConstraint(["edition"], ["editions.hash"], name=op.f("fk_diagnoses_edition_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
        sa.UniqueConstraint("uid", name=op.f("uq_diagnoses_uid")),
    )
    op.create_index(op.f("ix_diagnoses_case_id"), "diagnoses", ["case_id"], unique=False)
    op.create_table(
        "likenesses",
        sa.Column("id", ID, nullable=False),
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_likenesses_ordered")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["people.id"], name=op.f("fk_likenesses_one_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["people.id"], name=op.f("fk_likenesses_other_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_likenesses_one_id")),
    )
    op.create_index(op.f("ix_likenesses_other_id"), "likenesses", ["other_id"], unique=False)
    op.create_table(
        "lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("brought_in", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revises_id", ID, nullable=True),
        sa.Column("sk_number", sa.String(), nullable=True),
        sa.Column("sk_date", sa.Date(), nullable=True),
        sa.Column("drafted_at", Moment(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("annex_id", ID, nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["annex_id"], ["attachments.id"], name=op.f("fk_lists_annex_id_attachments")),
        sa.ForeignKeyConstraint(
            ["revises_id"], ["lists.id"], name=op.f("fk_lists_revises_id_lists"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("number", name=op.f("uq_lists_number")),
    )
    op.create_index(op.f("ix_lists_program"), "lists", ["program"], unique=False)
    op.create_index(op.f("ix_lists_service"), "lists", ["service"], unique=False)
    op.create_index(op.f("ix_lists_state"), "lists", ["state"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", ID, nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes_number", sa.String(), nullable=False),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_meetings_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(["village"], ["villages.code"], name=op.f("fk_meetings_village_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("village", "minutes_number", name=op.f("uq_meetings_village")),
    )
    op.create_index(op.f("ix_meetings_village"), "meetings", ["village"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("gone_id", ID, nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", Moment(), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["people.id"], name=op.f("fk_merges_gone_id_people"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["kept_id"], ["people.id"], name=op.f("fk_merges_kept_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_table(
        "name_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_name_words_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_name_words")),
    )
    op.create_index(op.f("ix_name_words_person_id"), "name_words", ["person_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_case_id"), "notes", ["case_id"], unique=False)
    op.create_table(
        "observations",
        sa.Column("id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_observations_household_id_households")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_observations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    )
    op.create_index(op.f("ix_observations_case_id"), "observations", ["case_id"], unique=False)
    op.create_index(op.f("ix_observations_household_id"), "observations", ["household_id"], unique=False)
    op.create_index(op.f("ix_observations_person_id"), "observations", ["person_id"], unique=False)
    op.create_table(
        "paper_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_paper_requests_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_paper_requests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_requests")),
    )
    op.create_index(op.f("ix_paper_requests_case_id"), "paper_requests", ["case_id"], unique=False)
    op.create_table(
        "papers_received",
        sa.Column("id", ID, nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_papers_received_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_papers_received_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_papers_received_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers_received")),
    )
    op.create_index(op.f("ix_papers_received_case_id"), "papers_received", ["case_id"], unique=False)
    op.create_index(op.f("ix_papers_received_receipt"), "papers_received", ["receipt"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("number", name=op.f("uq_referrals_number")),
    )
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"], unique=False)
    op.create_table(
        "residences",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=True),
        sa.Column("rw", sa.String(), nullable=True),
        sa.Column("rt", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_residences_household_id_households")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_residences_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residences")),
    )
    op.create_index(op.f("ix_residences_household_id"), "residences", ["household_id"], unique=False)
    op.create_index(op.f("ix_residences_person_id"), "residences", ["person_id"], unique=False)
    op.create_table(
        "secret_observations",
        sa.Column("id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_secret_observations_household_id_households")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_secret_observations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_observations")),
    )
    op.create_index(op.f("ix_secret_observations_case_id"), "secret_observations", ["case_id"], unique=False)
    op.create_index(op.f("ix_secret_observations_household_id"), "secret_observations", ["household_id"], unique=False)
    op.create_index(op.f("ix_secret_observations_person_id"), "secret_observations", ["person_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_submissions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("key", name=op.f("uq_submissions_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_submissions_uid")),
    )
    op.create_index(op.f("ix_submissions_case_id"), "submissions", ["case_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=True),
        sa.Column("rw", sa.String(), nullable=True),
        sa.Column("rt", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_index(op.f("ix_tasks_due_on"), "tasks", ["due_on"], unique=False)
    op.create_index("ix_tasks_place", "tasks", ["level", "village", "hamlet", "rw", "rt"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("list_id", ID, nullable=False),
        sa.Column("instalment", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", ID, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("exported_at", Moment(), nullable=True),
        sa.Column("exported_by", sa.String(), nullable=True),
        sa.Column("file_format", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_batches_list_id_lists")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_batches_made_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("number", name=op.f("uq_batches_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_batches_uid")),
    )
    op.create_index(op.f("ix_batches_list_id"), "batches", ["list_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("diagnosis_id", ID, nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_reason", sa.String(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_decisions_claim_id_claims")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_decisions_decided_by_accounts")),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnoses.id"], name=op.f("fk_decisions_diagnosis_id_diagnoses")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_decisions_proposed_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_claim_id"), "decisions", ["claim_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("list_id", ID, nullable=False),
        sa.Column("claim_id", ID, nullable=True),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("duty", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Double(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("amount", ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("conflict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("copy_of_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_entries_claim_id_claims")),
        sa.ForeignKeyConstraint(
            ["copy_of_id"],
            ["entries.id"],
            name=op.f("fk_entries_copy_of_id_entries"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_entries_household_id_households")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_entries_list_id_lists")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_entries_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_claim_id"), "entries", ["claim_id"], unique=False)
    op.create_index(op.f("ix_entries_copy_of_id"), "entries", ["copy_of_id"], unique=False)
    op.create_index(op.f("ix_entries_household_id"), "entries", ["household_id"], unique=False)
    op.create_index(op.f("ix_entries_list_id"), "entries", ["list_id"], unique=False)
    op.create_index(op.f("ix_entries_person_id"), "entries", ["person_id"], unique=False)
    op.create_table(
        "meeting_items",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meeting_items_case_id_cases")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_items_meeting_id_meetings")),
        sa.PrimaryKeyConstraint("meeting_id", "case_id", name=op.f("pk_meeting_items")),
    )
    op.create_table(
        "moves",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("claim_id", ID, nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_moves_attachment_id_attachments")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_moves_case_id_cases")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_moves_claim_id_claims")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_case_id"), "moves", ["case_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", ID, nullable=False),
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_transfers_claim_id_claims")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_claim_id"), "transfers", ["claim_id"], unique=False)
    op.create_table(
        "bank_answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_bank_answers_batch_id_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_answers")),
        sa.UniqueConstraint("batch_id", "sha256", name=op.f("uq_bank_answers_batch_id")),
    )
    op.create_index(op.f("ix_bank_answers_batch_id"), "bank_answers", ["batch_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_holds_entry_id_entries"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_entry_id"), "holds", ["entry_id"], unique=False)
    op.create_index("ix_holds_slot_holder", "holds", ["slot", "holder"], unique=False)
    op.create_table(
        "left_out",
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_left_out_batch_id_batches")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_left_out_entry_id_entries")),
        sa.PrimaryKeyConstraint("batch_id", "entry_id", name=op.f("pk_left_out")),
    )
    op.create_index(op.f("ix_left_out_entry_id"), "left_out", ["entry_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("claim_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("objector_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_objections_case_id_cases")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_objections_claim_id_claims")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_objections_entry_id_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_objections_uid")),
    )
    op.create_index(op.f("ix_objections_case_id"), "objections", ["case_id"], unique=False)
    op.create_index(op.f("ix_objections_due_on"), "objections", ["due_on"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("instalment", sa.String(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("amount", ID, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_accounts.id"], name=op.f("fk_payments_account_id_bank_accounts")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_payments_batch_id_batches")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_payments_entry_id_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    op.create_index(op.f("ix_payments_batch_id"), "payments", ["batch_id"], unique=False)
    op.create_index(op.f("ix_payments_entry_id"), "payments", ["entry_id"], unique=False)
    op.create_index(
        "ix_payments_once",
        "payments",
        ["entry_id", "instalment"],
        unique=True,
        sqlite_where=sa.text("state not in ('failed', 'cancelled')"),
        postgresql_where=sa.text("state not in ('failed', 'cancelled')"),
    )
    op.create_index(
        "ix_payments_payee_once",
        "payments",
        ["payee", "instalment"],
        unique=True,
        sqlite_where=sa.text("state not in ('failed', 'cancelled')"),
        postgresql_where=sa.text("state not in ('failed', 'cancelled')"),
    )
    op.create_table(
        "signatures",
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", ID, nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_signatures_account_id_accounts")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_signatures_batch_id_batches")),
        sa.PrimaryKeyConstraint("batch_id", "account_id", name=op.f("pk_signatures")),
    )
    op.create_table(
        "letters",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("claim_id", ID, nullable=True),
        sa.Column("objection_id", ID, nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id_cases")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_letters_claim_id_claims")),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name=op.f("fk_letters_objection_id_objections")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("number", name=op.f("uq_letters_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_letters_uid")),
    )
    op.create_index(op.f("ix_letters_case_id"), "letters", ["case_id"], unique=False)
    op.create_index(op.f("ix_letters_objection_id"), "letters", ["objection_id"], unique=False)
    make_guards(op.get_bind())


def downgrade() -> None:
    """Take everything down."""
    drop_guards(op.get_bind())
    op.drop_index(op.f("ix_letters_objection_id"), table_name="letters")
    op.drop_index(op.f("ix_letters_case_id"), table_name="letters")
    op.drop_table("letters")
    op.drop_table("signatures")
    op.drop_index(
        "ix_payments_payee_once",
        table_name="payments",
        sqlite_where=sa.text("state not in ('failed', 'cancelled')"),
        postgresql_where=sa.text("state not in ('failed', 'cancelled')"),
    )
    op.drop_index(
        "ix_payments_once",
        table_name="payments",
        sqlite_where=sa.text("state not in ('failed', 'cancelled')"),
        postgresql_where=sa.text("state not in ('failed', 'cancelled')"),
    )
    op.drop_index(op.f("ix_payments_entry_id"), table_name="payments")
    op.drop_index(op.f("ix_payments_batch_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(op.f("ix_objections_due_on"), table_name="objections")
    op.drop_index(op.f("ix_objections_case_id"), table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_left_out_entry_id"), table_name="left_out")
    op.drop_table("left_out")
    op.drop_index("ix_holds_slot_holder", table_name="holds")
    op.drop_index(op.f("ix_holds_entry_id"), table_name="holds")
    op.drop_table("holds")
    op.drop_index(op.f("ix_bank_answers_batch_id"), table_name="bank_answers")
    op.drop_table("bank_answers")
    op.drop_index(op.f("ix_transfers_claim_id"), table_name="transfers")
    op.drop_table("transfers")
    op.drop_index(op.f("ix_moves_case_id"), table_name="moves")
    op.drop_table("moves")
    op.drop_table("meeting_items")
    op.drop_index(op.f("ix_entries_person_id"), table_name="entries")
    op.drop_index(op.f("ix_entries_list_id"), table_name="entries")
    op.drop_index(op.f("ix_entries_household_id"), table_name="entries")
    op.drop_index(op.f("ix_entries_copy_of_id"), table_name="entries")
    op.drop_index(op.f("ix_entries_claim_id"), table_name="entries")
    op.drop_table("entries")
    op.drop_index(op.f("ix_decisions_claim_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_batches_list_id"), table_name="batches")
    op.drop_table("batches")
    op.drop_index("ix_tasks_place", table_name="tasks")
    op.drop_index(op.f("ix_tasks_due_on"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_case_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_submissions_case_id"), table_name="submissions")
    op.drop_table("submissions")
    op.drop_index(op.f("ix_secret_observations_person_id"), table_name="secret_observations")
    op.drop_index(op.f("ix_secret_observations_household_id"), table_name="secret_observations")
    op.drop_index(op.f("ix_secret_observations_case_id"), table_name="secret_observations")
    op.drop_table("secret_observations")
    op.drop_index(op.f("ix_residences_person_id"), table_name="residences")
    op.drop_index(op.f("ix_residences_household_id"), table_name="residences")
    op.drop_table("residences")
    op.drop_index(op.f("ix_referrals_case_id"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_index(op.f("ix_papers_received_receipt"), table_name="papers_received")
    op.drop_index(op.f("ix_papers_received_case_id"), table_name="papers_received")
    op.drop_table("papers_received")
    op.drop_index(op.f("ix_paper_requests_case_id"), table_name="paper_requests")
    op.drop_table("paper_requests")
    op.drop_index(op.f("ix_observations_person_id"), table_name="observations")
    op.drop_index(op.f("ix_observations_household_id"), table_name="observations")
    op.drop_index(op.f("ix_observations_case_id"), table_name="observations")
    op.drop_table("observations")
    op.drop_index(op.f("ix_notes_case_id"), table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_name_words_person_id"), table_name="name_words")
    op.drop_table("name_words")
    op.drop_index(op.f("ix_merges_kept_id"), table_name="merges")
    op.drop_index(op.f("ix_merges_gone_id"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(op.f("ix_meetings_village"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_lists_state"), table_name="lists")
    op.drop_index(op.f("ix_lists_service"), table_name="lists")
    op.drop_index(op.f("ix_lists_program"), table_name="lists")
    op.drop_table("lists")
    op.drop_index(op.f("ix_likenesses_other_id"), table_name="likenesses")
    op.drop_table("likenesses")
    op.drop_index(op.f("ix_diagnoses_case_id"), table_name="diagnoses")
    op.drop_table("diagnoses")
    op.drop_index(op.f("ix_contacts_case_id"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_index(op.f("ix_claims_state"), table_name="claims")
    op.drop_index("ix_claims_program_state", table_name="claims")
    op.drop_index(op.f("ix_claims_person_id"), table_name="claims")
    op.drop_index(
        "ix_claims_hidden",
        table_name="claims",
        sqlite_where=sa.text("officer_only = 1"),
        postgresql_where=sa.text("officer_only"),
    )
    op.drop_index(op.f("ix_claims_due_on"), table_name="claims")
    op.drop_index(op.f("ix_claims_case_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_assigned_to"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_bank_accounts_person_id"), table_name="bank_accounts")
    op.drop_index(op.f("ix_bank_accounts_number_index"), table_name="bank_accounts")
    op.drop_table("bank_accounts")
    op.drop_index(op.f("ix_people_merged_into"), table_name="people")
    op.drop_index(op.f("ix_people_household_id"), table_name="people")
    op.drop_index(op.f("ix_people_birth_date"), table_name="people")
    op.drop_table("people")
    op.drop_index("ix_cases_state_due", table_name="cases")
    op.drop_index(op.f("ix_cases_household_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_due_on"), table_name="cases")
    op.drop_index(op.f("ix_cases_assigned_to"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_attachments_household_id"), table_name="attachments")
    op.drop_index(op.f("ix_attachments_case_id"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("ix_sign_ins_account_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_table("imports")
    op.drop_index(op.f("ix_households_village"), table_name="households")
    op.drop_index("ix_households_place", table_name="households")
    op.drop_index(op.f("ix_households_applicant"), table_name="households")
    op.drop_table("households")
    op.drop_index(op.f("ix_account_posts_account_id"), table_name="account_posts")
    op.drop_table("account_posts")
    op.drop_table("villages")
    op.drop_table("serials")
    op.drop_table("erasures")
    op.drop_table("editions")
    op.drop_table("day_counts")
    op.drop_index("ix_audit_log_at", table_name="audit_log")
    op.drop_index("ix_audit_log_account_id", table_name="audit_log")
    op.drop_index("ix_audit_log_about", table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_table("audit_head")
    op.drop_table("accounts")
