"""Connections to the database, the two functions that run a fixed statement (`fetch`, `execute`), and the error for a lost connection."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import sql as psql
from psycopg.rows import RowFactory, dict_row, tuple_row
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from geo_service import logs, sql
from geo_service.cluster import Cluster
from geo_service.connection_pool import ClosingPool
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.settings import Settings
from geo_service.sql import Constant, Statement

Prepare = Callable[[psycopg.Connection], None]

DRIVER = "postgresql+psycopg"
APPLICATION = "geo_service"
NAME = Statement("SELECT set_config('application_name', $1, true)", ("name",))
CONNECT_TIMEOUT_S = 10
# The loss of the server or its network shows within half a minute, also while a statement waits (s, s, times, ms).
KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# The same days and plans whatever the server's own defaults; jit costs more than a query at a city's size.
SESSION_OPTIONS = "-c timezone=UTC -c jit=off"
# PostgreSQL ends a transaction that is idle for this long (s); otherwise it would hold a connection and dead rows.
READ_IDLE_S = 60
WRITE_IDLE_S = 900  # between two statements of an import lie minutes of Python at most
READ_STATEMENT_S = 60
NO_CONSTANTS: Mapping[str, Constant] = MappingProxyType({})


def database_url(settings: Settings) -> URL:
    """The URL for writes. Raises DatabaseUnreachable for a private cluster that was never started."""
    setting = settings.database_url
    return _complete(setting.get_secret_value() if setting else Cluster(settings.home).url, settings)


def read_database_url(settings: Settings) -> URL:
    """The URL for reads that may be slightly out of date: the replica of the settings, else the URL for writes."""
    setting = settings.read_database_url
    return _complete(setting.get_secret_value(), settings) if setting else database_url(settings)


def create_engine_from(settings: Settings, prepare: Prepare | None = None) -> Engine:
    """The engine for writes. `prepare` is called once for each new connection (scratch tables and such)."""
    return create_engine_for(
        database_url(settings),
        pool_size=settings.write_pool_size,
        timeout_s=settings.pool_timeout_s,
        prepare=prepare,
        idle_s=WRITE_IDLE_S,
    )


def create_read_engine_from(settings: Settings) -> Engine:
    """The engine for reads that a person waits for."""
    return create_engine_for(
        database_url(settings),
        pool_size=settings.read_pool_size,
        timeout_s=settings.pool_timeout_s,
        idle_s=READ_IDLE_S,
        statement_s=READ_STATEMENT_S,
    )


def create_engine_for(
    url: URL | str,
    *,
    pool_size: int = 5,
    timeout_s: float = 10,
    prepare: Prepare | None = None,
    idle_s: int = 0,
    statement_s: int = 0,
    connect_s: int = CONNECT_TIMEOUT_S,
) -> Engine:
    """An engine on psycopg 3 for any PostgreSQL URL; connects at first use.

    PostgreSQL ends a transaction that is idle for `idle_s` seconds and a statement that takes `statement_s`; 0: no limit.
    """
    limits = f"-c idle_in_transaction_session_timeout={idle_s}s -c statement_timeout={statement_s}s"
    engine = create_engine(
        make_url(url).set(drivername=DRIVER),
        poolclass=ClosingPool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout_s,
        hide_parameters=True,  # no personal data in errors and logs
        pool_pre_ping=True,  # a database that restarted costs no failed request
        connect_args={
            "application_name": APPLICATION,
            "connect_timeout": connect_s,
            **KEEPALIVE,
            "options": f"{SESSION_OPTIONS} {limits}",
        },
    )
    if prepare is not None:

        @event.listens_for(engine, "connect")
        def _prepare(connection: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
            prepare(connection)
            connection.commit()

    return engine


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed at the end of the block, rolled back by any error."""
    with reachable(), engine.connect() as connection, connection.begin():
        _name_session(connection)
        yield connection


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """One read-only transaction with one view of the data, however many statements it takes."""
    with reachable(), engine.connect() as connection:
        steady = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with steady.begin():
            _name_session(steady)
            yield steady


@contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """A connection for a single reading statement, without a transaction."""
    with reachable(), engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def scratch(engine: Engine) -> Iterator[Connection]:
    """One transaction with one view of the data that may make temporary tables; always rolled back. For the engine for writes: a
    replica has no temporary tables."""
    with reachable(), engine.connect() as connection:
        steady = connection.execution_options(isolation_level="REPEATABLE READ")
        with steady.begin() as transaction:
            yield steady
            transaction.rollback()


def _name_session(conn: Connection) -> None:
    """Name the request in `pg_stat_activity` and in the server's log until the transaction ends. It goes with BEGIN, in one message."""
    if (request_id := logs.request_id()) is not None:
        with pipeline(conn) as sender:
            sender.send(NAME, {"name": f"{APPLICATION} {request_id}"})


def fetch(
    conn: Connection,
    package: str,
    name: str,
    /,
    *,
    prepare: bool | None = None,
    constants: Mapping[str, Constant] = NO_CONSTANTS,
    **params: Any,
) -> list[dict[str, Any]]:
    """The rows of the statement `<name>.sql` of `package`, by column name.

    `prepare`: keep the prepared statement on this connection from the first run on (True), never (False), or after
    psycopg's threshold (None). `constants` replace parameters in the text. Errors are those of SQLAlchemy.
    """
    statement = sql.statement(package, name, **constants)
    with driver_of(conn) as driver:
        return _send(driver, statement, params, prepare, dict_row).fetchall()


def execute(
    conn: Connection,
    package: str,
    name: str,
    /,
    *,
    prepare: bool | None = None,
    constants: Mapping[str, Constant] = NO_CONSTANTS,
    **params: Any,
) -> int:
    """The number of rows that `<name>.sql` wrote; parameters as in `fetch`. A file without parameters may hold several statements."""
    statement = sql.statement(package, name, **constants)
    with driver_of(conn) as driver:
        return _send(driver, statement, params, prepare, tuple_row).rowcount


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sends one statement after the other without waiting for the answers between them."""

    driver: psycopg.Connection[Any]

    def send(
        self,
        statement: Statement,
        params: Mapping[str, Any] | None = None,
        *,
        prepare: bool = False,
        rows: RowFactory[Any] = tuple_row,
    ) -> psycopg.RawCursor[Any]:
        """The cursor of this statement; it waits when its rows are read. `prepare`: keep statement and plan on this connection."""
        return _send(self.driver, statement, params or {}, prepare, rows)

    def generic_plans(self, generic: bool = True) -> None:
        """Until the end of the transaction: one plan per prepared statement for all parameters, or PostgreSQL's own choice.

        PERF: a statement that looks around a few things takes longer to plan than to run.
        """
        self.send(Statement(f"SET LOCAL plan_cache_mode = {'force_generic_plan' if generic else 'auto'}"))


@contextmanager
def pipeline(conn: Connection) -> Iterator[Pipeline]:
    """Statements that every save sends: over psycopg's connection under `conn`, in the same transaction.

    Errors are those of SQLAlchemy; the error of a statement may be raised by a later one, or at the end of the block.
    """
    with driver_of(conn) as driver, driver.pipeline():
        yield Pipeline(driver)


def copy(conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table by COPY, which is many times faster than INSERT."""
    names = psql.SQL(", ").join(map(psql.Identifier, columns))
    statement = psql.SQL("COPY {} ({}) FROM STDIN").format(psql.Identifier(table), names)
    with driver_of(conn) as driver, driver.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(row)


def _send(
    driver: psycopg.Connection[Any],
    statement: Statement,
    params: Mapping[str, Any],
    prepare: bool | None,
    rows: RowFactory[Any],
) -> psycopg.RawCursor[Any]:
    cursor = psycopg.RawCursor(driver, row_factory=rows)
    # None: psycopg sends a text without parameters as it is, so it may hold several statements.
    return cursor.execute(statement.text.encode(), statement.values(params) or None, prepare=prepare)


@contextmanager
def driver_of(conn: Connection) -> Iterator[psycopg.Connection[Any]]:
    """psycopg's connection under `conn`, in the same transaction; its errors become those of SQLAlchemy."""
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        yield driver
    except psycopg.Error as error:
        lost = driver.closed
        if lost:
            conn.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost
        ) from error


@contextmanager
def reachable() -> Iterator[None]:
    """Raises DatabaseUnreachable when the block gets no connection or loses it."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnreachable("database_busy") from error
    except DBAPIError as error:
        if error.connection_invalidated or _never_connected(error):
            reason = str(error.orig).strip().splitlines()[0] if error.orig else "no connection"
            raise DatabaseUnreachable("database_silent", error=reason) from error
        raise


def _never_connected(error: DBAPIError) -> bool:
    """Whether the connection itself failed: then there is no statement, and no SQLSTATE from the server."""
    return (
        error.statement is None
        and isinstance(error.orig, psycopg.OperationalError)
        and error.orig.sqlstate is None
    )


def _complete(url: str, settings: Settings) -> URL:
    complete = make_url(url).set(drivername=DRIVER)
    if complete.password is None and settings.database_password:
        complete = complete.set(password=settings.database_password.get_secret_value())
    return complete
