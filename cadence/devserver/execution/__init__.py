"""Runs: their state, their events, and what changes both."""
