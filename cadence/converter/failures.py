"""Exceptions to a failure's reason and details, and back, in everyone's forms.

What we write. The reason is the class's name (`OrderError`), or the reason that an `ApplicationError` chose: what retry
policies and peers compare. The details hold one JSON object in Java's form, so that Java reads it as it reads its own
(`class`, `detailMessage`, `stackTrace`, `suppressedExceptions`, `cause` nested), and with more fields for ourselves:
`source` (`cadence-client`), `args`, `fields` (attributes), `details`, `traceback` (Python's own text). In Java's
convention these are under `python`, attributes stand beside as fields of the Java class, and `class` is one that Java
has: the reason that the registry or an `ApplicationError` gives, or else `java.lang.RuntimeException`. In Go's
convention an `ApplicationError`'s details stand before that object, one per line, where Go's `err.Details(&a, &b)`
finds them and passes over the rest.

What we read: that, Go's reasons (`cadenceInternal:Generic`, `Panic`, `Timeout ...`, `Canceled`, custom ones with their
details), Java's JSON, that of 1.x (`source` is `cadence-python`), and the text of `cadence-python-client`.

A class is found in a registry that the user fills; Python's own exceptions and ours are in it. Nothing is imported
because the wire named it, and no constructor is called with what came over it. What isn't registered becomes an
`ApplicationError`. Trouble while converting a failure never hides that failure.
"""

from __future__ import annotations

import asyncio
import builtins
import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import cadence.exceptions
from cadence.converter.conventions import Convention, encode_arguments, encode_one
from cadence.converter.json_values import UNSUPPORTED, as_builtins, decode, split_documents
from cadence.converter.sizes import LONGEST_FAILURE, limit_text, shortened
from cadence.converter.tracebacks import java_stack_trace, python_traceback, text_form
from cadence.exceptions import ApplicationError, CadenceError, ConfigurationError, RemoteTimeoutError, TimeoutKind

__all__ = ("FailureConverter", "failure_text")

_logger = logging.getLogger("cadence.converter")

_SOURCE = "cadence-client"
_SOURCE_OF_1 = "cadence-python"
_INTERNAL = "cadenceInternal:"
_DEEPEST = 20
# Set apart from an error's other attributes: they have a place of their own, or none on the wire.
_NOT_FIELDS = frozenset(("details", "fields", "next_retry_delay", "remote_traceback", "reason", "non_retryable"))


class FailureConverter:
    """Converts failures; one may be shared by many converters.

    Args:
        errors: Classes that come back as themselves. An iterable of classes, known by their names; or a mapping of
            reasons to classes, for reasons of peers (`{"com.acme.OrderException": OrderError}`), which are then written
            too, for derived classes as well that have none of their own.

    Raises:
        ConfigurationError: One of them is no exception class.
    """

    def __init__(self, errors: Iterable[type[Exception]] | Mapping[str, type[Exception]] = ()) -> None:
        self._classes: dict[str, type[Exception]] = dict(_OWN)
        self._reasons: dict[type, str] = {}
        named = errors.items() if isinstance(errors, Mapping) else ((None, cls) for cls in errors)
        for reason, cls in named:
            self.register(cls, reason)

    def register(self, cls: Any, reason: str | None = None) -> None:
        """Make a class come back as itself.

        Args:
            cls: The class.
            reason: The failure's reason on the wire; default: the class's name.

        Raises:
            ConfigurationError: It is no exception class, or the reason is one of Cadence's own.
        """
        if not (isinstance(cls, type) and issubclass(cls, Exception)):
            msg = f"{cls!r} can't be registered as an error"
            raise ConfigurationError(msg, hint="give a class derived from Exception")
        if reason is not None:
            if reason.startswith(_INTERNAL):
                msg = f"the reason {reason!r} is not free"
                raise ConfigurationError(msg, hint=f"choose one that does not begin with {_INTERNAL}")
            self._reasons[cls] = reason
            self._classes[reason] = cls
        self._classes[_full_name(cls)] = cls
        self._classes.setdefault(cls.__name__, cls)

    def encode(self, error: BaseException, convention: Convention = Convention.GO) -> tuple[str, bytes | None]:
        """Write an exception.

        Returns:
            Reason and details of the failure.
        """
        if isinstance(error, asyncio.CancelledError):
            return f"{_INTERNAL}Canceled", None
        reason = self._reason(error)
        try:
            details = self._details(error, reason, convention)
            if details is None or len(details) <= LONGEST_FAILURE:
                return reason, details
            # The server would put a reason of its own in the place of this one, or fail the workflow for its size.
            _logger.warning("failure %s has %d bytes; it is sent shortened", reason, len(details))
            details = self._details(error, reason, convention, is_short=True)
            if details is None or len(details) <= LONGEST_FAILURE:
                return reason, details
            trouble: object = f"{len(details):,} bytes are too many"
        except Exception as raised:
            _logger.warning("%s could not be written whole, only its text is sent", reason, exc_info=True)
            trouble = failure_text(raised)
        form = shortened(_poor_form(error, trouble))
        return reason, encode_one(convention, self._for_java(form, error) if _is_java(convention) else form)

    def decode(self, reason: str | None, details: bytes | None) -> BaseException:
        """Read a failure.

        Returns:
            The exception that it stands for, with its causes, and the far side's traceback as `remote_traceback` and as
            a note. Never raises.
        """
        reason = reason or ""
        try:
            if reason.startswith(_INTERNAL):
                return self._from_go(reason, details or b"")
            return self._custom(reason, details or b"")
        except Exception as trouble:  # the details may hold anything
            _logger.debug("details of failure %r could not be read", reason, exc_info=True)
            error = ApplicationError(_head(details or b"") or reason, reason=reason)
            error.add_note(f"(its details could not be read: {trouble})")
            return error

    def _reason(self, error: BaseException) -> str:
        known = self._reasons.get(type(error))
        if known is not None:
            return known
        if isinstance(error, ApplicationError) and error.reason and not error.reason.startswith(_INTERNAL):
            return error.reason
        return self._inherited_reason(error) or type(error).__name__

    def _inherited_reason(self, error: BaseException) -> str:
        return next((self._reasons[cls] for cls in type(error).__mro__[1:] if cls in self._reasons), "")

    def _details(
        self, error: BaseException, reason: str, convention: Convention, *, is_short: bool = False
    ) -> bytes | None:
        form = self._form(error, set(), convention)
        if form["class"] != reason:
            form.get(_ASIDE, form)["reason"] = reason
        own = list(error.details) if isinstance(error, ApplicationError) else []
        if is_short:
            form, own = shortened(form), shortened([_plain(value) for value in own])
        if convention is Convention.GO and own:
            # Raw bytes alone can't be told apart from what follows, so they are text here.
            del form["details"]
            return encode_arguments(convention, [*own, form])
        return encode_one(convention, form)

    def _form(self, error: BaseException, seen: set[int], convention: Convention) -> dict[str, Any]:
        seen.add(id(error))
        form: dict[str, Any] = {"detailMessage": failure_text(error)}
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is not None and id(cause) not in seen and len(seen) < _DEEPEST:
            form["cause"] = self._form(cause, seen, convention)
        form["stackTrace"] = java_stack_trace(error)
        parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        form["suppressedExceptions"] = [
            self._form(part, seen, convention) for part in parts if id(part) not in seen and len(seen) < 5 * _DEEPEST
        ]
        form["class"] = self._reasons.get(type(error)) or _full_name(type(error))
        form["source"] = _SOURCE
        if isinstance(error, ApplicationError):
            form["reason"] = self._reason(error)
            form["nonRetryable"] = error.non_retryable
            form["details"] = list(error.details)
        form["args"] = [_plain(argument) for argument in error.args if not isinstance(argument, (BaseException, tuple))]
        plain = ((name, _plain(value, _SKIPPED)) for name, value in vars(error).items() if _is_field(name, value))
        form["fields"] = {name: value for name, value in plain if value is not _SKIPPED}
        form["traceback"] = python_traceback(error)
        return self._for_java(form, error) if _is_java(convention) else form

    def _for_java(self, form: dict[str, Any], error: BaseException) -> dict[str, Any]:
        """Make a form one that Java can build an exception from.

        Java looks every class up, causes' too, and gives up on all where there is one that it doesn't have; and it
        fills that class's fields from the form's. So what is ours is put aside, and what has no name in Java becomes a
        RuntimeException.
        """
        aside = {key: form.pop(key) for key in _ONLY_OURS if key in form}
        aside["class"], aside["detailMessage"] = form["class"], form["detailMessage"]
        name = self._reasons.get(type(error))
        if name is None and isinstance(error, ApplicationError) and "." in error.reason:
            name = error.reason
        if name is None:
            name = self._inherited_reason(error) or "java.lang.RuntimeException"
            form["detailMessage"] = f"{type(error).__qualname__}: {form['detailMessage']}"
        form["class"] = name
        form[_ASIDE] = aside
        return {**aside.get("fields", {}), **form}

    def _from_go(self, reason: str, details: bytes) -> BaseException:
        kind, _, rest = reason.removeprefix(_INTERNAL).partition(" ")
        if kind == "Timeout":
            # Old Go clients write the type into the details.
            name = rest or details.decode().strip().strip('"')
            return RemoteTimeoutError(kind=TimeoutKind(name), details=_values(details) if rest else ())
        if kind == "Canceled":
            return asyncio.CancelledError(*_values(details))
        if kind == "Panic":
            values = [*_values(details), "", ""]
            error = ApplicationError(str(values[0]), reason=reason)
            return _with_traceback(error, str(values[1]))
        return ApplicationError(details.decode("utf-8", "replace"), reason=reason)

    def _custom(self, reason: str, details: bytes) -> BaseException:
        limit = limit_text(reason, details)
        if limit is not None:
            return ApplicationError(limit, reason=reason)
        values = _values(details)
        form = values[-1] if values else None
        if isinstance(form, dict) and isinstance(form.get("class"), str):
            if form.get("source") == _SOURCE:
                if len(values) > 1:
                    form["details"] = values[:-1]
                return self._rebuilt(form, reason, 0)
            if len(values) == 1 and ("stackTrace" in form or "detailMessage" in form or "args" in form):
                return self._rebuilt(form, reason, 0)
        if len(values) == 1 and isinstance(values[0], bytes) and (text := text_form(details, reason)) is not None:
            cls = self._classes.get(reason, ApplicationError)
            fields = vars(ApplicationError(text[0], reason=reason)) if issubclass(cls, ApplicationError) else {}
            return _with_traceback(_made(cls, (text[0],), fields), text[1])
        message = reason if not values else f"{reason}: {_head(details)}"
        return self._plainly(self._classes.get(reason), message, values, reason)

    def _plainly(self, cls: type[Exception] | None, message: str, values: list[Any], reason: str) -> BaseException:
        if cls is None or issubclass(cls, ApplicationError):
            error = ApplicationError(message, *values, reason=reason)
            return error if cls is None else _made(cls, (message,), vars(error))
        if issubclass(cls, CadenceError):
            return _made(cls, (message,), {"message": message})
        return _made(cls, tuple(values) or (message,), _by_parameters(cls, values))

    def _rebuilt(self, form: Mapping[str, Any], reason: str, depth: int) -> BaseException:
        if isinstance(aside := form.get(_ASIDE), dict) and isinstance(aside.get("class"), str):
            form = {**form, **aside}
        name = form["class"]
        is_ours = form.get("source") == _SOURCE
        is_python = is_ours or form.get("source") == _SOURCE_OF_1
        own_reason = form.get("reason") or (reason if depth == 0 else "") or name
        cls = self._classes.get(name) or self._classes.get(own_reason)
        if cls is None and is_python:
            cls = self._classes.get(name.rpartition(".")[2])
        message = form.get("detailMessage")
        arguments = form.get("args") if is_python else None
        args = tuple(arguments) if isinstance(arguments, list) else ((message,) if message is not None else ())
        parts = [
            self._rebuilt(part, "", depth + 1)
            for part in form.get("suppressedExceptions") or ()
            if isinstance(part, dict) and isinstance(part.get("class"), str)
        ]
        error = self._of_class(cls, form, args, own_reason, parts)
        cause = form.get("cause")
        if isinstance(cause, dict) and isinstance(cause.get("class"), str) and depth < _DEEPEST:
            error.__cause__ = self._rebuilt(cause, "", depth + 1)
        return _with_traceback(error, str(form.get("traceback") or form.get("stackTrace") or ""))

    def _of_class(
        self,
        cls: type[Exception] | None,
        form: Mapping[str, Any],
        args: tuple[Any, ...],
        reason: str,
        parts: list[BaseException],
    ) -> BaseException:
        details = form.get("details") or ()
        fields = form.get("fields")
        fields = dict(fields) if isinstance(fields, dict) else {}
        if form.get("source") not in (_SOURCE, _SOURCE_OF_1):
            known = {name: value for name, value in form.items() if name not in _JAVA_KEYS}
            fields = known if cls is None or issubclass(cls, CadenceError) else {**_by_parameters(cls, ()), **known}
        if parts and isinstance(cls, type) and issubclass(cls, BaseExceptionGroup):
            return BaseExceptionGroup(str(args[0]) if args else "", parts)
        if cls is None or cls is ApplicationError:
            text = str(form.get("detailMessage") or (args[0] if args else "") or reason)
            plain = ApplicationError(text, *details, reason=reason, non_retryable=bool(form.get("nonRetryable")))
            plain.fields = fields
            return plain
        if issubclass(cls, ApplicationError):
            fields |= vars(ApplicationError("", *details, reason=reason, non_retryable=bool(form.get("nonRetryable"))))
            fields["fields"] = {}
        if issubclass(cls, CadenceError):
            fields.setdefault("message", str(args[0]) if args else "")
            if isinstance(fields.get("kind"), str):
                fields["kind"] = TimeoutKind(fields["kind"])
        return _made(cls, args, fields)


_ASIDE = "python"
"""Where the form for Java has what is ours."""
_ONLY_OURS = ("reason", "nonRetryable", "details", "args", "fields", "traceback")
_JAVA_KEYS = frozenset(("detailMessage", "cause", "stackTrace", "suppressedExceptions", "class", "source", "args"))


def _own_classes() -> dict[str, type[Exception]]:
    """Return the exceptions that need no registration: Python's own and this package's."""
    found: dict[str, type[Exception]] = {}
    for module in (builtins, cadence.exceptions):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Exception):
                found[_full_name(value)] = found[value.__name__] = value
    return found


def _is_java(convention: Convention) -> bool:
    return convention is Convention.JAVA


def _full_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _made(cls: type[Exception], args: tuple[Any, ...], fields: Mapping[str, Any]) -> BaseException:
    """Make an error without its constructor, whose parameters nobody knows."""
    error = cls.__new__(cls, *args)
    error.args = args
    vars(error).update((name, value) for name, value in fields.items() if not name.startswith("_"))
    return error


def _by_parameters(cls: type, values: Sequence[Any]) -> dict[str, Any]:
    """Give a peer's values the names of the constructor's parameters, as attributes are mostly called.

    What the peer doesn't have is None, so that the class's own `__str__` finds every attribute.
    """
    code = getattr(cls.__init__, "__code__", None)  # type: ignore[misc]  # looked at, not called
    names = () if code is None else code.co_varnames[1 : code.co_argcount]
    return {
        name: value
        for name, value in itertools.zip_longest(names, values[: len(names)])
        if not hasattr(cls, name)  # a property, or a default that is good enough
    }


def _with_traceback(error: BaseException, text: str) -> BaseException:
    if text:
        error.remote_traceback = text  # type: ignore[attr-defined]  # documented at decode
        error.add_note(f"\nWhere it was raised:\n{text.rstrip()}")
    return error


def _values(details: bytes) -> list[Any]:
    try:
        return [decode(document) for document in split_documents(details)]
    except ValueError:
        return [details]  # a Go []byte, as it is


def _is_field(name: str, value: object) -> bool:
    return not name.startswith("_") and name not in _NOT_FIELDS and not isinstance(value, BaseException)


_SKIPPED = object()


def _plain(value: object, otherwise: Any = Ellipsis) -> Any:
    """Return a value as JSON has it, or as text (or `otherwise`) where it has no such form."""
    try:
        return as_builtins(value)
    except UNSUPPORTED:
        return str(value) if otherwise is Ellipsis else otherwise


def failure_text(error: BaseException) -> str:
    """Return an exception's text, whatever its class does: one that was rebuilt may lack what its `__str__` needs."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # a user's __str__; told instead of the text
        return f"(its text can't be had: {type(error).__name__}.__str__ raises)"


def _poor_form(error: BaseException, trouble: object) -> dict[str, Any]:
    """Return the little that can always be written."""
    return {
        "detailMessage": failure_text(error).encode("utf-8", "replace").decode(),
        "stackTrace": java_stack_trace(error),
        "suppressedExceptions": [],
        "class": _full_name(type(error)),
        "source": _SOURCE,
        "args": [],
        "traceback": python_traceback(error) + f"\n(the rest of it could not be written: {str(trouble)[:200]})",
    }


def _head(details: bytes) -> str:
    text = details.decode("utf-8", "replace").strip()
    return text if len(text) <= 200 else f"{text[:200]}..."


_OWN = _own_classes()
