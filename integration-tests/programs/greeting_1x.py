"""A greeting as programs for cadence-client 1.x are written: interfaces, implementations, a factory, blocking stubs.

It names the default address, as such programs do; CADENCE_ADDRESS says where that is. The domain and the task list come
from the command line.
"""

import logging
import sys

from cadence.activity_method import activity_method
from cadence.workerfactory import WorkerFactory
from cadence.workflow import Workflow, WorkflowClient, workflow_method

logging.basicConfig(level=logging.DEBUG)

DOMAIN, TASK_LIST = sys.argv[1:3]


class Greetings:
    @activity_method(task_list=TASK_LIST, schedule_to_close_timeout_seconds=5)
    def make_greeting(self, word: str, name: str) -> str:
        raise NotImplementedError


class GreetingsInEnglish:
    def make_greeting(self, word: str, name: str):
        return f"{word}, {name}."


class Welcome:
    @workflow_method(execution_start_to_close_timeout_seconds=20, task_list=TASK_LIST)
    async def welcome(self, name: str) -> str:
        raise NotImplementedError


class WelcomeWithAWord(Welcome):
    def __init__(self):
        self.greetings: Greetings = Workflow.new_activity_stub(Greetings)

    async def welcome(self, name):
        return await self.greetings.make_greeting("Welcome", name)


if __name__ == "__main__":
    factory = WorkerFactory("localhost", 7933, DOMAIN)
    worker = factory.new_worker(TASK_LIST)
    worker.register_activities_implementation(GreetingsInEnglish(), "Greetings")
    worker.register_workflow_implementation_type(WelcomeWithAWord)
    factory.start()

    client = WorkflowClient.new_client(domain=DOMAIN)
    stub: Welcome = client.new_workflow_stub(Welcome)
    print(stub.welcome("reader"))

    print("stopping")
    worker.stop()
    print("stopped")
    sys.exit(0)
