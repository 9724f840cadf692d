"""Two reports of one defect: suggested by place and time, confirmed or refused by the workshop.

A confirmed double is closed (`cancelled`), so that it claims no ground and nobody plans it; it keeps its reporter, who is told what
becomes of the main one. Refusing a confirmed one opens it again.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.coordination import changes, renumberings
from geo_service.detection.run import Subject
from geo_service.domain.errors import InvalidInput, InvalidTransition, NotFound
from geo_service.domain.repairs import UNFINISHED, URGENCIES
from geo_service.store import duplicates, repairs

PACKAGE = "geo_service.coordination"


def confirm(conn: sa.Connection, repair_id: UUID, of_id: UUID | None, actor: str, today: date) -> None:
    """Confirm that report `repair_id` describes the defect of `of_id`; its own doubles follow.

    `of_id` defaults to the suggested repair; the main report is taken when it is itself a double.

    The caller holds the writers' lock. Raises NotFound, InvalidInput about `of`, and InvalidTransition when one of the two is not open.
    """
    repair = repairs.get(conn, repair_id)
    if repair["status"] != "requested":
        raise InvalidTransition("not_a_double", status=repair["status"], id=str(repair_id))
    link = duplicates.live(conn, repair_id)
    main_id: UUID | None = of_id or (link["of_id"] if link else None)
    if main_id is None:
        raise InvalidInput.one("of", "required.double")
    above = duplicates.live(conn, main_id)
    if above is not None and above["status"] == "confirmed":
        main_id = above["of_id"]
    if main_id == repair_id:
        raise InvalidInput.one("of", "itself")
    main = repairs.get(conn, main_id)
    if main["status"] not in UNFINISHED:
        raise InvalidTransition("double_of_nothing", status=main["status"], id=str(main_id))
    renumberings.break_silence(conn, repair_id, today)
    moved = [repair_id, *duplicates.confirmed_doubles(conn, repair_id)]
    duplicates.unlink(conn, moved, but=main_id)
    db.execute(conn, PACKAGE, "duplicates_confirm", repair_ids=moved, of_id=main_id, actor=actor)
    repairs.update(conn, repair_id, {"status": "cancelled"})
    changes.record(conn, Subject(repair_ids=[repair_id, main_id]), today)


def join(conn: sa.Connection, repair_id: UUID, of_id: UUID, actor: str, today: date) -> None:
    """Confirm a new report `repair_id` as a double of `of_id`, which becomes as urgent as the new one says it is.

    The caller holds the writers' lock. Raises InvalidInput about `duplicate_of`, and InvalidTransition when that repair is not open.
    """
    try:
        confirm(conn, repair_id, of_id, actor, today)
    except NotFound as error:
        raise InvalidInput.one("duplicate_of", "no_repair", given=str(of_id)) from error
    link = duplicates.live(conn, repair_id)
    assert link is not None
    main, urgency = repairs.get(conn, link["of_id"]), repairs.get(conn, repair_id)["urgency"]
    duplicates.note_urgency(conn, repair_id, main["id"], main["urgency"])
    if URGENCIES.index(urgency) > URGENCIES.index(main["urgency"]):
        repairs.update(conn, main["id"], {"urgency": urgency})
        changes.record(conn, Subject(repair_ids=[main["id"]]), today)


def refuse(conn: sa.Connection, repair_id: UUID, of_id: UUID | None, actor: str, today: date) -> None:
    """Report `repair_id` is a defect of its own; a confirmed double is open again, and the other one is as urgent as it is without it. The caller holds the writers' lock.

    Raises NotFound about the repair, InvalidInput about `of` when the two are not linked.
    """
    repairs.get(conn, repair_id)
    link = duplicates.live(conn, repair_id)
    if link is None or of_id not in (None, link["of_id"]):
        raise InvalidInput.one("of", "not_linked")
    duplicates.refuse(conn, repair_id, link["of_id"], actor)
    if link["status"] == "confirmed":
        _take_back_urgency(conn, repair_id, link["of_id"])
        repairs.update(conn, repair_id, {"status": "requested"})
    changes.record(conn, Subject(repair_ids=[repair_id, link["of_id"]]), today)


def _take_back_urgency(conn: sa.Connection, repair_id: UUID, main_id: UUID) -> None:
    """Make the main repair as urgent as it was before reports joined it, or as those that stay say; what people said of it since stays."""
    reports = duplicates.further_reports(conn, main_id)
    if repair_id not in {one["repair_id"] for one in reports}:
        return
    first = min((one["urgency_before"] for one in reports), key=URGENCIES.index)
    own = repairs.get(conn, repair_id)["urgency"]
    others = [
        one["urgency"] for one in reports if one["status"] == "confirmed" and one["repair_id"] != repair_id
    ]
    then = max(first, *others, key=URGENCIES.index) if others else first
    if repairs.get(conn, main_id)["urgency"] == max(then, own, key=URGENCIES.index) != then:
        repairs.update(conn, main_id, {"urgency": then})
