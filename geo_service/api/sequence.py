"""`/repairs/{id}/sequence`: the order of works around a repair, in full. The advice holds its short form."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas.sequence import Sequence
from geo_service.coordination import sequencing
from geo_service.domain.errors import InvalidTransition
from geo_service.presentation.order_of_works import describe_order
from geo_service.store import repairs as store

router = APIRouter(prefix="/repairs", tags=["repairs"])


@router.get("/{repair_id}/sequence", response_model=Sequence)
def sequence(
    repair_id: UUID, conn: Reading, who: RepairReader, day: Today, translator: TranslatorDep
) -> JSONResponse:
    """The works on the ground of this repair in the order in which they should come, deepest first: `order` of its advice."""
    row = store.get(conn, repair_id)
    advice = sequencing.of_repairs(conn, [repair_id], day).get(repair_id)
    if advice is None:
        raise InvalidTransition("repair_settled.order", status=row["status"], number=str(repair_id))
    return serializers.answer(
        describe_order(advice, translator), headers=serializers.language_headers(translator)
    )
