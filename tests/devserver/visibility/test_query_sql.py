"""List queries are read as written and find the runs that they describe."""

from __future__ import annotations

import contextlib
import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.api.errors import BadRequestError
from cadence.devserver.store.schema import make_tables
from cadence.devserver.visibility import sql
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
    parse,
)

SECOND = 1_000_000_000

RUNS = [
    # workflow id, type, start, close, close status, attributes
    ("a", "order", 100, None, None, {"CustomKeywordField": ["red", "blue"], "CustomIntField": 5}),
    ("b", "order", 200, 300, 0, {"CustomStringField": "Quick brown Fox", "CustomBoolField": True}),
    ("c", "refund", 300, 400, 1, {"CustomDatetimeField": "2026-01-01T00:00:00Z", "CustomDoubleField": 1.5}),
    ("d", "refund", 400, None, None, {"CustomIntField": 7, "CustomBoolField": False}),
    ("e", "it's", 500, 600, 5, {}),
]


@pytest.fixture(scope="module")
def table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    make_tables(connection)
    rows = [("D", *row) for row in RUNS] + [("other", "z", "order", 1, None, None, {})]
    for domain, name, kind, start, close, status, custom in rows:
        begun, closed = start * SECOND, None if close is None else close * SECOND
        connection.execute(
            "INSERT INTO visibility (domain_id, run_id, workflow_id, workflow_type, task_list, start_time,"
            " execution_time, close_time, close_status, history_length, is_cron, search_attributes, update_time)"
            " VALUES (?, ?, ?, ?, 'tl', ?, ?, ?, ?, 3, 0, ?, ?)",
            (domain, f"run-{name}", name, kind, begun, begun, closed, status, json.dumps(custom), start),
        )
    return connection


def found(table: sqlite3.Connection, text: str) -> str:
    statement = sql.page("D", parse(text), ("workflow_id",), 100, None)
    names = [row[0] for row in table.execute(statement.sql, statement.parameters)]
    counted = sql.count("D", parse(text))
    assert table.execute(counted.sql, counted.parameters).fetchone()[0] == len(names)
    return "".join(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "edcba"),
        ("   ", "edcba"),
        ("WorkflowType = 'order'", "ba"),
        ('WorkflowType = "order" and CloseTime = missing', "a"),
        ("CloseTime != missing", "ecb"),
        ("CloseTime IS NULL", "da"),
        ("CloseTime IS NOT NULL", "ecb"),
        ("CloseStatus = 0", "b"),
        ("CloseStatus = 'failed'", "c"),
        ("CloseStatus != 'COMPLETED'", "edca"),
        ("CloseStatus = '5'", "e"),
        ("WorkflowID = 'a' or WorkflowID = 'b' or WorkflowID = 'c'", "cba"),
        ("WorkflowID IN ('a', 'c', 'nope')", "ca"),
        ("WorkflowID not in ('a', 'c')", "edb"),
        ("WorkflowID = 'a' OR WorkflowID = 'b' AND CloseTime = missing", "a"),
        ("(WorkflowID = 'a' OR WorkflowID = 'b') AND CloseTime != missing", "b"),
        ("NOT (WorkflowType = 'order')", "edc"),
        ("NOT CloseStatus = 0", "edca"),
        (f"StartTime BETWEEN {200 * SECOND} AND {400 * SECOND}", "dcb"),
        (f"StartTime NOT BETWEEN {200 * SECOND} AND {400 * SECOND}", "ea"),
        ("StartTime >= '1970-01-01T00:05:00Z'", "edc"),
        ("StartTime > '1970-01-01T01:05:00+01:00'", "ed"),
        ("StartTime <> '1970-01-01T00:05:00Z'", "edba"),
        ("WorkflowType LIKE 'ref%'", "dc"),
        ("WorkflowType = 'it''s'", "e"),
        (r"WorkflowType = 'it\'s'", "e"),
        ('WorkflowType = "it\'s"', "e"),
        ("CustomKeywordField = 'red'", "a"),
        ("CustomKeywordField != 'red'", "edcb"),
        ("CustomKeywordField = missing", "edcb"),
        ("CustomIntField != missing", "da"),
        ("CustomIntField >= 6", "d"),
        ("CustomIntField = '5'", "a"),
        ("Attr.CustomIntField = 5", "a"),
        ("`Attr.CustomIntField` = 5", "a"),
        ("CustomStringField = 'brown'", "b"),
        ("CustomStringField LIKE '%Fox'", "b"),
        ("CustomBoolField = true", "b"),
        ("CustomBoolField = 'false'", "d"),
        ("CustomDoubleField < 2", "c"),
        ("CustomDatetimeField = '2026-01-01T01:00:00+01:00'", "c"),
        ("CustomDatetimeField > '2026-01-01T00:00:00Z'", ""),
        ("IsCron = false", "edcba"),
        ("IsCron = true", ""),
        ("HistoryLength > 2.5", "edcba"),
        ("StartTime < 9999999999999999999", "edcba"),
        ("StartTime < 99999999999999999999999999", "edcba"),
        ("ORDER BY StartTime ASC", "abcde"),
        ("order by CloseTime desc, WorkflowID", "ecbad"),
        ("WorkflowType = 'order' ORDER BY WorkflowID", "ab"),
        ("ExecutionStatus = 'STARTED'", "da"),
        ("ExecutionStatus = 'TIMED_OUT'", "e"),
        ("CronSchedule = missing", "edcba"),
        ("TaskList = 'tl' AND ClusterAttributeName = missing", "edcba"),
    ],
)
def test_a_query_finds_its_runs(table: sqlite3.Connection, text: str, names: str) -> None:
    assert found(table, text) == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foo = 1", 'invalid search attribute "Foo"'),
        ("WorkflowID", "Invalid query: expected a comparison, found the end."),
        ("WorkflowID =", "Invalid query: expected a value (a number, true, false, or text in quotes), found the end."),
        (
            "WorkflowID = a",
            "Invalid query: expected a value (a number, true, false, or text in quotes), found 'a' at 14.",
        ),
        ("WorkflowID = 'a", """Invalid query: can't read "'a" at 14."""),
        ("(WorkflowID = 'a'", "Invalid query: expected ), found the end."),
        ("WorkflowID = 'a' garbage", "Invalid query: expected AND, OR or ORDER BY, found 'garbage' at 18."),
        ("WorkflowID = 'a'; DROP TABLE visibility", "Invalid query: can't read '; DROP TABLE visibil' at 17."),
        ("CloseTime > missing", "Invalid query: missing can be compared by = and != alone, not by >."),
        ("StartTime > 'yesterday'", "Invalid query: 'yesterday' is not a value for StartTime, which is a INT."),
        ("CloseStatus = 'DONE'", "Invalid query: 'DONE' is not a value for CloseStatus, which is a INT."),
        ("WorkflowID = 5", "Invalid query: 5 is not a value for WorkflowID, which is a KEYWORD."),
        ("CustomIntField = 'many'", "Invalid query: 'many' is not a value for CustomIntField, which is a INT."),
        ("CustomBoolField = 3", "Invalid query: 3 is not a value for CustomBoolField, which is a BOOL."),
        (
            "ORDER BY CustomIntField",
            "Invalid query: CustomIntField is a custom search attribute; a list can't be ordered by it.",
        ),
        ("(" * 60 + "WorkflowID = 'a'" + ")" * 60, "Invalid query: nested deeper than 50."),
    ],
)
def test_what_cannot_be_read_is_said(table: sqlite3.Connection, text: str, message: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        found(table, text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    "order", ["", "ORDER BY StartTime", "ORDER BY CloseTime DESC", "ORDER BY WorkflowType, StartTime"]
)
def test_pages_hold_every_run_once(table: sqlite3.Connection, order: str) -> None:
    query = parse(order)
    whole = found(table, order)
    names, after = "", None
    for _ in range(len(RUNS)):
        statement = sql.page("D", query, ("workflow_id",), 1, after)
        rows = table.execute(statement.sql, statement.parameters).fetchall()
        names += rows[0][0]
        after = rows[0][1:]
        assert (len(rows) > 1) == (len(names) < len(RUNS))
    assert names == whole


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "CloseTime = missing",
        "CloseTime != missing",
        "CloseStatus = 'FAILED'",
        "WorkflowType = 'order'",
        "WorkflowID = 'a'",
        "CloseTime != missing ORDER BY CloseTime DESC",
        "CloseTime > 5 AND WorkflowType = 'order' ORDER BY CloseTime",
        "CloseTime BETWEEN 5 AND 6 ORDER BY CloseTime DESC",
    ],
)
def test_the_usual_pages_come_from_an_index(table: sqlite3.Connection, text: str, is_first: bool) -> None:
    statement = sql.page("D", parse(text), ("memo",), 10, None if is_first else (5 * SECOND, "run-c"))
    plan = " ".join(row[3] for row in table.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters))
    assert "USING INDEX" in plan
    assert "TEMP B-TREE" not in plan, plan
    for name in ("WorkflowID", "CloseStatus", "WorkflowType"):
        if text.startswith(name):
            # By start alone the few runs that fit would be looked for among all.
            assert "visibility_by_start" not in plan


@pytest.mark.parametrize(
    "text",
    [
        "CloseTime != missing ORDER BY CloseTime",
        "CloseTime = missing ORDER BY CloseTime DESC",
        "CloseTime != 300 ORDER BY CloseTime",
        "(CloseTime = missing OR CloseTime > 1) ORDER BY CloseTime DESC",
        "CloseTime > 1 AND WorkflowType = 'refund' ORDER BY CloseTime DESC",
    ],
)
def test_pages_by_close_time(table: sqlite3.Connection, text: str) -> None:
    names, after = "", None
    while len(names) < len(found(table, text)):
        statement = sql.page("D", parse(text), ("workflow_id",), 1, after)
        row = table.execute(statement.sql, statement.parameters).fetchone()
        names += row[0]
        after = row[1:]
    assert names == found(table, text)


def test_a_token_of_another_order_is_refused() -> None:
    with pytest.raises(BadRequestError, match="Invalid NextPageToken"):
        sql.page("D", parse("ORDER BY StartTime"), ("workflow_id",), 1, ("x",))


FIELDS = st.sampled_from(["WorkflowID", "StartTime", "CustomIntField", "CustomBoolField", "CustomKeywordField"])
VALUES = st.one_of(st.text(max_size=8), st.integers(-(2**70), 2**70), st.booleans(), st.floats(allow_nan=False))
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Comparison, FIELDS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), VALUES),
    st.builds(Comparison, FIELDS, st.sampled_from(["=", "!="]), st.just(MISSING)),
    st.builds(Between, FIELDS, VALUES, VALUES),
    st.builds(Member, FIELDS, st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS)
def test_any_tree_runs_or_is_refused(table: sqlite3.Connection, condition: Condition) -> None:
    query = Query(condition, (Order("StartTime", descending=False),))
    try:
        statement = sql.count("D", query)
    except BadRequestError:
        return
    table.execute(statement.sql, statement.parameters).fetchone()
    opposite = sql.count("D", Query(Not(condition), ()))
    both = table.execute(statement.sql, statement.parameters).fetchone()[0]
    both += table.execute(opposite.sql, opposite.parameters).fetchone()[0]
    assert both == len(RUNS), "a run matches a condition or its negation, never both or neither"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abWID='\"`()<>!, .0123456789\\ANDORBETWEENmissingNOT", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadRequestError):
        parse(text)
