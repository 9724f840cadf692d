"""The pages of signing in as HTML: the templates of the viewer, its files and its sentences. They need no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from geo_service import i18n
from geo_service.accounts.demo import PEOPLE
from geo_service.api.context import Context
from geo_service.api.identity import SESSION_COOKIE
from geo_service.api.static_files import StaticFiles
from geo_service.settings import Settings, is_loopback, today

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
LANGUAGE = "taal"
LOCALES = {"nl": "nl-BE", "en": "en-GB"}


class LoginPages:
    """Renders the templates below a folder."""

    def __init__(self, templates: Path, files: StaticFiles) -> None:
        loader = jinja2.FileSystemLoader(templates)
        self._environment = jinja2.Environment(
            loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
        )
        self._environment.globals["asset"] = lambda name: f"/viewer/v-{files.version}/static/{name}"

    def render(
        self, request: Request, ctx: Context, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """One page in the language of its reader."""
        language = language_of(request, ctx.settings)
        shown = {
            "city": ctx.settings.city_name,
            "language": language,
            "languages": i18n.LANGUAGES,
            "locale": LOCALES[language],
            "in_language": _other_language(request),
            "t": i18n.Translator(language, today(ctx.settings)).text,
            **values,
        }
        page = self._environment.get_template(template).render(shown)
        return HTMLResponse(page, status, headers={**HEADERS, "Vary": "Accept-Language, Cookie"})

    def problem(
        self, request: Request, ctx: Context, status: int, code: str, headers: Mapping[str, str]
    ) -> HTMLResponse:
        """The page that says in words that the service cannot answer now."""
        query = f"?{request.url.query}" if request.url.query else ""
        page_of_form = f"/{request.url.path.split('/')[1]}"
        again = f"{request.url.path}{query}" if request.method == "GET" else page_of_form
        values = {"title": self.say(request, ctx, f"error.{code}"), "again": again}
        page = self.render(request, ctx, "problem.html", status=status, **values)
        page.headers.update(headers)
        return page

    def say(self, request: Request, ctx: Context, key: str, **params: Any) -> str:
        """A sentence in the language of the reader."""
        return i18n.Translator(language_of(request, ctx.settings), today(ctx.settings)).text(key, **params)

    def login(
        self,
        request: Request,
        ctx: Context,
        next_: str,
        *,
        key: str | None = None,
        params: dict[str, Any] | None = None,
        status: int = 200,
        tone: str = "wrong",
        email: str = "",
        first: bool = False,
    ) -> HTMLResponse:
        """The login page; `key` names a sentence above the form, which `params` fill."""
        language = language_of(request, ctx.settings)
        oidc = ctx.settings.oidc_issuer is not None
        return self.render(
            request,
            ctx,
            "login.html",
            status=status,
            next=next_,
            email=email,
            first=first,
            message=key and self.say(request, ctx, key, **(params or {})),
            tone=tone,
            people=PEOPLE if is_demo(request, ctx.settings) else (),
            oidc=oidc,
            query=f"?{urlencode({'next': next_, LANGUAGE: language})}",
        )


def language_of(request: Request, settings: Settings) -> i18n.Language:
    """The language of the address (`?taal=`), else the one the browser likes best."""
    chosen = request.query_params.get(LANGUAGE)
    language = next((one for one in i18n.LANGUAGES if one == chosen), None)
    return language or i18n.preferred(request.headers.get("accept-language"), settings.language)


def is_demo(request: Request, settings: Settings) -> bool:
    """Whether the demo's accounts are there: the service and whoever asks are on this machine, and the page was opened by its address."""
    client = request.client.host if request.client else ""
    host = request.url.hostname or ""
    return settings.demo and all(map(is_loopback, (settings.host, client, host)))


def address_of(request: Request) -> str:
    """The address of the client, as attempts to sign in are counted."""
    return request.client.host if request.client else "unknown"


def set_session(response: Response, token: str, settings: Settings) -> None:
    """The cookie of a session: no script reads it, no other site sends it with a write."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=round(settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
        path="/",
    )


def clear_session(response: Response, settings: Settings) -> None:
    """Forget the cookie."""
    response.delete_cookie(
        SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=is_secure(settings)
    )


def is_secure(settings: Settings) -> bool:
    """Whether people reach the service over https."""
    return settings.base_url.startswith("https://")


def _other_language(request: Request) -> Callable[[str], str]:
    """The address of this page in another language."""
    query = {name: value for name, value in request.query_params.items() if name != LANGUAGE}
    return lambda code: f"{request.url.path}?{urlencode({**query, LANGUAGE: code})}"
