"""The policy as everybody reads it (J1)."""

from moderation.policy.actions import post_version
from moderation.policy.models import Clause
from moderation.policy.words import GROUPS, MEASURES


def policy(client):
    return " ".join(client.get("/policy").content.decode().split())


def test_every_clause_stands_there_with_its_text(db, client):
    html = policy(client)
    for clause in Clause.objects.all():
        assert f'id="{clause.code}"' in html
        assert clause.title in html


def test_a_retired_clause_is_gone(db, client):
    Clause.objects.filter(code="spam").update(active=False)
    assert 'id="spam"' not in policy(client)


def test_clauses_stand_under_their_track(db, client):
    tracks = client.get("/policy").context["tracks"]
    shown = {track.code: {one.clause.code for group in track.groups for one in group.clauses} for track in tracks}
    for code in ("restricted", "moderated"):
        assert shown[code] == set(Clause.objects.filter(track=code).values_list("code", flat=True))


def test_codes_are_explained_in_words(db, client):
    used = {code for one in Clause.objects.all() for code in [*one.default_measures, *one.automation]}
    assert used <= set(MEASURES)
    html = policy(client)
    assert "we lock it away at once" in html
    assert "endangers people" in html
    assert "unless the reporter asks us not to" in html


def test_every_grouped_code_is_a_clause(db):
    codes = {code for _name, _title, codes in GROUPS for code in codes}
    assert codes <= set(Clause.objects.values_list("code", flat=True))


def test_a_clause_of_an_administrator_needs_no_group(db, client):
    Clause.objects.create(
        code="noise", title="Noise", text="Loud things.", track="moderated", severity=1, publicity="no",
        second_moderator="no", eu_category="OTHER_VIOLATION_TC", default_measures=["whisper"],
    )  # fmt: skip
    html = policy(client)
    assert "Loud things." in html
    assert "whisper" in html


def test_it_tells_which_version_is_in_force_and_what_is_coming(client, admin, pass_time):
    coming = post_version(summary="We added *one* clause.", actor=admin)
    html = policy(client)
    assert "Version 1, in force since" in html
    assert "Version 2 takes effect on" in html
    assert "We added <em>one</em> clause." in html
    pass_time(coming.effective_at - coming.posted_at)
    html = policy(client)
    assert "Version 2, in force since" in html
    assert "Version 2 takes effect on" not in html


def test_it_costs_few_queries(db, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get("/policy")


def test_every_kind_of_measure_is_named(db, client):
    html = policy(client)
    said = ("limit is reached", "for good", "Hide a comment or a card", "lock it", "neutral one", "private: nobody")
    for words in said:
        assert words in html
