"""How 1.x programs write values: as Java does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cadence.converter import DataConverter

__all__ = ("default_converter",)


def default_converter() -> DataConverter:
    """Make the converter of stubs and their workers."""
    from cadence.converter import Convention, DataConverter

    return DataConverter(convention=Convention.PYTHON_1)
