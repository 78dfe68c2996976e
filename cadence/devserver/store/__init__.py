"""What is kept: one SQLite database, in memory or on a file, written in group commits."""
