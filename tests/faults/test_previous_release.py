"""Expand, then contract: the release before this one runs on the schema of this one, so that an upgrade stops nobody."""

from __future__ import annotations

import pytest

from scripts import previous_release

WRITES_AND_READS = (
    "tests/api/test_requests.py",
    "tests/api/test_steps.py",
    "tests/coordination/test_new_day.py",
)
"""A part of what `make previous` plays: repairs, works, conflicts, their steps and the night."""


def test_the_previous_release_runs_on_this_schema() -> None:
    release = previous_release.newest()
    if release is None:
        pytest.skip(previous_release.NONE)
    done = previous_release.play(release, WRITES_AND_READS)
    assert done.returncode == 0, done.stdout[-4000:]
