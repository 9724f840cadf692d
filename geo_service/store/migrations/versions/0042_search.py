"""Words that people misspell are looked for by their parts of three letters (pg_trgm)

Revision ID: 0042
Revises: 0041
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# Each keeps a search by nearly the same words from reading its whole table.
WORDS = (
    ("buildings", "street"),
    ("buildings", "name"),
    ("pavement_sections", "street"),
    ("works", "title"),
    ("works", "reference"),
    ("organisations", "name"),
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # trusted: who owns the database may add it
    for table, column in WORDS:
        op.create_index(
            op.f(f"{table}_{column}_trgm_ix"),
            table,
            [column],
            postgresql_using="gin",
            postgresql_ops={column: "gin_trgm_ops"},
        )
    # Finds the houses of a street, and works by the beginning of their number, without reading all.
    op.create_index("buildings_street_ix", "buildings", ["street"])
    op.create_index(
        "works_source_id_ix", "works", ["source_id"], postgresql_ops={"source_id": "text_pattern_ops"}
    )


def downgrade() -> None:
    op.drop_index("works_source_id_ix", table_name="works")
    op.drop_index("buildings_street_ix", table_name="buildings")
    for table, column in WORDS:
        op.drop_index(f"{table}_{column}_trgm_ix", table_name=table)
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")
