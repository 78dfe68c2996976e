"""No other site reads or drives the page."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8233", "127.0.0.1.evil.example", "localhost.evil", "", "["]
)
@pytest.mark.parametrize("path", ["/", "/run", "/static/run.js", "/api/domains"])
async def test_a_name_of_another_site_is_refused(page: Any, host: str, path: str) -> None:
    async with page.session.get(f"http://{page.address}{path}", headers={"Host": host}) as response:
        assert response.status in {400, 403}
        assert "shop" not in await response.text()


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:9", "[::1]:9", "LOCALHOST", "dev.example:80"])
async def test_names_of_this_machine_and_configured_ones_are_taken(page: Any, host: str) -> None:
    async with page.session.get(f"http://{page.address}/api/domains", headers={"Host": host}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
async def test_what_another_site_caused_is_not_even_read(page: Any, headers: dict[str, str]) -> None:
    for path in ("domains", "live/runs?domain=shop"):
        async with page.session.get(f"http://{page.address}/api/{path}", headers=headers) as response:
            assert response.status == 403
            assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_link_of_another_site_may_lead_to_the_page(page: Any) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with page.session.get(f"http://{page.address}/", headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Cadence-Token": ""},
        {"X-Cadence-Token": "guess"},
        {"Origin": ""},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
    ],
)
@pytest.mark.parametrize("action", ["signal", "query", "cancel", "terminate", "reset"])
async def test_changes_need_origin_token_and_type(page: Any, peer: Any, action: str, headers: dict[str, str]) -> None:
    run = await peer.start("w")
    status, _ = await page.post(action, {**run, "name": "s", "event": 3}, **headers)
    assert status == 403
    assert (await page.read("run", **run))["length"] == 2


async def test_there_is_no_cors_and_no_other_script(page: Any) -> None:
    async with page.session.options(
        f"http://{page.address}/api/signal",
        headers={"Origin": f"http://{page.address}", "Access-Control-Request-Method": "POST"},
    ) as response:
        assert response.status == 403
        assert not any(name.startswith("Access-Control") for name in response.headers)
    for path in ("/", "/run", "/static/run.js", "/api/domains", "/nowhere"):
        async with page.session.get(f"http://{page.address}{path}") as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            text = await response.text()
            if response.content_type == "text/html" and path != "/nowhere":
                assert text.count("<script") == text.count('<script type="module" src="/static/') == 1
                assert " style=" not in text
                assert " onclick" not in text


@pytest.mark.parametrize("name", ["..%2Fsite.py", "%2e%2e%2fsite.py", "runs.html", "nothing.js", "..%5csite.py"])
async def test_nothing_else_is_served(page: Any, name: str) -> None:
    import yarl

    async with page.session.get(yarl.URL(f"http://{page.address}/static/{name}", encoded=True)) as response:
        assert response.status == 404
