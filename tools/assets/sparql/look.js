// How the editor looks. Colours are tokens of the page's style sheet, so dark and print are as there.
import { EditorView } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--line-2)", borderRadius: "8px", fontSize: "1rem", overflow: "hidden" },
  "&.cm-focused": { outline: "none" }, // the element around it shows the focus
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.95rem", lineHeight: "1.55", maxHeight: "34rem" },
  ".cm-content, .cm-gutter": { minHeight: "15rem" },
  ".cm-content": { padding: "0.7rem 0", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-line": { padding: "0 0.9rem 0 0.5rem" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-2)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.5rem 0 0.7rem", minWidth: "2rem" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--query-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--query-selected)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-2)", borderRadius: "6px", boxShadow: "0 4px 16px rgb(0 0 0 / 0.14)", zIndex: "5", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "0.9rem", maxHeight: "16rem", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.6rem", lineHeight: "1.45", minHeight: "1.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", fontSize: "0.95rem", marginLeft: "0.7em", color: "var(--ink-2)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { padding: "0.5rem 0.7rem", maxWidth: "22rem", fontFamily: "var(--sans)", fontSize: "0.92rem", lineHeight: "1.4", overflowWrap: "anywhere" },
  ".cm-about > :first-child": { fontWeight: "650" },
  ".cm-about > :last-child": { color: "var(--ink-2)" },
  ".cm-diagnostic": { padding: "0.4rem 0.7rem", fontFamily: "var(--sans)", fontSize: "0.95rem", lineHeight: "1.4", borderLeft: "4px solid var(--second)", maxWidth: "34rem" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--line-2)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--query-error) 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted var(--query-error) 2px", textUnderlineOffset: "3px" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--query-error)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier, tags.controlKeyword], color: "var(--query-word)", fontWeight: "600" },
  { tag: [tags.variableName, tags.definition(tags.variableName), tags.local(tags.variableName)], color: "var(--query-variable)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--query-text)" },
  { tag: [tags.url, tags.link, tags.special(tags.name)], color: "var(--query-iri)" },
  { tag: [tags.number, tags.bool, tags.literal], color: "var(--query-number)" },
  { tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name)], color: "var(--query-word)" },
]);

// IRIs and names have no colour in the package.
export const iris = styleTags({ IriRef: tags.url, "Pname_ln Pname_ns PrefixedName": tags.special(tags.name) });

export const look = [theme, syntaxHighlighting(colours)];
