"""A site of two sources with pairs that may be the same, for those who judge them."""

from pathlib import Path

from conftest import identifiers, publish
from solld.link import candidates
from solld.link.candidates import Candidate, Candidates, Reason
from solld.model import Settings
from test_judging import DATASET

PREFIXES = """@prefix light: <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
"""
PAIRS = 14
SURE = 0.9  # the score of the first pair; each that follows has less


def reviewed(settings: Settings) -> Settings:
    """Adds the pairs, publishes them, and guesses that they are the same."""
    folder = settings.folder / "data" / "charts"
    folder.mkdir()
    (folder / "dataset.ttl").write_text(DATASET, encoding="utf-8")
    lights, charts = [PREFIXES], [PREFIXES]
    for n in range(PAIRS):
        lights.append(f'<l{n}> a light:Lighthouse ; skos:prefLabel "Phare numéro {n}"@fr, "Lighthouse number {n}"@en ;')
        lights.append(f"  light:height {20 + n}.5 ; geo:lat 48.4{n} ; geo:long -5.1 .")
        charts.append(f'<c{n}> a light:Lighthouse ; skos:prefLabel "Feu numéro {n}"@fr ; light:height {20 + n}.5 ;')
        charts.append("  prov:wasGeneratedBy <https://feux.example/run> ;")
        charts.append(f'  skos:altLabel "Phare numéro {n}"@fr, "<script>alert({n})</script>" ; geo:lat 48.4{n} .')
    (settings.folder / "data" / "lights" / "more.ttl").write_text("\n".join(lights), encoding="utf-8")
    (folder / "charts.ttl").write_text("\n".join(charts), encoding="utf-8")
    publish(settings).close()
    guess(settings)
    return settings


def guess(settings: Settings) -> None:
    """Candidates for the pairs: likely the same but for the last two, which are likely related."""
    ids = identifiers(settings)
    opened = Candidates.open(candidates.path_of(settings))
    opened.set_fact("method", "rules 1")
    for n in range(PAIRS):
        one, other = sorted((ids[f"l{n}"], ids[f"c{n}"]))
        reasons = (
            Reason("name-alike", 2.1, f"Phare numéro {n}", f"Feu numéro {n}"),
            Reason("near", 1.2, "48.4000, -5.1000", "48.4001, -5.1000"),
            Reason("website-other", -0.8, "https://phares.example/", "https://feux.example/"),
        )
        same = n < PAIRS - 2
        score = SURE - n / 50 if same else 0.3
        related = 0.05 if same else 0.8 - n / 50
        opened.put([Candidate(one, other, "same" if same else "related", score, related, False, reasons)])
    opened.close()


def keys_of(settings: Settings) -> dict[str, str]:
    """identifier -> source key."""
    return {identifier: key for key, identifier in identifiers(settings).items()}


def lines(settings: Settings) -> list[list[str]]:
    """The rows of judgements: source keys, verdict, who, why."""
    path = Path(settings.folder / "data" / "judgements.csv")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]] if path.exists() else []
    keys = keys_of(settings)
    return [[*sorted((keys[row[0]], keys[row[1]])), row[2], row[3], row[5]] for row in rows]
