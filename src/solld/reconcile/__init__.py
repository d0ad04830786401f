"""The Reconciliation API: whoever has a list of names finds which of our things they are.

    terms      types and properties, by the names that clients give them
    asking     what is asked, in the forms of both versions: classic (0.1, 0.2) and draft (1.0)
    standing   what became of an identifier: itself, merged into another, withdrawn
    finding    candidates from the index of names, wide
    weighing   how probable each is, and why
    matching   the candidates of a query, and whether the first is safe
    values     what properties say of things: extension, preview, fly-outs
    telling    answers, in the forms of both versions

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""
