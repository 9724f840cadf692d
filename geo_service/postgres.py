"""PostgreSQL on this machine: where its programs are, the account they run as, what a killed one leaves."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from geo_service.domain.errors import DatabaseUnreachable, PostgresMissing

SUPPORTED = range(14, 19)
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
ORPHAN_PATIENCE_S = 5.0
PROGRAMS = ("initdb", "pg_ctl", "postgres")


class NoServerAccount(DatabaseUnreachable):
    """PostgreSQL refuses to run as root and there is no user `postgres` or `nobody` to run it."""


@dataclass(frozen=True)
class Binaries:
    """The programs of one installed PostgreSQL version."""

    version: int
    folder: Path

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(version: int | None = None) -> Binaries:
    """The newest supported PostgreSQL that has PostGIS, or exactly `version`; else PostgresMissing."""
    found = [one for one in _installed() if version in (None, one.version)]
    if not found:
        package = f"postgresql-{version or 15}-postgis-3"
        reason = (
            f"this home was made by PostgreSQL {version}"
            if version
            else "no PostgreSQL 14–18 with PostGIS here"
        )
        raise PostgresMissing(f"{reason}: run `apt-get install {package}`")
    return max(found, key=lambda one: one.version)


def _installed() -> Iterator[Binaries]:
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
                found = pwd.getpwnam(name)
                return cls(found.pw_uid, found.pw_gid, is_self=False)
        raise NoServerAccount

    def run(self, command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Runs a program to its end as this account, with a bare environment; the caller reads the code."""
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
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


def free_port(preferred: int = 0) -> int:
    """The preferred loopback port when nobody listens there, else one the system gives."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise DatabaseUnreachable("no free port on 127.0.0.1")


def works_in(pid: int, folder: Path) -> bool:
    """Whether that process lives and has `folder` as its working directory, as every server process has."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def _orphans(data: Path) -> list[int]:
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and works_in(int(one.name), data)
    ]


def clear_remains(data: Path, sockets: Path) -> None:
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


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return (fatal or lines or ["no message"])[-1].strip()
