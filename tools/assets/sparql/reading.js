// Reads a query as far as completion needs it: what stands before the cursor, and which classes its variables are of.

const TOKEN = /#[^\n]*|"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|[?$][\w\u00c0-\uffff]+|@[A-Za-z-]+|(?:[\w\u00c0-\uffff][\w\u00c0-\uffff.-]*)?:(?:[\w\u00c0-\uffff:%\\-](?:[\w\u00c0-\uffff:%.\\-]*[\w\u00c0-\uffff:%\\-])?)?|[A-Za-z_]\w*|\d[\d.eE+-]*|\S/g;
const CLAUSES = new Set("SELECT CONSTRUCT DESCRIBE ASK FROM NAMED ORDER GROUP HAVING LIMIT OFFSET BY BIND FILTER AS ASC DESC DISTINCT REDUCED PREFIX BASE".split(" "));

export function tokens(text) {
  return [...text.matchAll(TOKEN)].filter(([word]) => word[0] !== "#").map((match) => ({ text: match[0], from: match.index }));
}

// prefix -> namespace, as the query declares them.
export function declared(text) {
  return new Map([...text.matchAll(/\bPREFIX\s+([\w.-]*):\s*<([^>\s]*)>/gi)].map(([, prefix, namespace]) => [prefix, namespace]));
}

export function variables(text) {
  return [...new Set(tokens(text).map((each) => each.text).filter((each) => /^[?$]./.test(each)))];
}

// The IRI that a token says.
export function iri(word, prefixes) {
  if (/^<.*>$/.test(word)) return word.slice(1, -1);
  const at = word.indexOf(":");
  const namespace = at < 0 ? undefined : prefixes.get(word.slice(0, at));
  return namespace === undefined ? "" : namespace + word.slice(at + 1);
}

// What may stand at the end of a text: { place: "subject" | "predicate" | "object" | "other", subject, predicate }.
export function place(text) {
  let state = { place: "other", subject: "", predicate: "" };
  const outer = [];
  let brackets = 0; // of an expression: nothing in it is a triple
  for (const { text: word } of tokens(text)) {
    if (word === "(") brackets++;
    else if (word === ")") brackets = Math.max(0, brackets - 1);
    else if (brackets) continue;
    else if (word === "{") {
      outer.push(state);
      state = { place: "subject", subject: "", predicate: "" };
    } else if (word === "}") {
      outer.pop();
      state = { place: outer.length ? "subject" : "other", subject: "", predicate: "" };
    } else if (word === "[") {
      outer.push(state);
      state = { place: "predicate", subject: "[", predicate: "" };
    } else if (word === "]") state = next(outer.pop() ?? state, "[]");
    else if (word === ".") state = { place: "subject", subject: "", predicate: "" };
    else if (word === ";") state = { ...state, place: "predicate", predicate: "" };
    else if (word === ",") state = { ...state, place: "object" };
    else if (CLAUSES.has(word.toUpperCase()) && !word.includes(":")) state = { ...state, place: outer.length ? "subject" : "other" };
    else if (/^[A-Za-z_]\w*$/.test(word) && word !== "a") continue; // OPTIONAL, UNION, true
    else if (/^[/|^*+!]$/.test(word) && state.predicate) state = { ...state, place: "predicate" }; // a path goes on
    else state = next(state, word);
  }
  return state;
}

function next(state, word) {
  if (state.place === "subject") return { place: "predicate", subject: word, predicate: "" };
  if (state.place === "predicate") return /^[!^(]$/.test(word) ? state : { ...state, place: "object", predicate: word };
  return { ...state, place: state.place === "object" ? "after" : state.place };
}

// subject -> the IRIs of the classes that the query says it is of.
export function classes(text) {
  const prefixes = declared(text);
  const found = new Map();
  let before = "";
  for (const { text: word, from } of tokens(text)) {
    const said = /^[<:]|:/.test(word) ? iri(word, prefixes) : "";
    if (said && before) {
      const { place: where, subject, predicate } = place(text.slice(0, from));
      if (where === "object" && isType(predicate, prefixes)) found.set(subject, [...(found.get(subject) ?? []), said]);
    }
    before = word;
  }
  return found;
}

export function isType(word, prefixes) {
  return word === "a" || iri(word, prefixes) === "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
}
