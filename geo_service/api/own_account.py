"""`/account`: a person's password, second factor and sessions. Pages in HTML that need no script, not part of the documented API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import segno
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from geo_service import db
from geo_service.accounts import second_step, sessions
from geo_service.accounts.own_account import OwnAccount, end_other_sessions
from geo_service.accounts.refusals import SignInRefused
from geo_service.api import cross_site, login_pages
from geo_service.api.context import Context, ContextDep
from geo_service.api.identity import SESSION_COOKIE
from geo_service.api.login_pages import LoginPages
from geo_service.api.redirect_target import login_path
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import LEAST_PASSWORD, MOST_PASSWORD
from geo_service.i18n import Translator
from geo_service.settings import today
from geo_service.store import second_factors, users
from geo_service.store import sessions as session_store

PATH = "/account"
SEE_OTHER = 303
router = APIRouter(prefix=PATH, include_in_schema=False)

Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Visit:
    """A person on the pages of the own account; `token` is that of the session."""

    request: Request
    ctx: Context
    session: session_store.Session
    token: str

    @property
    def account(self) -> OwnAccount:
        """What the person may do with the account."""
        ctx = self.ctx
        address = login_pages.address_of(self.request)
        return OwnAccount(ctx.write_engine, ctx.settings, ctx.vault, self.session, address)

    def page(
        self, template: str = "account.html", *, key: str | None = None, status: int = 200, **values: Any
    ) -> Response:
        """A page with the sentence of `key` above it, good or, from status 400 on, wrong."""
        pages: LoginPages = self.request.app.state.login_pages
        params = values.pop("params", {})
        message = key and pages.say(self.request, self.ctx, key, **params)
        tone = "good" if status < 400 else "wrong"
        facts = _facts(self) if template == "account.html" else {}
        return pages.render(
            self.request, self.ctx, template, status=status, message=message, tone=tone, **facts, **values
        )

    def refuse(self, refused: SignInRefused) -> Response:
        """The page that says why a password or a code was refused."""
        if refused.retry_s is None:
            key = "account.password_wrong" if refused.key == "login.failed" else refused.key
            return self.page(key=key, status=422, params=refused.params)
        page = self.page(key=refused.key, status=429, params=refused.params)
        page.headers["Retry-After"] = str(refused.retry_s)
        return page


def _visit(request: Request, ctx: ContextDep) -> Visit:
    """Sends who is signed out to the login page and back. Raises NotAllowed for a form of another site."""
    if request.method == "POST":
        cross_site.check(request, ctx.settings.base_url)
    token = request.cookies.get(SESSION_COOKIE)
    session = sessions.find(ctx.session_engine, ctx.settings, token, active=True) if token else None
    if token is None or session is None:
        raise HTTPException(SEE_OTHER, headers={"Location": login_path(PATH), "Cache-Control": "no-store"})
    return Visit(request, ctx, session, token)


VisitDep = Annotated[Visit, Depends(_visit)]


@router.get("")
def show(visit: VisitDep) -> Response:
    """The own account."""
    return visit.page()


@router.post("/password")
def change_password(visit: VisitDep, old: Text = "", new: Text = "") -> Response:  # nosec B107 # empty until somebody enters it
    """Choose another password; the person goes on in this browser and is signed out in all others."""
    try:
        token = visit.account.change_password(old, new, before=visit.token)
    except SignInRefused as refused:
        return visit.refuse(refused)
    except InvalidInput as weak:
        [error] = weak.errors
        params = {"least": LEAST_PASSWORD, "most": MOST_PASSWORD}
        return visit.page(key=f"login.{error.code}", status=422, params=params)
    page = visit.page("account_done.html", key="account.password_changed")
    login_pages.set_session(page, token, visit.ctx.settings)
    return page


@router.post("/sessions")
def end_sessions(visit: VisitDep) -> Response:
    """Sign out in all other browsers."""
    count = end_other_sessions(visit.ctx.write_engine, visit.session)
    return visit.page(key="account.sessions_ended", params={"count": count})


@router.post("/second-factor")
def offer_factor(visit: VisitDep, password: Text = "") -> Response:  # nosec B107 # empty until somebody enters it
    """Begin a second factor: the QR code for the authenticator app."""
    try:
        visit.account.offer_factor(password)
    except SignInRefused as refused:
        return visit.refuse(refused)
    return RedirectResponse(f"{PATH}/second-factor", SEE_OTHER)


@router.get("/second-factor")
def show_offer(visit: VisitDep) -> Response:
    """The QR code of a second factor that is still to be confirmed; without one, the own account."""
    return _offer_page(visit) or RedirectResponse(PATH, SEE_OTHER)


@router.post("/second-factor/confirm")
def confirm_factor(visit: VisitDep, code: Text = "") -> Response:
    """Confirm the second factor by its first code: the codes on paper are shown, this once. One that was confirmed meanwhile is seen in the account."""
    if _offer_page(visit) is None:
        return RedirectResponse(PATH, SEE_OTHER)
    try:
        paper = visit.account.confirm_factor(code)
    except SignInRefused as refused:
        wrong = _offer_page(visit, refused) if refused.retry_s is None else None
        return wrong or visit.refuse(refused)
    return visit.page("paper_codes.html", codes=paper, next=PATH)


@router.post("/second-factor/paper")
def renew_paper(visit: VisitDep, password: Text = "", code: Text = "") -> Response:  # nosec B107 # empty until somebody enters it
    """Other codes on paper, with the password and a code; they are shown, this once."""
    try:
        paper = visit.account.renew_paper(password, code)
    except SignInRefused as refused:
        return visit.refuse(refused)
    return visit.page("paper_codes.html", codes=paper, next=PATH)


@router.post("/second-factor/remove")
def remove_factor(visit: VisitDep, password: Text = "", code: Text = "") -> Response:  # nosec B107 # empty until somebody enters it
    """Take the second factor away, with the password and a code."""
    try:
        visit.account.remove_factor(password, code)
    except SignInRefused as refused:
        return visit.refuse(refused)
    except InvalidInput:
        return visit.page(key="account.factor_needed", status=422)
    return visit.page(key="account.factor_removed")


def _offer_page(visit: Visit, refused: SignInRefused | None = None) -> Response | None:
    ctx = visit.ctx
    with db.glance(ctx.session_engine) as conn:
        holder = visit.session.id.bytes
        offer = second_step.offer_of(conn, ctx.settings, ctx.vault, visit.session.user, holder)
    if offer is None:
        return None
    key, status = (refused.key, 422) if refused else (None, 200)
    values = {"action": f"{PATH}/second-factor/confirm", **offer_values(offer)}
    return visit.page("second_factor.html", key=key, status=status, **values)


def offer_values(offer: second_step.Offer) -> dict[str, Any]:
    """What the template shows of a second factor: the QR code as SVG, and the secret to type in groups of four."""
    svg = segno.make(offer.address, error="m").svg_inline(scale=5, border=4, light="#fff")
    groups = (offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4))
    return {"qr": svg, "secret": " ".join(groups)}


def _facts(visit: Visit) -> dict[str, Any]:
    """What the page of the account shows: is there a password, a second factor, and where else is somebody signed in."""
    user, settings = visit.session.user, visit.ctx.settings
    with db.glance(visit.ctx.session_engine) as conn:
        factor = second_factors.find(conn, user.id)
        return {
            "user": user,
            "has_password": user.issuer is None and users.password_hash(conn, user.email) is not None,
            "factor": factor,
            "is_needed": second_step.is_needed(settings, user),
            "sessions": [
                {
                    "since": _instant(visit, one.created_at),
                    "seen": _instant(visit, one.seen_at),
                    "is_own": one.id == visit.session.id,
                }
                for one in session_store.in_use(
                    conn, user.id, timedelta(minutes=settings.session_idle_minutes)
                )
            ],
            "least": LEAST_PASSWORD,
            "most": MOST_PASSWORD,
        }


def _instant(visit: Visit, at: datetime) -> str:
    """`ma 30 nov 08:05`, by the clock of the city."""
    settings = visit.ctx.settings
    local = at.astimezone(ZoneInfo(settings.timezone))
    day = Translator(login_pages.language_of(visit.request, settings), today(settings)).day(local.date())
    return f"{day} {local:%H:%M}"
