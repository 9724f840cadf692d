"""Files that go along at the handover of a building project: sealed, as plans tell how to enter a building, and letters name people.
Their titles are not: a list shows them without a look on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.attachments import MOST_OF_A_PROJECT, Enclosure
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.store.listing import Row
from geo_service.store.tables import building_projects, project_files
from geo_service.vault import Vault

PLAIN = tuple(project_files.c[name] for name in ("id", "title", "kind", "bytes", "created_at"))


def find(conn: sa.Connection, project_id: UUID) -> list[Row]:
    """Return the files of a project without their content, the first one first."""
    select = sa.select(*PLAIN).where(project_files.c.project_id == project_id).order_by(project_files.c.id)
    return list(conn.execute(select).mappings())


def seal(vault: Vault, files: Sequence[tuple[str, Enclosure]]) -> list[dict[str, Any]]:
    """Return the rows of files, each with its title, for `add`. Raises PersonalKeyMissing."""
    return [
        {"title": title, "kind": one.kind, "bytes": len(one.content), "sealed": vault.seal(one.content)}
        for title, one in files
    ]


def add(conn: sa.Connection, project_id: UUID, files: Sequence[Mapping[str, Any]], sender: str) -> None:
    """Keep files of a project, as `seal` returns them. Raises NotFound, InvalidInput when there are too many."""
    # the row of the project is held, so that two who add at once do not both find room
    held = sa.select(building_projects.c.id).where(building_projects.c.id == project_id).with_for_update()
    if conn.scalar(held) is None:
        raise NotFound("no_project", given=str(project_id))
    if len(find(conn, project_id)) + len(files) > MOST_OF_A_PROJECT:
        raise InvalidInput.one("file", "attachments_too_many.project", limit=MOST_OF_A_PROJECT)
    for row in files:
        own = {**row, "project_id": project_id, "sent_by": sender}
        conn.execute(sa.insert(project_files).values(own))


def get(conn: sa.Connection, project_id: UUID, file_id: UUID) -> Row:
    """Return one file of a project, sealed. Raises NotFound."""
    table = project_files
    select = sa.select(table).where(table.c.id == file_id, table.c.project_id == project_id)
    row = conn.execute(select).mappings().one_or_none()
    if row is None:
        raise NotFound("no_attachment", given=str(file_id))
    return row


def delete(conn: sa.Connection, project_id: UUID, file_id: UUID) -> None:
    """Take away one file of a project. Raises NotFound."""
    get(conn, project_id, file_id)
    conn.execute(sa.delete(project_files).where(project_files.c.id == file_id))
