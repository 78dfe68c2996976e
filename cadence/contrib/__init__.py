"""Bridges to other libraries; each module imports its own, and nothing else in the package imports them."""
