"""What is found: a search as it is asked, answered from the index of a release, and told to people and programs."""
