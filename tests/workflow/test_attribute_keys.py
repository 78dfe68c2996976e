"""Typed keys of search attributes: checked when set, converted when read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cadence import workflow
from cadence.converter.wire_options import search_attributes_struct
from cadence.exceptions import ConfigurationError, ConversionError
from cadence.workflow import SearchAttributeKey

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "value", "data"),
    [
        (SearchAttributeKey.keyword("K"), "x", b'"x"'),
        (SearchAttributeKey.text("K"), "a b", b'"a b"'),
        (SearchAttributeKey.integer("K"), 3, b"3"),
        (SearchAttributeKey.float("K"), 3, b"3"),
        (SearchAttributeKey.bool("K"), True, b"true"),
        (SearchAttributeKey.datetime("K"), NOW, b'"2026-01-02T00:00:00Z"'),
        (SearchAttributeKey.keywords("K"), ["a", "b"], b'["a","b"]'),
    ],
)
def test_values_of_the_type(key: SearchAttributeKey[Any], value: object, data: bytes) -> None:
    struct = search_attributes_struct({key: value})
    assert struct is not None
    assert struct.indexed_fields == {"K": data}
    assert str(key) == "K"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (SearchAttributeKey.keyword("K"), 3),
        (SearchAttributeKey.integer("K"), True),
        (SearchAttributeKey.integer("K"), "3"),
        (SearchAttributeKey.float("K"), False),
        (SearchAttributeKey.bool("K"), 1),
        (SearchAttributeKey.datetime("K"), "2026-01-02"),
        (SearchAttributeKey.keywords("K"), "ab"),
    ],
)
def test_values_of_another(key: SearchAttributeKey[Any], value: object) -> None:
    with pytest.raises(ConfigurationError, match="search attribute 'K' takes"):
        search_attributes_struct({key: value})


async def test_reading(runtime: Any) -> None:
    runtime.search_attributes = {"When": "2026-01-02T00:00:00Z", "Count": 3, "Names": ["a"]}
    assert workflow.search_attribute(SearchAttributeKey.datetime("When")) == NOW
    assert workflow.search_attribute(SearchAttributeKey.integer("Count")) == 3
    assert workflow.search_attribute(SearchAttributeKey.keywords("Names")) == ["a"]
    assert workflow.search_attribute(SearchAttributeKey.keyword("Other")) is None
    with pytest.raises(ConversionError, match="'Names'"):
        workflow.search_attribute(SearchAttributeKey.integer("Names"))
