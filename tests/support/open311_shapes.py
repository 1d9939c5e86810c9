"""The shapes of GeoReport v2's answers, in our own words: JSON Schemas here, XML in open311.xsd."""

import json
from typing import Any

import jsonschema_rs
from lxml import etree

from tests.support.paths import ROOT

TEXT = {"type": ["string", "null"]}
SAID = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
MAYBE_MOMENT = {"anyOf": [MOMENT, {"type": "null"}]}


def _object(needed: dict[str, Any], **others: Any) -> dict[str, Any]:
    """Return the schema of an object with exactly these fields, of which the others may be missing."""
    fields = needed | others
    return {"type": "object", "required": [*needed], "properties": fields, "additionalProperties": False}


def _listed(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


REQUEST = _object(
    {
        "service_request_id": SAID,
        "status": {"enum": ["open", "closed"]},
        "service_code": SAID,
        "service_name": SAID,
        "requested_datetime": MOMENT,
    },
    **dict.fromkeys(
        ("status_notes", "agency_responsible", "service_notice", "address", "address_id", "zipcode", "media_url"), TEXT
    ),
    description={"type": ["string", "null"], "maxLength": 4000},
    updated_datetime=MAYBE_MOMENT,
    expected_datetime=MAYBE_MOMENT,
    lat={"type": ["number", "null"], "minimum": -90, "maximum": 90},
    long={"type": ["number", "null"], "minimum": -180, "maximum": 180},
)
SHAPES: dict[str, Any] = {
    "services": _listed(
        _object(
            {
                "service_code": SAID,
                "service_name": SAID,
                "metadata": {"type": "boolean"},
                "type": {"enum": ["realtime", "batch", "blackbox"]},
            },
            **dict.fromkeys(("description", "keywords", "group"), TEXT),
        )
    ),
    "service_definition": _object(
        {
            "service_code": SAID,
            "attributes": _listed(
                _object(
                    {
                        "variable": {"type": "boolean"},
                        "code": SAID,
                        "datatype": {
                            "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
                        },
                        "required": {"type": "boolean"},
                        "order": {"type": "integer", "minimum": 1},
                        "values": _listed(_object({"key": SAID, "name": SAID})),
                    },
                    datatype_description=TEXT,
                    description=TEXT,
                )
            ),
        }
    ),
    "service_requests": _listed(REQUEST),
    "filed": _listed(_object({}, service_request_id=SAID, token=SAID, service_notice=TEXT, account_id=TEXT))
    | {"minItems": 1, "maxItems": 1},
    "errors": _listed(_object({"code": {"type": "integer"}, "description": SAID})) | {"minItems": 1},
    "discovery": _object(
        {
            "changeset": SAID,
            "contact": SAID,
            "key_service": SAID,
            "endpoints": _listed(
                _object(
                    {
                        "specification": SAID,
                        "url": {"type": "string", "pattern": "^https?://"},
                        "changeset": SAID,
                        "type": {"enum": ["production", "test"]},
                        "formats": _listed({"enum": ["text/xml", "application/json"]}),
                    }
                )
            ),
        }
    ),
}


def checked_json(body: bytes, shape: str) -> Any:
    """Return the answer in JSON. Raises jsonschema_rs.ValidationError for another shape."""
    value = json.loads(body)
    jsonschema_rs.validate(SHAPES[shape], value)
    return value


def checked_xml(body: bytes, root: str) -> Any:
    """Return the answer in XML. Raises lxml.etree.DocumentInvalid for another shape."""
    element = etree.fromstring(body)
    assert element.tag == root
    etree.XMLSchema(etree.parse(str(ROOT / "tests" / "support" / "open311.xsd"))).assertValid(element)
    return element
