"""What happens in a street, in words for everybody: no conflict, no money, nothing that people typed, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geo_service.domain.buildings import PAVEMENT_KINDS
from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.presentation import sources
from geo_service.store.agenda import Agenda, Entry
from geo_service.store.organisations import CITY_GROUP

EFFECTS: Mapping[str, str] = {
    "Geen doorgang voor voetgangers": "no_walkers",
    "Beperkte doorgang voor voetgangers": "few_walkers",
    "Geen doorgang voor fietsers": "no_cyclists",
    "Beperkte doorgang voor fietsers": "few_cyclists",
    "Geen doorgang voor gemotoriseerd verkeer": "no_cars",
    "Geen doorgang voor gemotoriseerd verkeer uitgezonderd plaatselijk verkeer": "no_cars_but_local",
    "Geen doorgang voor gemotoriseerd verkeer uitgezonderd openbaar vervoer": "no_cars_but_buses",
    "Geen doorgang voor gemotoriseerd verkeer uitgezonderd hulpdiensten": "no_cars_but_help",
    "Afgesloten in 1 rijrichting": "one_direction",
    "Versmalde rijstroken": "narrow_lanes",
    "Vermindering van rijstroken": "fewer_lanes",
    "Wisselend verkeer via verkeersborden": "in_turns",
    "Wisselend verkeer via verkeerslichten": "in_turns",
    "Snelheidsbeperking": "slow",
    "Handelaars moeilijk bereikbaar": "shops",
}
"""GIPOD's own words for what works mean for those who pass, and ours; any other words are not repeated."""


@dataclass(frozen=True, slots=True)
class Words:
    """One entry for its reader; `under_way` says whether its source says that it is going on."""

    title: str
    place: str
    days: str
    effects: tuple[str, ...]
    source: str
    at_door: bool
    under_way: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen in a street, with the `words` of each entry of its agenda."""

    agenda: Agenda
    words: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Reader:
    """Words the entries of one street. `owners` are the names that may be said, by owner group; `ages_days` says how old each source is."""

    street: str
    city: str
    owners: Mapping[str, str]
    ages_days: Mapping[str, int]
    translator: Translator

    def words(self, agenda: Agenda) -> list[Words]:
        """Return the words of each entry."""
        rows = zip(agenda.entries, agenda.houses, agenda.pavements, strict=True)
        return [self._words(*row) for row in rows]

    def _words(self, entry: Entry, houses: Mapping[str, str] | None, pavements: Sequence[str]) -> Words:
        kinds = [code for code in entry.surfaces if code in PAVEMENT_KINDS] or list(pavements)
        return Words(
            title=self._title(entry, kinds),
            place=self._text("large_area") if entry.umbrella else self._place(houses, kinds),
            days=self._text("days", days=(entry.ends_on - entry.starts_on).days),
            effects=tuple(self._effects(entry)),
            source=self._source(str(entry.row["source"])),
            at_door=entry.at_door and not entry.umbrella,
            under_way=self._is_under_way(entry),
        )

    def _is_under_way(self, entry: Entry) -> bool:
        says_so = "in_progress" in (entry.row.get("certainty"), entry.row.get("status"))
        return says_so and entry.starts_on <= self.translator.today

    def _title(self, entry: Entry, kinds: Sequence[str]) -> str:
        last = entry.ends_on - ONE_DAY
        form = ".day" if entry.starts_on == last else ""
        is_late = entry.ends_on <= self.translator.today and not entry.umbrella
        return self._text(
            f"{happening(entry)}{'.late' if is_late else form}",
            owner=self.owners.get(entry.row["owner_group"]) or self._text("other_owner"),
            surface=self._text(f"surface.{kinds[0] if kinds else 'street'}"),
            **{"from": entry.starts_on, "last": last},
        )

    def _place(self, houses: Mapping[str, str] | None, kinds: Sequence[str]) -> str:
        parts = [self.translator.text(f"pavement.{kind}").lower() for kind in kinds]
        if houses:
            first, last = houses["number_from"], houses["number_to"]
            parts += [self.translator.text(f"side.{houses['side']}")] if kinds == ["footpath"] else []
            form = "number" if first == last else "numbers"
            parts.append(self._text(form, first=first, last=last))
        elsewhere = [houses["street"]] if houses and houses["street"] != self.street else []
        return ", ".join([*elsewhere, *parts])

    def _effects(self, entry: Entry) -> Iterable[str]:
        if entry.umbrella:
            yield self._text("effect.umbrella")
        elif entry.opens_surface:
            yield self._text("effect.opens")
        consequences = entry.row.get("consequences") or ()
        codes = dict.fromkeys(EFFECTS.get(one, "traffic") for one in consequences)
        yield from (self._text(f"effect.{code}") for code in codes)
        if entry.row.get("vanished_at"):
            yield self._text("effect.vanished")

    def _source(self, source: str) -> str:
        """Where it stands, and when that was last read; what no feed brings the city noted itself."""
        if source not in self.ages_days:
            return self._text("source", source=self.city)
        read_on = self.translator.today - timedelta(days=self.ages_days[source])
        return self._text("source.read", source=sources.label(source), on=read_on)

    def _text(self, key: str, **figures: str | int | date) -> str:
        return self.translator.text(f"street_page.{key}", **figures)


def plan_of(agenda: Agenda, city: str, translator: Translator) -> Plan:
    """Return the plan of a street in the words of this reader; `city` is the name of the city's organisation."""
    reader = Reader(
        street=agenda.street,
        city=city,
        owners={**agenda.owners, CITY_GROUP: city},
        ages_days=agenda.ages_days,
        translator=translator,
    )
    return Plan(agenda, reader.words(agenda))


def happening(entry: Entry) -> str:
    """Return what an entry is: a repair, an event, works that are sure or not, or works somewhere in a large area."""
    if entry.kind == "repair":
        return "repair"
    if entry.row["kind"] == "event":
        return "event"
    if entry.umbrella:
        return "umbrella"
    return "perhaps" if entry.row["certainty"] == "indicative" else "works"
