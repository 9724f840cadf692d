"""Codes of a second factor: those of an authenticator app (TOTP, RFC 6238), and those on paper for who lost it."""

from __future__ import annotations

import hashlib
import secrets
import time

import pyotp

STEP_S = 30
DRIFT_STEPS = 1
"""How far the clock of a telephone may be off, in steps."""
PAPER_CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look like others."""


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def address(secret: str, login: str, service: str) -> str:
    """The `otpauth://` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=service)


def step_of(secret: str, code: str, *, now: float | None = None) -> int | None:
    """The step of 30 s whose code this is; None for a wrong code. `now`: seconds since 1970."""
    totp, step = pyotp.TOTP(secret), int((time.time() if now is None else now) // STEP_S)
    steps = range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)
    return next((one for one in steps if totp.verify(code, for_time=one * STEP_S)), None)


def new_paper_codes() -> tuple[str, ...]:
    """Codes of 79 random bits, each good for one time."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        for _ in range(PAPER_CODES)
    )


def paper_hash(code: str) -> bytes:
    """A code on paper as it is stored, however it was typed. A fast hash is enough for 79 random bits: there is nothing to guess."""
    return hashlib.sha256("".join(one for one in code.casefold() if one.isalnum()).encode()).digest()


def plain(code: str) -> str:
    """What somebody typed, without spaces: apps show `123 456`."""
    return "".join(code.split())
