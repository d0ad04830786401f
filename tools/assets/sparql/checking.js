// What is wrong with the text, asked of the server as one writes: marked at its place, and told below in words.
import { linter } from "@codemirror/lint";

const DELAY = 600; // milliseconds without typing

// `report` is told what is found; of the text that the page came with the server has said it already.
export function checking(address, report, first) {
  return linter(
    async (view) => {
      const text = view.state.doc.toString();
      const changed = text !== first;
      first = undefined;
      if (!text.trim()) return report([]), [];
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query: text }) }).catch(() => null);
      if (!answer?.ok || view.state.doc.toString() !== text) return [];
      const { errors, warnings } = await answer.json();
      if (changed) report([...errors, ...warnings]);
      return [...errors.map((each) => mark(view.state.doc, each, "error")), ...warnings.map((each) => mark(view.state.doc, each, "warning"))];
    },
    { delay: DELAY },
  );
}

// The word that begins at a line and a column (in characters, from 1); at the end of the text the last word.
export function span(doc, { line: number, column }) {
  if (!number) return { from: doc.length, to: doc.length };
  const line = doc.line(Math.min(number, doc.lines));
  const from = Math.min(line.from + [...line.text].slice(0, column - 1).join("").length, line.to);
  const word = /^(?:<[^>\s]*>?|[?$@]?[\w\u00c0-\uffff:.-]*[\w\u00c0-\uffff:]|"[^"\n]*"?|\S)/.exec(line.text.slice(from - line.from));
  return { from, to: word ? from + word[0].length : from };
}

function mark(doc, problem, severity) {
  const { from, to } = span(doc, problem);
  return { from: to > from || from === 0 ? from : from - 1, to: Math.max(to, from), severity, message: problem.message + (problem.hint ? ` — ${problem.hint}` : "") };
}
