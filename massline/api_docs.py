"""The docs page of REST, drawn from the schema on the server: no script, so nothing to except from the CSP."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "delete")
GROUPS: dict[str, Any] = {
    "public": gettext_lazy("公众"),
    "session": gettext_lazy("登录与退出"),
}
"""The page's names of the tags; an app with addresses of another tag adds its name here."""


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html", {"groups": _groups(get_language() or "")})


@lru_cache(maxsize=4)
def _groups(language: str) -> list[dict[str, Any]]:
    """Returns the operations by tag, both in the order of the addresses."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(schema, path, method, item[method])
                found.setdefault(item[method]["tags"][0], []).append(operation)
    return [{"tag": tag, "label": str(GROUPS[tag]), "operations": operations} for tag, operations in found.items()]


def _operation(schema: Any, path: str, method: str, operation: Any) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "open": {} in operation.get("security", [{}]),
        "parameters": operation.get("parameters", []),
        "bodies": _bodies(schema, body.get("schema")),
        "example": _example(body),
        "answers": [_answer(schema, status, answer) for status, answer in operation["responses"].items()],
    }


def _answer(schema: Any, status: str, answer: Any) -> dict[str, Any]:
    content: Any = next(iter(answer.get("content", {}).values()), {})
    return {
        "status": status,
        "meaning": answer.get("description", ""),
        "bodies": _bodies(schema, content.get("schema")) if status.startswith("2") else [],
        "example": _example(content),
    }


def _example(content: Any) -> str:
    for example in content.get("examples", {}).values():
        return json.dumps(example["value"], ensure_ascii=False, indent=2)
    return ""


def _bodies(schema: Any, node: Any) -> list[dict[str, Any]]:
    """Returns the objects that may stand here, each with its fields."""
    if node is None:
        return []
    name, found = _resolve(schema, node)
    if found.get("format") == "binary":  # a file
        return []
    if "oneOf" in found:
        return [body for inner in found["oneOf"] for body in _bodies(schema, inner)]
    if found.get("type") == "array":
        return _bodies(schema, found["items"])
    required = found.get("required", [])
    fields = [
        {
            "name": field,
            "type": _type(schema, inner),
            "required": field in required,
            "description": inner.get("description", ""),
        }
        for field, inner in found.get("properties", {}).items()
    ]
    return [{"name": name, "fields": fields}]


def _resolve(schema: Any, node: Any) -> tuple[str, Any]:
    if "$ref" not in node:
        return node.get("title", ""), node
    name = node["$ref"].rsplit("/", 1)[1]
    inner = schema["components"]["schemas"][name]
    return name, inner


def _type(schema: Any, node: Any) -> str:
    if "$ref" in node:
        name, inner = _resolve(schema, node)
        return " | ".join(map(str, inner["enum"])) if "enum" in inner else name
    for several in ("oneOf", "anyOf", "allOf"):
        if several in node:
            return " | ".join(filter(None, (_type(schema, inner) for inner in node[several])))
    if node.get("type") == "array":
        return f"[{_type(schema, node['items'])}]"
    if "enum" in node:
        return " | ".join(str(value) for value in node["enum"] if value not in (None, ""))
    return f"{node.get('type', 'any')}{' ' + node['format'] if 'format' in node else ''}"
