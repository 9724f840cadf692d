"""`/repairs/{id}/sequence`: which works come first, and in which order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo_service.api import views
from geo_service.api.deps import Reading, RepairReader, SpeakerDep, Today
from geo_service.api.schemas.sequence import Sequence
from geo_service.coordination import sequencing
from geo_service.domain.errors import InvalidTransition
from geo_service.domain.sequence import Order, Renewal, Step, share_of
from geo_service.i18n import Speaker
from geo_service.store import repairs as store

router = APIRouter(prefix="/repairs", tags=["repairs"])

NAMED = 3
"""More names in one sentence are no sentence."""


@router.get("/{repair_id}/sequence", response_model=Sequence)
def sequence(
    repair_id: UUID, conn: Reading, who: RepairReader, day: Today, speaker: SpeakerDep
) -> JSONResponse:
    """The works on the ground of this repair in the order in which they should come, deepest first."""
    row = store.get(conn, repair_id)
    found = sequencing.of_repairs(conn, [repair_id], day).get(repair_id)
    if found is None:
        raise InvalidTransition(
            f"repair {repair_id} is {row['status']}: nothing comes before it any more",
            status=row["status"],
            reason="repair_settled",
            number=str(repair_id),
        )
    return views.answer(as_told(*found, speaker), headers=views.spoken(speaker))


def as_told(renewal: Renewal, order: Order, speaker: Speaker) -> dict[str, Any]:
    """The order with its sentences in the reader's language."""
    return {
        "sentence": _sentence(order, speaker),
        "first": [_step(step, renewal, order, speaker) for step in order.first],
        "repair_from": order.footpath_from,
        "moves": order.moves,
        "later": [_step(step, renewal, order, speaker) for step in order.later],
        "cost_at_risk_eur": order.cost_at_risk_eur,
    }


def _sentence(order: Order, speaker: Speaker) -> str:
    waited = [step for step in order.first if step.role != "before"]
    if not order.first:
        return speaker.say("sequence.free")
    names = list(dict.fromkeys(_name(step, speaker) for step in waited or order.first))
    more = [speaker.say("sequence.more", count=len(names) - NAMED)] if len(names) > NAMED else []
    key = "in_order" if not waited else "moves" if order.moves else "waits"
    params = {"until": order.footpath_from, "cost": order.cost_at_risk_eur}
    return speaker.say(f"sequence.{key}", first=", ".join([*names[:NAMED], *more]), **params)


def _name(step: Step, speaker: Speaker) -> str:
    return f"{speaker.say(f'layer.{step.job.layer}')} ({step.job.owner})"


def _step(step: Step, renewal: Renewal, order: Order, speaker: Speaker) -> dict[str, Any]:
    job = step.job
    named = ("works_id", "owner", "source", "source_id", "title", "layer", "starts_on", "ends_on", "certainty", "probability", "overdue")  # fmt: skip
    return {
        **{name: getattr(job, name) for name in named},
        "role": step.role,
        "text": _text(step, order, speaker),
        "free_from": job.claimed_until,
        "sure": step.sure,
        "shared_m2": round(job.shared_m2, 2),
        "shared_share": round(share_of(renewal, job), 4),
        "cost_at_risk_eur": step.cost_at_risk_eur,
        "weight": step.weight,
        "too_soon_for": list(step.too_soon_for),
    }


def _text(step: Step, order: Order, speaker: Speaker) -> str:
    job = step.job
    said = [
        speaker.say(
            "sequence.job",
            layer=speaker.say(f"layer.{job.layer}").capitalize(),
            owner=job.owner,
            source_id=job.source_id,
            **{"from": job.starts_on, "to": job.ends_on},
        ),
        speaker.say(f"sequence.{step.role}"),
    ]
    deeper = [_name(other, speaker) for other in order.first if other.job.works_id in step.too_soon_for]
    if deeper:
        said.append(speaker.say("sequence.too_soon", deeper=", ".join(dict.fromkeys(deeper))))
    return " ".join(said)
