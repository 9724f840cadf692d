"""`make previous`: does the previous release run on the schema of this one? Its own tests say so, on a database that this version migrated.

.venv/bin/python -m scripts.previous_release                                    # the newest tag that is not this commit
.venv/bin/python -m scripts.previous_release --release v0.1.0 tests/api/test_requests.py
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MIGRATIONS = Path("geo_service") / "store" / "migrations" / "versions"
NODE = "node_modules"
TESTS = ("tests/api", "tests/coordination", "tests/alerts")
"""What reads and writes as people and machines do."""
NONE = "there is no release before this one: no tag v… but at this commit"


def git(*words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True).stdout  # nosec B607 # the developer's own git


def newest() -> str | None:
    """The newest tag of a release that is not this commit."""
    tags = git("tag", "--list", "v*", "--sort=-version:refname", "--no-contains", "HEAD").split()
    return tags[0] if tags else None


def unpack(release: str, folder: Path) -> None:
    """Put a release into an empty folder, with the migrations of this version in the place of its own, beside the packages of Node."""
    archive = folder.with_suffix(".tar")
    git("archive", f"--output={archive}", release)
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()
    shutil.rmtree(folder / MIGRATIONS)
    shutil.copytree(PROJECT / MIGRATIONS, folder / MIGRATIONS)
    (folder / NODE).symlink_to((PROJECT / NODE).resolve())


def play(release: str, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run these tests of a release on the schema of this version, with the packages of this one."""
    with tempfile.TemporaryDirectory(prefix="geo-previous-") as made:
        Path(made).chmod(0o755)  # the account of PostgreSQL goes through it
        folder = Path(made) / "release"
        unpack(release, folder)
        paths = os.pathsep.join([str(folder), str(folder / "packages" / "client")])
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        records = os.environ.get(
            "GEO_SHARED", PROJECT.parent / "shared"
        )  # it looks beside itself, and is elsewhere
        env = {**os.environ, "PYTHONPATH": paths, "GEO_SHARED": str(Path(records).resolve())}
        return subprocess.run(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )


def main() -> int:
    """Play the tests and print what pytest says; the exit code is that of pytest."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--release", default=newest(), help="a tag, or any commit")
    words.add_argument("tests", nargs="*", default=TESTS, help="tests of that release")
    given = words.parse_args()
    if given.release is None:
        sys.stdout.write(f"{NONE}\n")
        return 0
    done = play(given.release, given.tests)
    sys.stdout.write(
        f"{done.stdout}\n{given.release} on the schema of this version: {'runs' if not done.returncode else 'FAILS'}\n"
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
