"""One file per kind of thing that workflow code asks for: its states, its decision, what its events do to it."""
