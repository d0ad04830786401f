// Completion from the data: the classes and properties that are there, found by name or label, with the missing PREFIX.
import { classes, declared, isType, place, variables } from "./reading.js";

const WORD = /(?:<[^<>\s]*|[?$][\w\u00c0-\uffff]*|[\w\u00c0-\uffff][\w\u00c0-\uffff.:'-]*|:[\w\u00c0-\uffff-]*)$/;
const MOST = 60;
const WORDS = "SELECT DISTINCT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES EXISTS NOT GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT SEPARATOR COALESCE IF STR LANG LANGMATCHES DATATYPE BOUND IRI CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX SUBSTR YEAR MONTH DAY NOW ABS ROUND ISIRI ISLITERAL PREFIX".split(" ");

// A source of completions over what /sparql/terms.json tells; `words` are texts of the page.
export function source(loaded, words, numbers) {
  return async (context) => {
    const match = context.matchBefore(WORD);
    if (!match && !context.explicit) return null;
    const terms = await loaded();
    if (context.aborted) return null;
    const from = match ? match.from : context.pos;
    const text = context.state.doc.toString();
    const typed = match ? match.text : "";
    const options = offered(terms, text, from, typed, words, numbers).slice(0, MOST);
    return options.length ? { from, options, filter: false } : null;
  };
}

export function offered(terms, text, from, typed, words, numbers) {
  if (/^[?$]/.test(typed)) return named(variables(text.slice(0, from) + text.slice(from + typed.length)), typed, "variable", words);
  const before = text.slice(0, from);
  if (/\bPREFIX\s+$/i.test(before)) return prefixes(terms, typed, words);
  const at = place(before);
  const known = declared(text);
  const found = at.place === "object" && isType(at.predicate, known) ? classesOf(terms) : at.place === "predicate" ? propertiesOf(terms, text, at) : at.place === "other" ? [] : typed.includes(":") ? [...classesOf(terms), ...propertiesOf(terms, text, at)] : [];
  const options = matching(found, typed).map((each) => option(each, text, words, numbers));
  if (at.place === "predicate" || (at.place === "object" && isType(at.predicate, known))) return options;
  return [...options, ...(typed ? named(WORDS, typed, "word", words) : []), ...(typed ? [] : named(variables(text), "", "variable", words))];
}

function classesOf(terms) {
  return terms.classes.map((each) => ({ ...each, kind: "class" }));
}

// The properties that things of the subject's classes have come first, the usual ones before others.
function propertiesOf(terms, text, { subject }) {
  const said = new Set(classes(text).get(subject) ?? []);
  const own = [...new Set(terms.classes.filter((each) => said.has(each.iri)).flatMap((each) => each.of))];
  const others = terms.properties.map((_, number) => number).filter((number) => !own.includes(number));
  return [...own.map((number) => ({ number, own: true })), ...others.map((number) => ({ number }))].map(({ number, own }) => ({ ...terms.properties[number], own, kind: "property" }));
}

// Those that what is typed is the beginning of come first: of the name, its local part, the label or one of its words.
function matching(found, typed) {
  const wanted = folded(typed);
  if (!wanted) return found;
  const ranked = found.map((each, order) => ({ each, order, rank: rank(each, wanted) })).filter(({ rank }) => rank < 4);
  return ranked.sort((a, b) => !!b.each.own - !!a.each.own || a.rank - b.rank || a.order - b.order).map(({ each }) => each);
}

function rank(each, wanted) {
  const name = folded(each.name);
  const local = name.slice(name.indexOf(":") + 1);
  const label = folded(each.label ?? "");
  if (name.startsWith(wanted) || local.startsWith(wanted)) return 0;
  if (label.startsWith(wanted)) return 1;
  if (label.split(/[\s’'-]+/).some((word) => word.startsWith(wanted))) return 2;
  return wanted.length > 2 && (local.includes(wanted) || label.includes(wanted)) ? 3 : 4;
}

function folded(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function option(term, text, words, numbers) {
  const told = term.count ? words.count.replace("{n}", numbers.format(term.count)) : "";
  return { label: term.name, detail: term.label, type: term.kind, info: () => info(term, told, words), apply: (view, _, from, to) => insert(view, term, from, to) };
}

function info(term, told, words) {
  const box = document.createElement("div");
  box.className = "cm-about";
  for (const line of [term.label, `${words[`kind_${term.kind}`]}${told ? ` · ${told}` : ""}`, term.iri].filter(Boolean)) {
    box.append(Object.assign(document.createElement("div"), { textContent: line }));
  }
  return box;
}

// Writes the name of a term, and the prefix that it needs before everything else.
function insert(view, term, from, to) {
  const text = view.state.doc.toString();
  const known = declared(text);
  const prefix = /^[^<:]*(?=:)/.exec(term.name)?.[0];
  const local = prefix === undefined ? "" : term.name.slice(prefix.length + 1);
  const namespace = term.iri.slice(0, term.iri.length - local.length);
  const other = prefix === undefined ? undefined : [...known].find(([, each]) => each === namespace)?.[0];
  const missing = prefix !== undefined && other === undefined;
  const clash = missing && known.has(prefix); // the query means something else by it
  const name = prefix === undefined || clash ? `<${term.iri}>` : `${other ?? prefix}:${local}`;
  const changes = [{ from, to, insert: name }];
  const line = missing && !clash ? `PREFIX ${prefix}: <${namespace}>\n` : "";
  if (line) changes.unshift({ from: prologue(text), insert: line });
  view.dispatch({ changes, selection: { anchor: from + line.length + name.length }, userEvent: "input.complete", scrollIntoView: true });
}

// Where another PREFIX may be written: after the last, or after the comments that the text begins with.
function prologue(text) {
  const last = [...text.matchAll(/^[ \t]*PREFIX\s+[\w.-]*:\s*<[^>\s]*>[ \t]*\n/gim)].pop();
  return last ? last.index + last[0].length : /^(?:[ \t]*(?:#[^\n]*)?\n)*/.exec(text)[0].length;
}

function prefixes(terms, typed, words) {
  const wanted = typed.toLowerCase();
  return Object.entries(terms.prefixes)
    .filter(([prefix]) => prefix.startsWith(wanted))
    .map(([prefix, namespace]) => ({ label: `${prefix}: <${namespace}>`, type: "prefix", info: words.kind_prefix }));
}

function named(names, typed, kind, words) {
  const wanted = typed.toLowerCase();
  return names.filter((each) => each.toLowerCase().startsWith(wanted) && each !== typed).map((label) => ({ label, type: kind, detail: words[`kind_${kind}`] }));
}
