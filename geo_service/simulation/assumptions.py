"""What the simulated year assumes, each number with its source. `docs/simulation.md` shows them, and what halving or doubling them does.

Nothing here is read from the service's claims or parameters: what is really opened when is a model of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from geo_service.domain.errors import InvalidInput

# Deciles (0 % … 100 %) of 1,172 worksites of Osiris that were first seen as planned or permitted between 1 December 2025 and 23 February
# 2026, by `python -m scripts.real.starts --shared …`; the files are weekly.
LEAD_DAYS = (0, 1, 2, 5, 7, 9, 14, 18, 25, 35, 179)
"""From the first sight of works to their stated start."""
WINDOW_DAYS = (1, 1, 4, 6, 10, 11, 14, 29, 59, 141, 731)
"""Length of the stated period."""
DELAY_DAYS = (0, 0, 0, 0, 0, 3, 4, 5, 6, 14, 63)
"""From the stated start to the first week in which the works were seen open, of the 573 that were."""
OPEN_SHARE = (0.02, 0.19, 0.57, 1, 1, 1, 1, 1, 1, 1, 1)
"""Part of the stated period in which they were seen open, of the 379 that were over."""
SLIP_DAYS = (1, 1, 1.8, 2.7, 4, 6, 7, 8.3, 14, 17.4, 76)
"""By how much the start of permitted works moved later, of the 40 in 907 of which it did."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Numbers of a year. Shares lie between 0 and 1, densities are per kilometre of footpath and year."""

    works_per_km: float = 2.5
    """Works that open a footpath: connections and cables as 52 to 40, as in the demo city, and urgent ones. Our own estimate: Flanders 2017
    shows 13 larger works at a time per town, and connections were not registered then."""
    urgent_share: float = 0.09
    """Works that are begun at once and told a day later: a leak, a cable on fire. Osiris: 139 of 1,543 new worksites."""
    occupancies_per_km: float = 1.0
    """Containers and scaffolds, which open nothing. Our own estimate."""
    reports_per_km: float = 2.0
    """Defects that are reported: about one a day in a town of 28,000. Our own estimate."""
    near_works_share: float = 0.33
    """Reports that lie on a section which works open in the same year, as in the demo city; the others lie anywhere."""
    section_share: float = 0.4
    """Repairs of the whole section, the others of the hole alone, as in the demo city."""
    danger_share: float = 0.17
    """Reports of danger, as in the demo city."""
    late_report_share: float = 0.1
    """Reports (none of danger) that reach the service up to five days late. Our own choice."""
    begin_share: float = 0.73
    """Announced works that are really carried out. Osiris: 331 of 455 permitted works whose end had passed were seen open; those of a few
    days can fall between two weekly files, so that it is a lower bound."""
    open_cancel_share: float = 0.013
    """Of works that never come, those that say so. Osiris: 3 of 229; the others are left as they were and vanish."""
    slip_share: float = 0.044
    """Announced works of which the start moves later. Osiris: 40 of 907."""
    slip_late_share: float = 0.9
    """… and of these, told only on or after the start that was stated until then. Osiris: 36 of 40."""
    drawn_off_m: float = 0.5
    """Standard deviation of where works are drawn from where they are dug. Our own choice; GIPOD buffers lines by 0.25 m."""
    late_entry_share: float = 0.009
    """Other works that appear in the source only when they are open. Osiris: 12 of 1,404."""
    silent_share: float = 0.01
    """Works that no source ever shows. Osiris: officials found 6 beside 1,585 new worksites (0.4 %); taken twice, as nobody finds all."""
    vanish_share: float = 0.955
    """Works that vanish from the source after they ran, instead of being reported as done. Osiris: 362 of 379."""
    feed_failure_share: float = 0.02
    """Nights on which the source cannot be read. Our own choice."""
    answer_share: float = 0.8
    """Owners that answer a question about their works with what they really plan. Our own choice; the others are asked again."""
    answer_days: float = 5
    """Working days until they do. Our own choice."""
    moratorium_share: float = 0.9
    """Owners that keep out of a section which was laid anew when the city asks them before they begin. No source: the codes of the
    towns forbid it for two to five years, but for emergencies and new connections."""
    spare_capacity: float = 1.25
    """Repairs that the crews can do a year, to those that are reported. Our own choice."""
    plan_days: float = 3
    """Working days from planning a repair to doing it. Our own choice."""
    desk_cases_a_day: float = 10
    """Conflicts between works that the desk settles on a working day. Our own choice."""
    most_wait_days: float = 183
    """Days after which a coordinator decides to go ahead. Our own choice."""


NAMES = tuple(one.name for one in fields(Assumptions))
SHARES = tuple(name for name in NAMES if name.endswith("_share"))
MAIN = (
    "works_per_km",
    "near_works_share",
    "urgent_share",
    "begin_share",
    "slip_share",
    "late_entry_share",
    "silent_share",
    "answer_share",
    "moratorium_share",
    "drawn_off_m",
    "plan_days",
)
"""Those of which `docs/simulation.md` shows what happens when they are halved and doubled."""
MOST = 1_000.0


def changed(before: Assumptions, values: Mapping[str, float]) -> Assumptions:
    """Return `before` with these values. Raises InvalidInput for a name or a value that makes no sense."""
    for name, value in values.items():
        if name not in NAMES:
            raise InvalidInput.one("assume", "no_such_assumption", given=name, known=[*NAMES])
        most = 1.0 if name in SHARES else MOST
        if not 0 <= value <= most:
            raise InvalidInput.one(name, "out_of_range", least="0", most=f"{most:g}")
    return replace(before, **values)


def scaled(before: Assumptions, name: str, factor: float) -> Assumptions:
    """Return `before` with one number times `factor`; a share is at most 1. Raises InvalidInput for an unknown name."""
    if name not in NAMES:
        raise InvalidInput.one("assume", "no_such_assumption", given=name, known=[*NAMES])
    value = factor * float(getattr(before, name))
    return changed(before, {name: min(1.0, value) if name in SHARES else value})
