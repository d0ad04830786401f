"""Review of pairs by people: which wait, what two records say side by side, and judgements that are written at once."""
