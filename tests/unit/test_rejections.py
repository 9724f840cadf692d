"""What an import left out is kept on disk, in the order of the rows."""

import resource

from geo_service.intake.pipeline.rejections import Rejections
from geo_service.intake.records import Rejection

MANY = 200_000
MOST_KB = 40_000


def rejection(row: int, message: str = "why") -> Rejection:
    return Rejection(row, None, "code", "field", {"words": message})


def test_they_come_in_the_order_of_their_rows() -> None:
    left_out = Rejections(rejection(row) for row in (5, 1, 3))
    assert [one.row for one in left_out] == [1, 3, 5]
    assert [one.row for one in left_out.first(2)] == [1, 3]
    assert len(left_out) == 3
    assert "row=1" in repr(left_out)


def test_what_no_database_holds_is_left_out_of_the_words() -> None:
    [one] = Rejections([rejection(1, "half a pair \ud83d and a NUL \0.")])
    assert one.message == "half a pair ? and a NUL ."


def test_many_take_no_more_memory_than_few() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    left_out = Rejections(rejection(row, f"{row} is wrong " * 10) for row in range(MANY))
    assert sum(1 for _ in left_out) == MANY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_KB
