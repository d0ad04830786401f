// The editor of the query page. The form works without it; what is written goes through the same field.
//
// It lives in a shadow root: there its styles are adopted sheets, which the page's policy (style-src 'self') allows.
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { source } from "./completion.js";
import { checking, span } from "./checking.js";
import { iris, look } from "./look.js";

const settings = JSON.parse(document.getElementById("query-settings").textContent);
const { words } = settings;
const form = document.getElementById("ask");
const field = document.getElementById("query");
const label = document.getElementById("query-label");
const state = document.getElementById("query-state");
const numbers = new Intl.NumberFormat(settings.language);

let asked;
const terms = () => (asked ??= fetch(settings.terms).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).catch((error) => ((asked = undefined), Promise.reject(error))));

const view = start();
const places = [...document.querySelectorAll(".problems [data-line]")];
for (const each of places) lead(each.querySelector("strong"), { line: Number(each.dataset.line), column: Number(each.dataset.column) });
for (const button of document.querySelectorAll("[data-copy]")) copying(button);

function start() {
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  field.before(host);
  field.hidden = true;
  field.required = false; // what cannot be focused cannot be asked for
  document.getElementById("query-keys").hidden = false;
  const text = field.value.replace(/\n+$/, "\n");
  const made = new EditorView({ state: EditorState.create({ doc: text, extensions: extensions(text) }), parent: root, root });
  label.addEventListener("click", () => made.focus());
  form.addEventListener("submit", () => (field.value = made.state.doc.toString()));
  addEventListener("pageshow", () => (field.value = made.state.doc.toString()));
  return made;
}

function extensions(first) {
  return [
    keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true), preventDefault: true }]),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    SparqlLanguage.configure({ props: [iris] }),
    autocompletion({ override: [source(terms, words, numbers)], icons: false, activateOnTypingDelay: 80 }),
    checking(settings.check, report, first),
    // Tab is not among them: it leaves the editor.
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
    EditorView.contentAttributes.of({ "aria-label": label.textContent, autocapitalize: "off", autocorrect: "off", spellcheck: "false" }),
    look,
  ];
}

// Tells what is wrong below the editor, in place of what the server said of the text before.
function report(problems) {
  document.getElementById("message")?.remove();
  field.removeAttribute("aria-invalid");
  state.hidden = !problems.length;
  state.replaceChildren(...problems.slice(0, 3).map(line));
}

function line(problem) {
  const made = document.createElement("span");
  made.className = "problem";
  if (problem.line) {
    const place = Object.assign(document.createElement("strong"), { textContent: words.place.replace("{line}", problem.line).replace("{column}", problem.column) });
    lead(place, problem);
    made.append(place, " ");
  }
  made.append(Object.assign(document.createElement("span"), { textContent: problem.message }));
  if (problem.hint) made.append(" ", Object.assign(document.createElement("span"), { className: "hint", textContent: problem.hint }));
  return made;
}

// Makes the name of a place a button that puts the cursor there.
function lead(element, problem) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "to", textContent: element.textContent });
  button.addEventListener("click", () => {
    const { from, to } = span(view.state.doc, problem);
    view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    view.focus();
  });
  element.replaceChildren(button);
}

function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const text = button.querySelector("span");
  const before = text.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    text.textContent = words.copied;
    setTimeout(() => (text.textContent = before), 2000);
  });
}
