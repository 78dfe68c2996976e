"""The differences between the dev server and the real one that are wanted or can't be helped, each with its reason.

The recorded server ran on PostgreSQL, without advanced visibility and with archival to files. An entry that covers no
difference any more makes the suite fail, unless it is one by chance.
"""

from __future__ import annotations

from differential.comparing import Allowance

__all__ = ("ALLOWED",)

_PANIC = "the real server panics and says so; the dev server refuses the request with the fitting error"
_TOKEN = "the real server fails inside, in the words of its JSON library; the dev server calls it a bad request"
_BASIC = "rows of the recorded server's basic visibility lack what advanced visibility has, and the dev server"
_ERROR = r"\.(error|message|active_clusters?|current_cluster)"

ALLOWED: tuple[Allowance, ...] = (
    # -- errors --
    Allowance("deciding.token_of_nothing", r"\d+ \w+" + _ERROR, _TOKEN),
    Allowance("deciding.unknown_decision", r"\d+ RespondDecisionTaskCompleted" + _ERROR, _PANIC),
    Allowance("deciding.no_type_of_decision", r"\d+ RespondDecisionTaskCompleted" + _ERROR, _PANIC),
    Allowance("deciding.every_cause_of_failure", r"\d+ RespondDecisionTaskFailed" + _ERROR, _PANIC),
    Allowance("starting.unknown_reuse_policy", r"\d+ StartWorkflowExecution" + _ERROR, _PANIC),
    Allowance("starting.async_start", r"4 StartWorkflowExecutionAsync" + _ERROR, _PANIC),
    Allowance("lists.task_list_errors", r"\d+ DescribeTaskList" + _ERROR, _PANIC),
    Allowance("domains.described", r"\d+ DescribeDomain" + _ERROR, _PANIC),
    Allowance(
        "lives.reset_errors",
        r"\d+ ResetWorkflowExecution" + _ERROR,
        "an event id just behind the history is the caller's mistake, not the server's",
    ),
    Allowance(
        "reading.list_errors",
        r"\d+ List(Open|Closed)WorkflowExecutions" + _ERROR,
        "a bad page token is the caller's mistake, not the server's",
    ),
    # -- what one machine has not, or has --
    Allowance(
        "reading.errors",
        r"5 GetWorkflowExecutionHistory\.(error|message)",
        "a run that nobody knows is looked for in the real server's archive, whose folder decides what the answer is",
        by_chance=True,
    ),
    Allowance(
        "reading.queries",
        r"\d+ (List|Scan|Count)WorkflowExecutions\.(error|message|executions|count)",
        "the recorded server has no query language, the dev server has; its errors say what was expected where",
    ),
    Allowance("reading.queries", r"\d+ ListArchivedWorkflowExecutions\.message", "the dev server archives nothing"),
    Allowance("domains.*", r"\d+ \w+\.configuration\.\w+_archival_\w+", "the dev server archives nothing"),
    Allowance(
        "reading.*",
        r"\d+ List\w+\.executions\[\d\]\.(cron_schedule|execution_status|scheduled_execution_time|task_list(_info)?"
        r"|update_time|memo\.fields)",
        _BASIC,
    ),
    Allowance(
        "reading.*",
        r"\d+ List\w+\.next_page_token",
        "the real server gives a token with every page that is not empty; the dev server where there is more",
    ),
    Allowance("domains.cluster", r"\d+ GetSearchAttributes\.keys\.[\w-]+", "which ones there are is configured"),
    Allowance(
        "lives.diagnosed",
        r"\d+ (DiagnoseWorkflowExecution\.\w+|.*\.request_id)",
        "a system worker of the real server diagnoses runs; the dev server has none and says so",
    ),
    # -- what the real server does by mistake --
    Allowance(
        "lives.reset_twice_by_one_request",
        r"\d+ (ResetWorkflowExecution\.run_id|history \d\.types)",
        "the real server forgets the request's id and resets once more",
    ),
    Allowance(
        "domains.updated",
        r"7 DescribeDomain\.configuration\.bad_binaries.*|8 UpdateDomain\.\w+",
        "the recorded server's store does not keep bad binaries",
    ),
    Allowance(
        "domains.deleted",
        r"5 DeleteDomain(\.\w+)?",
        "the real server asks advanced visibility whether runs are left, or its cache, which is behind its store",
        by_chance=True,
    ),
    Allowance(
        "lists.poll_ends_empty",
        r"\d+ (PollForDecisionTask|history \d)\..+",
        "the real server gives a task to a poll that was called off, and it is lost until it times out",
    ),
    # -- chance --
    Allowance(
        "lists.task_list_with_pollers",
        r"\d+ DescribeTaskList\.task_list_status\.(empty|read_level|ack_level)",
        "the real server counts what passed through its store, which depends on who came first, task or poll",
        by_chance=True,
    ),
    Allowance(
        "deciding.fails_thrice",
        r"\d+ history \d\[\d+ DecisionTaskScheduled\]\[2\]\.start_to_close_timeout_seconds",
        "the time for repeated tasks has a random part",
        by_chance=True,
    ),
    Allowance(
        "timeouts.decision_times_out_twice",
        r"\d+ history \d\[\d+ DecisionTaskScheduled\]\[2\]\.start_to_close_timeout_seconds",
        "the time for repeated tasks has a random part",
        by_chance=True,
    ),
)
