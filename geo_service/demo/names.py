"""Street names as a Flemish town has them, each given out once."""

from __future__ import annotations

import random
from collections.abc import Iterator

OLD = """
Kruisstraat Kerkstraat Nieuwstraat Hogestraat Wijngaardstraat Marktstraat Korenmarkt Schoolstraat
Kloosterstraat Zandstraat Molenstraat Vlasstraat Lindestraat Koornstraat Borstelmakersstraat
Schoenmakersstraat Brouwerijstraat Gasthuisstraat Begijnhofstraat Vrijheidsstraat Eendrachtstraat
Nederweg Hondstraat Peperstraat Melkmarktstraat Sint-Jorisstraat Sint-Crispijnstraat
Sint-Antoniusstraat Ommegangstraat Gildestraat Kasteelstraat Weverijstraat Spinnerijstraat
Vlietstraat Gasstraat Stationsstraat Beurzestraat Ambachtenstraat Schuttersstraat Landmeterstraat
Werkmansstraat Boterstraat Blauwhuisstraat Pastorijstraat Dweersstraat Slabbaardstraat
Prinsessestraat Papestraat Ketelstraat Wolstraat Garenstraat Ververijstraat Lakenstraat
Meidoornstraat Baronielaan Congostraat Heldenlaan Vredestraat Burgemeestersdreef Notarisstraat
Doktersstraat Dam Oostkaai Zuidkaai Tramstraat Fabriekstraat Smidsestraat Wagenmakersstraat
Kuipersstraat Bakkersstraat
"""
STEMS = """
Merel Lijster Vinken Mezen Zwaluw Kwikstaart Leeuwerik Nachtegaal Wielewaal Koekoek Spreeuwen
Roodborst Specht Reiger IJsvogel Kievit Fazanten Patrijzen Duiven Valken Uilen Eiken Beuken Linden
Populieren Kastanje Essen Olmen Wilgen Berken Acacia Esdoorn Hazelaar Vlierbes Sleedoorn Hulst Taxus
Jeneverbes Lijsterbes Platanen Tulpen Rozen Anjer Dahlia Klaproos Korenbloem Madelief Boterbloem
Viooltjes Narcissen Hyacinten Azalea Klaver Luzerne Haver Gerst Tarwe Rogge Vlasbloem Hop Cichorei
Tabaks Bieten Hooi Stoppel Ploeg Eg Zeis Sikkel Dorsvlegel Schuur Hoeve Weide Meers Kouter Akker
Bilk Elst Heide Bos Veld Beek Bron Put Vijver Dries Gaver Kapel Molenhoek Windmolen Watermolen
Hoogveld Laagveld Lange-Akker Zonnebloem Dageraad Avondrood Noorderlicht Ridder Schepen Baljuw
Graven Hertogen Leenhof Gravin Abdis Abt Prior Novicen Pelgrims Sint-Rochus Sint-Elooi Guido-Gezelle
Stijn-Streuvels Hendrik-Conscience Albrecht-Rodenbach Rubens Memling Van-Eyck Breughel Ensor Permeke
Vlaamse-Leeuw Gulden-Sporen Kouterveld Bosmolen Abele Ameye Krekel Sprinkhaan Vlinder Libel Bijen
Egel Hazen Vossen Dassen Eekhoorn Bever Otter Zwanen Eenden Ganzen Karper Snoek Baars Paling
"""
FIELDS = """
Zonne Klein Roze Steen Hoog Laag Ooster Wester Noorder Zuider Maan Wolven Ossen Schapen Paarden
Kalver Vlas Riet Distel Bloem Appel Kersen Peren Pruimen Noten Haze Brem Varen Mos Doorn Klei Leem
Zand Vier Zeven
"""
LANDS = """
akker veld hoek meers kouter beek bos gaard molen dries bilk hoeve heide
"""
ENDINGS = ("straat", "laan", "dreef", "straat", "weg", "hof", "straat", "pad")
PREFIXES = ("Kleine", "Oude", "Nieuwe", "Lange", "Korte", "Hoge", "Lage", "Groene")


def street_names(rng: random.Random, taken: set[str]) -> tuple[Iterator[str], Iterator[str]]:
    """Two endless supplies of names, for old and for new quarters; no name comes twice or is in `taken`."""

    def unique(candidates: Iterator[str]) -> Iterator[str]:
        for name in candidates:
            if name not in taken:
                taken.add(name)
                yield name

    def newer() -> Iterator[str]:
        stems = STEMS.split()
        rng.shuffle(stems)
        yield from (stem + rng.choice(ENDINGS) for stem in stems)
        lands = [field + land for field in FIELDS.split() for land in LANDS.split()]
        rng.shuffle(lands)
        yield from (land + rng.choice(ENDINGS) for land in lands)
        for prefix in PREFIXES:
            yield from (f"{prefix} {stem}{rng.choice(ENDINGS)}" for stem in stems)
        number = 1
        while True:
            number += 1
            yield f"Zijweg {number}"

    def older() -> Iterator[str]:
        yield from OLD.split()
        yield from newer()

    return unique(older()), unique(newer())
