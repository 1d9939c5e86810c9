"""Render the OpenAPI document for people: each operation with its parameters and response fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Schema = dict[str, Any]  # the OpenAPI document or a part of it
LARGE = 10_000  # a maximum beyond it is the database's and not worth showing


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a response field; `kind` is its type in words."""

    name: str
    kind: str
    words: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. `answer` has the response fields: of one item when it is `paged`."""

    method: str
    path: str
    name: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    answer: tuple[Field, ...]
    paged: bool


def operations(schema: Schema) -> Iterator[Operation]:
    """Yield the operations of the document in its order."""
    found = [(path, *one) for path, methods in schema["paths"].items() for one in methods.items()]
    for path, method, operation in found:
        response = _resolved(operation["responses"][200]["content"]["application/json"]["schema"], schema)
        items = response["properties"].get("items")
        item = _resolved(items["items"], schema) if items else response
        yield Operation(
            method=method.upper(),
            path=path,
            name=operation["operationId"],
            summary=operation["summary"],
            words=operation.get("description", ""),
            parameters=(*_parameters(operation), *_sent(operation, schema)),
            answer=tuple(_field(name, part, schema) for name, part in item["properties"].items()),
            paged=items is not None,
        )


def _parameters(operation: Schema) -> Iterator[Field]:
    """Yield the parameters but those headers that may be left out."""
    for part in operation["parameters"]:
        if part["in"] != "header" or part["required"]:
            yield _parameter(part)


def _sent(operation: Schema, schema: Schema) -> Iterator[Field]:
    """Yield the fields of what is sent."""
    if "requestBody" in operation:
        body = _resolved(operation["requestBody"]["content"]["application/json"]["schema"], schema)
        for name, part in body["properties"].items():
            yield Field(name, _kind(part), part.get("description", ""), name in body["required"])


def _parameter(part: Schema) -> Field:
    return Field(part["name"], _kind(part["schema"]), part.get("description", ""), part["required"])


def _field(name: str, part: Schema, schema: Schema) -> Field:
    return Field(name, _kind(part, schema), part.get("description", ""))


def _resolved(reference: Schema, schema: Schema) -> Schema:
    """Return the part of the document that a {"$ref": "#/…"} points to."""
    target = schema
    for step in reference["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target


def _kind(part: Schema, schema: Schema | None = None) -> str:
    """Return the type in a few words for a table cell: "integer 1–200", "staffed | empty", "{code, name}", "[…]"."""
    if "$ref" in part and schema:
        return "{" + ", ".join(_resolved(part, schema)["properties"]) + "}"
    if "anyOf" in part:
        return " | ".join(_kind(choice, schema) for choice in part["anyOf"])
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    if part.get("type") == "array":
        return f"[{_kind(part['items'], schema)}]"
    if "minimum" in part and part.get("maximum", LARGE) < LARGE:
        return f"{part['type']} {part['minimum']}–{part['maximum']}"
    word: str = part.get("format") or part.get("type", "")
    examples = part.get("examples")
    return _("%(kind)s, misalnya %(example)s") % {"kind": word, "example": examples[0]} if examples else word
