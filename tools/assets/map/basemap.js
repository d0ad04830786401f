// The built-in basemap: countries, and France's départements, as layers without tiles, with names in the page's language.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { feature } from "topojson-client";

const SHOWN = { countries: [2, 6], regions: [6, 7.9], departements: [8, 20] }; // zooms at which names are shown
const WIDE = 7; // pixels of a letter, about

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
  map.on("moveend zoomend", () => show(map, names, named));
  show(map, names, named);
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

function show(map, names, named) {
  const [zoom, view] = [map.getZoom(), map.getBounds().pad(0.1)];
  names.clearLayers();
  for (const { name, level, box, at } of named) {
    const [least, most] = SHOWN[level];
    if (zoom < least || zoom > most || !view.contains(at)) continue;
    const wide = map.latLngToContainerPoint(box.getNorthEast()).x - map.latLngToContainerPoint(box.getSouthWest()).x;
    if (wide < name.length * WIDE) continue;
    const text = document.createElement("span");
    text.textContent = name;
    text.setAttribute("aria-hidden", "true");
    const icon = L.divIcon({ className: `name ${level}`, html: text, iconSize: [0, 0] });
    L.marker(at, { icon, pane: "names", interactive: false, keyboard: false }).addTo(names);
  }
}
