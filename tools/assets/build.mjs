// Makes src/solld/static/dist: the bundles, the basemap, a manifest with their hashes, and the licences of what is in them.
//
// `make assets` runs it after `npm ci`. What it makes is committed, so nobody needs Node to install or run solld; tests
// hold the manifest against the files and against package-lock.json, and what is made again against what is committed.
// A bundle is a folder beside this file with a script of the same name: map/map.js becomes dist/map.js. Icons are
// those of icons.txt. Another folder to write to can be given.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { basemap } from "./basemap.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = process.argv[2] ? resolve(process.argv[2]) : join(here, "../../src/solld/static/dist");
const bundles = readdirSync(here).filter((name) => existsSync(join(here, name, `${name}.js`)));
mkdirSync(dist, { recursive: true });

const made = {}; // file in dist -> the packages that it is made of
for (const name of bundles) {
  const { metafile } = await build({
    entryPoints: [join(here, name, `${name}.js`)],
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
Object.assign(made, basemap(dist), icons());

const all = [...new Set(Object.values(made).flat())].sort();
writeFileSync(join(dist, "LICENSES.txt"), all.map(licence).join("\n"));
const files = Object.entries({ ...made, "LICENSES.txt": [] }).sort(([a], [b]) => (a < b ? -1 : 1));
const manifest = Object.fromEntries(files.map(([name, from]) => [name, entry(name, from)]));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);

// name -> what is inside of its svg element.
function icons() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const drawn = Object.fromEntries(names.map((name) => [name, drawing(name)]));
  writeFileSync(join(dist, "icons.json"), `${JSON.stringify(drawn, null, 1)}\n`);
  return { "icons.json": ["lucide-static"] };
}

function drawing(name) {
  const svg = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  return svg.match(/<svg[^>]*>([^]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
}

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

function entry(name, from) {
  const bytes = readFileSync(join(dist, name));
  return { sha384: createHash("sha384").update(bytes).digest("base64"), bytes: bytes.length, from: from.map(versioned) };
}
