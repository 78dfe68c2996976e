"""The root of all errors; public, and known on the wire, as `cadence.exceptions.CadenceError`."""

from __future__ import annotations

__all__ = ("CadenceError",)


class CadenceError(Exception):
    """Root of every error of this package.

    Attributes:
        hint: What to do about it, in a sentence, or an empty string.
    """

    __module__ = "cadence.exceptions"

    hint: str = ""

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        if hint:
            self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Most constructors take more than `args` holds, so pickle must not call them.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[BaseException], args: tuple[object, ...], state: dict[str, object]) -> BaseException:
    """Restore a pickled error without running its constructor, whose arguments are not kept in `args`."""
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error
