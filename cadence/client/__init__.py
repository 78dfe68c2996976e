"""The client: starts workflows, waits for them, signals, queries, lists them, and completes activities from elsewhere.

`Client` is the way in; the names below load when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.api.enums import QueryConsistencyLevel, QueryRejectCondition
    from cadence.client.batch import (
        BatchAction,
        BatchCancel,
        BatchFailure,
        BatchProgress,
        BatchReport,
        BatchReset,
        BatchSignal,
        BatchTerminate,
    )
    from cadence.client.blocking import (
        BlockingActivityCompletion,
        BlockingClient,
        BlockingDomains,
        BlockingSchedules,
        BlockingTaskLists,
        BlockingWorkflowHandle,
    )
    from cadence.client.client import Client
    from cadence.client.cluster import ClusterDescription
    from cadence.client.completion import ActivityCompletion
    from cadence.client.connecting import Connecting
    from cadence.client.descriptions import (
        PendingActivity,
        PendingChild,
        PendingDecision,
        WorkflowDescription,
        WorkflowStatus,
        WorkflowSummary,
    )
    from cadence.client.domains import DomainDescription, Domains
    from cadence.client.handle import WorkflowHandle
    from cadence.client.options import ClusterAttribute, CronOverlapPolicy, StartOptions
    from cadence.client.resetting import ResetPoint, ResetPointError
    from cadence.client.schedule_parts import (
        ScheduleAction,
        ScheduleCatchUpPolicy,
        ScheduleOverlapPolicy,
        SchedulePolicies,
        ScheduleSpec,
    )
    from cadence.client.schedules import (
        ScheduleBackfill,
        ScheduleDescription,
        SchedulePause,
        Schedules,
        ScheduleSummary,
    )
    from cadence.client.task_lists import TaskListDescription, TaskListPartition, TaskListPoller, TaskLists
    from cadence.client.visibility import ListFilters
    from cadence.workflow.commands import RetryPolicy, WorkflowIdReusePolicy

__all__ = (
    "ActivityCompletion",
    "BatchAction",
    "BatchCancel",
    "BatchFailure",
    "BatchProgress",
    "BatchReport",
    "BatchReset",
    "BatchSignal",
    "BatchTerminate",
    "BlockingActivityCompletion",
    "BlockingClient",
    "BlockingDomains",
    "BlockingSchedules",
    "BlockingTaskLists",
    "BlockingWorkflowHandle",
    "Client",
    "ClusterAttribute",
    "ClusterDescription",
    "Connecting",
    "CronOverlapPolicy",
    "DomainDescription",
    "Domains",
    "ListFilters",
    "PendingActivity",
    "PendingChild",
    "PendingDecision",
    "QueryConsistencyLevel",
    "QueryRejectCondition",
    "ResetPoint",
    "ResetPointError",
    "RetryPolicy",
    "ScheduleAction",
    "ScheduleBackfill",
    "ScheduleCatchUpPolicy",
    "ScheduleDescription",
    "ScheduleOverlapPolicy",
    "SchedulePause",
    "SchedulePolicies",
    "ScheduleSpec",
    "ScheduleSummary",
    "Schedules",
    "StartOptions",
    "TaskListDescription",
    "TaskListPartition",
    "TaskListPoller",
    "TaskLists",
    "WorkflowDescription",
    "WorkflowHandle",
    "WorkflowIdReusePolicy",
    "WorkflowStatus",
    "WorkflowSummary",
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "batch": (
                    "BatchAction BatchCancel BatchFailure BatchProgress BatchReport BatchReset BatchSignal"
                    " BatchTerminate"
                ),
                "blocking": (
                    "BlockingActivityCompletion BlockingClient BlockingDomains BlockingSchedules BlockingTaskLists"
                    " BlockingWorkflowHandle"
                ),
                "client": "Client",
                "cluster": "ClusterDescription",
                "completion": "ActivityCompletion",
                "connecting": "Connecting",
                "descriptions": (
                    "PendingActivity PendingChild PendingDecision WorkflowDescription WorkflowStatus WorkflowSummary"
                ),
                "domains": "DomainDescription Domains",
                "handle": "WorkflowHandle",
                "options": "ClusterAttribute CronOverlapPolicy StartOptions",
                "resetting": "ResetPoint ResetPointError",
                "schedule_parts": (
                    "ScheduleAction ScheduleCatchUpPolicy ScheduleOverlapPolicy SchedulePolicies ScheduleSpec"
                ),
                "schedules": "ScheduleBackfill ScheduleDescription SchedulePause ScheduleSummary Schedules",
                "task_lists": "TaskListDescription TaskListPartition TaskListPoller TaskLists",
                "visibility": "ListFilters",
            },
        )
        # What options of calls take, so that nobody needs to look for it in other rooms.
        | names_by_module("cadence.api", {"enums": "QueryConsistencyLevel QueryRejectCondition"})
        | names_by_module("cadence.workflow", {"commands": "RetryPolicy WorkflowIdReusePolicy"}),
    )
