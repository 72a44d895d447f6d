"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None

TABLES = (
    "agent",
    "article",
    "inbox",
    "installation",
    "sign_in_failure",
    "article_version",
    "contact",
    "message_template",
    "policy_version",
    "sign_in_link",
    "sign_in_session",
    "conversation",
    "episode",
    "outbox",
    "ai_run",
    "escalation",
    "event",
    "message",
    "outbox_attempt",
    "rating",
    "turn_signals",
    "review",
)

# A whole number as large as the database has them for keys.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def one_of(*words: str, name: str, length: int) -> sa.Enum:
    """A text that the database keeps to the listed words."""
    return sa.Enum(*words, name=name, length=length, native_enum=False, create_constraint=True)


def where(condition: str) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    create_agent()
    create_article()
    create_inbox()
    create_installation()
    create_sign_in_failure()
    create_article_version()
    create_contact()
    create_message_template()
    create_policy_version()
    create_sign_in_link()
    create_sign_in_session()
    create_conversation()
    create_episode()
    create_outbox()
    create_ai_run()
    create_escalation()
    create_event()
    create_message()
    create_outbox_attempt()
    create_rating()
    create_turn_signals()
    create_review()
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_conversation_episode_id", "conversation", "episode", ["episode_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_conversation_episode_id", "conversation", type_="foreignkey")
    for table in reversed(TABLES):
        op.drop_table(table)


def episode_key() -> tuple[sa.ForeignKeyConstraint, ...]:
    """Conversations and episodes point at each other. SQLite takes the key at once and could not
    add it later; PostgreSQL needs both tables first."""
    if op.get_bind().dialect.name == "postgresql":
        return ()
    return (
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_conversation_episode_id"),
    )


def create_agent() -> None:
    op.create_table(
        "agent",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role", one_of("agent", "supervisor", "admin", name="role", length=20), nullable=False
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "presence", one_of("available", "away", name="presence", length=20), nullable=False
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
        sa.UniqueConstraint("email", name="uq_agent_email"),
    )


def create_article() -> None:
    op.create_table(
        "article",
        sa.Column("id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("slug", name="uq_article_slug"),
    )


def create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=False),
        sa.Column("starters", sa.JSON(), nullable=False),
        sa.Column("allowed_origins", sa.JSON(), nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
    )


def create_installation() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_installation_only_one"),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )


def create_sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("blocked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("account", name="pk_sign_in_failure"),
    )


def create_article_version() -> None:
    op.create_table(
        "article_version",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column(
            "audience", one_of("public", "internal", name="audience", length=20), nullable=False
        ),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_article_version_agent_id"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_version_article_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_version"),
        sa.UniqueConstraint("article_id", "version", name="uq_article_version_article_id_version"),
    )


def create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("inbox_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("page_url", sa.String(length=500), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("blocked_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_contact_inbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("public_id", name="uq_contact_public_id"),
        sa.UniqueConstraint("token_hash", name="uq_contact_token_hash"),
    )
    op.create_index("ix_contact_inbox_id", "contact", ["inbox_id"])


def create_message_template() -> None:
    op.create_table(
        "message_template",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_message_template_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message_template"),
        sa.UniqueConstraint("key", "version", name="uq_message_template_key_version"),
    )


def create_policy_version() -> None:
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_policy_version_agent_id"),
        sa.PrimaryKeyConstraint("version", name="pk_policy_version"),
    )


def create_sign_in_link() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column(
            "role", one_of("agent", "supervisor", "admin", name="role", length=20), nullable=False
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_sign_in_link_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_link"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_link_token_hash"),
    )


def create_sign_in_session() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_sign_in_session_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_session_token_hash"),
    )
    op.create_index("ix_sign_in_session_agent_id", "sign_in_session", ["agent_id"])


def create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("inbox_id", BIG, nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("previous_conversation_id", BIG, nullable=True),
        sa.Column("episode_id", BIG, nullable=True),
        sa.Column(
            "support_status",
            one_of(
                "ai", "waiting", "active", "resolved", "closed", name="support_status", length=20
            ),
            nullable=False,
        ),
        sa.Column("control_epoch", sa.Integer(), nullable=False),
        sa.Column("assigned_agent_id", BIG, nullable=True),
        sa.Column("preferred_agent_id", BIG, nullable=True),
        sa.Column(
            "priority",
            one_of("low", "medium", "high", "urgent", name="priority", length=10),
            nullable=False,
        ),
        sa.Column("requires_human", sa.Boolean(), nullable=False),
        sa.Column("sentiment_score", sa.Double(), nullable=False),
        sa.Column("ai_handoff_reason", sa.Text(), nullable=False),
        sa.Column("ai_handoff_at", MOMENT, nullable=True),
        sa.Column(
            "offer_state",
            one_of("none", "offered", "declined", name="offer_state", length=20),
            nullable=False,
        ),
        sa.Column("offer_turn", sa.Integer(), nullable=False),
        sa.Column("muted_until_turn", sa.Integer(), nullable=False),
        sa.Column("after_hours", sa.Boolean(), nullable=False),
        sa.Column("hold_until", MOMENT, nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_customer_seq", sa.Integer(), nullable=False),
        sa.Column("last_note_seq", sa.Integer(), nullable=False),
        sa.Column("customer_turns", sa.Integer(), nullable=False),
        sa.Column("preview", sa.String(length=160), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_message_at", MOMENT, nullable=False),
        sa.Column("last_customer_at", MOMENT, nullable=True),
        sa.Column("last_agent_at", MOMENT, nullable=True),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("queue_key", MOMENT, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("first_agent_reply_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "support_status <> 'active' OR assigned_agent_id IS NOT NULL",
            name="ck_conversation_active_has_agent",
        ),
        sa.CheckConstraint(
            "support_status NOT IN ('ai', 'waiting') OR assigned_agent_id IS NULL",
            name="ck_conversation_unclaimed_has_none",
        ),
        sa.CheckConstraint(
            "support_status NOT IN ('waiting', 'active') OR requires_human",
            name="ck_conversation_person_in_charge",
        ),
        sa.CheckConstraint(
            "sentiment_score BETWEEN -1 AND 1", name="ck_conversation_sentiment_range"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_agent_id"], ["agent.id"], name="fk_conversation_assigned_agent_id"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_conversation_contact_id"),
        *episode_key(),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_conversation_inbox_id"),
        sa.ForeignKeyConstraint(
            ["preferred_agent_id"], ["agent.id"], name="fk_conversation_preferred_agent_id"
        ),
        sa.ForeignKeyConstraint(
            ["previous_conversation_id"],
            ["conversation.id"],
            name="fk_conversation_previous_conversation_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("public_id", name="uq_conversation_public_id"),
    )
    op.create_index(
        "ix_conversation_active",
        "conversation",
        ["assigned_agent_id", "last_message_at"],
        **where("support_status = 'active'"),
    )
    op.create_index("ix_conversation_contact_id", "conversation", ["contact_id"])
    op.create_index(
        "ix_conversation_queue",
        "conversation",
        ["queue_key", "id"],
        **where("support_status = 'waiting'"),
    )
    op.create_index(
        "ix_conversation_status_recent", "conversation", ["support_status", "last_message_at", "id"]
    )
    op.create_index(
        "uq_conversation_open_per_contact",
        "conversation",
        ["inbox_id", "contact_id"],
        unique=True,
        **where("support_status <> 'closed'"),
    )


def create_episode() -> None:
    op.create_table(
        "episode",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(length=20), nullable=False),
        sa.Column("first_escalated_at", MOMENT, nullable=True),
        sa.Column("escalation_count", sa.Integer(), nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.String(length=20), nullable=False),
        sa.Column(
            "resolution_kind",
            one_of(
                "confirmed", "assumed", "agent", "left", "spam", name="resolution_kind", length=20
            ),
            nullable=True,
        ),
        sa.Column("resolution_voided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_episode_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_episode"),
        sa.UniqueConstraint("conversation_id", "number", name="uq_episode_conversation_id_number"),
    )


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dedup_key", sa.String(length=120), nullable=False),
        sa.Column("conversation_id", BIG, nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            one_of("pending", "leased", "sent", "dead", "cancelled", name="state", length=20),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_outbox_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup_key", name="uq_outbox_dedup_key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["next_attempt_at"], **where("status = 'pending'"))


def create_ai_run() -> None:
    op.create_table(
        "ai_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=False),
        sa.Column("customer_seq", sa.Integer(), nullable=False),
        sa.Column("control_epoch", sa.Integer(), nullable=False),
        sa.Column(
            "state", one_of("queued", "leased", "done", name="run_state", length=10), nullable=False
        ),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_token", sa.String(length=32), nullable=False),
        sa.Column(
            "outcome",
            one_of(
                "posted",
                "suppressed",
                "superseded",
                "refused",
                "error",
                name="run_outcome",
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_ai_run_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_ai_run_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ai_run"),
        sa.UniqueConstraint(
            "conversation_id",
            "customer_seq",
            "control_epoch",
            name="uq_ai_run_conversation_id_customer_seq_control_epoch",
        ),
    )
    op.create_index("ix_ai_run_open", "ai_run", ["due_at"], **where("state <> 'done'"))


def create_escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("primary_code", sa.String(length=40), nullable=False),
        sa.Column(
            "priority",
            one_of("low", "medium", "high", "urgent", name="priority", length=10),
            nullable=False,
        ),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("near_misses", sa.JSON(), nullable=False),
        sa.Column(
            "outcome",
            one_of(
                "offered",
                "open",
                "claimed",
                "cancelled",
                "abandoned",
                "declined",
                "suppressed",
                "timeout",
                name="outcome",
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("experiment_arm", sa.String(length=40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_escalation_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_escalation_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_conversation", "escalation", ["conversation_id", "id"])
    op.create_index(
        "uq_escalation_open_per_episode",
        "escalation",
        ["episode_id"],
        unique=True,
        **where("outcome = 'open'"),
    )


def create_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("from_status", sa.String(length=10), nullable=False),
        sa.Column("to_status", sa.String(length=10), nullable=False),
        sa.Column("control_epoch", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_event_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_event_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_conversation_id", "event", ["conversation_id"])
    op.create_index("ix_event_name_created", "event", ["name", "created_at"])


def create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=False),
        sa.Column("stream", one_of("pub", "desk", name="stream", length=10), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "sender_type",
            one_of("user", "ai", "agent", "system", name="sender_type", length=10),
            nullable=False,
        ),
        sa.Column("sender_key", sa.String(length=40), nullable=False),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column("client_msg_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("ai_confidence", sa.Double(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("requires_followup", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("ai_confidence BETWEEN 0 AND 1", name="ck_message_confidence_range"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_message_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_message_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_message_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint(
            "conversation_id",
            "sender_key",
            "client_msg_id",
            name="uq_message_conversation_id_sender_key_client_msg_id",
        ),
        sa.UniqueConstraint(
            "conversation_id", "stream", "seq", name="uq_message_conversation_id_stream_seq"
        ),
    )
    op.create_index("ix_message_episode_id", "message", ["episode_id"])
    op.create_index(
        "ix_message_followup", "message", ["conversation_id"], **where("requires_followup")
    )


def create_outbox_attempt() -> None:
    op.create_table(
        "outbox_attempt",
        sa.Column("id", BIG, nullable=False),
        sa.Column("outbox_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("answer_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_outbox_attempt_outbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_attempt"),
        sa.UniqueConstraint("outbox_id", "number", name="uq_outbox_attempt_outbox_id_number"),
    )


def create_rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=False),
        sa.Column("agent_id", BIG, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_rating_one_to_five"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_rating_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_rating_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_rating_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
        sa.UniqueConstraint("episode_id", name="uq_rating_episode_id"),
    )
    op.create_index("ix_rating_agent_id", "rating", ["agent_id"])
    op.create_index("ix_rating_conversation_id", "rating", ["conversation_id"])


def create_turn_signals() -> None:
    op.create_table(
        "turn_signals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("episode_id", BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("sentiment", sa.Double(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_turn_signals_conversation_id"
        ),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_turn_signals_episode_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turn_signals"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_turn_signals_conversation_id_seq"),
    )


def create_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("escalation_id", BIG, nullable=False),
        sa.Column("agent_id", BIG, nullable=False),
        sa.Column(
            "verdict",
            one_of("needed", "ai_could_have", "wrong_team", name="verdict", length=20),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_review_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_review_conversation_id"
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name="fk_review_escalation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("escalation_id", "agent_id", name="uq_review_escalation_id_agent_id"),
    )
    op.create_index("ix_review_conversation_id", "review", ["conversation_id"])
