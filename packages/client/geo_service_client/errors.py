"""What the service refuses, as exceptions: one for each kind of problem (RFC 9457), each with the service's own words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx


class ClientError(Exception):
    """The service refused, or did not answer. `code` is the service's own, `status` that of HTTP, `problem`
    the whole answer, `retry_s` when it may be asked again (s).
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int | None = None,
        problem: Mapping[str, Any] | None = None,
        retry_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.problem = dict(problem or {})
        self.retry_s = retry_s

    @property
    def errors(self) -> Sequence[Mapping[str, str]]:
        """The fields that were refused: `field`, `code`, `message`."""
        fields: Sequence[Mapping[str, str]] = self.problem.get("errors", ())
        return fields


class Unreachable(ClientError):
    """The service does not answer."""


class InvalidInput(ClientError):
    """The service refused fields; `errors` names them."""


class NotSignedIn(ClientError):
    """The key is wrong, or its time is over."""


class NotAllowed(ClientError):
    """The role or the scopes of the key are too narrow."""


class NotFound(ClientError):
    """There is nothing there."""


class TooManyRequests(ClientError):
    """Too many requests within a minute."""


class Busy(ClientError):
    """The service, its database or the proxy before it is busy, or away for a moment."""


OF_STATUS: Mapping[int, type[ClientError]] = {
    400: InvalidInput,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    422: InvalidInput,
    429: TooManyRequests,
    502: Busy,
    503: Busy,
    504: Busy,
}
WORTH_A_RETRY = (Busy, TooManyRequests, Unreachable)
"""What may be over in a moment."""


def check(answer: httpx.Response) -> None:
    """Raise the ClientError of an answer that is none; a streamed one must have been read."""
    if answer.is_success:
        return
    problem = _problem(answer)
    parts = [problem.get("title") or f"HTTP {answer.status_code}", problem.get("detail"), _moved(answer)]
    parts += [f"{one.get('field')}: {one.get('message')}" for one in problem.get("errors", ())]
    kind = OF_STATUS.get(answer.status_code, ClientError)
    raise kind(
        " – ".join(dict.fromkeys(part for part in parts if part)),
        code=problem.get("code", "http_error"),
        status=answer.status_code,
        problem=problem,
        retry_s=_seconds(answer.headers.get("retry-after")),
    )


def _moved(answer: httpx.Response) -> str | None:
    """Where the service is instead: a key is sent nowhere but to the address that was given."""
    to = answer.headers.get("location")
    return f"the service is at {to}" if answer.is_redirect and to else None


@contextlib.contextmanager
def reach(url: str) -> Iterator[None]:
    """Raise Unreachable, with the address, for what goes wrong on the way."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise Unreachable(f"{url} cannot be reached: {reason}", code="unreachable") from error


def _problem(answer: httpx.Response) -> dict[str, Any]:
    if "json" in answer.headers.get("content-type", ""):
        with contextlib.suppress(ValueError):
            problem = answer.json()
            return problem if isinstance(problem, dict) else {}
    return {}


def _seconds(retry_after: str | None) -> float | None:
    """The seconds of `Retry-After`; None for a date (RFC 9110 §10.2.3), which this service does not send."""
    return float(retry_after) if retry_after and retry_after.isdigit() else None
