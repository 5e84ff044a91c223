"""What goes around every answer: headers, figures, health; and the real server on a real port."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest

from site_api import SITE, Phone, SiteApi, in_memory, problem, serving_site
from twocan_supernode.site.limits import Rate
from twocan_supernode.site.metrics import MetricsAccess
from twocan_supernode.site.settings import SiteSettings

LAUNCH = {"caller": "ann", "callee": "ben"}


async def test_every_answer_is_kept_out_of_other_hands(api: SiteApi) -> None:
    for answer in (
        await api.post("/v1/launches", LAUNCH),
        await api.post("/v1/launches", {}),
        await api.ask("GET", "/v1/presence?person=a", ""),
        await api.ask("GET", "/nothing", ""),
        await api.ask("GET", "/healthz", ""),
        await api.ask("GET", "/docs", ""),
        await api.ask("GET", "/launch", ""),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert "access-control-allow-origin" not in answer.headers
        assert "set-cookie" not in answer.headers
        if answer.url.path.startswith("/v1/"):
            assert answer.headers["cache-control"] == "no-store"


async def test_without_tls_nothing_is_said_of_it(tmp_path: Path) -> None:
    async with in_memory(tmp_path / "state", url="http://127.0.0.1:8080") as api:
        answer = await api.post("/v1/launches", LAUNCH)

    assert "strict-transport-security" not in answer.headers


async def test_a_phone_on_this_machine_is_told_whom_to_trust(tmp_path: Path, phone: Phone) -> None:
    ca = tmp_path / "ca.pem"
    async with in_memory(tmp_path / "state", url="http://127.0.0.1:8080", ca=ca) as api:
        account = (await api.redeem(await api.launch(), phone.jwk)).json()["account"]

    assert account["ca"] == str(ca)


async def test_only_the_sites_own_pages_may_load_the_scripts(tmp_path: Path) -> None:
    script = tmp_path / "call-button.js"
    script.write_text("export {};")
    async with in_memory(tmp_path / "state", scripts={script.name: script}) as api:
        folder = api.state.site(SITE).folder
        SiteSettings(origins=("https://site.example",)).save(folder)
        for origin, allowed in (("https://site.example", True), ("https://evil.example", False)):
            answer = await api.ask("GET", "/call-button.js", "", headers={"Origin": origin})
            assert answer.text == "export {};"
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
            assert "origin" in answer.headers["vary"].lower()
            # The API itself is for servers and phones.
            other = await api.ask("GET", "/v1/presence?person=a", headers={"Origin": origin})
            assert "access-control-allow-origin" not in other.headers
            before = await api.ask("OPTIONS", "/v1/launches", "", headers={"Origin": origin})
            assert problem(before) == (405, "wrong-method")


# --- figures


async def test_figures_tell_what_happened_and_of_nobody(api: SiteApi, phone: Phone) -> None:
    code = await api.launch("ann-of-the-hill", "ben")
    for _ in range(2):
        await api.redeem(code, phone.jwk)
    await api.ask("GET", "/v1/shadow-accounts/ann-of-the-hill")

    figures = (await from_here(api)).text

    for line in (
        'twocan_codes_total{outcome="issued",site="site.example"} 1.0',
        'twocan_codes_total{outcome="redeemed",site="site.example"} 1.0',
        'twocan_codes_total{outcome="used",site=""} 1.0',
        'endpoint="/v1/shadow-accounts/{person}",method="GET",status="200"} 1.0',
    ):
        assert line in figures
    for secret in (code, api.key, api.key[4:12], "ann-of", api.address_of("ann-of-the-hill")):
        assert secret not in figures


async def from_here(api: SiteApi, url: str = "http://127.0.0.1:8080") -> httpx.Response:
    """The figures, asked from this machine."""
    async with api.asking_from("127.0.0.1", url) as http:
        return await http.get("/metrics")


async def test_figures_are_for_this_machine_alone(api: SiteApi) -> None:
    async with api.asking_from("203.0.113.7") as http:
        assert problem(await http.get("/metrics")) == (403, "forbidden")

    assert (await from_here(api)).status_code == 200
    # Through a proxy on this machine, for somebody elsewhere.
    assert problem(await from_here(api, api.url)) == (403, "forbidden")


async def test_figures_for_whoever_has_the_token(tmp_path: Path) -> None:
    access = MetricsAccess(token="let me see")
    async with in_memory(tmp_path / "state", metrics_access=access) as api:
        assert problem(await from_here(api)) == (403, "forbidden")
        assert problem(await api.ask("GET", "/metrics", "let me se")) == (403, "forbidden")
        assert (await api.ask("GET", "/metrics", "let me see")).status_code == 200


async def test_figures_for_everybody(tmp_path: Path) -> None:
    async with in_memory(tmp_path / "state", metrics_access=MetricsAccess(True)) as api:
        assert (await api.ask("GET", "/metrics", "")).status_code == 200


async def test_the_log_names_what_was_asked_for(
    api: SiteApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in ("/launch", "/launch.css", "/downloads/a-name", "/docs", "/openapi.json", "/x"):
        await api.ask("GET", path, "")

    lines = [r.getMessage() for r in caplog.records if r.name.startswith("twocan")]

    assert [line.rpartition(" ms")[0].rpartition(" ")[0] for line in lines] == [
        "GET /launch 200",
        "GET /launch.css 200",
        "GET /downloads/{name} 404",
        "GET /docs 200",
        "GET /openapi.json 200",
        "GET other 404",
    ]


async def test_the_log_tells_no_secret_and_of_nobody(
    api: SiteApi, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = await api.launch("ann-of-the-hill", "ben")
    account = (await api.redeem(code, phone.jwk)).json()["account"]
    token = account["refresh"]["token"]
    await api.refresh(token, phone.proof(api.refresh_url, api.clock.now))
    await api.ask("GET", "/v1/shadow-accounts/ann-of-the-hill")
    await api.ask("GET", f"/v1/presence?person=ann-of-the-hill&{api.key}")

    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("twocan", "uvicorn"))]

    assert any("POST /v1/launches 201" in line for line in ours)
    for secret in (code, api.key, token, account["token"], "ann-of-the-hill", account["address"]):
        assert secret not in "\n".join(ours)


# --- under the real server


async def test_a_phone_and_a_site_meet_at_the_real_server(tmp_path: Path, phone: Phone) -> None:
    async with serving_site(tmp_path / "state") as api:
        answer = await api.redeem(await api.launch(), phone.jwk)
        assert answer.status_code == 200
        assert "server" not in answer.headers
        assert (await api.ask("GET", "/healthz", "")).json() == {"status": "ok"}


async def redemptions(api: SiteApi, own: str, forwarded: str) -> set[int]:
    """What becomes of four of them, from one of this machine's addresses."""
    transport = httpx.AsyncHTTPTransport(local_address=own)
    headers = {"X-Forwarded-For": forwarded}
    said = {"code": "x" * 43, "key": Phone().jwk}
    async with httpx.AsyncClient(transport=transport, base_url=api.url, headers=headers) as http:
        return {(await http.post("/v1/launches/redeem", json=said)).status_code for _ in range(4)}


async def test_a_network_address_may_ask_only_so_often(tmp_path: Path) -> None:
    async with serving_site(tmp_path / "state", per_address=Rate(1, 600, 3)) as api:
        assert await redemptions(api, "127.0.0.1", "203.0.113.7") == {404, 429}
        # Whatever it says that it asks for: the proxy adds who it is.
        assert await redemptions(api, "127.0.0.1", "198.51.100.1, 203.0.113.7") == {429}
        assert await redemptions(api, "127.0.0.1", "203.0.113.8") == {404, 429}
        # Not from the address where proxies are: its word does not count.
        assert await redemptions(api, "127.0.0.2", "203.0.113.7") == {404}


@pytest.mark.parametrize("head", [b"Content-Length: 65537", b"Transfer-Encoding: chunked"])
async def test_a_body_without_end_is_refused_while_it_comes(tmp_path: Path, head: bytes) -> None:
    async with serving_site(tmp_path / "state") as api:
        url = httpx.URL(api.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(
            b"POST /v1/launches/redeem HTTP/1.1\r\nHost: here\r\n"
            b"Content-Type: application/json\r\n" + head + b"\r\n\r\n"
        )
        if head.startswith(b"Transfer"):
            writer.write((b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 3)
        await writer.drain()

        answer = (await reader.read()).decode()

        writer.close()
        assert answer.startswith("HTTP/1.1 413 ")
        assert "connection: close" in answer.lower()
        assert "urn:twocan:problem:too-large" in answer
