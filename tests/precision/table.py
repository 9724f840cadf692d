"""Counting: per class precision and recall, per group what went right, and every miss with what made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.precision.groups import LAZY
from tests.precision.measure import Outcome
from tests.precision.situations import LABELS, Situation


@dataclass(frozen=True, slots=True)
class Score:
    """How often a class was meant, said, and both."""

    meant: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """The part of what was said that was meant."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The part of what was meant that was said."""
        return self.right / self.meant if self.meant else 1.0


def scores(situations: Sequence[Situation], found: Mapping[int, Outcome]) -> dict[str, Score]:
    """By class; what lies nearby and an opportunity are questions of their own, asked where only one answer is right."""
    told = [(one.label, found[one.number].said) for one in situations]
    by_class = {
        label: Score(
            sum(meant == label for meant, _ in told),
            sum(said == label for _, said in told),
            sum(meant == said == label for meant, said in told),
        )
        for label in LABELS
    }
    near = [(one.nearby, found[one.number].nearby) for one in situations if one.nearby is not None]
    by_class["nearby"] = _yes_or_no(near)
    offered = [
        (one.opportunity, found[one.number].opportunity) for one in situations if one.opportunity is not None
    ]
    by_class["opportunity"] = _yes_or_no(offered)
    return by_class


def decidable(situations: Sequence[Situation]) -> list[Situation]:
    """Without the works that are drawn over the whole street and dug in a part that no record names: of those one can only ask."""
    return [one for one in situations if one.group != LAZY]


def _yes_or_no(told: Sequence[tuple[bool, bool]]) -> Score:
    return Score(
        sum(meant for meant, _ in told),
        sum(said for _, said in told),
        sum(meant and said for meant, said in told),
    )


def wrong_blocks_across(situations: Sequence[Situation], found: Mapping[int, Outcome]) -> list[Situation]:
    """The error that must not happen: a repair held by works that lie on the other side of its street."""
    return [one for one in situations if one.across and found[one.number].said == "block"]


def misses(situations: Sequence[Situation], found: Mapping[int, Outcome]) -> list[tuple[Situation, str, str]]:
    """Every wrong answer: the situation, what was meant, what was said."""
    wrong = []
    for one in situations:
        got = found[one.number]
        if got.said != one.label:
            wrong.append((one, one.label, got.said))
        if one.opportunity is not None and got.opportunity != one.opportunity:
            meant, said = ("opportunity", "none") if one.opportunity else ("none", "opportunity")
            wrong.append((one, meant, said))
        if one.nearby is not None and got.nearby != one.nearby:
            wrong.append((one, *(("nearby", "none") if one.nearby else ("none", "nearby"))))
    return wrong


def lines(situations: Sequence[Situation], found: Mapping[int, Outcome]) -> Iterator[str]:
    """The tables as Markdown, but for the misses."""
    yield "| class | meant | said | right | precision | recall |"
    yield "| --- | --- | --- | --- | --- | --- |"
    told = scores(situations, found)
    told["block, where a record can tell"] = scores(decidable(situations), found)["block"]
    for name, score in told.items():
        yield f"| {name} | {score.meant} | {score.said} | {score.right} | {score.precision:.3f} | {score.recall:.3f} |"
    across = [one for one in situations if one.across]
    yield f"\nWrong blocks across the street: {len(wrong_blocks_across(situations, found))} of {len(across)}.\n"
    yield "| group | situations | meant | said | opportunities |"
    yield "| --- | --- | --- | --- | --- |"
    for group in dict.fromkeys(one.group for one in situations if not one.group.startswith("golden")):
        members = [one for one in situations if one.group == group]
        yield _group_line(group, members, found)
    golden = [one for one in situations if one.group.startswith("golden")]
    right = sum(found[one.number].said == one.label for one in golden)
    yield f"| the golden list | {len(golden)} | | {right} right | |\n"


def seeds(measured: Mapping[int, tuple[Sequence[Situation], Mapping[int, Outcome]]]) -> Iterator[str]:
    """Other sets of the same making, a line each: precision of blocks in all and where a record can tell, their recall, and the wrong blocks across the street."""
    yield "| seed | precision of blocks | where a record can tell | recall of blocks | wrong blocks across |"
    yield "| --- | --- | --- | --- | --- |"
    for seed, (situations, found) in measured.items():
        blocks = scores(situations, found)["block"]
        told = scores(decidable(situations), found)["block"]
        across = len(wrong_blocks_across(situations, found))
        yield f"| {seed} | {blocks.precision:.3f} | {told.precision:.3f} | {blocks.recall:.3f} | {across} |"
    yield ""


def _group_line(group: str, members: Sequence[Situation], found: Mapping[int, Outcome]) -> str:
    said = Counter(found[one.number].said for one in members)
    told = ", ".join(f"{label} {said[label]}" for label in LABELS if said[label])
    asked = [one for one in members if one.opportunity is not None]
    right = sum(found[one.number].opportunity == one.opportunity for one in asked)
    offered = f"{right} of {len(asked)} right" if asked else ""
    return f"| {group}{' *' if group == LAZY else ''} | {len(members)} | {members[0].label} | {told} | {offered} |"
