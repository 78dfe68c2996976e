"""Finding runs: the list query language and its SQL."""
