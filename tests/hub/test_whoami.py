import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from accounts.actions import join_organization


def test_person_and_organizations(hub, reporter, organization, owner):
    join_organization(reporter, organization, role="read", actor=owner)
    said = hub(reporter, "read").whoami()
    assert (said["name"], said["type"]) == ("iris", "user")
    assert [(one["name"], one["roleInOrg"]) for one in said["orgs"]] == [("mekong-lab", "read")]
    assert said["auth"]["accessToken"]["role"] == "read"


def test_unknown_token(endpoint):
    with pytest.raises(HfHubHTTPError, match="Invalid user token") as raised:
        HfApi(endpoint=endpoint, token="hf_unknown").whoami()
    assert raised.value.response.status_code == 401
