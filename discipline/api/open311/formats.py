"""Write answers of GeoReport v2 in its two formats. Pure.

An answer is a value of lists, dicts, texts, numbers, booleans and None. In JSON it stands as it is; in XML each dict is
a list of elements, and a list is an element whose children have one name.
"""

import json
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
JSON, XML = "json", "xml"
MEDIA_TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
# The name of an element that holds a list, and that of its children.
CHILDREN = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


def written(root: str, value: Value, suffix: str) -> str:
    """Return the answer as a text. root: the name of its outermost element in XML, which JSON leaves out."""
    if suffix == JSON:
        return json.dumps(value, ensure_ascii=False)
    element = _element(root, value)
    ElementTree.indent(element)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(element, encoding="unicode") + "\n"


def _element(name: str, value: Value) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, inner) for key, inner in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(CHILDREN[name], inner) for inner in value)
    else:
        element.text = _text(value)
    return element


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return None
    return "".join(one for one in str(value) if _allowed(one))


def _allowed(one: str) -> bool:
    """Return whether XML 1.0 can hold the sign, even escaped."""
    return one in "\t\n\r" or "\x20" <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one >= "\U00010000"
