"""Values to bytes and back, in the words of every peer: Go's, Java's and those of 1.x of this package.

Knows no server, no workflow and no worker; all of them hold a `DataConverter`. The names below load when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence._lazy import lazy_names, names_by_module

if TYPE_CHECKING:
    from cadence.converter.conventions import Convention
    from cadence.converter.data_converter import DataConverter
    from cadence.converter.failures import FailureConverter
    from cadence.converter.payload_codecs import CompressionCodec, PayloadCodec
    from cadence.converter.signatures import Parameter, Signature, signature_of

__all__ = (
    "CompressionCodec",
    "Convention",
    "DataConverter",
    "FailureConverter",
    "Parameter",
    "PayloadCodec",
    "Signature",
    "signature_of",
)

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        names_by_module(
            __name__,
            {
                "conventions": "Convention",
                "data_converter": "DataConverter",
                "failures": "FailureConverter",
                "payload_codecs": "CompressionCodec PayloadCodec",
                "signatures": "Parameter Signature signature_of",
            },
        ),
    )
