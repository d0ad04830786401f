"""Functions that the engine has beyond SPARQL: those of GeoSPARQL 1.1. https://docs.ogc.org/is/22-047r1/22-047r1.html"""

NAMESPACE = "http://www.opengis.net/def/function/geosparql/"
UNITS = "http://www.opengis.net/def/uom/OGC/1.0/"  # metre, kilometre; for areas square_metre
FEATURES = ("sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin")
EGENHOFER = ("ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap")
RCC8 = ("rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi")
MEASURES = ("area", "distance", "length", "perimeter")  # with a unit
GEOMETRIES = ("centroid", "convexHull", "difference", "envelope", "intersection", "symDifference", "union")
FACTS = (
    "asGeoJSON",
    "coordinateDimension",
    "dimension",
    "getSRID",
    "isEmpty",
    "isSimple",
    "relate",
    "spatialDimension",
)
FUNCTIONS = (*FEATURES, *EGENHOFER, *RCC8, *MEASURES, *GEOMETRIES, *FACTS)  # local names
