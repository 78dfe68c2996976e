"""The list query language, from text to a tree.

The language is a WHERE clause of SQL, as the real server's advanced visibility reads it: comparisons of search
attributes with `=`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `IN`, `BETWEEN`, the value `missing`, AND, OR, NOT,
parentheses, then ORDER BY. This module knows the grammar and the names of attributes, not tables or columns: `sql`
turns the tree into SQL. It raises BadRequestError, with the place where reading stopped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from cadence.api.errors import BadRequestError
from cadence.devserver.visibility import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = (
    "MISSING",
    "AllOf",
    "AnyOf",
    "Between",
    "Comparison",
    "Condition",
    "Member",
    "Not",
    "Order",
    "Query",
    "parse",
)


class _Missing:
    """The value of `CloseTime = missing`."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()

Value = str | int | float | bool
"""A literal as it stands in the query; what it must be for its attribute is `sql`'s to say."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`."""

    field: str
    operator: str
    """One of = != < <= > >= LIKE."""
    value: Value | _Missing


@dataclass(frozen=True, slots=True)
class Between:
    """`field BETWEEN low AND high`, both ends included."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Member:
    """`field IN (values)`."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the condition does not match."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions joined by AND."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by OR."""

    conditions: tuple[Condition, ...]


Condition = Comparison | Between | Member | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Order:
    """One key of ORDER BY."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query."""

    where: Condition | None
    """None matches every run."""
    order: tuple[Order, ...]
    """Empty for the list's own order."""


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
      | (?P<name>`[^`]+`|[A-Za-z_][\w.\-]*)
      | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE | re.DOTALL,
)
_COMPARES = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
_DEPTH_LIMIT = 50
_INT_DIGITS = 19
"""Nanoseconds of our day have as many; a sign counts as one, and 64 bits hold nearly as much again."""
_LENGTH_LIMIT = 64 * 1024
_PREFIX = "Attr."
"""Other clients may put this before custom attributes, as the real server's own store does."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The keyword that a bare name may be, else an empty string."""
        return self.text.upper() if self.kind == "name" else ""


def parse(text: str) -> Query:
    """Read a query.

    Args:
        text: For example `WorkflowType = 'order' AND CloseTime = missing ORDER BY StartTime DESC`; blank matches all.

    Raises:
        BadRequestError: It can't be read, or names an attribute that there isn't.
    """
    if len(text) > _LENGTH_LIMIT:
        msg = f"Invalid query: longer than {_LENGTH_LIMIT} characters."
        raise BadRequestError(msg)
    return _Parser(text).query()


class _Parser:
    """Recursive descent over the tokens; one method per level of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def query(self) -> Query:
        where = None
        if self._here().kind != "end" and self._here().word != "ORDER":
            where = self._any_of()
        order: tuple[Order, ...] = ()
        if self._take_word("ORDER"):
            if not self._take_word("BY"):
                self._fail("BY")
            order = self._order()
        if self._here().kind != "end":
            self._fail("AND, OR or ORDER BY")
        return Query(where, order)

    def _order(self) -> tuple[Order, ...]:
        keys = []
        while True:
            field = self._field()
            descending = self._take_word("DESC")
            if not descending:
                self._take_word("ASC")
            keys.append(Order(field, descending))
            if not self._take_sign(","):
                return tuple(keys)

    def _any_of(self) -> Condition:
        parts = [self._all_of()]
        while self._take_word("OR"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self) -> Condition:
        parts = [self._one()]
        while self._take_word("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            msg = f"Invalid query: nested deeper than {_DEPTH_LIMIT}."
            raise BadRequestError(msg)
        try:
            if self._take_word("NOT"):
                return Not(self._one())
            if self._take_sign("("):
                inside = self._any_of()
                if not self._take_sign(")"):
                    self._fail(")")
                return inside
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Condition:
        field = self._field()
        token = self._here()
        if token.kind == "sign" and token.text in _COMPARES:
            self._next += 1
            operator = "!=" if token.text == "<>" else token.text
            if self._take_word("MISSING"):
                if operator not in {"=", "!="}:
                    msg = f"Invalid query: missing can be compared by = and != alone, not by {operator}."
                    raise BadRequestError(msg)
                return Comparison(field, operator, MISSING)
            return Comparison(field, operator, self._value())
        negated = self._take_word("NOT")
        found: Condition
        if self._take_word("IN"):
            found = Member(field, self._values())
        elif self._take_word("BETWEEN"):
            low = self._value()
            if not self._take_word("AND"):
                self._fail("AND")
            found = Between(field, low, self._value())
        elif self._take_word("LIKE"):
            found = Comparison(field, "LIKE", self._value())
        elif not negated and self._take_word("IS"):
            negated = self._take_word("NOT")
            if not (self._take_word("NULL") or self._take_word("MISSING")):
                self._fail("NULL")
            return Comparison(field, "!=" if negated else "=", MISSING)
        else:
            self._fail("a comparison")
        return Not(found) if negated else found

    def _values(self) -> tuple[Value, ...]:
        if not self._take_sign("("):
            self._fail("(")
        values = [self._value()]
        while self._take_sign(","):
            values.append(self._value())
        if not self._take_sign(")"):
            self._fail(", or )")
        return tuple(values)

    def _field(self) -> str:
        token = self._here()
        if token.kind != "name":
            self._fail("the name of a search attribute")
        self._next += 1
        name = token.text.strip("`").removeprefix(_PREFIX)
        if name not in attributes.ALL:
            msg = f'invalid search attribute "{name}"'
            raise BadRequestError(msg)
        return name

    def _value(self) -> Value:
        token = self._here()
        found: Value
        if token.kind == "number":
            # A number too long for 64 bits is compared as a float: near enough, as no attribute can hold it.
            exact = token.text.lstrip("+-").isdigit() and len(token.text) <= _INT_DIGITS
            found = int(token.text) if exact else float(token.text)
        elif token.kind == "text":
            quote = token.text[0]
            found = re.sub(r"\\(.)", r"\1", token.text[1:-1].replace(quote * 2, quote), flags=re.DOTALL)
        elif token.word in {"TRUE", "FALSE"}:
            found = token.word == "TRUE"
        else:
            self._fail("a value (a number, true, false, or text in quotes)")
        self._next += 1
        return found

    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _take_word(self, word: str) -> bool:
        if self._here().word != word:
            return False
        self._next += 1
        return True

    def _take_sign(self, sign: str) -> bool:
        token = self._here()
        if token.kind != "sign" or token.text != sign:
            return False
        self._next += 1
        return True

    def _fail(self, expected: str) -> NoReturn:
        token = self._here()
        found = "the end" if token.kind == "end" else f"{token.text[:40]!r} at {token.at + 1}"
        msg = f"Invalid query: expected {expected}, found {found}."
        raise BadRequestError(msg)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            msg = f"Invalid query: can't read {rest[:20]!r} at {len(text) - len(rest) + 1}."
            raise BadRequestError(msg)
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind))
        at = match.end()
    yield _Token("end", "", end)
