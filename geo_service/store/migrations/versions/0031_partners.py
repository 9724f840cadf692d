"""What a partner may see is decided by the database too: row-level security for the role geo_partner

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Each policy is for every role, and lets all but geo_partner pass: the owner of the tables is not held by it anyway (no FORCE), and a backup
# goes back into a cluster that has no such role yet. `geo.party` is the owner group of who asks; unset, nothing is visible.
OWN = "owner_id IN (SELECT o.id FROM organisations o WHERE o.owner_group_id = current_setting('geo.party', true))"
IN_CONFLICT = "id IN (SELECT unnest(c.works_ids) FROM conflicts c)"
OF_OWN_WORKS = "EXISTS (SELECT FROM works w WHERE w.id = works_id AND w." + OWN + ")"  # nosec B608 # constants of this file
OF_CONFLICT = "EXISTS (SELECT FROM conflicts c WHERE c.id = conflict_id)"
OF_SUBSCRIPTION = "EXISTS (SELECT FROM subscriptions s WHERE s.id = subscription_id)"
POLICIES = {
    # The other works of a conflict is part of that conflict: but not its ground and days.
    "works": OWN + " OR " + IN_CONFLICT,
    "phases": OF_OWN_WORKS,
    "claims": "repair_id IS NULL AND " + OF_OWN_WORKS,
    "source_records": "EXISTS (SELECT FROM works w WHERE w.id = works_id)",
    "source_changes": "EXISTS (SELECT FROM works w WHERE w.id = works_id)",
    "renumberings": "EXISTS (SELECT FROM works w WHERE w.id IN (new_id, old_id))",
    "repairs": "false",
    "conflicts": "current_setting('geo.party', true) IN (a ->> 'owner_group', b ->> 'owner_group')",
    "conflict_events": OF_CONFLICT,
    "joint_projects": OF_CONFLICT,
    "alerts": OF_CONFLICT,
    "subscriptions": "owner_group_id = current_setting('geo.party', true)",
    "deliveries": OF_SUBSCRIPTION,
    "mails": OF_SUBSCRIPTION,
}


def upgrade() -> None:
    for table, visible in POLICIES.items():
        op.execute(
            f"CREATE POLICY partner_sees ON {table} FOR SELECT USING (current_user <> 'geo_partner' OR ({visible}))"
        )
        # Others than geo_partner and the owner write as before, if the owner lets them.
        op.execute(f"CREATE POLICY others_write ON {table} USING (current_user <> 'geo_partner')")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in POLICIES:
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"DROP POLICY others_write ON {table}")
        op.execute(f"DROP POLICY partner_sees ON {table}")
