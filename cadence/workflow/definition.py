"""What a workflow class is: its name, run method, signal and query handlers, found once, when the class is decorated.

The decorators leave marks on functions; `defn` reads the marks of a class and its bases into a `WorkflowDefinition`,
with every mistake that can be seen without running anything told at once. Type hints are not looked at here but when a
signature is first asked for, as they may name classes that come later in the module. The engine and the worker build
on `WorkflowDefinition`; this module knows neither, and nothing of the wire. The 1.x face (`cadence.stubs`) makes the
same objects from its own decorators.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from cadence.exceptions import ConfigurationError
from cadence.workflow.checks import (
    check_class,
    check_dynamic,
    check_function,
    check_name,
    check_parameters,
    name_of,
)

if TYPE_CHECKING:
    from typing import Unpack

    from cadence.converter.signatures import Signature
    from cadence.workflow.options import WorkflowDefaults

__all__ = (
    "QueryDefinition",
    "SignalDefinition",
    "WorkflowDefinition",
    "build_definition",
    "definition_of",
    "defn",
    "query",
    "query_definition_of",
    "query_name_of",
    "run",
    "signal",
    "signal_name_of",
    "workflow_type_of",
)

_RUN = "__cadence_run__"
_SIGNAL = "__cadence_signal__"
_QUERY = "__cadence_query__"
_WORKFLOW = "__cadence_workflow__"

ClassT = TypeVar("ClassT", bound=type)
RunT = TypeVar("RunT", bound=Callable[..., Coroutine[Any, Any, Any]])
HandlerT = TypeVar("HandlerT", bound=Callable[..., Any])


@dataclasses.dataclass(frozen=True)
class SignalDefinition:
    """A signal handler of a workflow class."""

    name: str | None
    """The signal's name; None for the catch-all, whose function is called with the name first."""
    function: Callable[..., Any]
    """The method, not bound; a coroutine function or a plain one."""

    @functools.cached_property
    def signature(self) -> Signature:
        """Typed parameters, `self` left out."""
        return _signature(self.function)


@dataclasses.dataclass(frozen=True)
class QueryDefinition:
    """A query handler of a workflow class."""

    name: str | None
    """The query's name; None for the catch-all, whose function is called with the name first."""
    function: Callable[..., Any]
    """The method, not bound; never a coroutine function."""

    @functools.cached_property
    def signature(self) -> Signature:
        """Typed parameters and result, `self` left out."""
        return _signature(self.function)


@dataclasses.dataclass(frozen=True, eq=False)
class WorkflowDefinition:
    """One workflow type: the class, and what it answers to."""

    name: str
    """The workflow type's name on the wire."""
    cls: type
    """The class; one instance per run."""
    run: Callable[..., Coroutine[Any, Any, Any]]
    """The run method, not bound: `definition.run(instance, *arguments)`."""
    signals: Mapping[str | None, SignalDefinition]
    """By name; None is the catch-all."""
    queries: Mapping[str | None, QueryDefinition]
    """By name; None is the catch-all."""
    options: WorkflowDefaults
    """Defaults for starting it, from the decorator."""
    aliases: tuple[str, ...] = ()
    """Other names that a worker answers to (both spellings of 1.x)."""
    dynamic: bool = False
    """True for the type that a worker runs where no other has the name."""
    init_takes_arguments: bool = False
    """True where `__init__` takes the run's arguments."""

    @functools.cached_property
    def signature(self) -> Signature:
        """Typed parameters and result of the run method, `self` left out."""
        return _signature(self.run)

    @property
    def cron_schedule(self) -> str | None:
        """The decorator's cron schedule, or None."""
        return self.options.get("cron_schedule")

    @property
    def is_abstract(self) -> bool:
        """True for a class that only declares the workflow, so that a worker can't run it."""
        return inspect.isabstract(self.cls)

    def instantiate(self, arguments: Sequence[object] = ()) -> Any:
        """Make the object of one run.

        Args:
            arguments: The run's decoded arguments; `__init__` gets them where it takes them.
        """
        return self.cls(*arguments) if self.init_takes_arguments else self.cls()


@dataclasses.dataclass(frozen=True)
class _HandlerMark:
    name: str | None


@overload
def defn(cls: ClassT, /) -> ClassT: ...
@overload
def defn(
    *, name: str | None = None, dynamic: bool = False, **options: Unpack[WorkflowDefaults]
) -> Callable[[ClassT], ClassT]: ...
def defn(
    cls: type | None = None, /, *, name: str | None = None, dynamic: bool = False, **options: Any
) -> type | Callable[[ClassT], ClassT]:
    """Make a class a workflow.

    The class has one method marked `run` and any number marked `signal` and `query`. Its `__init__` takes nothing, or
    the same arguments as the run method: then it can set up the state that signal handlers need.

    Args:
        cls: The class, where the decorator is used without arguments.
        name: The workflow type's name; default: the class's.
        dynamic: True makes it the type that a worker runs for every name it doesn't know; one per worker.
        **options: Defaults for those who start it: `task_list`, `execution_start_to_close_timeout`,
            `task_start_to_close_timeout`, `workflow_id_reuse_policy`, `retry_policy`, `cron_schedule`.

    Raises:
        ConfigurationError: The class can't be a workflow; the message says what to change.
    """

    def decorate(target: ClassT) -> ClassT:
        check_class(target)
        if name is not None and dynamic:
            msg = f"workflow {target.__qualname__} is dynamic and has the name {name!r}"
            raise ConfigurationError(msg, hint="a dynamic workflow runs for any name: leave one of the two out")
        check_name(name, f"workflow {target.__qualname__}")
        _check_options(options, f"workflow {target.__qualname__}")
        run_function = _own_run(target)
        merged: dict[str, Any] = {}
        for base in reversed(target.__mro__):
            merged |= vars(base)[_WORKFLOW].options if _WORKFLOW in vars(base) else {}
        merged |= options
        definition = build_definition(
            target,
            run_function,
            name=name or target.__name__,
            options=cast("WorkflowDefaults", merged),
            dynamic=dynamic,
        )
        setattr(target, _WORKFLOW, definition)
        setattr(run_function, _WORKFLOW, definition)
        return target

    return decorate if cls is None else decorate(cast("Any", cls))


def run(function: RunT, /) -> RunT:
    """Mark the method that is the workflow: an `async def` with positional parameters.

    Raises:
        ConfigurationError: It isn't `async def`, or has parameters that can't be sent.
    """
    where = f"@workflow.run on {name_of(function)}"
    check_function(function, where)
    if not inspect.iscoroutinefunction(function):
        msg = f"{where}: the run method must be a coroutine function"
        raise ConfigurationError(msg, hint="write `async def`")
    check_parameters(function, where)
    setattr(function, _RUN, True)
    return function


@overload
def signal(function: HandlerT, /) -> HandlerT: ...
@overload
def signal(*, name: str | None = None, dynamic: bool = False) -> Callable[[HandlerT], HandlerT]: ...
def signal(
    function: Callable[..., Any] | None = None, /, *, name: str | None = None, dynamic: bool = False
) -> Callable[..., Any]:
    """Mark a method as the handler of a signal, `def` or `async def`.

    Signals that arrive before the run method has started are kept and handled first, in the order of arrival.

    Args:
        function: The method, where the decorator is used without arguments.
        name: The signal's name; default: the method's.
        dynamic: True makes it the handler of every signal without one of its own; it gets the signal's name first.

    Raises:
        ConfigurationError: The method can't be a handler; the message says what to change.
    """
    return _mark_handler("signal", _SIGNAL, function, name, dynamic=dynamic)


@overload
def query(function: HandlerT, /) -> HandlerT: ...
@overload
def query(*, name: str | None = None, dynamic: bool = False) -> Callable[[HandlerT], HandlerT]: ...
def query(
    function: Callable[..., Any] | None = None, /, *, name: str | None = None, dynamic: bool = False
) -> Callable[..., Any]:
    """Mark a method as the handler of a query: a plain `def` that reads the workflow's state and changes nothing.

    Args:
        function: The method, where the decorator is used without arguments.
        name: The query's name; default: the method's.
        dynamic: True makes it the handler of every query without one of its own; it gets the query's name first.

    Raises:
        ConfigurationError: The method can't be a handler, for example because it is `async def`.
    """
    return _mark_handler("query", _QUERY, function, name, dynamic=dynamic)


def build_definition(
    cls: type,
    run_function: Callable[..., Coroutine[Any, Any, Any]],
    *,
    name: str,
    options: WorkflowDefaults | None = None,
    dynamic: bool = False,
    aliases: Sequence[str] = (),
    signals: Mapping[str | None, SignalDefinition] | None = None,
    queries: Mapping[str | None, QueryDefinition] | None = None,
) -> WorkflowDefinition:
    """Make the definition of a class whose run method is known.

    Args:
        cls: The workflow class.
        run_function: Its run method, not bound.
        name: The workflow type's name.
        options: Defaults for starting it.
        dynamic: True for the catch-all type.
        aliases: Other names of the type.
        signals: Handlers; default: those that `@workflow.signal` marked.
        queries: Handlers; default: those that `@workflow.query` marked.

    Raises:
        ConfigurationError: `__init__` doesn't fit, or two handlers have one name.
    """
    if signals is None:
        signals = _handlers(cls, _SIGNAL, "signals", SignalDefinition)
    if queries is None:
        queries = _handlers(cls, _QUERY, "queries", QueryDefinition)
    return WorkflowDefinition(
        name=name,
        cls=cls,
        run=run_function,
        signals=signals,
        queries=queries,
        options=options if options is not None else {},
        aliases=tuple(aliases),
        dynamic=dynamic,
        init_takes_arguments=_init_takes_arguments(cls, run_function),
    )


def definition_of(subject: object) -> WorkflowDefinition:
    """Return the definition of a workflow class, or of its run method.

    Raises:
        ConfigurationError: `subject` is neither.
    """
    if isinstance(subject, WorkflowDefinition):
        return subject
    # vars, not getattr: a subclass is a workflow of its own only once it is decorated itself.
    found = vars(subject).get(_WORKFLOW) if isinstance(subject, type) else getattr(subject, _WORKFLOW, None)
    if isinstance(found, WorkflowDefinition):
        return found
    if isinstance(subject, type):
        msg = f"class {subject.__qualname__} is no workflow"
        raise ConfigurationError(msg, hint="decorate it with @workflow.defn")
    if getattr(subject, _RUN, False):
        msg = f"{name_of(subject)} is a run method, but its class is no workflow"
        raise ConfigurationError(msg, hint="decorate the class with @workflow.defn")
    msg = f"{name_of(subject)} is no workflow"
    raise ConfigurationError(msg, hint="name a class with @workflow.defn, its run method, or the type's name as text")


def workflow_type_of(subject: object) -> str:
    """Return the type's name for a workflow class, its run method, or a name."""
    return subject if isinstance(subject, str) else definition_of(subject).name


def signal_name_of(subject: object) -> str:
    """Return the signal's name for a handler method, or a name.

    Raises:
        ConfigurationError: `subject` is no signal handler, or the catch-all, which has no name.
    """
    return _handler_name(subject, _SIGNAL, "signal")


def query_name_of(subject: object) -> str:
    """Return the query's name for a handler method, or a name.

    Raises:
        ConfigurationError: `subject` is no query handler, or the catch-all, which has no name.
    """
    return _handler_name(subject, _QUERY, "query")


def query_definition_of(subject: Callable[..., Any]) -> QueryDefinition:
    """Return the definition of a query handler, for its result's type.

    Raises:
        ConfigurationError: `subject` is no query handler.
    """
    return QueryDefinition(_handler_name(subject, _QUERY, "query"), subject)


def _signature(function: Callable[..., Any]) -> Signature:
    from cadence.converter.signatures import signature_of  # pulls msgspec, which decorating a class doesn't need

    return signature_of(function)


def _check_options(options: Mapping[str, Any], where: str) -> None:
    if options:
        from cadence.workflow.options import WorkflowDefaults, check_workflow_options, refuse_unknown

        refuse_unknown(options, WorkflowDefaults.__annotations__, where)
        check_workflow_options(options, where)


def _mark_handler(
    kind: str, mark: str, function: Callable[..., Any] | None, name: str | None, *, dynamic: bool
) -> Callable[..., Any]:
    def decorate(target: Callable[..., Any]) -> Callable[..., Any]:
        where = f"@workflow.{kind} on {name_of(target)}"
        check_function(target, where)
        check_name(name, where)
        if name is not None and dynamic:
            msg = f"{where}: it is dynamic and has the name {name!r}"
            raise ConfigurationError(msg, hint="a dynamic handler takes every name: leave one of the two out")
        if kind == "query" and (inspect.iscoroutinefunction(target) or inspect.isasyncgenfunction(target)):
            msg = f"{where}: a query handler can't wait"
            raise ConfigurationError(msg, hint="write a plain `def` that returns what the workflow knows already")
        if inspect.isgeneratorfunction(target) or inspect.isasyncgenfunction(target):
            msg = f"{where}: a handler can't be a generator"
            raise ConfigurationError(msg, hint="return a value, a list for example")
        check_parameters(target, where)
        if dynamic:
            check_dynamic(target, where)
        setattr(target, mark, _HandlerMark(None if dynamic else name or target.__name__))
        return target

    return decorate if function is None else decorate(function)


def _marked(cls: type, mark: str) -> dict[str, tuple[Any, Any]]:
    """Return attribute name -> (mark, what the class has there); an override inherits the mark of what it overrides."""
    found: dict[str, tuple[Any, Any]] = {}
    for base in reversed(cls.__mro__):
        for attribute, value in vars(base).items():
            own = getattr(value, mark, None) if inspect.isfunction(value) else None
            if own is not None:
                found[attribute] = (own, value)
            elif attribute in found:
                found[attribute] = (found[attribute][0], value)
    return found


def _own_run(cls: type) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Find the one run method, and give `cls` a copy where it stands in a base: the function leads to one class."""
    marked = _marked(cls, _RUN)
    if not marked:
        msg = f"workflow {cls.__qualname__} has no run method"
        raise ConfigurationError(msg, hint="mark one `async def` method with @workflow.run")
    if len(marked) > 1:
        msg = f"workflow {cls.__qualname__} has {len(marked)} run methods: {', '.join(sorted(marked))}"
        raise ConfigurationError(msg, hint="mark only one with @workflow.run")
    [(attribute, (_, function))] = marked.items()
    if attribute in vars(cls):
        run(function)  # an override without the mark gets it, and the checks
        return cast("Callable[..., Coroutine[Any, Any, Any]]", function)
    copy = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__dict__.update(function.__dict__)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = dict(function.__annotations__)
    copy.__doc__ = function.__doc__
    copy.__module__ = function.__module__
    copy.__qualname__ = f"{cls.__qualname__}.{function.__name__}"
    setattr(cls, attribute, copy)
    return cast("Callable[..., Coroutine[Any, Any, Any]]", copy)


DefinitionT = TypeVar("DefinitionT", SignalDefinition, QueryDefinition)


def _handlers(cls: type, mark: str, kinds: str, make: type[DefinitionT]) -> dict[str | None, DefinitionT]:
    handlers: dict[str | None, DefinitionT] = {}
    for attribute, (own, function) in _marked(cls, mark).items():
        if not inspect.isfunction(function):
            continue  # a subclass put something else in its place, None for example, to take the handler away
        if own.name in handlers:
            what = "without a name (dynamic)" if own.name is None else f"of the name {own.name!r}"
            msg = f"workflow {cls.__qualname__} has two {kinds} {what}, one of them {attribute}"
            raise ConfigurationError(msg, hint="give each its own name")
        setattr(function, mark, own)  # an override without the mark can then be named by senders, too
        handlers[own.name] = make(own.name, function)
    return handlers


def _init_takes_arguments(cls: type, run_function: Callable[..., Any]) -> bool:
    """Tell whether `__init__` wants the run's arguments: it does where its parameters have the same names."""
    init = cls.__init__  # type: ignore[misc]  # the class is only looked at
    if init is object.__init__:
        return False
    wanted = list(inspect.signature(init).parameters.values())[1:]
    given = list(inspect.signature(run_function).parameters.values())[1:]
    if wanted and [(p.name, p.kind) for p in wanted] == [(p.name, p.kind) for p in given]:
        return True
    required = [
        p.name
        for p in wanted
        if p.default is inspect.Parameter.empty
        and p.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    ]
    if required:
        msg = (
            f"workflow {cls.__qualname__}: __init__ takes {', '.join(p.name for p in wanted)}, "
            f"but the run method takes {', '.join(p.name for p in given) or 'nothing'}"
        )
        raise ConfigurationError(msg, hint="__init__ takes nothing, or exactly the parameters of the run method")
    return False


def _handler_name(subject: object, mark: str, kind: str) -> str:
    if isinstance(subject, str):
        return subject
    found = getattr(subject, mark, None)
    if not isinstance(found, _HandlerMark):
        msg = f"{name_of(subject)} is no {kind} handler"
        raise ConfigurationError(msg, hint=f"mark it with @workflow.{kind}, or give the {kind}'s name as text")
    if found.name is None:
        msg = f"{name_of(subject)} handles every {kind} without a handler of its own, so it doesn't say which one"
        raise ConfigurationError(msg, hint=f"give the {kind}'s name as text")
    return found.name
