"""Names of columns and values in the files that cities send, in Dutch, French, English and German. The first match counts.

Comparison ignores capitals, accents, spaces and punctuation. `*` matches any text. A word that ends in `?` is only likely: the
assistant proposes its column and marks it as a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from geo_service.domain.repairs import RepairCategory, Urgency
from geo_service.domain.works import Certainty, WorksKind

Meaning = TypeVar("Meaning")

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        "gipodid", "gipodnr", "gipodnummer", "innameid", "innamenummer", "id", "identificatie", "identificator", "identifiant", "identifier", "nr", "nummer",
        "numero", "number", "werknummer", "werknr", "volgnummer", "volgnr", "dossiernummer", "dossiernr", "dossier", "projectnummer", "projectnr",
        "werfnummer", "werfnr", "meldingsnummer", "meldingsnr", "meldingid", "ticketnummer", "ticketnr", "caseenquiryid", "caseid", "numemprise",
        "idchantier", "chantier", "code", "handle", "kenmerk", "referentie", "referentienummer", "reference", "lfdnr", "kennung", "aktenzeichen", "numerodossier", "numerodedossier", "ndossier", "nodossier", "nchantier", "permitreferencenumber", "permitno", "permitnumber",
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
        "datumbegin", "datumaanvang", "vanaf", "datedebut", "datededebut", "debut", "from", "beginn", "baubeginn", "von", "anfang", "proposedstartdate", "geplandestart", "geplanterbeginn", "geplanterstart", "verwachtestart", "dateprevuededebut", "datedebutprevue", "datededebutprevue", "debutprevu", "debutdestravaux", "proposedstart", "plannedstart", "bauzeitvon", "startdatetime", "emprisedebut",
        "uitvoeringsdatum?", "datum?", "start*?", "begin*?", "*startdatum?", "*debut*?", "*from?",
    ),
    "ends_on": (
        "endson", "einddatum", "enddate", "eind", "einde", "end", "tot", "totenmet", "tm", "datumtot", "datumeinde", "datumeind", "datefin", "datedefin", "fin",
        "to", "ende", "bauende", "bis", "proposedenddate", "geplandeinde", "geplantesende", "verwachteinde", "einddatumwerken", "dateprevuedefin", "datefinprevue", "datedefinprevue", "finprevue", "findestravaux", "fintravaux", "proposedend", "plannedend", "bauzeitbis", "enddatetime", "emprisefin", "uitvoeringsdatum?", "datum?", "eind*?", "end*?", "*einddatum?", "*fin?", "*to?",
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
        "chtype", "naturetitre", "chantiersynthese", "causedbytype?", "werkzaamheden", "werkzaamheid", "layer", "kind", "subtype", "art", "bauart", "massnahme", "worktype", "workstype", "typedetravaux", "naturetravaux", "naturedestravaux", "artdermanahme", "artdermassnahme", "objet?", "activiteit?",
        "discipline?", "categoriesmodele?",
    ),
    "title": (
        "titel", "title", "projectnaam", "naamproject", "naam", "nom", "name", "project", "werf", "straat", "straatnaam", "rue", "voie", "voies", "voirienom",
        "street", "rueprincipal", "bezeichnung", "strasse", "location", "locatie", "adres", "adresse", "address",
    ),
    "description": ("omschrijving", "beschrijving", "description", "beschreibung", "toelichting", "opmerking", "opmerkingen", "content", "comment*", "descr*"),
    "reference": ("referentie", "eigenreferentie", "reference", "referenceinterne", "kenmerk", "dossiernummer", "dossiernr"),
    "urgency": ("dringendheid", "urgentie", "urgency", "urgence", "prioriteit", "priority", "priorite", "dringlichkeit", "prioritat", "ernst?", "severity?"),
    "category": ("categorie", "category", "type", "soort", "soortdefect", "defect", "reason"),
}  # fmt: skip
UNIT_NOTE = re.compile(
    r"^(?:geplande?|voorziene?|verwachte?|vermoedelijke?)?(.+?)(?:(?:derwerken|vandewerken|vdwerken|werken|vandewerf|derwerf)?)$"
)
"""Words around a name that do not change it: *Voorziene startdatum*, *Aard der werken*."""
_ASIDE = re.compile(r"[\[(].*?[\])]|/.*", re.IGNORECASE)
"""What stands beside a name: *Van (dd/mm/jjjj)*, *Straat / plaats*."""
PLACES: dict[str, tuple[str, ...]] = {
    "x": ("x", "xcoord", "xcoordinaat", "xlambert", "xlambert72", "xl72", "lambertx", "coordx", "xlambert*", "xl08", "xlb*", "xcoord*", "pointx", "coordonneex", "rechtswert", "xm", "lon", "lng", "long", "longitude", "lengtegraad", "easting", "*longitude"),
    "y": (
        "y", "ycoord", "ycoordinaat", "ylambert", "ylambert72", "yl72", "lamberty", "coordy", "ylambert*", "yl08", "ylb*", "ycoord*", "pointy", "coordonneey", "hochwert", "ym", "lat", "latitude", "lattitude", "breedtegraad", "northing", "*latitude",
    ),
    "wkt": ("wkt", "geom", "geometry", "geometrie", "shape", "thegeom", "coordinaten", "coordonnees", "coordinates", "geopoint*", "wkb", "locatie", "gps*", "*gps"),
    "street": ("straat", "straatnaam", "street", "streetname", "rue", "strasse", "strassenname", "voie"),
    "house_number": ("huisnummer", "huisnr", "huisnrs", "huisnummers", "hausnummer", "hausnr", "nr", "nummer", "housenumber", "numero"),
    "address": ("adres", "address", "adresse", "locatie", "ligging", "plaats"),
}  # fmt: skip
CERTAINTIES: dict[Certainty, tuple[str, ...]] = {
    "cancelled": (
        "*geannuleerd*", "nietuitgevoerd", "afgelast", "geschrapt", "vervallen", "stopgezet", "gaatnietdoor", "*annule*", "*cancel*", "*geweigerd*",
        "*refus*", "*ingetrokken*", "*afgewezen*", "rejected", "*abgesagt*", "*abgelehnt*", "*retiree*", "renonce*", "abandonne*", "inactif?",
    ),
    "done": (
        "uitgevoerd", "voltooid", "afgelopen", "afgewerkt", "afgerond", "beeindigd", "klaar", "opgeleverd", "voorlopigopgeleverd", "voorlopigeoplevering",
        "definitieveoplevering", "hersteld", "termine", "termines", "terminee*", "provisoirementtermine*", "done", "closed", "gesloten?", "afgesloten?", "finished",
        "completed", "acheve*", "abgeschlossen", "termine*?",
    ),
    "in_progress": (
        "inuitvoering", "uitvoering", "lopend", "lopende", "lopendewerken", "inausfuhrung", "terminepartiel*", "partiellementtermine*", "gedeeltelijkuitgevoerd",
        "deelsuitgevoerd", "gedeeltelijk*?", "bezig", "gestart", "aangevangen", "begonnen", "encours", "*enphasederealisation*", "inprogress", "active?",
        "ouvert?", "enremediation*?", "prorogationtransmise?", "lopend*?",
    ),
    "indicative": (
        "nietconcreetgepland", "niet*gepland", "indicatief", "ontwerp", "voorontwerp", "studie*", "instudie", "voorstel", "idee", "inopmaak", "opmaak",
        "invoorbereiding", "voorbereiding", "aangevraagd", "inaanvraag", "*aanvraag", "*studie", "accordenattente*", "reporte*", "suspend*", "deferred", "proposed", "teplannen", "noginteplannen", "nogteplannen", "concept", "brouillon",
        "*brouillon*", "draft", "planifie?", "programme?", "*encoordination*?", "voorlopig*?", "tentatief?", "uitgesteld*?", "opgeschort*?", "onhold?", "incomplet*?",
        "*preparation*?", "*demandeavis*?", "onzeker?", "tebevestigen?",
    ),
    "confirmed": (
        "vergund", "granted", "genehmigt", "goedgekeurd", "bevestigd", "definitief", "vastgelegd", "gegund", "toegekend", "autorise*", "partiellementautorise*?", "accord*",
        "authori*", "confirmed", "approved", "gevalideerd?", "avisdedemarrage*?", "avenir?",
    ),
    "planned": (
        "gepland", "ingepland", "concreetgepland", "planned", "geplant", "aanbesteding", "inaanbesteding", "planifie*?", "programme*?", "demandedautorisation*?",
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
        "*evenement*", "markt", "*jaarmarkt*", "*rommelmarkt*", "*weekmarkt*", "*gemengdemarkt*", "*kermis*", "*braderie*", "*wielerkoers*", "*stoet", "*feest", "*feesten", "*feest*?",
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
        "*egout*", "*canalisation*", "*terrassement*", "*refection*", "*reseau*", "*voirie*", "*chaussee*", "*tiefbau*", "*leitungsbau*", "bauarbeiten", "baustelle?", "*aanleg*?", "*nutswerk*?",
    )),
    Kind("event", False, ("*markt*?", "*event*?")),
)  # fmt: skip
"""The first match counts: a *brandkraan* is no crane, a *herstelling* no scaffold, an *omleiding* no pipe."""
ROAD_PARTS = (
    "*voetpad*",
    "*fietspad*",
    "*voirie*",
    "*chaussee*",
    "*wegenis*",
    "*verharding*",
    "*bestrating*",
    "*reseau*",
)
"""Words for a part of the road, which say where works are as well as what they are."""
URGENCIES: dict[Urgency, tuple[str, ...]] = {
    "danger": ("*gevaar*", "*danger*", "*acuut*", "*onmiddellijk*", "*immediat*", "emergency", "*gefahr*", "noodgeval", "levensgevaar*"),
    "high": ("hoog", "hoge*", "dringend*", "zeerdringend", "prioritair", "*urgent*", "high", "haut*", "eleve*", "hoch", "spoed*", "ernstig*?", "kritiek*?"),
    "normal": ("normaal", "normal*", "gewoon", "gemiddeld", "middel", "matig", "medium", "moyen*", "mittel", "standaard", "nietdringend?"),
    "low": ("laag", "lage*", "low", "bas", "basse", "faible", "gering", "niedrig", "minder*?", "klein*?"),
}  # fmt: skip
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


DENIAL = re.compile(
    r"\b(?:niet|geen|zonder|nooit|not?|non|never|without|pas|sans|aucune?|nicht|kein(?:e[mnrs]?)?|ohne)\b"
    r"|\bon(?=gevaar|dringend)|\bher(?:start|opstart|vat)|\brepris"
)
"""What turns the word behind it into its opposite, and works that go on after all."""
DENYING_WORD = re.compile(r"niet|nog|gaatniet")


def _ascii(text: str) -> str:
    """The text without capitals and accents."""
    return unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode().casefold()


def simple(text: str) -> str:
    """The text in the form for comparison."""
    return re.sub(r"[^a-z0-9]+", "", _ascii(text))


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
    plain = _ASIDE.sub("", name)
    fits = [one for one in (fit(name, words), fit(bare(name), words), fit(bare(plain), words)) if one]
    return min(fits, key=lambda one: one.place, default=None)


def first_fit(text: str, vocabulary: Mapping[Meaning, Sequence[str]]) -> tuple[Meaning, bool] | None:
    """The first meaning whose words match a text, and whether the match is certain: words of one meaning only match. A certain match
    goes before a likely one. A text that denies (*geen gevaar*) matches the words that deny as well (*niet uitgevoerd*), and no others.
    """
    denies = DENIAL.search(_ascii(text)) is not None
    fits = [
        (meaning, best.sure)
        for meaning, words in vocabulary.items()
        if (best := fit(text, [word for word in words if DENYING_WORD.match(word)] if denies else words))
    ]
    if not fits:
        return None
    meaning, sure = min(fits, key=lambda one: not one[1])
    return meaning, sure and sum(certain for _, certain in fits) == 1


def kind_fit(word: str) -> tuple[Kind, bool] | None:
    """The kind of works that a word names, and whether the match is certain. A word that also names works that break the ground is likely
    such works; one that also names a part of the road (*stelling op het voetpad*) likely is not.
    """
    fits = ((one, best) for one in KINDS if (best := fit(word, one.words)))
    kind, best = next(fits, (None, None))
    if kind is None or best is None or kind.opens_surface:
        return (kind, best.sure) if kind and best else None
    rest = simple(word)
    for part in kind.words[best.place].rstrip("?").split("*"):
        rest = rest.replace(part, " ", 1) if part else rest
    opens = next((one for one in KINDS if one.opens_surface), kind)
    also = [one for one in opens.words if any(fit(part, (one,)) for part in rest.split())]
    if any(one not in ROAD_PARTS for one in also):
        return opens, False
    return kind, best.sure and not also
