"""The command line: a dev server, domains and workflows from a shell."""
