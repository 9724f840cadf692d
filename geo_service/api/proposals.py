"""`/imports/proposal`: a mapping for a file that has none, with its first rows where they would lie, before anything is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from geo_service.api import import_failures, serializers, uploads
from geo_service.api.context import ContextDep
from geo_service.api.deps import TranslatorDep, require
from geo_service.api.schemas.intake import PROPOSAL_FORM, Proposal, ProposalIn
from geo_service.domain.errors import InvalidInput
from geo_service.intake.assistant import process
from geo_service.store import keys

router = APIRouter(prefix="/imports", tags=["imports"])
PATH = "/api/v1/imports/proposal"
BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": PROPOSAL_FORM}}}}


@router.post("/proposal", response_model=Proposal, openapi_extra=BODY)
async def propose(
    request: Request,
    ctx: ContextDep,
    who: Annotated[keys.Principal, Depends(require("import"))],
    translator: TranslatorDep,
) -> Response:
    """Propose a mapping for a file of works or repairs, with its doubts and its first ten rows where they would lie. Stores nothing.

    With `mapping_text` that mapping is tried instead.
    """
    async with (
        ctx.upload_limit.slot(who.id),
        uploads.receive(request, ctx.settings) as (values, file),
        ctx.proposal_limit.slot(who.id),
    ):
        if file is None:
            raise InvalidInput.one("file", "missing.file")
        body = uploads.checked(values, ProposalIn)
        question = process.Question(
            ctx.settings,
            str(file.path),
            body.source,
            translator.language,
            body.mapping_text,
            body.sheet,
            body.layer,
        )
        content = await run_in_threadpool(process.answer, question)
    failure = content.get("failure")
    error = failure and {"code": failure["error"], "message": import_failures.detail(failure, translator)}
    view = {
        "text": content.get("text"),
        "doubts": content.get("doubts", []),
        "rows": content.get("rows", []),
        "error": error,
    }
    return serializers.answer(view, headers=serializers.language_headers(translator))
