"""The blocking service under the import path of `cadence-client` 1.x."""

from __future__ import annotations

from cadence.stubs.service import WorkflowService

__all__ = ("WorkflowService",)
