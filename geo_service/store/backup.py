"""Write a database to one file, and put it back: pg_dump's archive, encrypted on request."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy import URL

from geo_service import db
from geo_service.domain.errors import GeoServiceError, PostgresMissing
from geo_service.postgres import PLACES, last_line

ARCHIVE, AGE = b"PGDMP", b"age-encryption.org/"
AGE_RECIPIENTS = ("age1", "ssh-")
OPTIONS = ("host", "port", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey")
"""What an address may say of how to connect, and PostgreSQL's programs are to follow."""
CHUNK_BYTES = 1 << 20
UNFINISHED = ".unfinished-backup-"
"""Begins the name of a backup that is being written; the file is locked for so long."""
YOUNG_S = 60.0
"""Another backup that has just made its file may not have locked it yet."""
BEGIN = b"BEGIN; SET LOCAL lock_timeout = '10s';\n"
"""A restore is to be alone: it waits so long for whoever still uses the database."""


class BackupFailure(GeoServiceError):
    """The backup cannot be made or put back."""

    code = "backup_failure"


def write(url: URL, file: Path, recipient: str | None = None) -> int:
    """Write the database at `url` to `file`, as it stands at this moment, and return the number of bytes.

    `recipient` is a public key of age (`age1…`, `ssh-…`), or the name of a key of gpg. The file takes its name when it is complete and on
    the disk; only its owner may read it. What a killed backup left in the folder goes. Raises BackupFailure, DatabaseUnreachable.
    """
    folder = file.absolute().parent
    _remove_unfinished(folder)
    _is_empty(url)  # a database that does not answer is told apart from a backup that fails
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
    except OSError as error:
        raise BackupFailure("backup.not_written", error=error.strerror) from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            _dump(url, out, recipient)
            os.fsync(handle)
        unfinished.replace(file)
    except OSError as error:
        raise BackupFailure("backup.not_written", error=error.strerror) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def _remove_unfinished(folder: Path) -> None:
    for file in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError), file.open("rb") as left:  # locked: somebody writes it
            if time.time() - os.fstat(left.fileno()).st_mtime < YOUNG_S:
                continue
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.unlink(missing_ok=True)


def restore(file: Path, url: URL, identity: Path | None = None, *, replace: bool = False) -> None:
    """Put a backup into the database at `url`: all of it, or nothing when anything goes wrong.

    `identity` is the file with the secret key for age; gpg asks its own agent. The database must be empty, unless `replace` lets everything in it go.
    Raises BackupFailure, DatabaseUnreachable.
    """
    if not (_is_empty(url) or replace):
        raise BackupFailure("backup.not_empty", database=url.database)
    with ExitStack() as programs:
        _replay(_script(file, identity, programs), _psql(url, programs))
    with _connection_to(url) as conn:
        db.fetch(conn, "geo_service.store", "backup_end_sessions")


def _is_empty(url: URL) -> bool:
    with _connection_to(url) as conn:
        return bool(db.fetch(conn, "geo_service.store", "backup_is_empty")[0]["empty"])


@contextmanager
def _connection_to(url: URL) -> Iterator[sa.Connection]:
    engine = db.create_engine_for(url)
    try:
        with db.read(engine) as conn:
            yield conn
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _Program:
    """A program of the system that runs, and the file with what it says of errors."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]

    def failure(self) -> str | None:
        """Wait for its end, and return its last words when that is not a good one."""
        if self.process.wait() == 0:
            return None
        self.errors.seek(0)
        return last_line(self.errors.read().decode(errors="replace"))


@contextmanager
def _program(
    words: list[str],
    *,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | int = subprocess.PIPE,
    url: URL | None = None,
) -> Iterator[_Program]:
    """Run a program, and end it with the block if it still runs: psql's transaction is rolled back then."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"} | (_connection(url) if url else {})
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(words, stdin=stdin, stdout=stdout, stderr=errors, env=environment)
        except FileNotFoundError:
            raise BackupFailure("backup.program_missing", program=words[0]) from None
        try:
            yield _Program(process, errors)
        finally:
            process.kill()
            for stream in (process.stdin, process.stdout):
                if stream:
                    with suppress(BrokenPipeError):
                        stream.close()
            process.wait()


def _client_program(name: str) -> Path:
    """The newest pg_dump, pg_restore or psql on this machine; PostgresMissing when there is none.

    Of PostgreSQL's own folders first: Debian's program on the PATH takes the version of a running server, which may be older.
    """
    folders = {
        folder for place in PLACES for folder in Path("/").glob(place.lstrip("/")) if (folder / name).exists()
    }
    if folders:
        return max(folders, key=_major) / name
    if on_path := shutil.which(name):
        return Path(on_path)
    raise PostgresMissing("postgres_missing.client", program=name)


def _major(folder: Path) -> int:
    number = re.search(r"\d+", str(folder))
    return int(number[0]) if number else 0


def _dump(url: URL, out: IO[bytes], recipient: str | None) -> None:
    dump = [str(_client_program("pg_dump")), "--format=custom", "--compress=6", "--no-password"]
    with _program(dump, stdout=out if recipient is None else subprocess.PIPE, url=url) as writer:
        if recipient is not None:
            _encrypt(writer, out, recipient)
        if error := writer.failure():
            raise BackupFailure("backup.not_dumped", error=error)


def _encrypt(writer: _Program, out: IO[bytes], recipient: str) -> None:
    gpg = ["gpg", "--batch", "--trust-model=always", "--encrypt"]
    encrypt = ["age"] if recipient.startswith(AGE_RECIPIENTS) else gpg
    assert writer.process.stdout
    with _program([*encrypt, "--recipient", recipient], stdin=writer.process.stdout, stdout=out) as cipher:
        writer.process.stdout.close()  # the cipher has it: when that ends early, pg_dump learns so
        if error := cipher.failure():
            raise BackupFailure("backup.not_encrypted", error=error)


def _script(file: Path, identity: Path | None, programs: ExitStack) -> list[_Program]:
    """The programs that turn a backup into SQL; the last one writes it."""
    try:
        stream: IO[bytes] = programs.enter_context(file.open("rb", buffering=0))
    except OSError as error:
        raise BackupFailure("backup.not_read", error=error.strerror) from error
    begin = stream.read(len(AGE))
    stream.seek(0)
    chain = []
    if not begin.startswith(ARCHIVE):
        if begin.startswith(AGE) and identity is None:
            raise BackupFailure("backup.identity_needed")
        decrypt = (
            ["age", "--decrypt", "--identity", str(identity)]
            if begin.startswith(AGE)
            else ["gpg", "--batch", "--decrypt"]
        )
        chain.append(programs.enter_context(_program(decrypt, stdin=stream)))
        assert chain[0].process.stdout
        stream = chain[0].process.stdout
    words = [str(_client_program("pg_restore")), "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    chain.append(programs.enter_context(_program(words, stdin=stream)))
    return chain


def _psql(url: URL, programs: ExitStack) -> _Program:
    words = [str(_client_program("psql")), "--no-psqlrc", "--quiet", "--no-password"]
    words += ["--set=ON_ERROR_STOP=1", f"--set=clear={Path(__file__).with_name('backup_clear.sql')}"]
    return programs.enter_context(_program(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, url=url))


def _replay(chain: list[_Program], psql: _Program) -> None:
    """Run the SQL of a backup in one transaction; it is committed when every program before it ended well."""
    to, script = psql.process.stdin, chain[-1].process.stdout
    assert to and script
    try:
        to.write(BEGIN + b"\\i :clear\n")
        while chunk := script.read(CHUNK_BYTES):
            to.write(chunk)
        for program in reversed(chain):
            if error := program.failure():
                raise BackupFailure("backup.unreadable", error=error)
        to.write(b"\nCOMMIT;\n")
        to.close()
    except BrokenPipeError:
        pass  # psql has ended, and says why
    if error := psql.failure():
        raise BackupFailure("backup.not_restored", error=error)


def _connection(url: URL) -> dict[str, str]:
    """The variables with which PostgreSQL's programs connect: a password never stands among a program's arguments."""
    parts = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    place = {name: str(value) for name, value in parts.items() if value is not None}
    options = {f"PG{name.upper()}": str(value) for name, value in url.query.items() if name in OPTIONS}
    return place | options | {"PGCONNECT_TIMEOUT": str(db.CONNECT_TIMEOUT_S)}
