"""Activities that a test puts in the place of real ones, by name, and that remember how they were called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from cadence import activity
from cadence.activity.definition import definition_of
from cadence.exceptions import ConfigurationError

if TYPE_CHECKING:
    from cadence.converter import Signature

__all__ = ("MockActivity",)

_UNSET: Any = object()


class MockActivity:
    """Stands for an activity; give it to a worker among `activities`.

    For example:

        charge = MockActivity("charge_card", returns="receipt-1")
        async with environment.worker(workflows=[Order], activities=[charge.activity]):
            ...
        assert charge.calls == [("4711", 30)]
    """

    def __init__(
        self,
        subject: Callable[..., Any] | str,
        *,
        returns: Any = _UNSET,
        raises: BaseException | type[BaseException] | None = None,
        side_effect: Callable[..., Any] | None = None,
    ) -> None:
        """Make a mock; it says one thing: a value, an error, or what a function makes of the arguments.

        Args:
            subject: The activity that it stands for, or its type's name.
            returns: What it returns.
            raises: What it raises.
            side_effect: Called with the arguments, `def` or `async def`; its outcome is the mock's.

        Raises:
            ConfigurationError: It is told two of these, or `subject` is no activity.
        """
        told = (returns is not _UNSET) + (raises is not None) + (side_effect is not None)
        self.name = subject if isinstance(subject, str) else definition_of(subject).name
        """The activity type's name."""
        if told > 1:
            msg = f"MockActivity {self.name}: it is told {told} outcomes"
            raise ConfigurationError(msg, hint="give one of returns, raises and side_effect")
        self.calls: list[tuple[Any, ...]] = []
        """The arguments of each call; attempts after a failure count as calls."""
        self._returns = None if returns is _UNSET else returns
        self._raises = raises
        self._side_effect = side_effect
        self.activity: Callable[..., Coroutine[Any, Any, Any]] = self._function(subject)
        """What a worker takes."""

    @property
    def call_count(self) -> int:
        """How often it was called."""
        return len(self.calls)

    def _function(self, subject: Callable[..., Any] | str) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def mock(*arguments: Any) -> Any:
            self.calls.append(arguments)
            if self._raises is not None:
                raise self._raises
            if self._side_effect is None:
                return self._returns
            outcome = self._side_effect(*arguments)
            return await outcome if inspect.isawaitable(outcome) else outcome

        if not isinstance(subject, str):
            _dress(mock, definition_of(subject).signature)
        return activity.defn(name=self.name)(mock)


def _dress(function: Any, signature: Signature) -> None:
    """Give a function the parameters and types of another, so that arguments arrive as the other would get them."""
    parameters = [
        inspect.Parameter(
            parameter.name,
            parameter.kind,
            default=inspect.Parameter.empty if parameter.required else parameter.default,
            annotation=parameter.hint,
        )
        for parameter in signature.parameters
    ]
    if signature.variadic is not None:
        parameters.append(
            inspect.Parameter("arguments", inspect.Parameter.VAR_POSITIONAL, annotation=signature.variadic)
        )
    function.__signature__ = inspect.Signature(parameters, return_annotation=signature.result)
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    function.__annotations__["return"] = signature.result
