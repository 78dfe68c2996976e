"""Typed keys of search attributes: the name together with the type, so that what is set and read is checked.

The types are those that the server knows: keyword, text, integer, float, bool, datetime; a keyword may hold several.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar, cast

from cadence.exceptions import ConfigurationError

__all__ = ("SearchAttributeKey", "SearchAttributes")

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class SearchAttributeKey(Generic[T]):
    """A search attribute's name and the type of its values. Make one with the method of its type.

    For example:

        CUSTOMER = SearchAttributeKey.keyword("CustomKeywordField")
        workflow.upsert_search_attributes({CUSTOMER: "acme"})
        customer = workflow.search_attribute(CUSTOMER)  # str or None
    """

    name: str
    """As the server knows it."""
    value_type: Any
    """What a value is converted to."""

    def __str__(self) -> str:
        return self.name

    def check(self, value: object) -> None:
        """Refuse a value of another type.

        Raises:
            ConfigurationError: The value isn't of the key's type.
        """
        wanted = self.value_type
        if wanted == list[str]:
            fits = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
        elif wanted is float:
            fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        else:
            fits = isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
        if not fits:
            shown = "list[str]" if wanted == list[str] else wanted.__name__
            msg = f"search attribute {self.name!r} takes {shown}, not {value!r}"
            raise ConfigurationError(msg)

    @classmethod
    def keyword(cls, name: str) -> SearchAttributeKey[str]:
        """Text that is compared as a whole."""
        return cast("SearchAttributeKey[str]", cls(name, str))

    @classmethod
    def text(cls, name: str) -> SearchAttributeKey[str]:
        """Text whose words are searched."""
        return cast("SearchAttributeKey[str]", cls(name, str))

    @classmethod
    def integer(cls, name: str) -> SearchAttributeKey[int]:
        """A whole number."""
        return cast("SearchAttributeKey[int]", cls(name, int))

    @classmethod
    def float(cls, name: str) -> SearchAttributeKey[float]:
        """A number."""
        return cast("SearchAttributeKey[float]", cls(name, _FLOAT))

    @classmethod
    def bool(cls, name: str) -> SearchAttributeKey[bool]:
        """True or false."""
        return cast("SearchAttributeKey[bool]", cls(name, _BOOL))

    @classmethod
    def datetime(cls, name: str) -> SearchAttributeKey[datetime]:
        """A moment; give it a time zone."""
        return cast("SearchAttributeKey[datetime]", cls(name, _DATETIME))

    @classmethod
    def keywords(cls, name: str) -> SearchAttributeKey[list[str]]:
        """Several texts, each compared as a whole."""
        return cast("SearchAttributeKey[list[str]]", cls(name, list[str]))


_FLOAT, _BOOL, _DATETIME = float, bool, datetime


SearchAttributes: TypeAlias = Mapping[str, object] | Mapping[SearchAttributeKey[Any], object]
"""Values by name, or by typed key."""
