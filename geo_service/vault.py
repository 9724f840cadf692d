"""Personal data at rest: sealed with a key that is not in the database.

The key comes from the settings, or from a file beside the private database, which is made on demand. Several keys may be in use: the
first one seals, all of them open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from geo_service.domain.errors import PersonalKeyMissing, PersonalKeyWrong
from geo_service.settings import InvalidSettings, Settings

FILE = "personal.key"


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens personal data. Without keys it is closed: it refuses both."""

    fernet: MultiFernet | None = None

    @classmethod
    def of_keys(cls, keys: Sequence[str]) -> Self:
        """Return the vault of these keys. Raises InvalidSettings for what is no key, without showing it."""
        try:
            return cls(MultiFernet([Fernet(key) for key in keys]))
        except ValueError:
            raise InvalidSettings("personal_key_malformed") from None

    @property
    def is_closed(self) -> bool:
        """Whether there is no key."""
        return self.fernet is None

    def seal(self, plain: bytes) -> bytes:
        """Return the bytes, encrypted. Raises PersonalKeyMissing."""
        return self._keys().encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises PersonalKeyMissing, PersonalKeyWrong."""
        try:
            return self._keys().decrypt(bytes(sealed))
        except InvalidToken:
            raise PersonalKeyWrong("personal_key_wrong") from None

    def reseal(self, sealed: bytes) -> bytes:
        """Return the same, sealed with the first key. Raises PersonalKeyMissing, PersonalKeyWrong."""
        try:
            return self._keys().rotate(bytes(sealed))
        except InvalidToken:
            raise PersonalKeyWrong("personal_key_wrong") from None

    def seal_json(self, value: Any) -> bytes:
        """Return a JSON value, encrypted."""
        return self.seal(json.dumps(value, ensure_ascii=False).encode())

    def open_json(self, sealed: bytes) -> Any:
        """Return a JSON value that was sealed."""
        return json.loads(self.open(sealed))

    def _keys(self) -> MultiFernet:
        if self.fernet is None:
            raise PersonalKeyMissing("personal_key_missing")
        return self.fernet


CLOSED = Vault()


def of(settings: Settings) -> Vault:
    """Return the vault of an installation; a closed one without a key. Raises InvalidSettings."""
    if settings.personal_key is not None:
        return Vault.of_keys(_parts(settings.personal_key.get_secret_value()))
    file = settings.home / FILE
    return Vault.of_keys(_parts(file.read_text(encoding="utf-8"))) if file.exists() else CLOSED


def ready(settings: Settings) -> Vault:
    """Return the vault of an installation that is about to take in personal data.

    The private database gets a key of its own in a file that only this user reads. Another database must bring its key:
    raises PersonalKeyMissing.
    """
    vault = of(settings)
    if not vault.is_closed:
        return vault
    if settings.database_url is not None and not settings.demo:
        raise PersonalKeyMissing("personal_key_missing")
    write_keys(settings.home / FILE, [new_key()])
    return of(settings)


def add_key(settings: Settings) -> None:
    """Put a new key before those of the private database. The older ones stay: a service that still runs may seal with them."""
    file = settings.home / FILE
    write_keys(file, [new_key(), *_parts(file.read_text(encoding="utf-8"))])


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode()


def write_keys(file: Path, keys: Sequence[str]) -> None:
    """Write keys, the first one first, into a file that only this user reads. It is never there by halves."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write("\n".join(keys) + "\n")
    unfinished.replace(file)


def _parts(text: str) -> list[str]:
    parts = text.replace(",", " ").split()
    if not parts:
        raise InvalidSettings("personal_key_malformed")
    return parts
