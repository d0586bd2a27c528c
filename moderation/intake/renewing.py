import uuid

from django import forms
from django.http import QueryDict


class RenewableForm(forms.Form):
    """A form whose hidden `request_id` makes it one request however often it is sent."""

    def renew(self) -> None:
        """Keep what was written as a new request: the form was sent before with something else in it."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["request_id"] = str(uuid.uuid4())
        self.data = data
