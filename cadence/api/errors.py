"""The answers that say no.

Generated from thrift/shared.thrift by thrift/generate.py: change it there.
"""

# fmt: off

from __future__ import annotations

from cadence.api._declared import DeclaredError

__all__ = (
    "AccessDeniedError", "BadRequestError", "CancellationAlreadyRequestedError", "ClientVersionNotSupportedError",
    "CurrentBranchChangedError", "DomainAlreadyExistsError", "DomainNotActiveError", "EntityNotExistsError",
    "FeatureNotEnabledError", "InternalDataInconsistencyError", "InternalServiceError", "LimitExceededError",
    "QueryFailedError", "RemoteSyncMatchedError", "RetryTaskV2Error", "ServiceBusyError",
    "StickyWorkerUnavailableError", "TaskListNotOwnedByHostError", "WorkflowExecutionAlreadyCompletedError",
    "WorkflowExecutionAlreadyStartedError",
)


class BadRequestError(DeclaredError):
    """The request can't work as it is; sending it again does not help."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class InternalServiceError(DeclaredError):
    """The server failed; trying again is right."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class InternalDataInconsistencyError(DeclaredError):
    """The server's data contradicts itself."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class DomainAlreadyExistsError(DeclaredError):
    """A domain of this name is registered."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class WorkflowExecutionAlreadyStartedError(DeclaredError):
    """A run with this workflow id is open, or its reuse policy forbids another one."""

    _fields = ((10, "message", "string"), (20, "start_request_id", "string"), (30, "run_id", "string"))

    def __init__(
        self, message: str = "", start_request_id: str | None = None, run_id: str | None = None, *, hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.start_request_id = start_request_id
        self.run_id = run_id


class WorkflowExecutionAlreadyCompletedError(DeclaredError):
    """The run is closed."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class EntityNotExistsError(DeclaredError):
    """No such domain, run, task or schedule; or, on a standby cluster, not yet."""

    _fields = (
        (1, "message", "string"), (2, "current_cluster", "string"), (3, "active_cluster", "string"),
        (4, "active_clusters", "list<string>"),
    )

    def __init__(
        self, message: str = "", current_cluster: str | None = None, active_cluster: str | None = None,
        active_clusters: list[str] | None = None, *, hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.current_cluster = current_cluster
        self.active_cluster = active_cluster
        self.active_clusters = active_clusters or []


class ServiceBusyError(DeclaredError):
    """Too many requests; try again after a pause."""

    _fields = ((1, "message", "string"), (2, "reason", "string"))

    def __init__(self, message: str = "", reason: str | None = None, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class CancellationAlreadyRequestedError(DeclaredError):
    """The run was asked to cancel itself before."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class QueryFailedError(DeclaredError):
    """Workflow code could not answer the query."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class DomainNotActiveError(DeclaredError):
    """The domain is active in another cluster."""

    _fields = (
        (1, "message", "string"), (2, "domain_name", "string"), (3, "current_cluster", "string"),
        (4, "active_cluster", "string"), (5, "active_clusters", "list<string>"),
    )

    def __init__(
        self, message: str = "", domain_name: str = "", current_cluster: str = "", active_cluster: str = "",
        active_clusters: list[str] | None = None, *, hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.domain_name = domain_name
        self.current_cluster = current_cluster
        self.active_cluster = active_cluster
        self.active_clusters = active_clusters or []


class LimitExceededError(DeclaredError):
    """A limit of the server is reached."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class AccessDeniedError(DeclaredError):
    """The caller may not do this."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class RetryTaskV2Error(DeclaredError):
    """Between servers: events are missing and must be sent first."""

    _fields = (
        (1, "message", "string"), (2, "domain_id", "string"), (3, "workflow_id", "string"), (4, "run_id", "string"),
        (5, "start_event_id", "i64"), (6, "start_event_version", "i64"), (7, "end_event_id", "i64"),
        (8, "end_event_version", "i64"),
    )

    def __init__(
        self, message: str = "", domain_id: str | None = None, workflow_id: str | None = None,
        run_id: str | None = None, start_event_id: int | None = None, start_event_version: int | None = None,
        end_event_id: int | None = None, end_event_version: int | None = None, *, hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.domain_id = domain_id
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.start_event_id = start_event_id
        self.start_event_version = start_event_version
        self.end_event_id = end_event_id
        self.end_event_version = end_event_version


class ClientVersionNotSupportedError(DeclaredError):
    """The client's feature version is above what the server supports."""

    _fields = ((1, "feature_version", "string"), (2, "client_impl", "string"), (3, "supported_versions", "string"))

    def __init__(
        self, feature_version: str = "", client_impl: str = "", supported_versions: str = "", *, hint: str = "",
    ) -> None:
        super().__init__(hint=hint)
        self.feature_version = feature_version
        self.client_impl = client_impl
        self.supported_versions = supported_versions


class FeatureNotEnabledError(DeclaredError):
    """The feature is switched off."""

    _fields = ((1, "feature_flag", "string"),)

    def __init__(self, feature_flag: str = "", *, hint: str = "") -> None:
        super().__init__(hint=hint)
        self.feature_flag = feature_flag


class CurrentBranchChangedError(DeclaredError):
    """Between servers: history has grown another branch meanwhile."""

    _fields = ((10, "message", "string"), (20, "current_branch_token", "binary"))

    def __init__(self, message: str = "", current_branch_token: bytes = b"", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.current_branch_token = current_branch_token


class RemoteSyncMatchedError(DeclaredError):
    """Between servers: the task was handed over elsewhere."""

    _fields = ((10, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class StickyWorkerUnavailableError(DeclaredError):
    """The worker with the private list no longer polls."""

    _fields = ((1, "message", "string"),)

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)


class TaskListNotOwnedByHostError(DeclaredError):
    """Between servers: another host owns the task list."""

    _fields = ((1, "owned_by_identity", "string"), (2, "my_identity", "string"), (3, "tasklist_name", "string"))

    def __init__(
        self, owned_by_identity: str = "", my_identity: str = "", tasklist_name: str = "", *, hint: str = "",
    ) -> None:
        super().__init__(hint=hint)
        self.owned_by_identity = owned_by_identity
        self.my_identity = my_identity
        self.tasklist_name = tasklist_name
