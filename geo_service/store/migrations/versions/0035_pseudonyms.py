"""Somebody who is erased keeps a pseudonym in the trails: the one change that their triggers let through

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TRAILS = ("audit", "conflict_events")
# A row may differ by the name of a user that became a pseudonym, wherever it stands as a whole text, and by nothing else.
PSEUDONYM_ONLY = """
CREATE FUNCTION refuse_all_but_pseudonym() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased text := current_setting('geo.erased_name', true);
    pseudonym text := current_setting('geo.pseudonym', true);
BEGIN
    IF pseudonym ~ '^erased-[0-9a-f]{12}$' AND EXISTS (SELECT FROM users WHERE users.name = erased)
       AND to_jsonb(NEW)::text = replace(to_jsonb(OLD)::text, to_jsonb(erased)::text, to_jsonb(pseudonym)::text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    op.execute(PSEUDONYM_ONLY)
    for table in TRAILS:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_pseudonym_only BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_all_but_pseudonym()"
        )
    op.execute(
        "COMMENT ON TABLE audit IS 'Append-only: triggers refuse every change but a pseudonym for who is erased'"
    )
    op.execute(
        "COMMENT ON TABLE conflict_events IS 'The audit trail of one conflict. Append-only: triggers refuse every change but a pseudonym for who is erased'"
    )


def downgrade() -> None:
    for table in TRAILS:
        op.execute(f"DROP TRIGGER {table}_pseudonym_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute("DROP FUNCTION refuse_all_but_pseudonym()")
    op.execute("COMMENT ON TABLE audit IS 'Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE'")
    op.execute(
        "COMMENT ON TABLE conflict_events IS 'The audit trail of one conflict. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE'"
    )
