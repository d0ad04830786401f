// The built-in basemap: countries, and France's départements, as layers without tiles, with names in the page's language.
//
// What it returns writes the names again, when the map has moved and has other marks on it.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { feature } from "topojson-client";

const SHOWN = { countries: [2, 6], regions: [6, 7.9], departements: [8, 20] }; // zooms at which names are shown
const TOWNS = 7; // the zoom from which on towns are named
const [WIDE, HIGH] = [7, 18]; // pixels of a letter and of a line, about
const [BELOW, MARK] = [28, 9]; // pixels that the name of a town is below it, and of a mark that may not be on it

export async function basemap(map, settings) {
  const [world, france] = await Promise.all([settings.world, settings.france].map(read));
  const countries = feature(world, world.objects.countries).features;
  const departements = feature(france, france.objects.departements).features;
  const regions = feature(france, france.objects.regions).features;
  map.createPane("land").style.zIndex = 200;
  map.createPane("names").style.zIndex = 450;
  draw(map, countries, "land");
  draw(map, departements, "land near");
  draw(map, regions, "edge");
  const called = new Intl.DisplayNames([settings.language], { type: "region" });
  const named = [
    ...countries.filter((each) => each.id).map((each) => label(each, called.of(each.id), "countries")),
    ...regions.map((each) => label(each, settings.regions[each.id] ?? each.properties.name, "regions")),
    ...departements.map((each) => label(each, each.properties.name, "departements")),
  ];
  const names = L.layerGroup().addTo(map);
  return (towns, marks) => {
    names.clearLayers();
    for (const each of [...areas(map, named), ...fitting(map, towns, marks)]) write(names, each);
  };
}

// Names of towns that lie neither on each other nor under a mark, the most frequent first.
function fitting(map, towns, marks) {
  if (map.getZoom() < TOWNS) return [];
  const view = map.getBounds();
  const taken = marks.map(({ at }) => map.latLngToContainerPoint(at));
  const placed = [];
  for (const { name, at } of towns) {
    if (!view.contains(at)) continue;
    const { x, y } = map.latLngToContainerPoint(at);
    const half = (name.length * WIDE) / 2;
    const free = placed.every((each) => Math.abs(each.x - x) > each.half + half || Math.abs(each.y - y) > HIGH);
    const seen = taken.every((each) => Math.abs(each.x - x) > half || Math.abs(each.y - y - BELOW) > MARK);
    if (free && seen) placed.push({ name, at, level: "town", x, y, half });
  }
  return placed;
}

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function draw(map, features, className) {
  const collection = { type: "FeatureCollection", features };
  L.geoJSON(collection, { pane: "land", interactive: false, smoothFactor: 0.7, style: { className } }).addTo(map);
}

// Where the name of an area stands, and how wide the area is there: the middle of its largest part.
function label(area, name, level) {
  const polygons = area.geometry.type === "Polygon" ? [area.geometry.coordinates] : area.geometry.coordinates;
  const bounds = polygons.map(([ring]) => L.latLngBounds(ring.map(([x, y]) => [y, x])));
  const size = (box) => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
  const largest = bounds.reduce((best, box, i) => (size(box) > size(bounds[best]) ? i : best), 0);
  return { name, level, box: bounds[largest], at: middle(polygons[largest][0]) };
}

function middle(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 1; i < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
    const cross = x0 * y1 - x1 * y0;
    [area, x, y] = [area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross];
  }
  return area ? [y / (3 * area), x / (3 * area)] : [ring[0][1], ring[0][0]];
}

// The names of areas that have room for them.
function areas(map, named) {
  const [zoom, view] = [map.getZoom(), map.getBounds().pad(0.1)];
  return named.filter(({ name, level, box, at }) => {
    const [least, most] = SHOWN[level];
    if (zoom < least || zoom > most || !view.contains(at)) return false;
    const wide = map.latLngToContainerPoint(box.getNorthEast()).x - map.latLngToContainerPoint(box.getSouthWest()).x;
    return wide > name.length * WIDE;
  });
}

function write(names, { name, level, at }) {
  const text = document.createElement("span");
  text.textContent = name;
  text.setAttribute("aria-hidden", "true");
  const icon = L.divIcon({ className: `name ${level}`, html: text, iconSize: [0, 0] });
  L.marker(at, { icon, pane: "names", interactive: false, keyboard: false }).addTo(names);
}
