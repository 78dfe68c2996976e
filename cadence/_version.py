"""The distribution's version, read by setuptools and by headers of calls; imports nothing."""

__version__ = "2.0.0"
