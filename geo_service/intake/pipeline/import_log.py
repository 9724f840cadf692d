"""The stored row of an import: its progress, its committed counts, and its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
import structlog

from geo_service.domain.errors import GeoServiceError, InvalidInput
from geo_service.intake.pipeline import source_alerts
from geo_service.intake.pipeline.report import Report
from geo_service.intake.wait_policy import Interrupted
from geo_service.store import imports

log = structlog.get_logger(__name__)


class NothingUsable(InvalidInput):
    """No record of a source is usable: its form has changed, or it is another source."""

    code = "nothing_usable"


class OutOfMemory(GeoServiceError):
    """Reading a source takes more memory than an import may use."""

    code = "out_of_memory"

    @classmethod
    def within(cls, most_bytes: int | None = None) -> OutOfMemory:
        """The error for a limit of `most_bytes` (bytes), or for an unmeasured one."""
        gigabytes = None if most_bytes is None else round(most_bytes / (1 << 30), 1)
        return cls("out_of_memory", gigabytes=gigabytes)


class Cancelled(GeoServiceError):
    """A person cancelled an import; its committed records stay."""

    code = "cancelled"


@dataclass(slots=True)
class ImportLog:
    """Writes the stored row of one import. `import_id` is None in a dry run, which stores no row; `before`
    holds the counts that an earlier attempt committed.
    """

    conn: sa.Connection
    import_id: UUID | None = None
    before: Mapping[str, int] = field(default_factory=dict)

    def store_progress(self, report: Report, done: int, total: int | None) -> None:
        """Store the progress, in the caller's transaction: `done` of `total` records are stored."""
        if self.import_id is None:
            return
        committed = {name: count + self.before.get(name, 0) for name, count in report.progress().items()}
        imports.note_progress(
            self.conn, self.import_id, {"read": report.read, "done": done, "total": total, **committed}
        )

    def finish(self, report: Report, *, changes: bool = False) -> None:
        """Store the outcome, and add the counts of an earlier attempt to `report`.

        An import without a usable record has failed; its report holds the reason of each record. An import of
        `changes` only may be empty.
        """
        report.go_on(self.before)
        if self.import_id is None:
            return
        if report.read == report.rejected and not changes:
            report.failure = _useless(report)
        with self.conn.begin():
            if report.failure:
                result = {**report.counts(), **error_details(report.failure)}
                imports.finish(self.conn, self.import_id, "failed", result, report.rejections)
            else:
                imports.finish(self.conn, self.import_id, "done", report.counts(), report.rejections)
                source_alerts.report_success(self.conn, report.source)


def _useless(report: Report) -> NothingUsable:
    if report.read == 0:
        return NothingUsable.one("origin", "nothing_there")
    return NothingUsable.one("origin", "nothing_usable", records=report.read)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """The request for an import as it is stored: `origin` and `mapping` without secrets, `import_id` of a
    queued import.
    """

    origin: str | None
    import_id: UUID | None = None
    mapping: str | None = None
    accept_shrink: bool = False
    dry: bool = False


@contextmanager
def open_import_log(conn: sa.Connection, report: Report, request: ImportRequest) -> Iterator[ImportLog]:
    """Store a row for the import of `report`, and its outcome at the end. A queued import that must stop
    goes back to the queue.
    """
    if request.dry:
        yield ImportLog(conn)
        return
    with conn.begin():
        import_id_, before = imports.start(
            conn,
            report.source,
            request.origin,
            request.import_id,
            mapping=request.mapping,
            accept_shrink=request.accept_shrink,
        )
    try:
        yield ImportLog(conn, import_id_, Report.committed(before))
    except Exception as error:
        if not conn.invalidated:
            conn.rollback()
            with conn.begin():
                if isinstance(error, Interrupted) and request.import_id is not None:
                    imports.put_back(conn, import_id_)
                else:
                    imports.finish(conn, import_id_, "failed", _failure(report, error))
        raise


def _failure(report: Report, error: Exception) -> dict[str, object]:
    """The stored form of an error: text for errors of the service, a code for all others."""
    log.warning("import failed", source=report.source, error=str(error), read=report.read)
    details: dict[str, object] = {"source": report.source, "read": report.read}
    return {**details, **details_of_any(error)}


def details_of_any(error: Exception) -> dict[str, object]:
    """The details of any error; one from outside the service has a code only, and the log has the rest."""
    if isinstance(error, MemoryError):
        error = OutOfMemory.within()
    return error_details(error) if isinstance(error, GeoServiceError) else {"error": "internal_error"}


def error_details(error: GeoServiceError) -> dict[str, object]:
    """The details of an error of the service, with every figure that a translation needs."""
    details: dict[str, object] = {"error": error.code, "message": str(error)}
    if isinstance(error, InvalidInput):
        details["errors"] = [
            {"field": one.field, "code": one.code, "message": one.message, "params": dict(one.params)}
            for one in error.errors
        ]
    elif error.reason is not None:
        details |= {"reason": error.reason, "params": dict(error.params)}
    return details
