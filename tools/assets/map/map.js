// The map of a search: its points and clusters on the built-in basemap, with the list of what is in view beside it.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { basemap } from "./basemap.js";
import { source } from "./sources.js";

const MOST = 18; // the largest zoom
const KINDS = 5; // types that have a colour of their own; the others share one
const settings = JSON.parse(document.getElementById("map-settings").textContent);
const words = settings.words;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const numbers = new Intl.NumberFormat(settings.language);
const plurals = new Intl.PluralRules(settings.language);
const short = new Intl.NumberFormat(settings.language, { notation: "compact", maximumFractionDigits: 1 });

start().catch((error) => {
  document.getElementById("map-panel").hidden = true;
  throw error;
});

async function start() {
  document.getElementById("map-panel").hidden = false;
  for (const each of document.querySelectorAll(".inside")) each.hidden = true; // the list beside the map follows it
  const map = made();
  view(map, settings.view); // before anything is drawn, which needs a place
  const land = settings.tiles ? tiles(map) : basemap(map, settings); // which is there before the points are
  const [points, names] = await Promise.all([source(settings), land]);
  const towns = (points.towns ?? []).map(([name, lat, lon]) => ({ name, at: L.latLng(lat, lon) }));
  const marks = new Map();
  const layer = L.layerGroup().addTo(map);
  let asked; // where the focus was when a cluster was opened
  const follow = async () => {
    const found = await points.look(box(map), map.getZoom()).catch((error) => error.name === "AbortError" || Promise.reject(error));
    if (found === true) return;
    place(found.marks);
    names(towns, found.marks);
    keys(found.marks.filter((each) => !each.number));
    list(found);
    keep(map);
    if (asked) focus(asked);
    asked = undefined;
  };

  function place(wanted) {
    const keys = new Set(wanted.map((each) => each.key));
    for (const [key, mark] of marks) {
      if (keys.has(key) || mark.isPopupOpen()) continue;
      layer.removeLayer(mark);
      marks.delete(key);
    }
    for (const each of wanted) {
      if (marks.has(each.key)) continue;
      const mark = each.number ? bubble(each) : dot(each);
      marks.set(each.key, mark);
      layer.addLayer(mark);
      mark.getElement().setAttribute("aria-label", each.number ? said(words.cluster, each.number) : `${each.name}, ${each.type}`);
    }
  }

  function focus(at) {
    const distance = (mark) => map.distance(mark.getLatLng(), at);
    [...marks.values()].sort((a, b) => distance(a) - distance(b))[0]?.getElement()?.focus({ preventScroll: true });
  }

  function bubble(each) {
    const text = document.createElement("span");
    text.textContent = each.number < 10000 ? numbers.format(each.number) : short.format(each.number);
    const size = each.number < 10 ? 0 : each.number < 100 ? 1 : each.number < 1000 ? 2 : 3;
    const side = [30, 36, 42, 48][size];
    const mark = L.marker(each.at, { icon: L.divIcon({ className: `bubble s${size}`, html: text, iconSize: [side, side] }) });
    return pressed(mark, () => open(each, mark));
  }

  async function open(each, mark) {
    asked = each.at;
    if (each.zoom && each.zoom <= MOST && map.getZoom() < MOST) return map.setView(each.at, each.zoom, { animate: !calm });
    if (each.box && spread(map, each.box) > 8 && map.getZoom() < MOST) {
      const [west, south, east, north] = each.box;
      const target = Math.min(MOST, Math.max(map.getBoundsZoom([[south, west], [north, east]]), map.getZoom() + 1));
      return map.setView([(south + north) / 2, (west + east) / 2], target, { animate: !calm });
    }
    asked = undefined;
    const items = document.createElement("ul");
    for (const member of await each.members()) items.append(entry(member, "li"));
    const title = document.createElement("p");
    title.textContent = said(words.here, each.number);
    const content = document.createElement("div");
    content.append(title, items);
    if (items.children.length < each.number) content.append(link(around(each.at), words.all));
    return show(mark, content);
  }

  function dot(each) {
    if (!points.types.includes(each.type)) points.types.push(each.type);
    const kind = Math.min(points.types.indexOf(each.type), KINDS);
    const icon = L.divIcon({ className: `dot t${kind}`, html: document.createElement("i"), iconSize: [24, 24] });
    const mark = L.marker(each.at, { icon });
    return pressed(mark, () => show(mark, entry(each, "div")));
  }

  function show(mark, content) {
    content.classList.add("told");
    mark.unbindPopup().bindPopup(content, { maxWidth: 300, maxHeight: 260, autoPanAnimation: !calm, closeButton: true }).openPopup();
    const close = mark.getPopup().getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", words.close);
    content.querySelector("a")?.focus({ preventScroll: true });
    mark.getPopup().once("remove", () => mark.getElement()?.focus({ preventScroll: true }));
  }

  function entry(each, name) {
    const node = document.createElement(name);
    const title = link(each.path, each.name);
    if (each.language) title.lang = each.language;
    const type = document.createElement("span");
    type.className = "soft";
    type.textContent = [each.type, each.line].filter(Boolean).join(" · ");
    node.append(title, type);
    return node;
  }

  // What the colours stand for, as far as there are points of these types in view.
  function keys(shown) {
    const used = points.types.filter((type) => shown.some((each) => each.type === type));
    const entries = used.slice(0, KINDS + 1).map((type) => {
      const [item, mark] = [document.createElement("li"), document.createElement("i")];
      mark.className = `key t${Math.min(points.types.indexOf(type), KINDS)}`;
      item.append(mark, type);
      return item;
    });
    const node = document.getElementById("map-keys");
    node.replaceChildren(...entries);
    node.hidden = entries.length < 2;
  }

  function list({ number, first }) {
    document.getElementById("map-number").textContent = said(words.view, number);
    document.getElementById("map-list").replaceChildren(...first.map((each) => entry(each, "li")));
    document.getElementById("map-more").href = searched(box(map));
  }

  view(map, points.box);
  map.on("moveend", follow);
  await follow();
}

// A mark is a button: it does the same when it is clicked, and on Enter and the space bar.
function pressed(mark, act) {
  mark.on("click", act);
  return mark.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

function made() {
  const map = L.map("map", {
    zoomControl: false,
    attributionControl: false,
    maxZoom: MOST,
    minZoom: 1,
    maxBounds: [[-85, -190], [85, 190]],
    maxBoundsViscosity: 0.8,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
    scrollWheelZoom: false, // who scrolls the page passes over the map
  });
  if (calm) map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
  L.control.zoom({ zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const credit = L.control.attribution({ prefix: false }).addTo(map);
  if (settings.attribution) credit.addAttribution(settings.attribution);
  const node = map.getContainer();
  node.setAttribute("role", "region");
  node.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  node.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  node.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  return map;
}

// They have names of their own.
function tiles(map) {
  L.tileLayer(settings.tiles, { maxZoom: MOST }).addTo(map);
  return () => {};
}

function view(map, most) {
  const given = new URL(location.href).searchParams.get("bbox");
  const [west, south, east, north] = given ? given.split(",").map(Number) : (most ?? []);
  if ([west, south, east, north].every(Number.isFinite)) {
    const wanted = L.latLngBounds([south, west], [north, east]).pad(given ? -0.01 : 0.05); // what was kept is found again
    map.fitBounds(wanted, { animate: false, maxZoom: given ? MOST : 12 });
  } else map.setView([46.6, 2.4], 5, { animate: false });
}

function box(map) {
  const bounds = map.getBounds();
  return [Math.max(-180, bounds.getWest()), Math.max(-90, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(90, bounds.getNorth())];
}

// How many pixels a box has along its longer side.
function spread(map, [west, south, east, north]) {
  const [a, b] = [map.latLngToContainerPoint([south, west]), map.latLngToContainerPoint([north, east])];
  return Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}

function around([lat, lon]) {
  return searched([lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4]);
}

function searched(bounds) {
  const address = new URL(settings.search, location.href);
  address.searchParams.set("bbox", bounds.map((each) => each.toFixed(4)).join(","));
  return address.pathname + address.search.replaceAll("%2C", ",");
}

// The address has the view, so that it can be shared.
function keep(map) {
  const address = new URL(location.href);
  address.searchParams.set("bbox", box(map).map((each) => Number(each.toFixed(4))).join(","));
  history.replaceState(history.state, "", address.pathname + address.search.replaceAll("%2C", ",") + address.hash);
}

function link(address, text) {
  const node = document.createElement("a");
  node.href = address;
  node.textContent = text;
  return node;
}

// A message of the form "one|other", with its number.
function said(message, number) {
  const [one, other] = message.split("|");
  return (plurals.select(number) === "one" ? one : other ?? one).replace("{n}", numbers.format(number));
}
