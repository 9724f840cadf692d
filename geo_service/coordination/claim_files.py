"""Claim the repair of a defect in a utility's trench from that utility, and keep what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination.steps import Actor
from geo_service.domain.claim_files import ClaimState, check_answer
from geo_service.domain.errors import InvalidInput, InvalidTransition, VersionMismatch
from geo_service.store import claim_files as store
from geo_service.store import conflicts
from geo_service.store import steps as trail
from geo_service.store.listing import Row


@dataclass(frozen=True, slots=True)
class Demand:
    """What is claimed (euros; None: what the repair costs), and which refused claim it follows (an id)."""

    amount_eur: float | None = None
    note: str | None = None
    follows_id: UUID | None = None


def send(conn: sa.Connection, conflict_id: UUID, demand: Demand, actor: Actor) -> UUID:
    """Make the claim for a conflict, with the facts of now; return its id. The caller holds the writers' lock.

    One hole is paid once by a utility: after a refusal, a claim on other facts or for another amount may follow the last one. Raises NotFound,
    InvalidInput when `follows_id` is not the last claim, and InvalidTransition when no guarantee applies or the repair is claimed already.
    """
    conflict = conflicts.get(conn, conflict_id)
    facts = store.facts(conn, conflict_id)
    if facts is None:
        raise InvalidTransition("no_guarantee")
    kept = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in facts.items()
        if name not in ("id", "owner_group_id", "rule_id", "amount_eur")
    }
    amount = round(facts["amount_eur"] if demand.amount_eur is None else demand.amount_eur, 2)
    last = store.last_of_repair(conn, conflict["repair_id"], facts["owner_group_id"])
    _check_last(last, demand, {"facts": kept, "amount_eur": amount})
    row = {
        "conflict_id": conflict_id,
        "owner_group_id": facts["owner_group_id"],
        "amount_eur": amount,
        "facts": kept,
        "note": demand.note,
        "follows_id": demand.follows_id,
        "sent_by": actor.name,
    }
    claim_id = store.create(conn, row)
    follows = {} if last is None else {"follows": f"V-{last['number']}"}
    details = {"amount_eur": amount, "claim_file": str(claim_id), **follows}
    trail.record(conn, conflict_id, "claimed", actor.name, details, actor_id=actor.id)
    return claim_id


def answer(conn: sa.Connection, claim_id: UUID, state: ClaimState, actor: Actor, version: int) -> None:
    """Keep what became of a claim. The caller holds the writers' lock. Raises NotFound, VersionMismatch and InvalidTransition."""
    row = store.get(conn, claim_id)
    if row["version"] != version:
        raise VersionMismatch("claim_changed", version=row["version"], id=str(claim_id))
    check_answer(state, row["state"])
    if row["follower_number"] is not None:
        raise InvalidTransition("claim_followed", number=f"V-{row['follower_number']}")
    store.save(conn, claim_id, {"state": state, "answered_by": actor.name})
    details = {"claim_file": str(claim_id), "state": [row["state"], state]}
    trail.record(conn, row["conflict_id"], "claim_answered", actor.name, details, actor_id=actor.id)


def _check_last(last: Row | None, demand: Demand, content: Mapping[str, Any]) -> None:
    """Raises as `send` when a claim with this content (`facts` and `amount_eur`) may not come after the last one."""
    if last is not None and demand.follows_id is None:
        raise InvalidTransition("claimed_already", number=f"V-{last['number']}")
    if demand.follows_id != (last and last["id"]):
        raise InvalidInput.one("follows", "not_the_last_claim")
    if last is None:
        return
    if last["state"] != "refused":
        raise InvalidTransition("claim_state", claim_status=last["state"])
    if {name: last[name] for name in content} == content:
        raise InvalidTransition("claim_unchanged", number=f"V-{last['number']}")
