// Makes src/solld/static/dist: the bundles, the basemap, a manifest with their hashes, and the licences of what is in them.
//
// `make assets` runs it after `npm ci`. What it makes is committed, so nobody needs Node to install or run solld; a test
// holds the manifest against the files and against package-lock.json.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { basemap } from "./basemap.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../src/solld/static/dist");
const BUNDLES = { map: "map/map.js" }; // name in dist -> where it begins

const made = {}; // file in dist -> the packages that it is made of
for (const [name, entry] of Object.entries(BUNDLES)) {
  const { metafile } = await build({
    entryPoints: [join(here, entry)],
    outfile: join(dist, `${name}.js`),
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none", // they are in LICENSES.txt, whole
    metafile: true,
  });
  made[`${name}.js`] = packages(Object.keys(metafile.inputs));
}
Object.assign(made, basemap(dist));

const all = [...new Set(Object.values(made).flat())].sort();
writeFileSync(join(dist, "LICENSES.txt"), all.map(licence).join("\n"));
const files = Object.entries({ ...made, "LICENSES.txt": [] }).sort(([a], [b]) => (a < b ? -1 : 1));
const manifest = Object.fromEntries(files.map(([name, from]) => [name, { sha384: hash(name), from: from.map(versioned) }]));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);

// The packages that files of node_modules belong to; what is ours belongs to none.
function packages(paths) {
  const names = paths.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function told(name) {
  return JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));
}

function versioned(name) {
  return `${name}@${told(name).version}`;
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  if (!file || !existsSync(join(folder, file))) throw new Error(`${name} has no licence`);
  const used = Object.entries(made).filter(([, from]) => from.includes(name)).map(([each]) => each);
  return `${versioned(name)} (${told(name).license}), in ${used.join(", ")}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

function hash(name) {
  return createHash("sha384").update(readFileSync(join(dist, name))).digest("base64");
}
