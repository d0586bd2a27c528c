"""What goes wrong below is a clear answer, never a 500 (L1; architecture, "Servers")."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import ProtectedError
from rest_framework.exceptions import APIException

from config.api_errors import ApiErrors


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (OperationalError("the server closed the connection"), 503, "server_error"),
        (ProtectedError("protected", set()), 409, "client_error"),
        (ValidationError("This name is taken."), 400, "validation_error"),
        (ZeroDivisionError(), 500, "server_error"),
    ],
)
def test_error(error, status, kind, monkeypatch):
    monkeypatch.setattr("config.api_errors.connections.close_all", lambda: None)  # the test's transaction stays
    response = ApiErrors(error, {"view": None, "args": (), "kwargs": {}, "request": None}).run()
    assert (response.status_code, response.data["type"]) == (status, kind)
    assert (response.get("Retry-After") == "5") is (status == 503)
    assert "connection" not in response.data["errors"][0]["detail"]


def test_names_of_faults_are_not_told():
    assert isinstance(ApiErrors(KeyError("secret"), {}).convert_unhandled_exceptions(KeyError()), APIException)
