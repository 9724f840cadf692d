"""A street of its own for each test."""

import pytest
import sqlalchemy as sa

from tests.scenes import Scene


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    return Scene(conn)
