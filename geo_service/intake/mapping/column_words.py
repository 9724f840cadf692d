"""Names of columns and values in the files that cities send, in Dutch, French, English and German. The first match counts.

Comparison ignores capitals, accents, spaces and punctuation. `*` matches any text. A word that ends in `?` is only likely: the
assistant proposes its column and marks it as a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from geo_service.domain.repairs import RepairCategory
from geo_service.domain.works import Certainty, WorksKind

Meaning = TypeVar("Meaning")

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        "gipodid", "gipodnr", "gipodnummer", "innameid", "innamenummer", "id", "identificatie", "identificator", "identifiant", "identifier", "nr", "nummer",
        "numero", "number", "werknummer", "werknr", "volgnummer", "volgnr", "dossiernummer", "dossiernr", "dossier", "projectnummer", "projectnr",
        "werfnummer", "werfnr", "meldingsnummer", "meldingsnr", "meldingid", "ticketnummer", "ticketnr", "caseenquiryid", "caseid", "numemprise",
        "idchantier", "chantier", "code", "handle", "kenmerk", "referentie", "referentienummer", "reference", "lfdnr", "kennung", "aktenzeichen", "numerodossier", "numerodedossier", "ndossier", "nodossier", "nchantier", "permitreferencenumber",
        "workreferencenumber", "uidn?", "oidn?", "objectid?", "fid?", "ref?", "*id?", "id*?", "*nr?", "*num?", "*nummer?", "num*?", "*code?", "*ref?",
    ),
    "owner": (
        "owner", "eigenaar", "bouwheer", "opdrachtgever", "nutsmaatschappij", "nutsbedrijf", "nutsbeheerder", "netbeheerder", "leidingbeheerder",
        "initiatiefnemer", "maitredouvrage", "maitreouvrage", "bauherr", "auftraggeber", "vorhabentrager", "promoter", "undertaker", "moaprincipal", "moa", "intervenant", "petitionnaire", "impetrant", "nomimpetrant", "organisatie",
        "organisation", "beheerder", "maatschappij", "aanvrager?", "vergunninghouder?", "client?", "department?", "dienst?", "uitvoerder?", "aannemer?",
        "collectivitelibelle?", "wie?", "manager?", "creator?",
    ),
    "starts_on": (
        "startson", "startdatum", "startdate", "start", "begindatum", "begin", "aanvangsdatum", "aanvang", "aanvangdatum", "van", "datumvan", "datumstart",
        "datumbegin", "datumaanvang", "vanaf", "datedebut", "datededebut", "debut", "from", "beginn", "baubeginn", "von", "anfang", "proposedstartdate", "geplandestart", "startdatetime", "emprisedebut",
        "uitvoeringsdatum?", "datum?", "start*?", "begin*?", "*startdatum?", "*debut*?", "*from?",
    ),
    "ends_on": (
        "endson", "einddatum", "enddate", "eind", "einde", "end", "tot", "totenmet", "tm", "datumtot", "datumeinde", "datumeind", "datefin", "datedefin", "fin",
        "to", "ende", "bauende", "bis", "proposedenddate", "geplandeinde", "enddatetime", "emprisefin", "uitvoeringsdatum?", "datum?", "eind*?", "end*?", "*einddatum?", "*fin?", "*to?",
    ),
    "reported_at": (
        "gemeldop", "meldingsdatum", "datummelding", "reportedat", "opendt", "openeddt", "requesteddatetime", "datedecl*", "datesignalement", "datedesignalement", "datecreation", "createdat", "createddate", "requestdate",
        "ingediendop", "aangemaaktop", "datummeldings*", "datum", "date?",
    ),
    "finished_on": ("afgehandeldop", "hersteldop", "closeddt", "closedat", "afsluitdatum", "datumherstel"),
    "status": (
        "status", "innamestatus", "statut", "toestand", "stand", "standvanzaken", "statuut", "state", "etat", "etattravaux", "chetape", "casestatus",
        "planningsstatus", "projectstatus", "voortgang", "zustand", "fase?", "projectfase?",
    ),
    "type": (
        "type", "soort", "soortwerk", "aard", "aardwerk", "werktype", "typewerk", "soortinname", "typeinname", "innametype", "nature", "typetravaux", "chnature",
        "chtype", "naturetitre", "chantiersynthese", "causedbytype?", "werkzaamheden", "werkzaamheid", "layer", "kind", "subtype", "art", "bauart", "massnahme", "worktype", "workstype", "typedetravaux", "naturetravaux", "naturedestravaux", "objet?", "activiteit?",
        "discipline?", "categoriesmodele?",
    ),
    "title": (
        "titel", "title", "projectnaam", "naamproject", "naam", "nom", "name", "project", "werf", "straat", "straatnaam", "rue", "voie", "voies", "voirienom",
        "street", "rueprincipal", "bezeichnung", "strasse", "location", "locatie", "adres", "adresse", "address",
    ),
    "description": ("omschrijving", "beschrijving", "description", "beschreibung", "toelichting", "opmerking", "opmerkingen", "content", "comment*", "descr*"),
    "reference": ("referentie", "eigenreferentie", "reference", "referenceinterne", "kenmerk", "dossiernummer", "dossiernr"),
    "category": ("categorie", "category", "type", "soort", "soortdefect", "defect", "reason"),
}  # fmt: skip
UNIT_NOTE = re.compile(
    r"^(?:geplande?|voorziene?|verwachte?|vermoedelijke?)?(.+?)(?:(?:derwerken|vandewerken|vdwerken|werken|vandewerf|derwerf)?)$"
)
"""Words around a name that do not change it: *Voorziene startdatum*, *Aard der werken*."""
PLACES: dict[str, tuple[str, ...]] = {
    "x": ("x", "xcoord", "xcoordinaat", "xlambert", "xlambert72", "xl72", "lambertx", "coordx", "lon", "lng", "long", "longitude", "lengtegraad", "easting"),
    "y": (
        "y", "ycoord", "ycoordinaat", "ylambert", "ylambert72", "yl72", "lamberty", "coordy", "lat", "latitude", "lattitude", "breedtegraad", "northing",
    ),
    "wkt": ("wkt", "geom", "geometry", "geometrie", "shape", "thegeom", "locatie"),
    "street": ("straat", "straatnaam", "street", "streetname", "rue", "strasse", "strassenname", "voie"),
    "house_number": ("huisnummer", "huisnr", "huisnrs", "huisnummers", "hausnummer", "hausnr", "nr", "nummer", "housenumber", "numero"),
    "address": ("adres", "address", "adresse", "locatie", "ligging", "plaats"),
}  # fmt: skip
CERTAINTIES: dict[Certainty, tuple[str, ...]] = {
    "cancelled": (
        "geannuleerd*", "nietuitgevoerd", "afgelast", "geschrapt", "vervallen", "stopgezet", "gaatnietdoor", "annule*", "cancel*", "geweigerd",
        "refuse*", "ingetrokken", "*retiree*", "renonce*", "abandonne*", "inactif?",
    ),
    "done": (
        "uitgevoerd", "voltooid", "afgelopen", "afgewerkt", "afgerond", "beeindigd", "klaar", "opgeleverd", "voorlopigopgeleverd", "voorlopigeoplevering",
        "definitieveoplevering", "hersteld", "termine*", "provisoirementtermine*", "done", "closed", "gesloten?", "afgesloten?", "finished",
    ),
    "in_progress": (
        "inuitvoering", "uitvoering", "lopend*", "bezig", "gestart", "aangevangen", "begonnen", "encours", "*enphasederealisation*", "inprogress", "active?",
        "ouvert?", "enremediation*?", "prorogationtransmise?",
    ),
    "indicative": (
        "nietconcreetgepland", "niet*gepland", "indicatief", "ontwerp", "voorontwerp", "studie*", "instudie", "voorstel", "idee", "inopmaak", "opmaak",
        "invoorbereiding", "voorbereiding", "aangevraagd", "inaanvraag", "aanvraag", "teplannen", "noginteplannen", "nogteplannen", "concept", "brouillon",
        "*brouillon*", "draft", "planifie?", "programme?", "*encoordination*?", "voorlopig*?", "tentatief?", "uitgesteld*?", "opgeschort*?", "onhold?", "incomplet*?",
        "*preparation*?", "*demandeavis*?", "onzeker?", "tebevestigen?",
    ),
    "confirmed": (
        "vergund", "goedgekeurd", "bevestigd", "definitief", "vastgelegd", "gegund", "toegekend", "autorise*", "partiellementautorise*?", "accord*",
        "authori*", "confirmed", "approved", "gevalideerd?", "avisdedemarrage*?", "avenir?",
    ),
    "planned": (
        "gepland", "ingepland", "concreetgepland", "planned", "aanbesteding", "inaanbesteding", "planifie*?", "programme*?", "demandedautorisation*?",
        "enattente*?", "open?", "onbekend?",
    ),
}  # fmt: skip
"""In the order of the tests: `Autorisé (En phase de réalisation)` is in progress, whatever its permit."""


class Kind(NamedTuple):
    """Words for one kind of works, and whether it opens the surface."""

    kind: WorksKind
    opens_surface: bool
    words: tuple[str, ...]


KINDS = (
    Kind("event", False, (
        "*evenement*", "markt", "*jaarmarkt*", "*rommelmarkt*", "*weekmarkt*", "*gemengdemarkt*", "*kermis*", "*braderie*", "*wielerkoers*", "*stoet", "*feest*",
        "event*", "effectieveperiode",
    )),
    Kind("works", False, (
        "*steiger*", "stelling*", "gevelstelling*", "*bouwstelling*", "*container*?", "*verhui*", "*hoogtewerker*", "*hoogwerker*", "*ladderlift*", "torenkraan*",
        "werfkraan*", "mobielekraan*", "kraan", "*werfkeet*", "*werfzone*", "*parkeerverbod*", "*signalisatie*", "*omleiding*", "*snoei*",
        "*kabelsinbestaande*", "*soufflage*", "*stationnement*", "*echafaud*", "*scaffold*", "*demenagement*", "grue*", "*marquage*", "*stockage*",
        "*inspection*", "*cloture*", "fahrstreifensperrung", "sperrung", "*immeuble*?", "*edifice*?", "*batiment*?", "*ouvrage*?", "*kunstwerk*?", "*levering*?",
        "*mobilier*?", "*securisation*?", "werk?", "*inname*?", "*parkeer*?", "*koers*?",
    )),
    Kind("groundworks", True, (
        "grondwerk*", "*sleuf*", "*sleuven*", "*riool*", "*rioler*", "rio", "dwa", "rwa", "*nutsleiding*", "*pijpleiding*", "*leidingen*", "*waterleiding*",
        "*gasleiding*", "*persleiding*", "*leidingwerk*", "*kabels*", "*kabelwerk*", "*glasvezel*", "*aansluiting*", "*aftakking*", "*opbraak*", "*openbreken*",
        "*opbreken*", "*uitgrav*", "*graafwerk*", "*boring*", "*wegenis*", "*heraanleg*", "*voetpad*", "*fietspad*", "*verharding*", "*bestrating*", "*asfalt*",
        "*drinkwater*", "*aardgas*", "gas", "water", "elektriciteit", "*laagspanning*", "*middenspanning*", "*hoogspanning*", "*telecom*", "*warmtenet*",
        "*groundwork*", "*trench*", "*excavation*", "*fouille*", "*tranchee*", "*conduite*", "*raccordement*", "*branchement*", "*assainissement*",
        "*reseau*", "*voirie*", "*chaussee*", "*tiefbau*", "*leitungsbau*", "bauarbeiten", "baustelle?", "*aanleg*?", "*nutswerk*?",
    )),
    Kind("event", False, ("*markt*?", "*event*?")),
)  # fmt: skip
"""The first match counts: a *brandkraan* is no crane, a *herstelling* no scaffold, an *omleiding* no pipe."""
CATEGORIES: dict[RepairCategory, tuple[str, ...]] = {
    "subsidence": ("*verzak*", "*zakking*", "*ingezakt*", "*subsidence*", "*affaissement*"),
    "loose_slab": ("*tegel*", "*klinker*", "*losliggend*", "*dalle*", "*slab*", "*sidewalkrepair*?", "*trottoir*?", "*voetpad*?", "*stoep*?"),
    "root_damage": ("*wortel*", "*racine*", "*root*"),
    "kerb": ("*boordsteen*", "*borduur*", "*stoeprand*", "*trottoirband*", "*kerb*", "*bordure*"),
    "pothole": ("put", "putten", "*putinde*", "*asfaltput*", "gat*", "*gatin*", "*kuil*", "*pothole*", "*niddepoule*"),
}  # fmt: skip
HELP_LAYERS = (
    "defpoints", "*hulp*", "*constructie", "constructielijn*", "*tekst*", "text*", "*text", "txt*", "*kader*", "frame*", "*border*", "titel*", "*titelblad*", "titleblock",
    "*maatvoering*", "maten", "maatlijn*", "dim", "dims", "dimension*", "*legend*", "noordpijl*", "northarrow", "raster*", "grid*", "*viewport*", "vport*", "layout*", "xref*",
    "*label*", "*annotatie*", "*annot*", "*arcering*", "*hatch*", "*hartlijn*", "ashapes", "*ondergrond", "ondergrond*", "kadaster*", "grb*", "*perceel*", "*percelen*",
    "*gebouw*", "*bestaand*", "*opmeting*", "*construction",
)  # fmt: skip
"""Layers of a drawing without works: auxiliary lines, texts, the frame, and the existing situation."""


class Fit(NamedTuple):
    """The position of the first matching word, and whether the match is certain."""

    place: int
    sure: bool


def simple(text: str) -> str:
    """The text in the form for comparison."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "", plain)


def bare(text: str) -> str:
    """A name without the words around it."""
    match = UNIT_NOTE.match(simple(text))
    return match[1] if match else ""


def fit(text: str, words: Iterable[str]) -> Fit | None:
    """How well a text matches one of these words; None for no match."""
    name = simple(text)
    for place, word in enumerate(words):
        pattern = re.escape(word.removesuffix("?")).replace(r"\*", ".*")
        if re.fullmatch(pattern, name):
            return Fit(place, not word.endswith("?"))
    return None


def column_fit(name: str, field: str) -> Fit | None:
    """How well the name of a column matches a field."""
    words = COLUMNS.get(field, ())
    fits = [one for one in (fit(name, words), fit(bare(name), words)) if one]
    return min(fits, key=lambda one: one.place, default=None)


def first_fit(text: str, vocabulary: Mapping[Meaning, Iterable[str]]) -> tuple[Meaning, bool] | None:
    """The first meaning whose words match a text, and whether the match is certain."""
    for field, words in vocabulary.items():
        if best := fit(text, words):
            return field, best.sure
    return None
