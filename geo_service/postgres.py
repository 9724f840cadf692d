"""PostgreSQL on this machine: where its programs are, the account they run as, what a killed one leaves."""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from geo_service.domain.errors import DatabaseUnreachable, PostgresMissing

SUPPORTED = range(14, 19)
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}
SOCKET_PATH_MAX_BYTES = 107  # Linux' sun_path has 108 bytes, the last one ends the string
START_TIMEOUT_S = 120  # crash recovery replays the write-ahead log before the first connection
STOP_TIMEOUT_S = 30
ORPHAN_PATIENCE_S = 5.0
PROGRAMS = ("initdb", "pg_ctl", "postgres")


class NoServerAccount(DatabaseUnreachable):
    """PostgreSQL refuses to run as root and there is no user `postgres` or `nobody` to run it."""

    reason = "no_server_account"


@dataclass(frozen=True)
class Binaries:
    """The programs of one installed PostgreSQL version."""

    version: int
    folder: Path

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(version: int | None = None) -> Binaries:
    """The newest supported PostgreSQL that has PostGIS, or exactly `version`; else PostgresMissing."""
    candidates = [one for one in _installations() if version in (None, one.version)]
    if not candidates:
        package = f"postgresql-{version or 15}-postgis-3"
        if version is None:
            raise PostgresMissing("postgres_missing", package=package)
        raise PostgresMissing("postgres_missing.version", package=package, version=version)
    return max(candidates, key=lambda one: one.version)


def _installations() -> Iterator[Binaries]:
    folders = {folder.resolve() for place in PLACES for folder in Path("/").glob(place.lstrip("/"))}
    if on_path := shutil.which("pg_config"):
        folders.add(Path(_ask(Path(on_path), "--bindir")))
    for folder in sorted(folders):
        config = folder / "pg_config"
        if config.exists() and all((folder / program).exists() for program in PROGRAMS):
            major = re.search(r"\d+", _ask(config, "--version"))
            version = int(major[0]) if major else 0
            if (
                version in SUPPORTED
                and (Path(_ask(config, "--sharedir")) / "extension/postgis.control").exists()
            ):
                yield Binaries(version, folder)


def _ask(pg_config: Path, option: str) -> str:
    return subprocess.run([pg_config, option], capture_output=True, text=True, check=True).stdout.strip()


@dataclass(frozen=True)
class Account:
    """Who the server runs as: oneself, or an unprivileged user when oneself is root."""

    uid: int
    gid: int
    is_self: bool

    @classmethod
    def choose(cls) -> Self:
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_self=True)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                account = pwd.getpwnam(name)
                return cls(account.pw_uid, account.pw_gid, is_self=False)
        raise NoServerAccount

    def run(self, command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs a program to its end as this account, with a bare environment; the caller reads the code."""
        # whose run this is, for whoever tidies up after it
        started_by = {name: os.environ[name] for name in ("STARTED_BY",) if name in os.environ}
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **started_by},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=None if self.is_self else self.uid,
            group=None if self.is_self else self.gid,
            extra_groups=None if self.is_self else [],
        )

    def own(self, path: Path) -> None:
        if not self.is_self:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def make_folder(self, path: Path) -> bool:
        """Makes a private folder of this account; False when the name is taken by somebody else's."""
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            return path.is_dir() and not path.is_symlink() and path.lstat().st_uid == self.uid
        self.own(path)
        return True

    def can_use(self, folder: Path) -> bool:
        """Whether this account can write there: asked of the system, so parents and access lists count."""
        return self.is_self or self.run(["test", "-w", folder], cwd=Path("/")).returncode == 0


class ServerFailed(DatabaseUnreachable):
    """PostgreSQL does not start or stop; the message ends with its own words."""


class PortTaken(ServerFailed):
    """Another program listens on the port."""


@dataclass(frozen=True)
class Server:
    """One PostgreSQL server and the folder of its data, its log and, where the path is short, its socket."""

    root: Path
    durable: bool

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def sockets(self) -> Path:
        inside = self.root / "run"
        if len(os.fsencode(inside / ".s.PGSQL.65535")) <= SOCKET_PATH_MAX_BYTES:
            return inside
        return Path("/tmp") / f"geo-service-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}"  # nosec B108 # mode 0700, refused when it is somebody else's

    def version(self) -> int | None:
        """PostgreSQL's major version that made the data; None when there is none."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def pid(self) -> int | None:
        """The running server's process. The pid file alone proves nothing: ids come back after a crash."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if _works_in(pid, self.data) else None

    def initialise(self, user: str, password: str) -> None:
        """Into a folder of another name first: a killed initdb never looks like a finished one."""
        account, unfinished, secret = Account.choose(), self.root / "data.new", self.root / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        account.own(secret)
        secret.write_text(password)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        places = [f"--pgdata={unfinished}", f"--username={user}", f"--pwfile={secret}"]
        initdb = find_binaries().program("initdb")
        made = account.run(
            [initdb, *options, *places, *([] if self.durable else ["--no-sync"])], cwd=self.root
        )
        secret.unlink()
        if made.returncode != 0:
            why = first_error(made.stderr)
            raise ServerFailed("postgres_not_made", error=why)
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'geo_service.conf'\n")
        unfinished.rename(self.data)

    def start(self, configuration: Mapping[str, str]) -> None:
        """Clears what a killed server left, and returns when it accepts connections. May raise PortTaken."""
        account = Account.choose()
        if not account.make_folder(self.sockets):
            raise ServerFailed("folder_not_ours", folder=str(self.sockets))
        _clear_remains(self.data, self.sockets)
        self._configure(account, configuration)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.old"))
        pg_ctl = find_binaries(self.version()).program("pg_ctl")
        options = [f"--pgdata={self.data}", f"--log={self.log}", f"--timeout={START_TIMEOUT_S}"]
        done = account.run([pg_ctl, "start", "--silent", "--wait", *options], cwd=self.root)
        if done.returncode != 0:
            log = self.log.read_text(errors="replace") if self.log.exists() else done.stderr
            failure = PortTaken if "could not bind" in log else ServerFailed
            why, file = last_line(log), str(self.log)
            raise failure("postgres_not_started", error=why, file=file)

    def stop(self) -> None:
        """Ends the sessions and the server; a server that is down is fine."""
        pg_ctl, account = find_binaries(self.version()).program("pg_ctl"), Account.choose()
        options = [f"--pgdata={self.data}", f"--timeout={STOP_TIMEOUT_S}"]
        for mode in ("fast", "immediate"):
            command: list[str | Path] = [pg_ctl, "stop", "--silent", "--wait", f"--mode={mode}", *options]
            if self.pid() is None or account.run(command, cwd=self.root).returncode == 0:
                return
        raise ServerFailed("postgres_not_stopped", file=str(self.log))

    def _configure(self, account: Account, configuration: Mapping[str, str]) -> None:
        values = {**configuration, "unix_socket_directories": str(self.sockets)}
        values |= {} if self.durable else NOT_DURABLE
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        file = self.data / "geo_service.conf"
        file.write_text("".join(lines))
        account.own(file)


def free_port(preferred: int = 0) -> int:
    """The preferred loopback port when nobody listens there, else one the system gives."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise DatabaseUnreachable("ports_taken")


def _works_in(pid: int, folder: Path) -> bool:
    """Whether that process lives and has `folder` as its working directory, as every server process has."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def _orphans(data: Path) -> list[int]:
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and _works_in(int(one.name), data)
    ]


def _clear_remains(data: Path, sockets: Path) -> None:
    """Removes what a killed server leaves: its children first (two servers on one data folder would ruin it),
    then its pid and socket files, which name a process id that may be another program's by now.
    """
    deadline = time.monotonic() + ORPHAN_PATIENCE_S
    while orphans := _orphans(data):
        if time.monotonic() > deadline:
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for file in sockets.glob(".s.PGSQL.*"):
        file.unlink(missing_ok=True)


def first_error(text: str) -> str:
    """What went wrong, and not what followed from it (such as a clean-up that failed as well)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    return (wrong or lines or ["no message"])[0]


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (fatal or lines or ["no message"])[-1].strip()
