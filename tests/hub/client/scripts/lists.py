"""Lists: filters, not for all audiences, downgraded, many pages (checks 15 to 18)."""

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, say

nobody = HfApi(token=False)

say(
    tagged=[one.id for one in nobody.list_models(filter="not-for-all-audiences")],
    listed=[one.id for one in nobody.list_models(author="nok")],
    careful=[one.id for one in HfApi(token=ARGUMENTS["careful"]).list_models(author="nok")],
    trending=[one.id for one in nobody.list_models(author="nok", sort=ARGUMENTS["trending"])],
    many=[one.id for one in nobody.list_models(author="many")],
    some=len(list(nobody.list_models(author="many", limit=30))),
    searched=[one.id for one in nobody.list_models(search="tiny")],
)
