"""The hello workflow as programs for cadence-client 1.x write it: interfaces, implementations, stubs.

    cadence dev -- python samples/hello/classic.py

Stubs block outside of workflows and are awaited inside. This program runs on cadence-client 1.0.1 as well. Here,
`localhost:7933` gives way to CADENCE_ADDRESS where that is set.
"""

from cadence.activity_method import activity_method
from cadence.workerfactory import WorkerFactory
from cadence.workflow import Workflow, WorkflowClient, workflow_method

HOST, PORT = "localhost", 7933
DOMAIN = "samples"
TASK_LIST = "hello-classic"


# The activities' interface: names, options and types, no code.
class GreetingActivities:
    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=10)
    def compose_greeting(self, greeting: str, name: str) -> str:
        raise NotImplementedError


class GreetingActivitiesImpl:
    def compose_greeting(self, greeting: str, name: str) -> str:
        return f"{greeting}, {name}!"


# The workflow's interface, and the code behind it.
class GreetingWorkflow:
    @workflow_method(task_list=TASK_LIST, execution_start_to_close_timeout_seconds=60)
    def get_greeting(self, name: str) -> str:
        raise NotImplementedError


class GreetingWorkflowImpl(GreetingWorkflow):
    def __init__(self):
        self.activities = Workflow.new_activity_stub(GreetingActivities)

    async def get_greeting(self, name):
        return await self.activities.compose_greeting("Hello", name)


def main() -> None:
    factory = WorkerFactory(HOST, PORT, DOMAIN)
    worker = factory.new_worker(TASK_LIST)
    worker.register_activities_implementation(GreetingActivitiesImpl(), "GreetingActivities")
    worker.register_workflow_implementation_type(GreetingWorkflowImpl)
    factory.start()

    client = WorkflowClient.new_client(host=HOST, port=PORT, domain=DOMAIN)
    greeting_workflow = client.new_workflow_stub(GreetingWorkflow)
    print(greeting_workflow.get_greeting("World"))

    worker.stop()


if __name__ == "__main__":
    main()
