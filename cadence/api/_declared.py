"""The base of the errors that the IDL declares: exceptions that travel as structs.

The classes themselves are generated (errors.py); what they derive from is the package's tree (cadence.exceptions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cadence.api._struct import WireSpec, field_rows, shown_fields
from cadence.exceptions import ServiceError

__all__ = ("DeclaredError",)


class DeclaredError(ServiceError):
    """The server answered with one of the errors that the IDL declares.

    Attributes:
        message: The server's own words; empty where the IDL gives the error no message.
        hint: What to do about it, in a sentence, or an empty string.
    """

    _fields: ClassVar[Any] = ()  # FieldRow tuples; Any, as each class has its own length of tuple

    if TYPE_CHECKING:
        thrift_spec: ClassVar[dict[int, tuple[Any, ...]]]
    else:
        thrift_spec = WireSpec()

    def __getattr__(self, name: str) -> Any:
        # 1.x had these errors' fields under the IDL's names.
        for row in field_rows(type(self)):
            if row[3] == name:
                return getattr(self, row[1])
        msg = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(msg)

    def __str__(self) -> str:
        text = self.message or ", ".join(shown_fields(self)) or type(self).__name__
        return f"{text.removesuffix('.')}; {self.hint}" if self.hint else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(shown_fields(self))})"
