"""The tree of a list query, as parameterized SQL over the visibility table.

Every value of a request becomes a parameter; what stands in the text comes from the tables below alone. It builds
`Statement`s and runs nothing: `frontend.visibility` does. Pages are found by the sort keys of the last row, so a page
costs the same wherever it is.

How attributes are kept: the server's own are columns of the table (times in nanoseconds, NULL where missing); custom
ones stand in the column `search_attributes`, a JSON object by name, each a value or a list of values, where a list
matches if one of its values does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadence.api.enums import IndexedValueType, WorkflowExecutionCloseStatus, WorkflowExecutionStatus
from cadence.api.errors import BadRequestError
from cadence.devserver.visibility import attributes
from cadence.devserver.visibility.query import (
    MISSING,
    AllOf,
    AnyOf,
    Between,
    Comparison,
    Condition,
    Member,
    Not,
    Order,
    Query,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ("DEFAULT_ORDER", "Parameter", "SortKeys", "Statement", "count", "page")

Parameter = str | int | float | None
SortKeys = tuple[Parameter, ...]

DEFAULT_ORDER = (Order("StartTime", descending=True),)

# What each of the server's own attributes is in the table.
_COLUMNS: dict[str, str] = {
    "DomainID": "domain_id",
    "WorkflowID": "workflow_id",
    "RunID": "run_id",
    "WorkflowType": "workflow_type",
    "StartTime": "start_time",
    "ExecutionTime": "execution_time",
    "CloseTime": "close_time",
    "CloseStatus": "close_status",
    "HistoryLength": "history_length",
    "TaskList": "task_list",
    "IsCron": "is_cron",
    "NumClusters": "1",
    "UpdateTime": "update_time",
    "CronSchedule": "NULL",
    "ExecutionStatus": "COALESCE(close_status + 2, 1)",
    "ScheduledExecutionTime": "execution_time",
    "ClusterAttributeScope": "NULL",
    "ClusterAttributeName": "NULL",
}
_TIMES = frozenset({"StartTime", "ExecutionTime", "CloseTime", "UpdateTime", "ScheduledExecutionTime"})
_NAMED: dict[str, Callable[[str], int]] = {
    "CloseStatus": lambda text: WorkflowExecutionCloseStatus[text],
    "ExecutionStatus": lambda text: WorkflowExecutionStatus[text],
}
_LAST = "run_id"
"""The last sort key of every list, so that no two rows are equal."""
_EMPTY = "''"
_INT_LIMIT = 1 << 63
_MILLIS = (
    "(CAST(strftime('%s', item.value) AS INTEGER) * 1000 + CAST(substr(strftime('%f', item.value), 4) AS INTEGER))"
)
"""A custom time, kept as RFC 3339 text, in milliseconds: as fine as SQLite reads it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the values for its placeholders."""

    sql: str
    parameters: tuple[Parameter, ...]


def page(domain_id: str, query: Query, columns: Sequence[str], size: int, after: SortKeys | None) -> Statement:
    """Select a page of runs.

    Args:
        domain_id: The runs' domain.
        query: Which runs, in which order (`DEFAULT_ORDER` where it names none).
        columns: Columns of the table to read; the sort keys follow them in each row.
        size: Rows at most; one more is selected, so that the caller sees whether there is another page.
        after: Sort keys of the last row of the page before, or None.

    Raises:
        BadRequestError: A value does not fit its attribute.
    """
    out = _Writer()
    keys = [(_sort_expression(key, query.where), key.descending) for key in (query.order or DEFAULT_ORDER)]
    keys.append((_LAST, keys[-1][1]))
    selected = ", ".join([*columns, *(expression for expression, _ in keys)])
    out.text(f"SELECT {selected} FROM visibility WHERE domain_id = ").value(domain_id)
    if query.where is not None:
        out.text(" AND ").condition(query.where)
    if after is not None:
        if len(after) != len(keys):
            msg = "Invalid NextPageToken."
            raise BadRequestError(msg)
        out.text(" AND ").behind(keys, after)
    order = ", ".join(f"{expression} {'DESC' if descending else 'ASC'}" for expression, descending in keys)
    out.text(f" ORDER BY {order} LIMIT ").value(size + 1)
    return out.statement()


def count(domain_id: str, query: Query) -> Statement:
    """Count the runs that match.

    Raises:
        BadRequestError: A value does not fit its attribute.
    """
    out = _Writer()
    out.text("SELECT COUNT(*) FROM visibility WHERE domain_id = ").value(domain_id)
    if query.where is not None:
        out.text(" AND ").condition(query.where)
    return out.statement()


def _sort_expression(key: Order, where: Condition | None) -> str:
    """What a list is sorted by: never NULL, so that rows can be compared with the last one of a page."""
    if key.field in {"StartTime", "WorkflowID", "RunID", "WorkflowType"} or _is_there(key.field, where):
        return _COLUMNS[key.field]
    column = _COLUMNS.get(key.field)
    if column is None:
        msg = f"Invalid query: {key.field} is a custom search attribute; a list can't be ordered by it."
        raise BadRequestError(msg)
    is_number = attributes.ALL[key.field] in {IndexedValueType.INT, IndexedValueType.BOOL}
    return f"COALESCE({column}, {'-1' if is_number else _EMPTY})"


def _is_there(field: str, where: Condition | None) -> bool:
    """Whether the condition lets through no run without the attribute, so that its index gives the order."""
    match where:
        case AllOf(conditions):
            return any(_is_there(field, each) for each in conditions)
        case Between(name):
            return name == field in _COLUMNS
        case Comparison(name, operator, value):
            return name == field in _COLUMNS and (operator == "!=") == (value is MISSING)
    return False


class _Writer:
    """Collects SQL text and, apart from it, the values."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Parameter] = []

    def statement(self) -> Statement:
        return Statement("".join(self._parts), tuple(self._values))

    def text(self, part: str) -> _Writer:
        self._parts.append(part)
        return self

    def value(self, value: Parameter) -> _Writer:
        self._parts.append("?")
        # SQLite's integers have 64 bits; a larger one compares the same as a float.
        too_large = isinstance(value, int) and not -_INT_LIMIT <= value < _INT_LIMIT
        self._values.append(float(value or 0) if too_large else value)
        return self

    def condition(self, condition: Condition) -> None:
        match condition:
            case AllOf(conditions):
                self._joined(" AND ", conditions)
            case AnyOf(conditions):
                self._joined(" OR ", conditions)
            case Not(inside):
                self.text("NOT COALESCE(").condition(inside)
                self.text(", 0)")  # a missing attribute fits no comparison, so it fits every negated one
            case Comparison(field, operator, value) if field in _COLUMNS:
                self._column(field, operator, value)
            case Comparison(field, operator, value):
                self._custom(field, operator, value)
            case Between(field, low, high):
                self._joined(" AND ", (Comparison(field, ">=", low), Comparison(field, "<=", high)))
            case Member(field, values):
                self._joined(" OR ", tuple(Comparison(field, "=", value) for value in values))

    def behind(self, keys: Sequence[tuple[str, bool]], last: SortKeys) -> None:
        """The rows that come after one with these sort keys: larger in a key, equal in all before it."""
        if len({descending for _, descending in keys}) == 1:
            # All the same way, as in the lists' own order: one comparison, which an index answers.
            self.text(f"({', '.join(expression for expression, _ in keys)}) {'<' if keys[0][1] else '>'} (")
            for index, value in enumerate(last):
                self.text(", " if index else "").value(value)
            self.text(")")
            return
        self.text("(")
        for index, (expression, descending) in enumerate(keys):
            self.text(" OR (" if index else "(")
            for (equal, _), value in zip(keys[:index], last, strict=False):
                self.text(f"{equal} = ").value(value).text(" AND ")
            self.text(f"{expression} {'<' if descending else '>'} ").value(last[index]).text(")")
        self.text(")")

    def _joined(self, word: str, conditions: Sequence[Condition]) -> None:
        self.text("(")
        for index, condition in enumerate(conditions):
            self.text(word if index else "").condition(condition)
        self.text(")")

    def _column(self, field: str, operator: str, value: object) -> None:
        column = _COLUMNS[field]
        if value is MISSING:
            self.text(f"{column} IS {'NOT ' if operator == '!=' else ''}NULL")
        elif operator == "LIKE":
            self.text(f"{column} LIKE ").value(_text(field, value))
        elif operator == "!=":
            self.text(f"{column} IS NOT ").value(_system_value(field, value))
        else:
            self.text(f"{column} {operator} ").value(_system_value(field, value))

    def _custom(self, field: str, operator: str, value: object) -> None:
        # "!=" is where no value is equal; "= missing" is where there is no value at all.
        nowhere = operator == "=" if value is MISSING else operator == "!="
        self.text("NOT EXISTS" if nowhere else "EXISTS")
        self.text(" (SELECT 1 FROM json_each(visibility.search_attributes, ").value(f"$.{field}")
        self.text(") AS item WHERE item.value IS NOT NULL")
        if value is not MISSING:
            self.text(" AND ")._item(field, "=" if operator == "!=" else operator, value)
        self.text(")")

    def _item(self, field: str, operator: str, value: object) -> None:
        """Compare one value of a custom attribute."""
        kind = attributes.ALL[field]
        if kind == IndexedValueType.DATETIME:
            self.text(f"{_MILLIS} {operator} ").value(_nanos(field, value) // 1_000_000)
        elif operator == "LIKE":
            self.text("item.value LIKE ").value(_text(field, value))
        elif kind == IndexedValueType.STRING and operator == "=":
            # As the real server's full-text field: a text matches by a part of it, in any case.
            self.text("instr(lower(item.value), lower(").value(_text(field, value)).text(")) > 0")
        else:
            self.text(f"item.value {operator} ").value(_typed(field, kind, value))


def _system_value(field: str, value: object) -> Parameter:
    if field in _TIMES:
        return _nanos(field, value)
    named = _NAMED.get(field)
    if named is not None and isinstance(value, str) and not value.isdigit():
        try:
            return int(named(value.upper()))
        except KeyError:
            raise _misfit(field, value) from None
    return _typed(field, attributes.ALL[field], value)


def _typed(field: str, kind: IndexedValueType, value: object) -> Parameter:
    """Check a value against its attribute's type; numbers and booleans may be quoted, as other clients send them."""
    if kind == IndexedValueType.BOOL:
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return int(value.lower() == "true")
    elif kind in {IndexedValueType.INT, IndexedValueType.DOUBLE}:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            try:
                return int(value) if kind == IndexedValueType.INT else float(value)
            except ValueError:
                raise _misfit(field, value) from None
    elif isinstance(value, str):
        return value
    raise _misfit(field, value)


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise _misfit(field, value)
    return value


def _nanos(field: str, value: object) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return int(value)
    if isinstance(value, str):
        if value.lstrip("-").isdigit() and len(value) <= 19:
            return int(value)
        nanos = attributes.instant_nanos(value)
        if nanos is not None:
            return nanos
    raise _misfit(field, value)


def _misfit(field: str, value: object) -> BadRequestError:
    return BadRequestError(
        f"Invalid query: {value!r} is not a value for {field}, which is a {attributes.ALL[field].name}."
    )
