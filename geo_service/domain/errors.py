"""What can go wrong, in the words of the field. Only `api/errors.py` knows status codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from geo_service.domain import messages


class GeoServiceError(Exception):
    """Base of every error the service raises on purpose.

    `code` is stable and goes to clients. `reason` and `params` choose and fill a sentence of the catalogue (domain/messages.py); without
    a reason, the sentence of `error.<code>` is all there is to say. `str(error)` is in English.
    """

    code = "internal_error"
    reason: str | None = None

    def __init__(self, reason: str | None = None, /, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason or type(self).reason
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        if self.reason is not None:
            return messages.english(self.reason, self.params)
        return (type(self).__doc__ or type(self).__name__).splitlines()[0]


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """One field that cannot be accepted: its place (`phases[0].geometry`), and the reason with its parameters (domain/messages.py)."""

    field: str
    reason: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def code(self) -> str:
        """The stable code for clients."""
        return messages.code_of(self.reason)

    @property
    def message(self) -> str:
        """The reason in English."""
        return messages.english(self.reason, self.params)


class InvalidInput(GeoServiceError):
    """The input cannot be accepted."""

    code = "invalid_input"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "; ".join(f"{error.field}: {error.message}" for error in self.errors)

    @classmethod
    def one(cls, name: str, reason: str, /, **params: Any) -> Self:
        """An error about a single field."""
        return cls([FieldError(name, reason, params)])


class UnknownParameter(InvalidInput):
    """The address does not know this query parameter."""


class NotFound(GeoServiceError):
    """There is nothing here with that id."""

    code = "not_found"


class Deleted(NotFound):
    """This was here once: `deletion` says since when it is in no list, and which record lives on in its place, if one does."""

    def __init__(self, reason: str, at: datetime, successor_id: UUID | None, /, **params: Any) -> None:
        super().__init__(reason, **params)
        self.deletion = {"at": at, "reason": reason, "successor_id": successor_id}


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


class TooManyRequests(GeoServiceError):
    """Too many requests within a minute; `retry_s` in the parameters says when the next one is taken (s)."""

    code = "too_many_requests"


class TooManyReports(GeoServiceError):
    """This key has filed as many reports in the last hour as it may."""

    code = "rate_limited"


class FeedRestarted(GeoServiceError):
    """The feed does not have this cursor: a backup was put back."""

    code = "feed_restarted"


class SourceUnreachable(GeoServiceError):
    """The source does not answer, or answers something else than data."""

    code = "source_unreachable"


class PersonalKeyMissing(GeoServiceError):
    """There is no key for personal data."""

    code = "personal_key_missing"


class PersonalKeyWrong(GeoServiceError):
    """These personal data are sealed with another key."""

    code = "personal_key_wrong"


class DatabaseUnreachable(GeoServiceError):
    """The database does not answer."""

    code = "database_unreachable"


class PostgresMissing(GeoServiceError):
    """PostgreSQL with PostGIS is not installed."""

    code = "postgres_missing"


class WorkerAbsent(GeoServiceError):
    """No worker gave a sign of life in the last minute."""

    code = "worker_absent"


class SparkFailed(GeoServiceError):
    """Spark does not answer, or did not finish."""

    code = "spark_failed"
