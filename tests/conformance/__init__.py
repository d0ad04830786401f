"""The W3C SPARQL tests, run over HTTP against a running service: make conformance."""
