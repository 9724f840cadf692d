"""How columns and values are called in the files we get, in Dutch, French, English and German. The first that fits counts.

Words are compared without capitals, accents, spaces and signs. A word ending in `*` is how a name may begin or what it may hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from geo_service.domain.works import Certainty

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        "gipodid", "id", "identificatie", "identifiant", "identifier", "nr", "nummer", "numero", "number", "werknummer", "volgnummer", "volgnr", "dossiernummer",
        "dossier", "meldingsnummer", "meldingid", "caseenquiryid", "caseid", "numemprise", "idchantier", "chantier", "code", "handle",
        "uidn", "oidn", "objectid", "fid", "kenmerk", "referentie", "reference", "*id",
    ),
    "owner": (
        "owner", "eigenaar", "bouwheer", "opdrachtgever", "nutsmaatschappij", "nutsbedrijf", "organisatie", "organisation", "aanvrager",
        "maitredouvrage", "moaprincipal", "moa", "intervenant", "petitionnaire", "impetrant", "client", "uitvoerder", "beheerder",
        "department", "dienst",
    ),
    "starts_on": (
        "startson", "startdatum", "startdate", "start", "begindatum", "begin", "van", "datumvan", "vanaf", "datedebut", "datededebut", "debut",
        "from", "beginn", "geplandestart", "start*", "begin*", "*debut*", "*from",
    ),
    "ends_on": (
        "endson", "einddatum", "enddate", "eind", "einde", "end", "tot", "totenmet", "datumtot", "datefin", "datedefin", "fin", "to", "ende",
        "geplandeinde", "eind*", "end*", "*fin", "*to",
    ),
    "reported_at": ("gemeldop", "meldingsdatum", "datummelding", "reportedat", "opendt", "openeddt", "requesteddatetime", "datum", "date"),
    "finished_on": ("afgehandeldop", "hersteldop", "closeddt", "closedat", "afsluitdatum"),
    "status": ("status", "statut", "toestand", "stand", "state", "etat", "etattravaux", "chetape", "fase", "casestatus"),
    "type": (
        "type", "soort", "soortwerk", "aard", "nature", "typewerk", "typetravaux", "chnature", "chtype", "chantiersynthese", "objet", "layer",
        "subtype", "kind",
    ),
    "title": ("titel", "title", "naam", "nom", "name", "straat", "straatnaam", "rue", "voie", "voies", "street", "rueprincipal", "location", "adres"),
    "description": ("omschrijving", "beschrijving", "description", "opmerking", "content", "comment*", "descr*"),
    "reference": ("referentie", "reference", "kenmerk", "dossiernummer"),
    "category": ("categorie", "category", "type", "soort", "reason"),
}  # fmt: skip
PLACES: dict[str, tuple[str, ...]] = {
    "x": (
        "x",
        "xcoord",
        "xcoordinaat",
        "xlambert",
        "lon",
        "lng",
        "long",
        "longitude",
        "lengtegraad",
        "easting",
    ),
    "y": (
        "y",
        "ycoord",
        "ycoordinaat",
        "ylambert",
        "lat",
        "latitude",
        "lattitude",
        "breedtegraad",
        "northing",
    ),
    "wkt": ("wkt", "geom", "geometry", "geometrie", "shape", "thegeom"),
    "street": ("straat", "straatnaam", "street", "streetname", "rue"),
    "house_number": ("huisnummer", "huisnr", "nr", "nummer", "housenumber", "numero"),
    "address": ("adres", "address", "adresse", "locatie"),
}
CERTAINTIES: dict[Certainty, tuple[str, ...]] = {
    "cancelled": ("geannuleerd*", "nietuitgevoerd", "annule*", "cancel*", "geweigerd", "refuse*", "ingetrokken", "renonce*"),
    "indicative": ("nietconcreetgepland", "indicatief", "ontwerp", "voorstel", "idee", "brouillon", "draft", "aangevraagd"),
    "confirmed": ("vergund", "goedgekeurd", "bevestigd", "autorise*", "authori*", "confirmed", "approved"),
    "in_progress": ("inuitvoering", "lopend*", "bezig", "encours", "ouvert", "inprogress", "active", "gestart"),
    "done": ("uitgevoerd", "afgelopen", "afgewerkt", "klaar", "termine*", "done", "closed", "gesloten", "finished"),
    "planned": ("gepland", "concreetgepland", "planned", "planifie*", "programme*", "open"),
}  # fmt: skip
EVENTS = ("*evenement*", "*markt*", "*kermis*", "*event*", "*braderie*", "*koers*", "*stoet*")
ROOM_ONLY = (
    "*steiger*", "stelling*", "gevelstelling*", "*container*", "*verhui*", "*hoog*werker*", "*kraan*", "*parkeer*", "*stationnement*", "*echafaud*", "*scaffold*",
    "*demenagement*", "*werfzone*", "*inname*", "*grue*", "*marquage*", "*immeuble*", "werk", "*stockage*", "*sperrung*",
)  # fmt: skip


def simple(text: str) -> str:
    """As words are compared."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "", plain)


def rank(text: str, words: Iterable[str]) -> int | None:
    """The place of the first word that fits; None when none does."""
    given = simple(text)
    for place, word in enumerate(words):
        pattern = re.escape(word).replace(r"\*", ".*")
        if re.fullmatch(pattern, given):
            return place
    return None
