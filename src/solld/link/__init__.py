"""One organisation in several directories: candidates, judgements, and what follows from them."""
