"""A remark with files: the files are stored sealed, and the trail of the conflict names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import steps
from geo_service.domain.attachments import MOST_OF_A_CONFLICT, Enclosure
from geo_service.domain.errors import InvalidInput
from geo_service.store import attachments as store
from geo_service.vault import Vault


@dataclass(frozen=True, slots=True)
class Remark:
    """Words with files, by whom, on which version of a conflict or a case."""

    text: str
    enclosures: Sequence[Enclosure]
    actor: steps.Actor
    version: int
    today: date


def attach(conn: sa.Connection, vault: Vault, conflict_id: UUID, remark: Remark) -> None:
    """Leave a remark with files on a conflict. The caller holds the writers' lock.

    Raises NotFound, VersionMismatch, NotAllowed, PersonalKeyMissing, and InvalidInput when the conflict has room for no more.
    """
    steps.conflict_at(conn, conflict_id, remark.actor, remark.version)
    content = _content(conn, vault, conflict_id, remark)
    steps.take(conn, conflict_id, "comment", content, remark.actor, remark.version, remark.today)


def attach_to_case(conn: sa.Connection, vault: Vault, case_id: UUID, remark: Remark) -> None:
    """Leave a remark with files on each conflict of a case; the files are stored with the first. As `attach` otherwise."""
    case = steps.case_at(conn, case_id, remark.actor, remark.version, remark.today)
    content = _content(conn, vault, case["conflict_ids"][0], remark)
    steps.take_for_case(conn, case_id, "comment", content, remark.actor, remark.version, remark.today)


def _content(conn: sa.Connection, vault: Vault, conflict_id: UUID, remark: Remark) -> steps.StepInput:
    """Store the files of a remark; return what its step says of them."""
    if store.count(conn, conflict_id) + len(remark.enclosures) > MOST_OF_A_CONFLICT:
        raise InvalidInput.one("file", "attachments_too_many.conflict", limit=MOST_OF_A_CONFLICT)
    rows = [
        store.add(conn, vault, conflict_id, one.kind, one.content, remark.actor.name)
        for one in remark.enclosures
    ]
    named = [
        {"id": str(row["id"]), "number": f"A-{row['number']}", "kind": row["kind"], "bytes": row["bytes"]}
        for row in rows
    ]
    return steps.StepInput(words={"text": remark.text, "attachments": named})
