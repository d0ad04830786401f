// Where the points of a map come from: all of them at once and clustered here, or clusters that the server makes.
import Supercluster from "supercluster";

const RADIUS = 90; // pixels: the middles of clusters move to where most points are, and circles have up to 48
const DEEPEST = 18; // the last zoom at which points are clustered; what is at one place then is told as a list
const LISTED = 20;

export async function source(settings) {
  const told = await read(settings.points);
  return told.clustered ? onServer(settings, told) : here(told);
}

async function read(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function here(told) {
  const all = told.name.map((name, i) => ({
    key: told.path[i],
    name,
    language: told.languages[told.language[i]],
    path: told.path[i],
    type: told.types[told.type[i]],
    line: told.line[i],
    at: [told.lat[i], told.lon[i]],
  }));
  const index = new Supercluster({ radius: RADIUS, maxZoom: DEEPEST });
  index.load(all.map((point) => ({ type: "Feature", properties: point, geometry: { type: "Point", coordinates: [point.at[1], point.at[0]] } })));
  const shown = (each, zoom) => (each.properties.cluster ? cluster(each, zoom) : each.properties);
  function cluster({ properties, geometry }, zoom) {
    const { cluster_id: id, point_count: number } = properties;
    return {
      key: `c${id}`,
      number,
      at: [geometry.coordinates[1], geometry.coordinates[0]],
      zoom: index.getClusterExpansionZoom(id),
      members: async () => index.getLeaves(id, LISTED).map((leaf) => leaf.properties),
    };
  }
  return {
    ...told,
    async look(box, zoom) {
      const [west, south, east, north] = box;
      const inside = all.filter(({ at: [y, x] }) => x >= west && x <= east && y >= south && y <= north);
      return { number: inside.length, first: inside.slice(0, LISTED), marks: index.getClusters(box, zoom).map((each) => shown(each, zoom)) };
    },
  };
}

function onServer(settings, told) {
  let last;
  const point = ([lat, lon, name, language, path, type, line]) => ({ key: path, name, language, path, type, line, at: [lat, lon] });
  const ask = async (box, zoom, signal) => {
    const address = new URL(settings.clusters, location.href);
    address.searchParams.set("bbox", box.map((each) => each.toFixed(5)).join(","));
    address.searchParams.set("z", zoom);
    return read(address, signal);
  };
  const cluster = ([lat, lon, number, box], zoom) => ({
    key: `${zoom}/${lat}/${lon}/${number}`,
    number,
    at: [lat, lon],
    box,
    members: async () => (await ask(box, DEEPEST)).first.map(point),
  });
  return {
    ...told,
    types: [],
    async look(box, zoom) {
      last?.abort();
      last = new AbortController();
      const { number, first, clusters, points } = await ask(box, zoom, last.signal);
      return { number, first: first.map(point), marks: [...clusters.map((each) => cluster(each, zoom)), ...points.map(point)] };
    },
  };
}
