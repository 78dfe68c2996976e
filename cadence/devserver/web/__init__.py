"""The dev server's web page: what runs, what happened, and buttons to act on it. `site.Site` serves it."""
