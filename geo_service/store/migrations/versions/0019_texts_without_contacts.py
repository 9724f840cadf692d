"""Texts that were stored before the cleaner knew all spellings: what was written stays with the reporter, the public text is cleaned

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from geo_service.privacy import public

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REPAIRS = sa.text(
    "SELECT id, description, remark FROM repairs WHERE description IS NOT NULL OR remark IS NOT NULL"
)
WORKS = sa.text("SELECT id, title, description, remark FROM works")
CLEAN_REPAIR = sa.text("UPDATE repairs SET description = :description, remark = :remark WHERE id = :id")
CLEAN_WORKS = sa.text(
    "UPDATE works SET title = :title, description = :description, remark = :remark WHERE id = :id"
)
WITHHOLD = sa.text(
    "INSERT INTO reporters (repair_id, details) VALUES (:id, jsonb_build_object('description', CAST(:said AS text))) "
    "ON CONFLICT (repair_id) DO UPDATE SET details = excluded.details || reporters.details"
)


def upgrade() -> None:
    conn = op.get_bind()
    for row in conn.execute(REPAIRS).mappings().all():
        clean = {name: public(row[name]) for name in ("description", "remark")}
        if clean["description"] != row["description"]:
            conn.execute(WITHHOLD, {"id": row["id"], "said": row["description"]})
        if any(row[name] != text for name, text in clean.items()):
            conn.execute(CLEAN_REPAIR, {"id": row["id"], **clean})
    for row in conn.execute(WORKS).mappings().all():
        clean = {name: public(row[name]) for name in ("title", "description", "remark")}
        if any(row[name] != text for name, text in clean.items()):
            conn.execute(CLEAN_WORKS, {"id": row["id"], **clean})


def downgrade() -> None:
    """What was cleaned stays so."""
