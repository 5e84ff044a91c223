"""The page of the OpenAPI document: every endpoint, what it takes and what it answers.

Made here from the document: it runs no script and asks nobody else for anything.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "docs.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body. ``type`` in words; ``inside``: the fields of what it is, if any."""

    name: str
    type: str
    words: str
    needed: bool
    inside: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    anchor: str
    title: str
    words: tuple[str, ...]
    asks: str | None
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    status: str
    problems: tuple[tuple[str, str, str], ...]


def page(document: dict[str, Any]) -> str:
    """The HTML."""
    reader = _Reader(document)
    template = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("docs.html")
    return template.render(
        title=document["info"]["title"],
        words=document["info"]["description"],
        groups=reader.groups(),
        schemes=document["components"]["securitySchemes"],
        style=_STYLE,
    )


class _Reader:
    """Reads endpoints out of the document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def groups(self) -> dict[str, list[Endpoint]]:
        """The endpoints, by the tag that they have."""
        found: dict[str, list[Endpoint]] = {}
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                endpoint = self._endpoint(method.upper(), path, operation)
                found.setdefault(operation["tags"][0], []).append(endpoint)
        return found

    def _endpoint(self, method: str, path: str, operation: dict[str, Any]) -> Endpoint:
        good, problems = self._answers(operation["responses"])
        asks = [name for one in operation.get("security", ()) for name in one]
        words = operation.get("description", "").split("\n\n")
        return Endpoint(
            method,
            path,
            f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
            operation["responses"][good]["description"],
            tuple(words),
            asks[0] if asks else None,
            tuple(self._parameter(one) for one in operation.get("parameters", ())),
            self._of_content(operation.get("requestBody", {})),
            self._of_content(operation["responses"][good]),
            good,
            problems,
        )

    def _answers(self, responses: dict[str, Any]) -> tuple[str, tuple[tuple[str, str, str], ...]]:
        good = next(status for status in responses if status.startswith("2"))
        problems = [
            (status, name, example["value"]["title"])
            for status, response in sorted(responses.items())
            if status != good
            for content in response["content"].values()
            for name, example in content["examples"].items()
        ]
        return good, tuple(problems)

    def _parameter(self, parameter: dict[str, Any]) -> Field:
        schema = parameter["schema"]
        words = parameter.get("description") or self._words(schema)
        where = {"header": "header", "query": "query", "path": "path"}[parameter["in"]]
        said = f"{self._type(schema)}, in the {where}"
        return Field(parameter["name"], said, words, parameter.get("required", False))

    def _of_content(self, holder: dict[str, Any]) -> tuple[Field, ...]:
        content = holder.get("content", {}).get("application/json", {})
        return self._fields(content.get("schema", {}))

    def _fields(self, schema: dict[str, Any]) -> tuple[Field, ...]:
        real = self._real(schema)
        needed = real.get("required", [])
        return tuple(
            Field(name, self._type(inner), self._words(inner), name in needed, self._inside(inner))
            for name, inner in real.get("properties", {}).items()
        )

    def _inside(self, schema: dict[str, Any]) -> tuple[Field, ...]:
        real = self._real(schema)
        inner = real.get("items", real)
        return tuple(field for form in self._forms(inner) for field in self._fields(form))

    def _type(self, schema: dict[str, Any]) -> str:
        real = self._real(schema)
        forms = [form for form in self._forms(real) if form.get("type") != "null"]
        if len(forms) > 1 or forms[0] is not real:
            return " or ".join(self._type(form) for form in forms)
        if "const" in real:
            return json.dumps(real["const"])
        if "enum" in real:
            return ", ".join(json.dumps(value) for value in real["enum"])
        if real.get("type") == "array":
            return f"list of {self._type(real['items'])}"
        return f"{real.get('type', 'anything')}{self._bounds(real)}"

    def _bounds(self, schema: dict[str, Any]) -> str:
        if schema.get("format"):
            return f" ({schema['format']})"
        if "maxLength" in schema:
            return f" of {schema.get('minLength', 0)} to {schema['maxLength']}"
        return ""

    def _words(self, schema: dict[str, Any]) -> str:
        for one in (schema, *self._forms(schema), self._real(schema)):
            if "description" in one:
                return str(one["description"])
        return ""

    def _forms(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        """The several forms that something may have, else itself."""
        real = self._real(schema)
        forms = real.get("anyOf") or real.get("oneOf")
        return [self._real(form) for form in forms] if forms else [real]

    def _real(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What a reference leads to."""
        while "$ref" in schema:
            schema = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema
