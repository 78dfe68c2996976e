"""The import path of 1.x for what declares activities."""

from cadence.stubs.decorators import activity_method
from cadence.stubs.options import ActivityOptions, RetryParameters

__all__ = ("ActivityOptions", "RetryParameters", "activity_method")
