"""Which clients the dev server takes."""

from __future__ import annotations

import pytest

from cadence.api.errors import ClientVersionNotSupportedError
from cadence.devserver.frontend.versions import check_client


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("uber-go", "1.7.0"),
        ("uber-go", "1.7"),
        ("uber-go", "0.19.2"),
        ("uber-go", "v1.6.9+build"),
        ("uber-java", "1.5.0"),
        ("somebody", "99.0"),
        ("somebody", "one"),
        ("uber-go", ""),
        ("", ""),
    ],
)
def test_clients_that_are_taken(name: str, version: str) -> None:
    check_client({"cadence-client-name": name, "cadence-client-feature-version": version})
    check_client({})


@pytest.mark.parametrize(
    ("name", "version", "highest"),
    [
        ("uber-go", "1.7.1", "<=1.7.0"),
        ("uber-go", "2", "<=1.7.0"),
        ("uber-go", "1.7.0.1", "<=1.7.0"),
        ("uber-go", "1.6.0-beta", "<=1.7.0"),
        ("uber-java", "1.7.0", "<=1.5.0"),
        ("cli", "new", "<=1.7.0"),
    ],
)
def test_clients_that_are_too_new(name: str, version: str, highest: str) -> None:
    with pytest.raises(ClientVersionNotSupportedError) as caught:
        check_client({"cadence-client-name": name, "cadence-client-feature-version": version})
    error = caught.value
    assert (error.client_impl, error.feature_version, error.supported_versions) == (name, version, highest)
