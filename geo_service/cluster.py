"""The private PostgreSQL + PostGIS cluster under a home folder: no system service, no root needed.

`Cluster(home).start()` is safe to call at any time: after a clean stop, after `kill -9`, beside a second
process that starts the same home, and when another program has taken the remembered port.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from geo_service.domain.errors import DatabaseUnreachable
from geo_service.postgres import (
    Account,
    Binaries,
    clear_remains,
    find_binaries,
    free_port,
    last_line,
    works_in,
)

USER = "geo"
DATABASE = "geo_service"
EXTENSIONS = ("postgis", "btree_gist")
# Where a server account that cannot enter the home (a checkout under a 0700 folder, as root) keeps its data.
OUTSIDE_HOME = Path("/var/lib/geo-service")
SOCKET_PATH_MAX_BYTES = 107  # Linux' sun_path has 108 bytes, the last one ends the string
START_TIMEOUT_S = 120  # crash recovery replays the write-ahead log before the first connection
PORT_ATTEMPTS = 3

CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling a spatial join costs more than running it at a city's size
    "timezone": "UTC",
    "log_timezone": "UTC",
}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}


class ClusterFailed(DatabaseUnreachable):
    """The private database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class ClusterStatus:
    """`pid` and `port` are None while stopped; `version`, PostgreSQL's major, before the first start."""

    running: bool
    pid: int | None
    port: int | None
    version: int | None
    data: Path
    log: Path


@dataclass(frozen=True)
class _Memory:
    """What `<home>/cluster.json` (0600) keeps; `outside` is the folder of the data when not in the home."""

    password: str
    port: int
    outside: str | None = None


class Cluster:
    """One private cluster per home.

    `durable=False` is for tests: a crash of the machine may lose data, a killed process does not.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self._durable = durable

    def start(self) -> str:
        """Makes the cluster at the first call, starts it when stopped, and returns `url`.

        PostgresMissing when a package must be installed first, ClusterFailed when it does not come up.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with self._lock():
            account = Account.choose()
            self._settle(account)
            binaries = find_binaries(self._version())
            if not self._data.exists():
                self._initialise(account, binaries)
            if self._pid() is None:
                self._launch(account, binaries)
            self._ensure_database()
        return self.url

    def stop(self) -> None:
        """Stops the server; a stopped or never started cluster is fine."""
        if self._pid() is None:
            return
        with self._lock():
            pg_ctl, account = find_binaries(self._version()).program("pg_ctl"), Account.choose()
            for mode in ("fast", "immediate"):
                command: list[str | Path] = [pg_ctl, "stop", "-D", self._data, "-m", mode, "-w", "-t", "30"]
                if self._pid() is None or account.run(command, cwd=self._root).returncode == 0:
                    return
        raise ClusterFailed(f"the private database does not stop; see {self._log}")

    def destroy(self) -> None:
        """Stops the cluster and removes its data, log and memory for good."""
        self.stop()
        for folder in (self._root, _socket_folder(self._root)):
            shutil.rmtree(folder, ignore_errors=True)
        self._memory_file.unlink(missing_ok=True)

    def status(self) -> ClusterStatus:
        pid = self._pid()
        port = self._recall().port if pid else None
        return ClusterStatus(pid is not None, pid, port, self._version(), self._data, self._log)

    @property
    def url(self) -> str:
        """`postgresql://…` with the password, as libpq takes it. ClusterFailed before the first start."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        memory = self._recall()
        return f"postgresql://{USER}:{memory.password}@127.0.0.1:{memory.port}/{quote(database)}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Creates a database, as a copy of `template` when given, and returns its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self._connect("postgres") as connection:
            connection.execute(
                statement.format(sql.Identifier(name), sql.Identifier(template or "template0"))
            )
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drops a database and ends the sessions that still use it; a missing one is fine."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self._connect("postgres") as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # Places

    @property
    def _memory_file(self) -> Path:
        return self.home / "cluster.json"

    @property
    def _root(self) -> Path:
        outside = self._recall().outside if self._memory_file.exists() else None
        return Path(outside) if outside else self.home / "postgres"

    @property
    def _data(self) -> Path:
        return self._root / "data"

    @property
    def _log(self) -> Path:
        return self._root / "server.log"

    # Memory

    def _recall(self) -> _Memory:
        try:
            return _Memory(**json.loads(self._memory_file.read_text()))
        except FileNotFoundError:
            raise ClusterFailed("the private database was never started: run `geo-service db up`") from None
        except (ValueError, TypeError):
            raise ClusterFailed(
                f"{self._memory_file} is damaged: restore it or run `make demo-reset`"
            ) from None

    def _remember(self, memory: _Memory) -> None:
        """Written whole or not at all, so that a kill leaves the old or the new one."""
        handle, name = tempfile.mkstemp(dir=self.home)  # 0600
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(memory), file)
            file.flush()
            os.fsync(handle)
        Path(name).replace(self._memory_file)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One process at a time starts or stops a home; the lock ends with its process."""
        with (self.home / "cluster.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # Life

    def _settle(self, account: Account) -> None:
        """Chooses the folder and the password once, and remembers them before anything is made with them."""
        if not self._memory_file.exists():
            inside = self.home / "postgres"
            if (inside / "data").exists():
                raise ClusterFailed(
                    f"{self._memory_file} with the password of {inside} is gone: restore it or reset"
                )
            fits = account.make_folder(inside) and account.can_use(inside)
            outside = None if fits else str(_outside(self.home))
            self._remember(_Memory(secrets.token_urlsafe(24), free_port(), outside))
        if self._root.parent == OUTSIDE_HOME:
            OUTSIDE_HOME.mkdir(exist_ok=True)
            OUTSIDE_HOME.chmod(0o755)  # whatever root's umask is, the server's account must get through
        if not (account.make_folder(self._root) and account.can_use(self._root)):
            raise ClusterFailed(
                f"the account that runs PostgreSQL cannot use {self._root}: set GEO_HOME elsewhere"
            )

    def _initialise(self, account: Account, binaries: Binaries) -> None:
        """Into a folder of another name first: a killed initdb never looks like a finished one."""
        unfinished, password = self._root / "data.new", self._root / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        account.own(password)
        password.write_text(self._recall().password)
        command: list[str | Path] = [
            binaries.program("initdb"),
            "-D",
            unfinished,
            "-U",
            USER,
            "--pwfile",
            password,
        ]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if not self._durable:
            options.append("--no-sync")
        made = account.run([*command, *options], cwd=self._root)
        password.unlink()
        if made.returncode != 0:
            raise ClusterFailed(f"initdb failed: {last_line(made.stderr)}")
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'geo_service.conf'\n")
        unfinished.rename(self._data)

    def _launch(self, account: Account, binaries: Binaries) -> None:
        sockets = _socket_folder(self._root)
        if not account.make_folder(sockets):
            raise ClusterFailed(f"{sockets} belongs to somebody else: remove it")
        clear_remains(self._data, sockets)
        command: list[str | Path] = [
            binaries.program("pg_ctl"),
            "start",
            "-D",
            self._data,
            "-l",
            self._log,
            "-s",
            "-w",
        ]
        log = ""
        for _ in range(PORT_ATTEMPTS):  # between the look at a port and its use another program may take it
            self._remember(replace(self._recall(), port=free_port(self._recall().port)))
            self._configure(account, sockets)
            if self._log.exists():
                self._log.replace(self._log.with_suffix(".log.old"))
            done = account.run([*command, "-t", str(START_TIMEOUT_S)], cwd=self._root)
            if done.returncode == 0:
                return
            log = self._log.read_text(errors="replace") if self._log.exists() else done.stderr
            if "could not bind" not in log:
                break
        raise ClusterFailed(f"PostgreSQL does not start: {last_line(log)} (see {self._log})")

    def _configure(self, account: Account, sockets: Path) -> None:
        values = CONFIGURATION | ({} if self._durable else NOT_DURABLE)
        values |= {"port": str(self._recall().port), "unix_socket_directories": str(sockets)}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        file = self._data / "geo_service.conf"
        file.write_text("".join(lines))
        account.own(file)

    def _ensure_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount
        if not known:
            self.create_database(DATABASE)
        with self._connect(DATABASE) as connection:
            for extension in EXTENSIONS:
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
                connection.execute(statement.format(sql.Identifier(extension)))

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(self.url_of(database), autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            raise ClusterFailed(f"the private database does not answer: {last_line(str(error))}") from error

    def _version(self) -> int | None:
        try:
            return int((self._data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _pid(self) -> int | None:
        """The running server's process. The pid file alone proves nothing: ids come back after a crash."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if works_in(pid, self._data) else None


def _outside(home: Path) -> Path:
    return OUTSIDE_HOME / _short_hash(home)


def _socket_folder(root: Path) -> Path:
    inside = root / "run"
    if len(os.fsencode(inside / ".s.PGSQL.65535")) <= SOCKET_PATH_MAX_BYTES:
        return inside
    return Path("/tmp") / f"geo-service-{_short_hash(root)}"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
