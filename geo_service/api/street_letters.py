"""`/mijn-straat/mail`: e-mails about a street for citizens. They ask, confirm by a link in an e-mail, and stop by the link in each of them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from geo_service import db
from geo_service.alerts import jobs, smtp
from geo_service.alerts.street_letters import ASK, CHOICE, PAGE, heard_of
from geo_service.api import cross_site
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Today
from geo_service.api.login_pages import LoginPages, language_of
from geo_service.api.rate_limit import network
from geo_service.domain import mail
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import LANGUAGES, Translator
from geo_service.presentation.street import plan_of
from geo_service.store import agenda, search, street_letters

router = APIRouter(include_in_schema=False)

MOST_A_MINUTE = 5
"""Requests of one address; a setting without limits is without this one."""
Token = Annotated[str, Query(max_length=100)]
CONFIRM, STOP = "ja", "stop"


def are_sent(ctx: Context) -> bool:
    """Whether this installation sends such e-mails: it has a mail server, and a key to seal addresses with."""
    return smtp.relay_of(ctx.settings) is not None and not ctx.vault.is_closed


@router.post(ASK)
def ask(
    request: Request,
    ctx: ContextDep,
    street: Annotated[str, Form(alias="straat", max_length=300)],
    address: Annotated[str, Form(alias="mail", max_length=300)],
    language: Annotated[str, Form(alias="taal", max_length=10)] = "",
) -> Response:
    """Send the question whether this address wants e-mails. The answer is the same whether or not it asked before."""
    cross_site.check(request, ctx.settings.base_url)
    with db.read(ctx.read_engine) as conn:
        is_there = street in search.streets(conn, street)
    if not (is_there and are_sent(ctx)):
        return _page(request, ctx, None, "street_letter.unknown", 404)
    try:
        mail.check_address(address.strip(), "mail")
    except InvalidInput:
        return _page(request, ctx, street, "street_letter.no_address", 422)
    most = ctx.settings.rate_per_address and MOST_A_MINUTE
    if ctx.rate_limit.wait_s(f"letters:{network(request.scope['client'])}", most):
        return _page(request, ctx, street, "street_page.too_many", 429)
    chosen = language if language in LANGUAGES else language_of(request, ctx.settings)
    with db.write(ctx.write_engine) as conn:
        letter_id = street_letters.ask(conn, ctx.vault, street, address.strip(), chosen)
        jobs.queue_street_letters(conn, [letter_id] if letter_id else [])
    return _page(request, ctx, street, "street_letter.sent")


@router.get(CHOICE)
def question(request: Request, ctx: ContextDep, token: Token = "") -> Response:  # nosec B107 # empty until somebody enters it
    """The page with the button: programs that follow each link of an e-mail must neither confirm nor stop anything."""
    with db.read(ctx.read_engine) as conn:
        row = street_letters.by_token(conn, token)
    if row is None:
        return _page(request, ctx, None, "street_letter.unknown", 404)
    name, step = ("stop", STOP) if row["confirmed_at"] else ("confirm", CONFIRM)
    pages: LoginPages = request.app.state.login_pages
    words = pages.say(request, ctx, f"street_letter.{name}", street=row["street"])
    button = pages.say(request, ctx, f"street_letter.{name}.button")
    return pages.render(
        request, ctx, "street_letter.html", message=None, question=words, button=button, step=step
    )


@router.post(CHOICE)
def choose(
    request: Request,
    ctx: ContextDep,
    day: Today,
    token: Token = "",  # nosec B107 # empty until somebody enters it
    step: Annotated[str, Form(alias="stap", max_length=10)] = STOP,
) -> Response:
    """Confirm, or stop and erase the address: the buttons of the page, and that of a mail program (RFC 8058), which always stops."""
    with db.write(ctx.write_engine) as conn:
        row = street_letters.by_token(conn, token)
        if row is None:
            return _page(request, ctx, None, "street_letter.unknown", 404)
        if step == CONFIRM:
            plans = agenda.of_street(conn, row["street"], "", day)
            plan = plan_of(plans, ctx.settings.city_organisation, Translator(row["language"], day))
            street_letters.confirm(conn, row["id"], heard_of(plan))
        else:
            street_letters.end(conn, row["id"])
    return _page(
        request, ctx, row["street"], "street_letter.confirmed" if step == CONFIRM else "street_letter.stopped"
    )


def _page(request: Request, ctx: Context, street: str | None, key: str, status: int = 200) -> Response:
    """A sentence, and the way back to the street."""
    pages: LoginPages = request.app.state.login_pages
    message = pages.say(request, ctx, key, street=street or "")
    query = {"taal": language_of(request, ctx.settings), **({"adres": street} if street else {})}
    back = f"{PAGE}?{urlencode(query)}"
    return pages.render(request, ctx, "street_letter.html", status=status, message=message, back=back)
