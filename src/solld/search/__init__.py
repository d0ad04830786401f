"""Search: what a release can be searched for, as the site's ontology says, and how that is asked and answered."""
