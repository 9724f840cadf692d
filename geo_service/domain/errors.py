"""What can go wrong, in the words of the field. Only `api/errors.py` knows status codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Self


class GeoServiceError(Exception):
    """Base of every error the service raises on purpose.

    `code` is stable and goes to clients. `message` says in English what is wrong; `reason` names the sentence for other languages, which
    `params` fill (`i18n.Translator.error`). Without a reason the sentence of `error.<code>` is all there is to say.
    """

    code = "internal_error"
    reason: str | None = None

    def __init__(self, message: str = "", *, reason: str | None = None, **params: Any) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).splitlines()[0])
        self.reason = reason or type(self).reason
        self.params: Mapping[str, Any] = params


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """One field that cannot be accepted: where it is (`phases[0].geometry`), a stable code, and why.

    `message` says it in English, with its figures; `params` are those figures, for the sentence of `code` in other languages
    (`i18n.Translator.rejection`).
    """

    field: str
    code: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class InvalidInput(GeoServiceError):
    """The input cannot be accepted."""

    code = "invalid_input"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{e.field}: {e.message}" for e in errors))
        self.errors = tuple(errors)

    @classmethod
    def one(cls, name: str, code: str, message: str, **params: Any) -> Self:
        """An error about a single field."""
        return cls([FieldError(name, code, message, params)])


class UnknownParameter(InvalidInput):
    """The address does not know this query parameter."""


class NotFound(GeoServiceError):
    """There is nothing here with that id."""

    code = "not_found"


class VersionMismatch(GeoServiceError):
    """The item has changed since it was read."""

    code = "version_mismatch"


class VersionRequired(GeoServiceError):
    """A change needs the version that was read (If-Match)."""

    code = "version_required"


class NotAllowed(GeoServiceError):
    """This role may not do that."""

    code = "forbidden"


class NotSignedIn(GeoServiceError):
    """A key or a session is needed."""

    code = "unauthenticated"


class InvalidTransition(GeoServiceError):
    """That step is not possible from the present state."""

    code = "invalid_transition"


class BlockedByWorks(GeoServiceError):
    """The repair cannot be scheduled: works will open the surface."""

    code = "blocked_by_works"

    def __init__(self, conflicts: Sequence[Any], advice: Any) -> None:
        super().__init__()
        self.conflicts = tuple(conflicts)
        self.advice = advice


class Busy(GeoServiceError):
    """All that there is of this is in use by others."""

    code = "busy"


class TooManyReports(GeoServiceError):
    """This key has filed as many reports in the last hour as it may."""

    code = "rate_limited"


class SourceUnreachable(GeoServiceError):
    """The source does not answer, or answers something else than data."""

    code = "source_unreachable"


class DatabaseUnreachable(GeoServiceError):
    """The database does not answer."""

    code = "database_unreachable"


class PostgresMissing(GeoServiceError):
    """PostgreSQL with PostGIS is not installed."""

    code = "postgres_missing"
