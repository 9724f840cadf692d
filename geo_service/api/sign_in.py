"""`/login`, `/logout`, `/auth/callback`: how people come in and go out. Pages in HTML, not part of the documented API."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from geo_service import db
from geo_service.accounts import demo, local, oidc, second_step, sessions
from geo_service.accounts.refusals import SignInRefused
from geo_service.api import cross_site, login_pages, own_account
from geo_service.api.context import Context, ContextDep
from geo_service.api.identity import SESSION_COOKIE
from geo_service.api.login_pages import LoginPages
from geo_service.api.redirect_target import own_path
from geo_service.domain.errors import InvalidInput, NotFound
from geo_service.domain.users import LEAST_PASSWORD, MOST_PASSWORD
from geo_service.store import users

SEE_OTHER = 303
UNREACHABLE = ("login.oidc.down", "login.oidc.slow")
FLOW_COOKIE = "gs_signin"
STEP_COOKIE = "gs_step"
STEP = "/login/code"

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
Next = Annotated[str, Query(alias="next")]


async def _pages(request: Request) -> LoginPages:
    pages: LoginPages = request.app.state.login_pages
    return pages


Pages = Annotated[LoginPages, Depends(_pages)]


@router.get("/login")
def login(request: Request, ctx: ContextDep, pages: Pages, next_: Next = "/", uit: str = "") -> Response:
    """The login page; `uit=1` after signing out."""
    with db.glance(ctx.session_engine) as conn:
        first = not users.is_any(conn)
    key = "login.out" if uit == "1" else None
    return pages.login(request, ctx, own_path(next_), key=key, tone="good", first=first)


@router.post("/login")
def sign_in(  # nosec B107 # empty until somebody enters it
    request: Request, ctx: ContextDep, pages: Pages, email: Text = "", password: Text = "", next_: Next = "/"
) -> Response:
    """Sign in with a local account."""
    _check_local(request, ctx)
    try:
        entry = local.sign_in_by_password(
            ctx.write_engine,
            ctx.settings,
            ctx.vault,
            email.replace("\x00", ""),
            password,
            address=login_pages.address_of(request),
            before=request.cookies.get(SESSION_COOKIE),
        )
    except SignInRefused as refused:
        return _refuse(pages, request, ctx, refused, own_path(next_), email)
    return _go_on(ctx, entry, own_path(next_))


@router.get(STEP)
def ask_code(request: Request, ctx: ContextDep, pages: Pages, next_: Next = "/") -> Response:
    """The page for the code of the second factor; for who must have one and has none, the QR code of a new one."""
    return _code_page(pages, request, ctx, own_path(next_))


@router.post(STEP)
def sign_in_by_code(
    request: Request, ctx: ContextDep, pages: Pages, code: Text = "", next_: Next = "/"
) -> Response:
    """Sign in with the code of the second factor, after the password."""
    _check_local(request, ctx)
    before = request.cookies.get(SESSION_COOKIE)
    step = request.cookies.get(STEP_COOKIE, "")
    address = login_pages.address_of(request)
    try:
        token, paper = second_step.finish(
            ctx.write_engine, ctx.settings, ctx.vault, step, code, address=address, before=before
        )
    except SignInRefused as refused:
        if refused.key == "login.code.wrong":
            return _code_page(pages, request, ctx, own_path(next_), refused)
        return _refuse(pages, request, ctx, refused, own_path(next_))
    if paper:
        response: Response = pages.render(request, ctx, "paper_codes.html", codes=paper, next=own_path(next_))
        login_pages.set_session(response, token, ctx.settings)
    else:
        response = _enter(ctx, token, own_path(next_))
    response.delete_cookie(STEP_COOKIE, path=STEP)
    return response


@router.post("/login/demo")
def sign_in_demo(request: Request, ctx: ContextDep, role: Text = "", next_: Next = "/") -> Response:
    """Sign in as the demo's person of a role. Raises NotFound where there is no demo, or no such person."""
    if not login_pages.is_demo(request, ctx.settings) or role not in demo.BY_ROLE:
        raise NotFound("nothing_here")
    cross_site.check(request, ctx.settings.base_url)
    before = request.cookies.get(SESSION_COOKIE)
    token = demo.sign_in(ctx.write_engine, ctx.settings, role, before=before)
    return _enter(ctx, token, own_path(next_))


@router.get("/login/link/{token}")
def link(request: Request, ctx: ContextDep, pages: Pages, token: str) -> Response:
    """The page of a one-time link, on which a person chooses a password."""
    try:
        return _link_page(pages, request, ctx, token)
    except SignInRefused as refused:
        return _refuse(pages, request, ctx, refused)


@router.post("/login/link/{token}")
def choose_password(  # nosec B107 # empty until somebody enters it
    request: Request, ctx: ContextDep, pages: Pages, token: str, password: Text = ""
) -> Response:
    """Choose a password and be signed in."""
    _check_local(request, ctx)
    before = request.cookies.get(SESSION_COOKIE)
    try:
        entry = local.set_password(ctx.write_engine, ctx.settings, ctx.vault, token, password, before=before)
    except SignInRefused as refused:
        return _refuse(pages, request, ctx, refused)
    except InvalidInput as weak:
        [error] = weak.errors
        return _link_page(pages, request, ctx, token, wrong=f"login.{error.code}")
    return _go_on(ctx, entry, "/")


@router.get("/login/oidc")
def depart(request: Request, ctx: ContextDep, pages: Pages, next_: Next = "/") -> Response:
    """Send a person to the issuer. Raises NotFound where there is none."""
    _check_issuer(ctx)
    try:
        departure = oidc.begin(ctx.write_engine, ctx.settings, own_path(next_))
    except SignInRefused as refused:
        return _refuse(pages, request, ctx, refused, own_path(next_))
    response = RedirectResponse(departure.address, SEE_OTHER)
    response.set_cookie(
        FLOW_COOKIE,
        departure.browser,
        max_age=round(oidc.FLOW_LIFETIME.total_seconds()),
        path=oidc.CALLBACK,
        httponly=True,
        samesite="lax",
        secure=login_pages.is_secure(ctx.settings),
    )
    return response


@router.get(oidc.CALLBACK)
def callback(
    request: Request,
    ctx: ContextDep,
    pages: Pages,
    state: str = "",
    code: str = "",
    error: str = "",
    iss: str = "",
) -> Response:
    """A person comes back from the issuer. Raises NotFound where there is none."""
    _check_issuer(ctx)
    came = oidc.Return(state, code, error, iss, request.cookies.get(FLOW_COOKIE, ""))
    before = request.cookies.get(SESSION_COOKIE)
    try:
        token, path = oidc.finish(ctx.write_engine, ctx.settings, came, before=before)
    except SignInRefused as refused:
        response = _refuse(pages, request, ctx, refused)
    else:
        response = _enter(ctx, token, path)
    response.delete_cookie(FLOW_COOKIE, path=oidc.CALLBACK)
    return response


@router.post("/logout")
def logout(request: Request, ctx: ContextDep, pages: Pages) -> Response:
    """End the session; whoever has its cookie later is not signed in with it."""
    cross_site.check(request, ctx.settings.base_url)
    token = request.cookies.get(SESSION_COOKIE)
    session = sessions.end(ctx.write_engine, ctx.settings, token) if token else None
    target = oidc.leave(ctx.settings, session.id_token if session else None)
    # No redirect to the issuer: `form-action` of our pages lets a form lead to this service only.
    response: Response = (
        pages.render(request, ctx, "leaving.html", target=target)
        if target
        else RedirectResponse("/login?uit=1", SEE_OTHER)
    )
    login_pages.clear_session(response, ctx.settings)
    return response


def _check_local(request: Request, ctx: Context) -> None:
    """Raises NotFound where people sign in at an issuer, NotAllowed for a form of another site."""
    if ctx.settings.oidc_issuer is not None:
        raise NotFound("nothing_here")
    cross_site.check(request, ctx.settings.base_url)


def _check_issuer(ctx: Context) -> None:
    if ctx.settings.oidc_issuer is None:
        raise NotFound("nothing_here")


def _go_on(ctx: Context, entry: second_step.Entry, path: str) -> Response:
    """To the page that was asked for, or first to the second factor."""
    if not entry.needs_code:
        return _enter(ctx, entry.token, path)
    response = RedirectResponse(f"{STEP}?{urlencode({'next': path})}", SEE_OTHER)
    response.set_cookie(
        STEP_COOKIE,
        entry.token,
        max_age=round(second_step.STEP_LIFETIME.total_seconds()),
        path=STEP,
        httponly=True,
        samesite="lax",
        secure=login_pages.is_secure(ctx.settings),
    )
    return response


def _code_page(
    pages: LoginPages, request: Request, ctx: Context, next_: str, wrong: SignInRefused | None = None
) -> Response:
    """The page for the code; the login page when that took too long."""
    token = request.cookies.get(STEP_COOKIE, "")
    try:
        with db.glance(ctx.session_engine) as conn:
            user, offer = second_step.pending(conn, ctx.settings, ctx.vault, token)
    except SignInRefused as refused:
        return _refuse(pages, request, ctx, refused, next_)
    status, message = (401, pages.say(request, ctx, wrong.key)) if wrong else (200, None)
    if offer is None:
        return pages.render(request, ctx, "code.html", status=status, message=message, name=user.name)
    action, values = f"{STEP}?{request.url.query}", own_account.offer_values(offer)
    return pages.render(
        request, ctx, "second_factor.html", status=status, message=message, action=action, **values
    )


def _enter(ctx: Context, token: str, path: str) -> Response:
    response = RedirectResponse(path, SEE_OTHER)
    login_pages.set_session(response, token, ctx.settings)
    return response


def _refuse(
    pages: LoginPages,
    request: Request,
    ctx: Context,
    refused: SignInRefused,
    next_: str = "/",
    email: str = "",
) -> Response:
    status = 401 if refused.retry_s is None else 429
    if refused.key in UNREACHABLE:
        status = 502
    page = pages.login(
        request, ctx, next_, key=refused.key, params=refused.params, status=status, email=email
    )
    if refused.retry_s is not None:
        page.headers["Retry-After"] = str(refused.retry_s)
    return page


def _link_page(
    pages: LoginPages, request: Request, ctx: Context, token: str, wrong: str | None = None
) -> Response:
    user = local.link_user(ctx.session_engine, token)
    page = pages.render(
        request,
        ctx,
        "link.html",
        status=200 if wrong is None else 422,
        name=user.name,
        email=user.email,
        least=LEAST_PASSWORD,
        most=MOST_PASSWORD,
        message=wrong and pages.say(request, ctx, wrong, least=LEAST_PASSWORD, most=MOST_PASSWORD),
    )
    return page
