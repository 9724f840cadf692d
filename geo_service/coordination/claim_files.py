"""Claim the repair of a defect in a utility's trench from that utility, and keep what became of it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination.steps import Actor
from geo_service.domain.claim_files import ClaimState, check_answer
from geo_service.domain.errors import InvalidTransition, VersionMismatch
from geo_service.store import claim_files as store
from geo_service.store import conflicts
from geo_service.store import steps as trail


def send(
    conn: sa.Connection, conflict_id: UUID, amount_eur: float | None, note: str | None, actor: Actor
) -> UUID:
    """Make the claim for a conflict, with the facts of now; return its id. The caller holds the writers' lock.

    Raises NotFound, and InvalidTransition when no guarantee applies or its repair is claimed already from this utility: one hole is paid once.
    """
    conflict = conflicts.get(conn, conflict_id)
    facts = store.facts(conn, conflict_id)
    if facts is None:
        raise InvalidTransition("no_guarantee")
    number = store.of_repair(conn, conflict["repair_id"], facts["owner_group_id"])
    if number is not None:
        raise InvalidTransition("claimed_already", number=f"V-{number}")
    kept = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in facts.items()
        if name not in ("id", "owner_group_id", "rule_id", "amount_eur")
    }
    amount = facts["amount_eur"] if amount_eur is None else amount_eur
    row = {
        "conflict_id": conflict_id,
        "owner_group_id": facts["owner_group_id"],
        "amount_eur": round(amount, 2),
        "facts": kept,
        "note": note,
        "sent_by": actor.name,
    }
    claim_id = store.create(conn, row)
    said = {"amount_eur": row["amount_eur"], "claim_file": str(claim_id)}
    trail.record(conn, conflict_id, "claimed", actor.name, said, actor_id=actor.id)
    return claim_id


def answer(conn: sa.Connection, claim_id: UUID, state: ClaimState, actor: Actor, version: int) -> None:
    """Keep what became of a claim. The caller holds the writers' lock. Raises NotFound, VersionMismatch and InvalidTransition."""
    row = store.get(conn, claim_id)
    if row["version"] != version:
        raise VersionMismatch("claim_changed", version=row["version"], id=str(claim_id))
    check_answer(state, row["state"])
    store.save(conn, claim_id, {"state": state, "answered_by": actor.name})
    said = {"claim_file": str(claim_id), "state": [row["state"], state]}
    trail.record(conn, row["conflict_id"], "claim_answered", actor.name, said, actor_id=actor.id)
