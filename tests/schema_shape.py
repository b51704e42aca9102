"""What the OpenAPI schema promises, without the names of its components and without its prose."""

from typing import Any

PROSE = {"description", "title", "summary", "example", "examples", "x-spec-enum-id", "discriminator"}


def operations(schema: dict[str, Any]) -> dict[str, Any]:
    """What each operation takes and answers, components spelled out."""
    return {
        f"{method.upper()} {path}": _operation(operation, schema)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def schema_names(schema: dict[str, Any]) -> dict[str, Any]:
    """How operations, tags and components are called."""
    return {
        "operations": {
            f"{method.upper()} {path}": {"id": operation["operationId"], "tags": operation["tags"]}
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        },
        "components": {name: component.get("type", "one of") for name, component in _components(schema).items()},
    }


def _components(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["components"]["schemas"]
    return found


def _operation(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    parameters = {f"{p['in']} {p['name']}": _parameter(p, schema) for p in operation.get("parameters", ())}
    request = operation.get("requestBody", {}).get("content", {})
    return {
        "security": operation.get("security", []),
        "parameters": parameters,
        "request": {kind: _spelled_out(body["schema"], schema) for kind, body in request.items()},
        "responses": {
            f"{status} {kind}": _spelled_out(body.get("schema", {}), schema)
            for status, response in operation["responses"].items()
            for kind, body in response.get("content", {"": {}}).items()
        },
    }


def _parameter(parameter: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = _spelled_out(parameter["schema"], schema)
    return shape | {"required": parameter.get("required", False)}


def _spelled_out(node: Any, schema: dict[str, Any], inside: tuple[str, ...] = ()) -> Any:
    """With components in the place of their names, and choices as members, so that one more is an addition."""
    if isinstance(node, list):
        return [_spelled_out(inner, schema, inside) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return "as above" if name in inside else _spelled_out(_components(schema)[name], schema, (*inside, name))
    kept = {key: value for key, value in node.items() if key not in PROSE or not isinstance(value, str | list)}
    shape = {key: _spelled_out(value, schema, inside) for key, value in kept.items() if key not in ("enum", "required")}
    if "properties" in node:
        shape["required"] = sorted(node.get("required", ()))
    if "enum" in node:
        shape["enum"] = {str(value): True for value in node["enum"]}
    if list(shape) == ["allOf"] and len(shape["allOf"]) == 1:
        return shape["allOf"][0]
    return shape
