"""Why somebody cannot sign in, in words for the login page."""

from __future__ import annotations

from typing import Any


class SignInRefused(Exception):
    """The sign-in did not succeed.

    `key` names the sentence for the login page and `params` fill it; `retry_s` is how long to wait before the next attempt (s).
    """

    def __init__(self, key: str, *, retry_s: int | None = None, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.retry_s = retry_s
        self.params = params
