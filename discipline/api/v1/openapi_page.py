"""The schema as a person reads it: each operation with its parameters and what it answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Schema = dict[str, Any]
LARGE = 10_000  # a limit beyond it is the database's, and none that a person would meet


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    words: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    path: str
    name: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    answer: tuple[Field, ...]  # of one item, where it answers with a page of them
    paged: bool


def operations(schema: Schema) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        said = methods["get"]
        whole = _resolved(said["responses"][200]["content"]["application/json"]["schema"], schema)
        items = whole["properties"].get("items")
        one = _resolved(items["items"], schema) if items else whole
        yield Operation(
            path=path,
            name=said["operationId"],
            summary=said["summary"],
            words=said.get("description", ""),
            parameters=tuple(_parameter(part) for part in said["parameters"] if part["in"] != "header"),
            answer=tuple(_field(name, part, schema) for name, part in one["properties"].items()),
            paged=items is not None,
        )


def _parameter(said: Schema) -> Field:
    return Field(said["name"], _kind(said["schema"]), said.get("description", ""), said["required"])


def _field(name: str, said: Schema, schema: Schema) -> Field:
    return Field(name, _kind(said, schema), said.get("description", ""))


def _resolved(said: Schema, schema: Schema) -> Schema:
    found: Schema = schema
    for step in said["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _kind(said: Schema, schema: Schema | None = None) -> str:
    """As "integer 1–200", "staffed | empty", "{code, name}", "[…]": short enough for a cell."""
    if "$ref" in said and schema:
        return "{" + ", ".join(_resolved(said, schema)["properties"]) + "}"
    if "anyOf" in said:
        return " | ".join(_kind(one, schema) for one in said["anyOf"])
    if "enum" in said:
        return " | ".join(map(str, said["enum"]))
    if said.get("type") == "array":
        return f"[{_kind(said['items'], schema)}]"
    if "minimum" in said and said.get("maximum", LARGE) < LARGE:
        return f"{said['type']} {said['minimum']}–{said['maximum']}"
    word = said.get("format") or said.get("type", "")
    examples = said.get("examples")
    return _("%(kind)s, misalnya %(example)s") % {"kind": word, "example": examples[0]} if examples else word
