"""The options of a start, and how they come together: the decorator's under the call's, checked, with defaults.

Checks run here because the server's own answer names fields of the wire. What an option becomes on the wire is
cadence.converter.wire_options's job; sending it is calls.py's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from cadence.client.arguments import check_arguments
from cadence.exceptions import ConfigurationError
from cadence.interceptor.interfaces import StartWorkflow
from cadence.workflow.attribute_keys import SearchAttributes
from cadence.workflow.commands import CronOverlapPolicy
from cadence.workflow.definition import definition_of
from cadence.workflow.options import WorkflowDefaults, check_duration, check_workflow_options, refuse_unknown

if TYPE_CHECKING:
    from cadence.converter import Convention

__all__ = ("ClusterAttribute", "CronOverlapPolicy", "StartOptions", "start_call")

_DECISION_TIMEOUT = timedelta(seconds=10)
_EXTRA = ("first_run_at", "cron_overlap_policy", "cluster_attribute", "enqueue")


class ClusterAttribute(NamedTuple):
    """An attribute that a domain has in several clusters; each of its values is active in one of them."""

    scope: str
    """What kind of attribute: `region`, for example."""
    name: str
    """Its value: `eu-west`, for example."""


class StartOptions(WorkflowDefaults, total=False):
    """How to start a workflow; what isn't given is as in its decorator."""

    workflow_id: str | None
    """Its id in the domain; default: a random UUID."""
    memo: Mapping[str, object] | None
    """Values to show in lists; not indexed."""
    search_attributes: SearchAttributes | None
    """Values to find it by; the cluster must know their names."""
    delay_start: timedelta | None
    """The first decision comes this much later."""
    jitter_start: timedelta | None
    """And a random time up to this later again."""
    first_run_at: datetime | None
    """The first run of a cron workflow comes at this time rather than at the schedule's next."""
    cron_overlap_policy: CronOverlapPolicy
    """What happens when a cron workflow still runs at its next time; default SKIP."""
    cluster_attribute: ClusterAttribute | None
    """Where a domain is active in several clusters: the run is active in the one that this stands for; default: the
    domain's own."""
    enqueue: bool
    """True puts the start into the domain's queue, for loads that the cluster should even out; needs a domain that has
    one. The run is there some time later: until then the handle has no run id, and its calls raise
    EntityNotExistsError. That the workflow runs already is told to nobody."""


def start_call(
    convention: Convention,
    workflow: Any,
    arguments: tuple[object, ...],
    result_type: Any,
    options: Mapping[str, Any],
    *,
    signal_name: str | None = None,
    signal_arguments: tuple[object, ...] = (),
) -> StartWorkflow:
    """Make the call that starts a workflow.

    Args:
        convention: How the arguments will be written.
        workflow: A run method, a workflow class, its definition, or a workflow type's name.
        arguments: What it is started with.
        result_type: Type to convert the result to; None: the run method's, or what the bytes say.
        options: See `StartOptions`.
        signal_name: Signal it at once.
        signal_arguments: What the signal carries.

    Raises:
        ConfigurationError: An option is missing, unknown or out of range, or there are too few or too many arguments.
        ConversionError: An argument doesn't fit its type.
    """
    if isinstance(workflow, str):
        name, hint, merged = workflow, object, dict(options)
    else:
        definition = definition_of(workflow)
        check_arguments(f"workflow {definition.name}", definition.signature, arguments, convention)
        name, hint, merged = definition.name, definition.signature.result, {**definition.options, **options}
    where = f"workflow {name}"
    if not name:
        msg = "start_workflow got an empty workflow type"
        raise ConfigurationError(msg)
    merged = {key: value for key, value in merged.items() if value is not None}
    _check(merged, where)
    merged.setdefault("task_start_to_close_timeout", _DECISION_TIMEOUT)
    merged.setdefault("workflow_id", str(uuid.uuid4()))
    extra = {key: merged.pop(key) for key in _EXTRA if key in merged}
    return StartWorkflow(
        workflow_type=name,
        arguments=arguments,
        result_type=hint if result_type is None else result_type,
        signal_name=signal_name,
        signal_arguments=signal_arguments,
        extra=extra,
        **merged,
    )


def _check(options: Mapping[str, Any], where: str) -> None:
    refuse_unknown(options, StartOptions.__annotations__, where)
    check_workflow_options(options, where)
    check_duration(options.get("delay_start"), "delay_start", where, zero=True)
    check_duration(options.get("jitter_start"), "jitter_start", where, zero=True)
    for name, example in (("task_list", '"greetings"'), ("execution_start_to_close_timeout", "timedelta(minutes=5)")):
        if not options.get(name):
            msg = f"{where}: there is no {name}"
            raise ConfigurationError(msg, hint=f"give {name}={example}, to the call or to @workflow.defn")
    for name in ("task_list", "workflow_id"):
        value = options.get(name)
        if value is not None and (not isinstance(value, str) or not value):
            msg = f"{where}: {name} is text, not {value!r}"
            raise ConfigurationError(msg, hint="leave workflow_id out for a random one" * (name == "workflow_id"))
    for name in ("memo", "search_attributes"):
        value = options.get(name)
        if value is not None and not isinstance(value, Mapping):
            msg = f"{where}: {name} is a dict of names and values, not {value!r}"
            raise ConfigurationError(msg)
    attribute = options.get("cluster_attribute")
    if attribute is not None and not isinstance(attribute, ClusterAttribute):
        msg = f"{where}: cluster_attribute is {attribute!r}"
        raise ConfigurationError(msg, hint='write ClusterAttribute("region", "eu-west"), for example')
    first = options.get("first_run_at")
    if first is not None and not isinstance(first, datetime):
        msg = f"{where}: first_run_at is a datetime, not {first!r}"
        raise ConfigurationError(msg)
