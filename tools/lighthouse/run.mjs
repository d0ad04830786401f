// Lighthouse over pages of a site that runs: make lighthouse (LIGHTHOUSE="http://127.0.0.1:8000 / /search"). It asks nobody else.
// Scores are 0 to 100; a table for phones, the harder of the two. Needs chromium; nothing of it is a test.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [address = "http://127.0.0.1:8000", ...given] = process.argv.slice(2);
const paths = given.length ? given : ["/", "/search", "/map", "/networks", "/values", "/timeline", "/ns", "/sparql", "/about/data"];
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync";
const KINDS = ["performance", "accessibility", "best-practices", "seo"];

const chrome = await launch({ chromePath: "/usr/bin/chromium", chromeFlags: FLAGS.split(" ") });
console.log(["page".padEnd(40), ...KINDS, "LCP ms", "CLS", "kB"].join("  "));
for (const path of paths) {
  const options = { port: chrome.port, onlyCategories: KINDS, logLevel: "error" };
  const { lhr } = await lighthouse(new URL(path, address).href, options);
  const scores = KINDS.map((kind) => String(Math.round(lhr.categories[kind].score * 100)).padStart(kind.length));
  const audits = lhr.audits;
  const more = [Math.round(audits["largest-contentful-paint"].numericValue), audits["cumulative-layout-shift"].numericValue.toFixed(2),
    Math.round(audits["total-byte-weight"].numericValue / 1000)];
  console.log([path.padEnd(40), ...scores, ...more].join("  "));
  for (const kind of KINDS.slice(1)) {
    for (const { id } of lhr.categories[kind].auditRefs) {
      if (audits[id].score !== null && audits[id].score < 0.9) console.log(`    ${id}: ${audits[id].title}`);
    }
  }
}
await chrome.kill();
