"""The rows with personal data of citizens: sealed when they are still plain, and sealed anew for another key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.errors import PersonalKeyWrong
from geo_service.store import reporters as reporters_store
from geo_service.store.listing import Row
from geo_service.store.repairs import FREE_TEXTS, masked
from geo_service.store.tables import (
    attachments,
    photos,
    project_contacts,
    project_files,
    report_messages,
    reporters,
    second_factors,
    street_letters,
    works_contacts,
)
from geo_service.store.tables import repairs as columns
from geo_service.vault import Vault

BATCH = 100
"""Rows at once; a photo has about half a megabyte."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table with personal data: its key, the columns that were plain before, and how a row of them becomes bytes."""

    table: sa.Table
    key: str
    plain: tuple[str, ...]
    pack: Callable[[Row], bytes]

    @property
    def is_plain(self) -> sa.ColumnElement[bool]:
        """Rows of an older version."""
        return self.table.c.sealed.is_(None)


def pack_json(value: Any) -> bytes:
    """Return a JSON value as bytes, as `Vault.open_json` reads them."""
    return json.dumps(value, ensure_ascii=False).encode()


PARTS = (
    Part(reporters, "repair_id", ("details",), lambda row: pack_json(row["details"])),
    Part(
        report_messages,
        "id",
        ("text", "details"),
        lambda row: pack_json({"text": row["text"], "details": row["details"]}),
    ),
    Part(photos, "id", ("content",), lambda row: bytes(row["content"])),
)
"""Reporters, what they said since, and their photos: plain in an older version."""
SEALED_FROM_THE_START = (
    Part(attachments, "id", (), lambda row: bytes(row["sealed"])),
    Part(works_contacts, "works_id", (), lambda row: bytes(row["sealed"])),
    Part(street_letters, "id", (), lambda row: bytes(row["sealed"])),
    Part(second_factors, "user_id", (), lambda row: bytes(row["sealed"])),
    Part(project_contacts, "project_id", (), lambda row: bytes(row["sealed"])),
    Part(project_files, "id", (), lambda row: bytes(row["sealed"])),
)
"""Files beside remarks and at handovers, whom to call about works and building projects, who wants letters about a street, and second factors."""


def seal_plain(conn: sa.Connection, vault: Vault) -> int:
    """Seal what an older version stored plainly; return how many rows. Raises PersonalKeyMissing if there are any and no key."""
    return sum(_seal_part(conn, vault, part) for part in PARTS)


def mask_texts(conn: sa.Connection, vault: Vault) -> int:
    """Mask what an older version left readable in the texts of repairs; return how many. Their originals stay with the reporter."""
    wanted, after, done = sa.or_(*(columns.c[name].is_not(None) for name in FREE_TEXTS)), UUID(int=0), 0
    select = sa.select(columns.c.id, *(columns.c[name] for name in FREE_TEXTS)).order_by(columns.c.id)
    while rows := conn.execute(select.where(columns.c.id > after, wanted).limit(BATCH)).mappings().all():
        for row in rows:
            texts = {name: row[name] for name in FREE_TEXTS}
            before = reporters_store.find(conn, vault, row["id"]) or {}
            shown, withheld = masked(texts, before)
            if withheld:
                reporters_store.keep(conn, vault, row["id"], {**withheld, **before})
                conn.execute(sa.update(columns).where(columns.c.id == row["id"]).values(shown))
                done += 1
        after = rows[-1]["id"]
    return done


def reseal(conn: sa.Connection, vault: Vault) -> tuple[int, int]:
    """Seal all rows with the first key; return how many there were, and how many no key opened, which stay as they are."""
    done = unreadable = 0
    for part in (*PARTS, *SEALED_FROM_THE_START):
        key = part.table.c[part.key]
        for row in _batches(conn, part, part.table.c.sealed.is_not(None)):
            try:
                news = vault.reseal(row["sealed"])
            except PersonalKeyWrong:
                unreadable += 1
                continue
            conn.execute(sa.update(part.table).where(key == row[part.key]).values(sealed=news))
            done += 1
    return done, unreadable


def _seal_part(conn: sa.Connection, vault: Vault, part: Part) -> int:
    done = 0
    for row in _batches(conn, part, part.is_plain):
        news = {**dict.fromkeys(part.plain), "sealed": vault.seal(part.pack(row))}
        conn.execute(sa.update(part.table).where(part.table.c[part.key] == row[part.key]).values(news))
        done += 1
    return done


def _batches(conn: sa.Connection, part: Part, condition: sa.ColumnElement[bool]) -> Iterator[Row]:
    """Each row that meets the condition, by its key."""
    key, after = part.table.c[part.key], UUID(int=0)
    select = sa.select(key, part.table.c.sealed, *(part.table.c[name] for name in part.plain))
    while True:
        batch = select.where(key > after, condition).order_by(key).limit(BATCH).with_for_update()
        rows = conn.execute(batch).mappings().all()
        if not rows:
            return
        yield from rows
        after = rows[-1][part.key]
