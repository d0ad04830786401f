"""Harvesting: what other directories publish is looked at, fetched, lifted and kept, each source on its own."""
