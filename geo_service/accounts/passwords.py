"""Passwords: argon2id, with the parameters of RFC 9106 §4 for little memory."""

from __future__ import annotations

import functools
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 4
"""Hashes computed at the same time; each takes 64 MiB."""

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)


def encode(password: str) -> str:
    """The hash to store, with its salt and parameters."""
    with _turns:
        return _hasher.hash(password)


def matches(password: str, encoded: str | None) -> bool:
    """Whether this is the password. Without a hash the answer is no, and takes as long."""
    with _turns:
        try:
            return _hasher.verify(encoded or _of_nobody(), password) and encoded is not None
        except (VerificationError, InvalidHashError):
            return False


@functools.cache
def _of_nobody() -> str:
    return _hasher.hash("the password of an account that is not there")
