"""Golden scenarios that need no more than one footpath section each."""

from __future__ import annotations

from .diary import at
from .model import Completion, PavementSection
from .sites import box_at, connection, spot, strip
from .stage import FLUVIUS, PROXIMUS, WORKS_DAYS, Stage, middle


def _scheduled_first(stage: Stage, section: PavementSection) -> None:
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Verzakking over het hele vak", "subsidence", planned=(3, 5)
    )
    work = stage.trench(
        section, WORKS_DAYS, created_at=at(stage.diary.today, 5, 30), modified_at=at(stage.diary.today, 5, 30)
    )
    stage.place(
        2, "works_after_schedule", "Eerst ingepland, dan kwam Proximus",
        "De herstelling is over 3 dagen gepland; vanmorgen kwamen de werken binnen. Beide diensten worden verwittigd.",
        section, "wasted_repair open, alerts to werkplaatsen and nutsen", [work], [repair],
    )  # fmt: skip


def _danger(stage: Stage, section: PavementSection) -> None:
    work = stage.trench(section, WORKS_DAYS)
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Diepe put, iemand is gevallen", "pothole", urgency="danger"
    )
    stage.place(
        3, "danger", "Gevaar: maak veilig", "Een gevaarlijke put waar over 30 dagen gegraven wordt: nu een lap, later herstellen.",
        section, "make_safe now, definitive repair after the works", [work], [repair],
    )  # fmt: skip


def _slip(stage: Stage, section: PavementSection) -> None:
    work = stage.trench(section, WORKS_DAYS)
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Losse tegels voor de voordeur", days_ago=6
    )
    stage.place(
        5, "slipping_works", "Werken die verschuiven", "De herstelling wacht op Proximus. Schuift dat op of valt het weg, dan komt ze vrij.",
        section, "wait; gipod.slipped(features, GipodId, 122) moves the hold, with_status(…, 'Niet uitgevoerd') releases",
        [work], [repair],
    )  # fmt: skip


def _guarantee(stage: Stage, section: PavementSection) -> None:
    """The trench covers the first half of the section; the second hole lies one metre past its end."""
    half = middle(section)
    work = stage.diary.dig(
        PROXIMUS, section.street, strip([section], 0.8, (0.0, 0.5)), (-45, -31), stage.text(section, "Plaatsen leidingen", half)
    )  # fmt: skip
    inside = stage.diary.report(
        section, spot(section, half / 2), "Put in de dichtgelegde sleuf", "subsidence", "spot", days_ago=1
    )
    outside = stage.diary.report(
        section, spot(section, half + 1.0), "Kapotte tegel naast de sleuf", scope="spot", days_ago=1
    )
    stage.place(
        6, "guarantee", "Garantie op de sleuf", "Proximus legde hier vorige maand dicht. In de sleuf betaalt Proximus, een meter ernaast niet.",
        section, "guarantee_applies -> recover for the first repair; no guarantee for the second", [work], [inside, outside],
        click=spot(section, half / 2),
    )  # fmt: skip


def _moratorium(stage: Stage, section: PavementSection) -> None:
    area = round(section.geometry.area, 1)
    done = Completion(stage.diary.day(-30), "section", area, round(area * 120, 2))
    repair = stage.diary.report(
        section,
        spot(section, middle(section)),
        "Volledig vak heraangelegd",
        days_ago=52,
        planned=(-33, -30),
        completed=done,
    )
    work = stage.trench(
        section, WORKS_DAYS, created_at=at(stage.diary.today, 5, 45), modified_at=at(stage.diary.today, 5, 45)
    )
    stage.place(
        7, "moratorium", "Sperperiode: pas hersteld", "Dit voetpad is vorige maand heraangelegd; vandaag werden werken aangemeld.",
        section, "wasted_repair as moratorium case to nutsen", [work], [repair],
    )  # fmt: skip


def _far_away(stage: Stage, section: PavementSection) -> None:
    work = stage.trench(
        section, (608, 636), FLUVIUS, occupancies=("Elektriciteit",), status="Niet-concreet gepland"
    )
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Eén gebroken tegel", scope="spot", days_ago=3
    )
    stage.place(
        8, "indicative", "Onzekere werken over 20 maanden", "Een plek van € 150 mag hersteld worden; voor het hele vak eerst afstemmen.",
        section, "spot -> repair with low cost at risk; section -> wait or coordinate", [work], [repair],
    )  # fmt: skip


def _shared_trench(stage: Stage, section: PavementSection) -> None:
    first = stage.trench(section, (40, 54), FLUVIUS, occupancies=("Elektriciteit",))
    second = stage.trench(section, (124, 138))
    stage.place(
        9, "shared_trench", "Kans: één sleuf in plaats van twee", "Fluvius en Proximus openen hetzelfde voetpad met tien weken ertussen.",
        section, "shared_trench opportunity to nutsen with the saving", [first, second],
    )  # fmt: skip


def _race(stage: Stage, section: PavementSection) -> None:
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Losse boordsteen", "kerb", days_ago=2
    )
    stage.place(
        10, "race", "Twee mensen op hetzelfde ogenblik", "Terwijl de ene de herstelling inplant, meldt de andere hier werken aan.",
        section, "never both without a conflict; nothing planned here yet", (), [repair],
    )  # fmt: skip


def _aerial(stage: Stage, section: PavementSection) -> None:
    work = stage.diary.occupy(
        "Proximus CUO PROV Area 2.1", section.street, box_at(section, middle(section), 8, 2.4, 0.4), (5, 6),
        f"8870 | Izegem | {section.street} | {section.number_from}", ("Hoogtewerker", "Nutswerken"),
        starts_at=at(stage.diary.day(5), 7), ends_at=at(stage.diary.day(5), 17),
    )  # fmt: skip
    stage.place(
        13, "aerial_platform", "Hoogtewerker: breekt niets open", "Een hoogtewerker staat één dag boven het voetpad. Enkel die dag is er geen plaats.",
        section, "no wasted_repair; occupancy only on the same day", [work],
    )  # fmt: skip


def _two_ids(stage: Stage, section: PavementSection) -> None:
    number = f"{section.number_from}"
    works = [
        stage.diary.dig(
            FLUVIUS, section.street, strip([section]), (20, 34), f"8870 IZEGEM, {section.street.upper()} {number} ({what})", (kind,),
            specification=("distributienet", "klantaansluiting"),
        )
        for what, kind in (("gas", "Olie, gas, chemicaliën"), ("elektriciteit", "Elektriciteit"))
    ]  # fmt: skip
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Verzakte tegels", "subsidence", days_ago=5
    )
    stage.place(
        14, "one_dig_two_ids", "Gas en elektriciteit: één put, twee nummers", "Fluvius meldt dezelfde sleuf twee keer. Het is één graafwerk.",
        section, "one dig, one conflict, both ids named", works, [repair],
    )  # fmt: skip


def _overdue(stage: Stage, section: PavementSection) -> None:
    work = stage.trench(
        section, (-21, 14), "De Watergroep", occupancies=("Water",), status="Concreet gepland"
    )
    repair = stage.diary.report(section, spot(section, middle(section)), "Losse klinkers", days_ago=25)
    stage.place(
        15, "overdue_start", "Nog niet begonnen", "De Watergroep zou drie weken geleden beginnen. Niemand weet of het nog komt.",
        section, "conflict stays, marked overdue; hold stays; nutsen is asked", [work], [repair],
    )  # fmt: skip


def _vanishing(stage: Stage, section: PavementSection) -> None:
    work = stage.trench(section, (40, 54))
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Wortelopdruk", "root_damage", days_ago=9
    )
    stage.place(
        16, "vanishing_works", "Werken die uit de lijst verdwijnen", "Bij de volgende import is het dossier weg. Dat is nog geen annulatie.",
        section, "gipod.without(features, GipodId): not released until confirmed", [work], [repair],
    )  # fmt: skip


def _crossing(stage: Stage, section: PavementSection) -> None:
    trench = stage.sites.across(section, 6.0)
    work = stage.diary.dig(
        PROXIMUS, section.street, trench, WORKS_DAYS, stage.text(section, "Dwarsing rijweg", stage.sites.streets[section.street].width_m)
    )  # fmt: skip
    beside = stage.diary.report(
        section, spot(section, 14.5), "Put in het voetpad", "pothole", "spot", days_ago=1, planned=(3, 4)
    )
    on_it = stage.diary.report(
        section, spot(section, 6.0), "Put in het voetpad", "pothole", "spot", days_ago=1
    )
    stage.place(
        17, "crossing_trench", "Sleuf dwars over de straat", "De sleuf kruist de straat. Acht meter verder mag men herstellen, op de kruising niet.",
        section, "first repair free, second repair in conflict", [work], [beside, on_it], click=spot(section, 6.0),
    )  # fmt: skip


def _evening_before(stage: Stage, section: PavementSection) -> None:
    evening = at(stage.diary.day(-1), 18, 30)
    work = stage.diary.dig(
        FLUVIUS, section.street, connection(section, middle(section)), (0, 2), stage.text(section, "Klantaansluiting", 1),
        ("Elektriciteit",), specification=("klantaansluiting",), status="Concreet gepland", category="Categorie 3",
        starts_at=at(stage.diary.today, 7), created_at=evening, modified_at=evening,
    )  # fmt: skip
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Vak herleggen", days_ago=12, planned=(0, 1)
    )
    stage.place(
        18, "evening_before", "Gisterenavond aangemeld", "De ploeg vertrekt om zeven uur; gisterenavond meldde Fluvius hier een aansluiting.",
        section, "dispatch list marks the repair 'niet uitvoeren'", [work], [repair],
    )  # fmt: skip


SCENES = (
    _scheduled_first, _danger, _slip, _guarantee, _moratorium, _far_away, _shared_trench, _race, _aerial, _two_ids,
    _overdue, _vanishing, _crossing, _evening_before,
)  # fmt: skip
