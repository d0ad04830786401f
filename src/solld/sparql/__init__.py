"""What is known of the SPARQL language without an engine: tokens, grammar, outline of a query, prefixes, paging."""
