"""A program as people wrote them for 1.x: an activity, a workflow, worker and client in one process.

Run by test_programs.py as a script; `worker-only` ends without stopping its worker, as worker programs do.
"""

import sys

from cadence.activity_method import activity_method
from cadence.workerfactory import WorkerFactory
from cadence.workflow import Workflow, WorkflowClient, workflow_method

TASK_LIST = "greetings-of-a-program"
DOMAIN = "programs"


class Greetings:
    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=10)
    def compose(self, greeting: str, name: str) -> str:
        raise NotImplementedError


class GreetingsImpl:
    def compose(self, greeting: str, name: str):
        return f"{greeting} {name}!"


class Greeting:
    @workflow_method(execution_start_to_close_timeout_seconds=30, task_list=TASK_LIST)
    async def greet(self, name: str) -> str:
        raise NotImplementedError


class GreetingImpl(Greeting):
    def __init__(self):
        self.greetings: Greetings = Workflow.new_activity_stub(Greetings)

    async def greet(self, name):
        return await self.greetings.compose("Hello", name)


if __name__ == "__main__":
    factory = WorkerFactory("localhost", 7933, DOMAIN)
    worker = factory.new_worker(TASK_LIST)
    worker.register_activities_implementation(GreetingsImpl(), "Greetings")
    worker.register_workflow_implementation_type(GreetingImpl)
    if "client-only" not in sys.argv:
        factory.start()
    if "worker-only" not in sys.argv:
        client = WorkflowClient.new_client(domain=DOMAIN)
        greeting: Greeting = client.new_workflow_stub(Greeting)
        print(greeting.greet("Python"), flush=True)
        worker.stop()
        sys.exit(0)
    print("working", flush=True)
