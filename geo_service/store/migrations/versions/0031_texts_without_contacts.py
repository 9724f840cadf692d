"""Texts that were stored before the cleaner knew all spellings: what was written stays with the reporter, the public text is cleaned

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from geo_service.privacy import without_contacts

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REPAIRS = sa.text("SELECT id, description FROM repairs WHERE description IS NOT NULL")
WORKS = sa.text("SELECT id, title, description FROM works")
CLEAN_REPAIR = sa.text("UPDATE repairs SET description = :public WHERE id = :id")
CLEAN_WORKS = sa.text("UPDATE works SET title = :title, description = :description WHERE id = :id")
WITHHOLD = sa.text(
    "INSERT INTO reporters (repair_id, details) VALUES (:id, jsonb_build_object('description', CAST(:said AS text))) "
    "ON CONFLICT (repair_id) DO UPDATE SET details = excluded.details || reporters.details"
)


def upgrade() -> None:
    conn = op.get_bind()
    for id_, said in conn.execute(REPAIRS).all():
        public = without_contacts(said)
        if public != said:
            conn.execute(WITHHOLD, {"id": id_, "said": said})
            conn.execute(CLEAN_REPAIR, {"id": id_, "public": public})
    for id_, title, description in conn.execute(WORKS).all():
        clean = {
            "title": without_contacts(title),
            "description": description and without_contacts(description),
        }
        if clean != {"title": title, "description": description}:
            conn.execute(CLEAN_WORKS, {"id": id_, **clean})


def downgrade() -> None:
    """What was cleaned stays so."""
