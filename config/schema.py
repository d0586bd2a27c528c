"""How the description of our API is made: what every endpoint can answer besides what it says itself (K1)."""

from typing import Any

from drf_standardized_errors.openapi import AutoSchema


class Described(AutoSchema):
    """Documents 413 wherever a program sends a body: foundation.parsers takes no more than a mebibyte of JSON."""

    def _should_add_error_response(self, responses: dict[str, Any], status_code: str) -> bool:
        sends = self.method in ("POST", "PUT", "PATCH") and self.get_request_serializer() is not None
        if status_code == "413" and not sends:
            return False
        added: bool = super()._should_add_error_response(responses, status_code)
        return added
