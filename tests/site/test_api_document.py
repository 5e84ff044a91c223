"""The OpenAPI document: it is true (schemathesis tries it), and its page can be read."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from site_api import OTHER, SITE, SiteApi, in_memory

# "positive_data_acceptance" is left out: no pattern says which names cannot be seen, nor that
# nobody calls themselves.
TRUE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 20
"""Of each endpoint."""
USED = ("method", "url", "headers", "params", "json", "data")
"""What of a case makes the request."""

AnyOperation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]
Ask = Callable[[AnyCase, str], None]


@contextmanager
def asked_in_turn(folder: Path) -> Iterator[tuple[asyncio.Runner, SiteApi]]:
    """The API for a test without a loop of its own, as hypothesis wants it."""
    with asyncio.Runner() as runner:
        context = in_memory(folder)
        api = runner.run(context.__aenter__())
        try:
            yield runner, api
        finally:
            runner.run(context.__aexit__(None, None, None))


@pytest.mark.timeout(180)
def test_the_document_is_true_and_tells_a_site_of_its_own_alone(tmp_path: Path) -> None:
    with asked_in_turn(tmp_path / "state") as (runner, api):
        document = runner.run(api.ask("GET", "/openapi.json", "")).json()
        schema = schemathesis.openapi.from_dict(document)
        keys = {SITE: api.key, OTHER: api.other_key, "nobody": ""}

        def ask(case: AnyCase, who: str) -> None:
            api.clock.advance(minutes=1)
            if keys[who]:
                case.headers["Authorization"] = f"Bearer {keys[who]}"
            asked = case.as_transport_kwargs(base_url=api.url)
            asked = {name: asked[name] for name in USED if asked.get(name) is not None}
            if "data" in asked:
                asked["content"] = asked.pop("data")
            answer = runner.run(api.http.request(**asked))
            case.validate_response(answer, checks=TRUE)
            assert not [site for site in keys if site != who and f"@{site}" in answer.text]

        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            if operation.path != "/metrics":
                tried(operation)(ask)()


def tried(operation: AnyOperation) -> Callable[[Ask], Callable[[], None]]:
    """Calls what is given with cases that fit the document, and with some that do not."""
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    bounded = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    askers = st.sampled_from([SITE, SITE, OTHER, "nobody"])
    return lambda ask: bounded(given(case=good | bad, who=askers)(ask))


# --- what else it says


async def test_every_answer_of_the_document_has_an_example_or_a_schema(api: SiteApi) -> None:
    document = (await api.ask("GET", "/openapi.json", "")).json()

    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": api.url}]
    assert set(document["components"]["securitySchemes"]) == {"siteKey", "phoneKey"}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            for status, response in operation["responses"].items():
                assert response["description"]
                if status[0] in "45":
                    (content,) = response["content"].values()
                    for name, example in content["examples"].items():
                        assert example["value"]["type"] == f"urn:twocan:problem:{name}"
                        assert str(example["value"]["status"]) == status
    assert "HTTPValidationError" not in document["components"]["schemas"]


class _Page(HTMLParser):
    """What a page asks for, where one can go on it, and whether its tags fit."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in {"script", "img", "iframe", "link", "object"}
        assert not [name for name in given if name.startswith("on") or name in ("src", "style")]
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.ids.add(given.get("id") or "")
        self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_its_page_needs_nobody_else(api: SiteApi) -> None:
    answer = await api.ask("GET", "/docs", "")
    page = _Page(answer.text)

    assert page.open == []
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert len(anchors) >= 9
    assert anchors <= page.ids
    assert {link for link in page.links if link and not link.startswith("#")} == {"/openapi.json"}
    policy = answer.headers["content-security-policy"]
    (style,) = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_its_page_tells_every_endpoint_and_problem(api: SiteApi) -> None:
    document = (await api.ask("GET", "/openapi.json", "")).json()
    page = (await api.ask("GET", "/docs", "")).text

    for path, methods in document["paths"].items():
        for method in methods:
            anchor = f"{method.upper()}-{path.strip('/')}".translate({47: 45, 123: "", 125: ""})
            assert f'id="{anchor}"' in page
    for told in ("code-used", "caller", "person", "refresh_token", "Idempotency-Key", "websocket"):
        assert told in page
