"""Calendars: when a cron schedule fires."""
