"""What goes wrong in a request, and the three shapes of error bodies.

Source: facts about the REST API, "Error bodies". (a) business errors, (b) auth, system and principals,
(c) arguments.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import Any


class Shape(Enum):
    """Which of the error bodies is sent."""

    BUSINESS = "a"
    """``error.message.debug`` is an object whose ``debug`` is a string holding a JSON array."""
    SYSTEM = "b"
    """``error.message`` is an object whose ``debug`` is the text."""
    ARGUMENT = "c"
    """``error.message`` is the text, or an object with only ``debug``."""


class Code:
    """Error codes of ThoughtSpot."""

    INTERNAL = 10000
    INVALID_PARAMETER = 10002
    FORBIDDEN = 10023
    RULES_FORBIDDEN = 10038
    NOT_AUTHENTICATED = 10097
    NOT_FOUND = 13003
    NO_ORG_ACCESS = 13090
    PUBLISH_VALIDATION = 13151
    PUBLISHED_DEPENDENTS = 13152
    CONFLICT = 14009


class ApiError(Exception):
    """A request that is refused: HTTP status and body."""

    def __init__(self, status: int, message: str, *, shape: Shape, code: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.shape = shape
        self.code = code

    def body(self, incident_id: str) -> dict[str, Any]:
        """The JSON body. The incident id is a GUID of this refusal alone."""
        return {"error": {"message": self._content(incident_id)}}

    def v1_body(self, incident_id: str) -> dict[str, Any]:
        """The JSON body of V1, shape (d): the incident is the whole of it, and ``debug`` a JSON array in a string."""
        return {
            "code": self.code or Code.INVALID_PARAMETER,
            "incident_id_guid": incident_id,
            "trace_id_guid": "tracing-disabled",
            "debug": json.dumps([self.message]),
        }

    def _content(self, incident_id: str) -> Any:
        if self.shape is Shape.ARGUMENT:
            return self.message if "was not provided" in self.message else {"debug": self.message}
        incident = {
            "code": self.code,
            "incident_id_guid": incident_id,
            "trace_id_guid": "tracing-disabled",
        }
        if self.shape is Shape.SYSTEM:
            return {**incident, "debug": self.message}
        return {"debug": {**incident, "debug": json.dumps([self.message])}}


def business_error(message: str, code: int, status: int = 400) -> ApiError:
    """A refusal in shape (a)."""
    return ApiError(status, message, shape=Shape.BUSINESS, code=code)


def system_error(message: str, code: int, status: int) -> ApiError:
    """A refusal in shape (b)."""
    return ApiError(status, message, shape=Shape.SYSTEM, code=code)


def argument_error(message: str, status: int = 400) -> ApiError:
    """A refusal in shape (c)."""
    return ApiError(status, message, shape=Shape.ARGUMENT)


def not_found(identifier: str) -> ApiError:
    """400/13003: something named by GUID or name that is not there."""
    return business_error(
        f"Metadata object not found corresponding to the metadata_identifier: {identifier}", Code.NOT_FOUND
    )
