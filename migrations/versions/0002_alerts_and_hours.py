"""Alerts, opening hours, canned responses, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_alerts_and_hours"
down_revision = "0001_first_tables"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_business_hours()
    create_canned_response()
    create_endpoint()
    create_audit_entry()
    create_contact_key()
    # Added in place: building these tables anew on SQLite would lose their CHECK constraints.
    for table, column in (
        (
            "inbox",
            sa.Column(
                "hours_id", BIG, sa.ForeignKey("business_hours.id", name="fk_inbox_hours_id")
            ),
        ),
        ("inbox", whole_number("version", "1")),
        (
            "outbox",
            sa.Column(
                "endpoint_id", BIG, sa.ForeignKey("endpoint.id", name="fk_outbox_endpoint_id")
            ),
        ),
        ("outbox", sa.Column("recipient", sa.String(254), nullable=False, server_default="")),
        ("outbox", sa.Column("last_code", sa.Integer())),
        ("conversation", whole_number("wait_notices")),
        ("conversation", whole_number("checked_in_seq")),
    ):
        op.add_column(table, column, inline_references=True)
    op.create_index("ix_outbox_endpoint_id", "outbox", ["endpoint_id"])
    op.create_index("ix_outbox_status_created", "outbox", ["status", "created_at"])
    due_index("status IN ('pending', 'leased')")
    left = sa.text("support_status = 'ai' AND requires_human")
    op.create_index(
        "ix_conversation_left_messages",
        "conversation",
        ["last_customer_at"],
        sqlite_where=left,
        postgresql_where=left,
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_left_messages", "conversation")
    due_index("status = 'pending'")
    op.drop_index("ix_outbox_status_created", "outbox")
    op.drop_index("ix_outbox_endpoint_id", "outbox")
    for table, column in (
        ("conversation", "checked_in_seq"),
        ("conversation", "wait_notices"),
        ("outbox", "last_code"),
        ("outbox", "recipient"),
        ("outbox", "endpoint_id"),
        ("inbox", "version"),
        ("inbox", "hours_id"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    for table in ("contact_key", "audit_entry", "endpoint", "canned_response", "business_hours"):
        op.drop_table(table)


def whole_number(name: str, default: str = "0") -> sa.Column[int]:
    """A counter that rows of before begin with."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def due_index(condition: str) -> None:
    """What the sweeper looks for."""
    op.drop_index("ix_outbox_due", "outbox")
    where = sa.text(condition)
    op.create_index(
        "ix_outbox_due", "outbox", ["next_attempt_at"], sqlite_where=where, postgresql_where=where
    )


def create_business_hours() -> None:
    op.create_table(
        "business_hours",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_business_hours"),
    )


def create_canned_response() -> None:
    op.create_table(
        "canned_response",
        sa.Column("id", BIG, nullable=False),
        sa.Column("shortcut", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("body", sa.String(2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_response"),
        sa.UniqueConstraint("shortcut", name="uq_canned_response_shortcut"),
    )


def create_endpoint() -> None:
    channel = sa.Enum(
        "email",
        "webhook",
        "slack",
        "discord",
        name="channel",
        length=20,
        native_enum=False,
        create_constraint=True,
    )
    op.create_table(
        "endpoint",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", channel, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("least_priority", sa.String(10), nullable=False),
        sa.Column("include_text", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("paused_until", MOMENT),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_reason", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_endpoint"),
    )


def create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("agent_id", BIG),
        sa.Column("session_id", sa.Integer()),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("object", sa.String(120), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_audit_entry_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_agent_id", "audit_entry", ["agent_id"])


def create_contact_key() -> None:
    op.create_table(
        "contact_key",
        sa.Column("id", BIG, nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_contact_key_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_key"),
        sa.UniqueConstraint("token_hash", name="uq_contact_key_token_hash"),
    )
    op.create_index("ix_contact_key_contact_id", "contact_key", ["contact_id"])
