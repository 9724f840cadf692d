"""`/unsubscribe`: the end of e-mails, by a link in each of them. Nobody has to sign in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from geo_service import db
from geo_service.alerts import subscriptions
from geo_service.api.context import ContextDep
from geo_service.api.login_pages import LoginPages

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Query(max_length=100)]


@router.get("/unsubscribe")
def ask(request: Request, ctx: ContextDep, token: Token = "") -> Response:  # nosec B107 # empty until somebody enters it
    """The page with the button: programs that follow each link of an e-mail must not unsubscribe anybody."""
    return _page(request, ctx, None)


@router.post("/unsubscribe")
def unsubscribe(request: Request, ctx: ContextDep, token: Token = "") -> Response:  # nosec B107 # empty until somebody enters it
    """Unsubscribe: the button of the page, and that of a mail program (RFC 8058)."""
    with db.write(ctx.write_engine) as conn:
        done = subscriptions.unsubscribe(conn, token.replace("\x00", ""))
    return _page(request, ctx, "unsubscribe.done" if done else "unsubscribe.unknown", 200 if done else 404)


def _page(request: Request, ctx: ContextDep, key: str | None, status: int = 200) -> Response:
    pages: LoginPages = request.app.state.login_pages
    message = key and pages.say(request, ctx, key)
    return pages.render(request, ctx, "unsubscribe.html", status=status, message=message)
