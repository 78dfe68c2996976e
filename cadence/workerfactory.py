"""The import path of 1.x for workers."""

from cadence.stubs.options import WorkerFactoryOptions, WorkerOptions
from cadence.stubs.worker import Worker, WorkerFactory

__all__ = ("Worker", "WorkerFactory", "WorkerFactoryOptions", "WorkerOptions")
