"""Workflows as a user has them in a module, for tests that need to import them by name."""

from __future__ import annotations

from datetime import timedelta

from cadence import activity, workflow

TEN = timedelta(seconds=10)


@activity.defn
async def price_of(article: str) -> int:
    """What an article costs."""
    return len(article)


@activity.defn(name="send-mail")
def send_mail(address: str, text: str = "hello") -> str:
    """Pretend to send."""
    return f"{address}: {text}"


@workflow.defn
class Order:
    """Prices an article and says so after a while."""

    @workflow.run
    async def run(self, article: str) -> str:
        """Do it."""
        price = await workflow.execute_activity(price_of, article, schedule_to_close_timeout=TEN)
        await workflow.sleep(timedelta(days=30))
        return await workflow.execute_activity(send_mail, article, str(price), schedule_to_close_timeout=TEN)


@workflow.defn(name="Order")
class ChangedOrder:
    """The same after somebody changed it."""

    @workflow.run
    async def run(self, article: str) -> str:
        """Do it in another order."""
        await workflow.sleep(timedelta(days=30))
        price = await workflow.execute_activity(price_of, article, schedule_to_close_timeout=TEN)
        return await workflow.execute_activity(send_mail, article, str(price), schedule_to_close_timeout=TEN)


@workflow.defn(name="Order")
class TypedOrder:
    """The same with another type of argument."""

    @workflow.run
    async def run(self, article: int) -> str:
        """Do it."""
        return str(article)
