"""Too many requests: the error says how long to wait (check 28)."""

from huggingface_hub import HfApi, get_session

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

api = HfApi(token=ARGUMENTS["stranger"])
answers = [attempt(lambda: api.model_info(ARGUMENTS["name"]).id) for _number in range(ARGUMENTS["number"])]
url = f"{api.endpoint}/api/models/{ARGUMENTS['name']}"
headers = get_session().get(url, headers={"Authorization": f"Bearer {ARGUMENTS['stranger']}"}).headers
say(answers=answers, headers={name.lower(): value for name, value in headers.items()})
