"""`/requests`: ask a utility to take the city's repairs along with its works, and keep its answer."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import (
    Reading,
    Today,
    TranslatorDep,
    actor_of,
    confined_to,
    expected_version,
    require,
    write_once,
)
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import answers
from geo_service.api.schemas import requests as schemas
from geo_service.coordination import requests
from geo_service.domain.requests import Answer, RequestState
from geo_service.i18n import Translator
from geo_service.presentation.requests import describe_request
from geo_service.store import keys, listing, vocabulary
from geo_service.store import requests as store
from geo_service.store.listing import Row

router = APIRouter(prefix="/requests", tags=["requests"])
Asker = Annotated[keys.Principal, Depends(require("ask utilities"))]


@router.get("", response_model=answers.Page[schemas.Request])
def list_(
    conn: Reading,
    who: SignedIn,
    translator: TranslatorDep,
    state: RequestState | None = None,
    works: UUID | None = None,
    repair: UUID | None = None,
    owner: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Requests in the order in which they were asked; a partner sees its own."""
    window = listing.Window(limit, cursor)
    page = store.find(
        conn, window, state=state, works_id=works, repair_id=repair, owner=owner, party=confined_to(who)
    )
    if not page.total:
        vocabulary.check(conn, party=owner)
    items = (_request(row, translator) for row in page.rows)
    headers = serializers.language_headers(translator)
    return serializers.answer(serializers.list_page(page, items), headers=headers)


@router.get("/{request_id}", response_model=schemas.Request)
def read(request_id: UUID, conn: Reading, who: SignedIn, translator: TranslatorDep) -> JSONResponse:
    """One request, with its texts in the language of the reader."""
    body, headers = _in_full(conn, request_id, confined_to(who), translator)
    return serializers.answer(body, headers=headers)


@router.post("", response_model=schemas.Request, status_code=201)
def ask(
    body: schemas.RequestIn,
    request: Request,
    ctx: ContextDep,
    who: Asker,
    day: Today,
    translator: TranslatorDep,
) -> Response:
    """Ask the owner of works to reinstate the ground of the city's repairs along with its own."""
    question = requests.Question(body.works, body.repairs, body.width_m, body.note, body.due_on)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        made = requests.ask(conn, question, who.name, day)
        return (201, *_in_full(conn, made, None, translator))

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


class AnswerRequest:
    """An answer of the utility itself, or of the desk on its behalf."""

    def __init__(
        self,
        request_id: UUID,
        request: Request,
        ctx: ContextDep,
        who: Annotated[keys.Principal, Depends(require("answer requests"))],
        day: Today,
        translator: TranslatorDep,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.request_id, self.request, self.ctx, self.who = request_id, request, ctx, who
        self.day, self.translator, self.version = day, translator, expected_version(if_match)

    def take(self, answer: Answer, body: schemas.AnswerIn) -> Response:
        """Keep the answer, and answer with the request as it is then."""
        actor = actor_of(self.who)

        def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
            requests.answer(conn, self.request_id, answer, body.note, actor, self.version, self.day)
            return (200, *_in_full(conn, self.request_id, actor.owner_group, self.translator))

        return write_once(self.ctx, self.request, self.who, body.model_dump(mode="json"), change)


AnswerDep = Annotated[AnswerRequest, Depends()]


@router.post("/{request_id}/yes", response_model=schemas.Request)
def yes(request_id: UUID, answer: AnswerDep, body: schemas.AnswerIn) -> Response:
    """The utility takes the repairs along: they wait for its works, and are not to be done."""
    return answer.take("yes", body)


@router.post("/{request_id}/no", response_model=schemas.Request)
def no(request_id: UUID, answer: AnswerDep, body: schemas.AnswerIn) -> Response:
    """The utility does not; what it promised before is open again."""
    return answer.take("no", body)


@router.post("/{request_id}/done", response_model=schemas.Request)
def done(request_id: UUID, answer: AnswerDep, body: schemas.AnswerIn) -> Response:
    """The ground is reinstated as was asked."""
    return answer.take("done", body)


def _in_full(
    conn: sa.Connection, request_id: UUID, party: str | None, translator: Translator
) -> tuple[dict[str, Any], dict[str, str]]:
    row = store.get(conn, request_id, party)
    return _request(row, translator), serializers.etag(row) | serializers.language_headers(translator)


def _request(row: Row, translator: Translator) -> dict[str, Any]:
    names = (
        "id", "state", "works_id", "source", "source_id", "title", "owner", "street", "number_from", "number_to", "starts_on", "ends_on",
        "width_m", "note", "due_on", "asked_by", "created_at", "answered_by", "answered_at", "answer_note", "late",
        "withdrawal",
    )  # fmt: skip
    return {
        **serializers.select_columns(row, names),
        "number": f"R-{row['number']}",
        "owner_group": row["owner_group_id"],
        "repairs": row["repair_ids"],
        "repair_numbers": [f"H-{number}" for number in row["repair_numbers"] or ()],
        **describe_request(row, translator),
    }
