"""The words of the generated directory, in French, English and Spanish."""

COUNTRIES = (
    *(("Belgique", "Belgium", "Bélgica"), ("Brésil", "Brazil", "Brasil"), ("Canada", "Canada", "Canadá")),
    *(("Colombie", "Colombia", "Colombia"), ("Espagne", "Spain", "España"), ("France", "France", "Francia")),
    *(("Italie", "Italy", "Italia"), ("Maroc", "Morocco", "Marruecos"), ("Mexique", "Mexico", "México")),
    *(("Portugal", "Portugal", "Portugal"), ("Sénégal", "Senegal", "Senegal"), ("Suisse", "Switzerland", "Suiza")),
)
SYLLABLES = (
    "va",
    "lor",
    "mé",
    "chan",
    "til",
    "roc",
    "bel",
    "san",
    "ñu",
    "gré",
    "mon",
    "tai",
    "our",
    "œil",
    "ker",
    "lis",
)
KINDS = (
    ("Coopérative", "Cooperative", "Cooperativa"),
    ("Association", "Association", "Asociación"),
    ("Mutuelle", "Mutual", "Mutualidad"),
    ("Épicerie sociale", "Social grocery", "Tienda social"),
    ("Régie de quartier", "Neighbourhood works", "Empresa de barrio"),
    ("Atelier", "Workshop", "Taller"),
    ("Ferme", "Farm", "Granja"),
    ("Recyclerie", "Reuse centre", "Centro de reciclaje"),
)
THINGS = (
    ("jardins", "gardens", "jardines"),
    ("semences", "seeds", "semillas"),
    ("vélos", "bicycles", "bicicletas"),
    ("énergies", "energy", "energías"),
    ("savoirs", "knowledge", "saberes"),
    ("logements", "housing", "viviendas"),
    ("circuits courts", "local food", "circuitos cortos"),
    ("soins", "care", "cuidados"),
    ("cantines", "canteens", "comedores"),
    ("monnaies locales", "local currencies", "monedas locales"),
    ("bois", "timber", "maderas"),
    ("logiciels libres", "free software", "software libre"),
)
SAID = (
    "« {a} et {b} travaillent ensemble depuis {year}, à parts égales. »",
    '{a} rejoint {b} en {year}:\\n\\"une personne, une voix\\".',
    "Signé en {year} entre {a} et {b} — article 3, alinéa 2 ; voir l'annexe.",
    "En {year}, l’assemblée a accueilli {a} ; {b} s’en félicite, « à l'unanimité »\\tmoins une voix.",
)
