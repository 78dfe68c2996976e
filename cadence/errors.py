"""The errors that the server declares, by their IDL names: `from cadence.errors import EntityNotExistsError`.

All of them derive from `cadence.exceptions.ServiceError`. They are generated (cadence/api/errors.py); what can happen
to your workflows, activities and calls besides is in `cadence.exceptions`.
"""

from __future__ import annotations

from cadence.api.errors import (
    AccessDeniedError,
    BadRequestError,
    CancellationAlreadyRequestedError,
    ClientVersionNotSupportedError,
    CurrentBranchChangedError,
    DomainAlreadyExistsError,
    DomainNotActiveError,
    EntityNotExistsError,
    FeatureNotEnabledError,
    InternalDataInconsistencyError,
    InternalServiceError,
    LimitExceededError,
    QueryFailedError,
    RemoteSyncMatchedError,
    RetryTaskV2Error,
    ServiceBusyError,
    StickyWorkerUnavailableError,
    TaskListNotOwnedByHostError,
    WorkflowExecutionAlreadyCompletedError,
    WorkflowExecutionAlreadyStartedError,
)
from cadence.exceptions import ServiceError

__all__ = (
    "AccessDeniedError",
    "BadRequestError",
    "CancellationAlreadyRequestedError",
    "ClientVersionNotSupportedError",
    "CurrentBranchChangedError",
    "DomainAlreadyExistsError",
    "DomainNotActiveError",
    "EntityNotExistsError",
    "FeatureNotEnabledError",
    "InternalDataInconsistencyError",
    "InternalServiceError",
    "LimitExceededError",
    "QueryFailedError",
    "RemoteSyncMatchedError",
    "RetryTaskV2Error",
    "ServiceBusyError",
    "ServiceError",
    "StickyWorkerUnavailableError",
    "TaskListNotOwnedByHostError",
    "WorkflowExecutionAlreadyCompletedError",
    "WorkflowExecutionAlreadyStartedError",
)
