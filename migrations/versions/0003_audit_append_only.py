"""The audit log can only grow, and is found by object and by action."""

from __future__ import annotations

from alembic import op

revision = "0003_audit_append_only"
down_revision = "0002_alerts_and_hours"

REFUSAL = "the audit log is append-only"


def upgrade() -> None:
    op.create_index("ix_audit_entry_object", "audit_entry", ["object", "id"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_refuse()")
    else:
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entry_no_{change}")
    op.drop_index("ix_audit_entry_action", "audit_entry")
    op.drop_index("ix_audit_entry_object", "audit_entry")
