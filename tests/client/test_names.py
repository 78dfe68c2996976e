"""What calls of the client take and give can be imported from the client's own room."""

from __future__ import annotations

import subprocess
import sys

import cadence.client
from cadence import api, workflow


def test_what_options_take_is_at_hand() -> None:
    assert cadence.client.QueryConsistencyLevel is api.QueryConsistencyLevel
    assert cadence.client.QueryRejectCondition is api.QueryRejectCondition
    assert cadence.client.WorkflowIdReusePolicy is workflow.WorkflowIdReusePolicy
    assert cadence.client.CronOverlapPolicy is workflow.CronOverlapPolicy
    assert cadence.client.RetryPolicy is workflow.RetryPolicy
    assert workflow.ParentClosePolicy.ABANDON.name in dir(workflow.ParentClosePolicy)


def test_every_name_loads() -> None:
    assert set(cadence.client.__all__) <= set(dir(cadence.client))
    for name in cadence.client.__all__:
        assert getattr(cadence.client, name) is not None


def test_names_load_nothing_before_they_are_used() -> None:
    program = "import sys, cadence.client; print([name for name in sys.modules if name.startswith('cadence.api')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
