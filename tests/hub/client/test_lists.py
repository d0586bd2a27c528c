"""Checks 15 to 18: tags, not for all audiences, downgraded, 120 models on several pages."""

from accounts.models import Namespace, NfaaPreference
from repositories.actions import create_repository, restrict
from repositories.models import Restriction

ADULT = "---\ntags: [not-for-all-audiences]\n---\n# {name}\n"


def test_lists(run, line, token, repository, make_repository, make_user, owner, moderator):
    make_repository("adult", card=ADULT)
    lowered = make_repository("lowered")
    restrict(lowered, kind=Restriction.Kind.DOWNGRADED, reason="Spam.", actor=moderator)
    many = make_user("many")
    for number in range(120):
        create_repository(Namespace.objects.get(user=many), f"model-{number:03}", kind="model", actor=many)
    careful = make_user("careful", nfaa=NfaaPreference.NEVER)
    # The older line sends the name of the column as it is.
    trending = "trending_score" if line == "2.4.0" else "trendingScore"
    seen = run("lists", trending=trending, careful=token(careful))
    assert seen["tagged"] == ["nok/adult"]
    # Listed, with a question before the page, unless a person chose never to have them listed (A4).
    assert set(seen["listed"]) == set(seen["trending"]) == {"nok/tiny-model", "nok/adult"}
    assert seen["careful"] == ["nok/tiny-model"]
    assert sorted(seen["many"]) == [f"many/model-{number:03}" for number in range(120)]
    assert (seen["some"], seen["searched"]) == (30, ["nok/tiny-model"])
