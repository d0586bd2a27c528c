"""A community tab off and on, and limited for new accounts; reports and the team's words stay (B2)."""

import json
from datetime import timedelta

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from community.actions import change_tab, open_discussion, set_pinned
from community.models import TabSettings
from community.posting import Way, refusal
from foundation import clock
from foundation.errors import Forbidden, Refused
from tests.community.listing import LIST, titles
from tests.repositories.reading import text_of

PAGE = f"{LIST}/settings"
HUB = "/api/models/nok/tiny-model/discussions"
COUNTED = '<span class="count">3<span class="visually-hidden"> discussions'


@pytest.fixture
def three(repository, author):
    """Opened by a person, a report and the team; each says "needle"."""
    for origin in ("person", "report", "team"):
        actor = author if origin == "person" else system_actor()
        open_discussion(repository, title=origin, text="A needle.", actor=actor, origin=origin)


@pytest.fixture
def off(repository, three, owner):
    """The tab is off after these three were opened."""
    return change_tab(repository, on=False, newcomers=0, actor=owner)


def on_hub(response):
    return [one["title"] for one in json.loads(response.content)["discussions"]]


def test_owner_turns_it_off_and_on(sign_in, owner, repository):
    client = sign_in(owner)
    assert 'href="/nok/tiny-model/discussions/settings"' in text_of(client.get("/nok/tiny-model/settings"))
    for value in ("no", "yes"):
        assert client.post(PAGE, {"on": value, "newcomers": "7"})["Location"] == PAGE
        chosen = TabSettings.objects.get()
        assert (chosen.on, chosen.newcomers, chosen.changed_by) == (value == "yes", 7, owner)
        page = text_of(client.get(PAGE))
        assert f'name="on" value="{value}" required id="id_on_{int(value == "no")}" checked' in " ".join(page.split())


@pytest.mark.parametrize(
    "values", [{}, {"on": "maybe", "newcomers": "0"}, {"on": "yes", "newcomers": "5"}, {"on": "no"}]
)
def test_forged_settings(sign_in, owner, repository, values):
    assert sign_in(owner).post(PAGE, values).status_code == 422
    assert not TabSettings.objects.exists()


def test_other_days_are_refused(repository, owner):
    with pytest.raises(Refused, match="how old"):
        change_tab(repository, on=True, newcomers=2, actor=owner)


def test_strangers_and_the_team_do_not(sign_in, author, moderator, repository):
    for person in (author, moderator):
        assert sign_in(person).get(PAGE).status_code == 403
        assert sign_in(person).post(PAGE, {"on": "no", "newcomers": "0"}).status_code == 403
    assert not TabSettings.objects.exists()


def test_editors_of_an_organization_only_close(sign_in, organization, make_repository, owner, reporter):
    ours = make_repository("ours", owner=organization)
    join_organization(reporter, organization, role="write", actor=owner)
    client = sign_in(reporter)
    page = text_of(client.get("/mekong-lab/ours/discussions/settings"))
    assert "Close all open discussions" in page
    assert 'name="newcomers"' not in page
    with pytest.raises(Forbidden):
        change_tab(ours, on=False, newcomers=0, actor=reporter)


def test_private_one_is_not_there(sign_in, author, make_repository):
    make_repository("secret", visibility="private")
    assert sign_in(author).get("/nok/secret/discussions/settings").status_code == 404


@pytest.mark.parametrize("person", ["author", "reporter", None])
@pytest.mark.usefixtures("off")
def test_while_off_others_see_what_reports_and_the_team_began(request, client, sign_in, three, person):
    reader = sign_in(request.getfixturevalue(person)) if person else client
    page = reader.get(LIST)
    assert titles(page) == ["team", "report"]
    assert "The owner turned this community tab off." in text_of(page)
    assert "discussions/new" not in text_of(page)
    assert titles(reader.get(f"{LIST}?q=needle")) == ["team", "report"]
    assert on_hub(reader.get(HUB)) == ["team", "report"]
    assert [reader.get(f"{LIST}/{number}").status_code for number in (1, 2, 3)] == [404, 200, 200]


@pytest.mark.parametrize("person", ["owner", "moderator"])
@pytest.mark.usefixtures("off")
def test_while_off_owner_side_and_team_see_everything(request, sign_in, three, person):
    reader = sign_in(request.getfixturevalue(person))
    page = reader.get(LIST)
    assert titles(page) == ["team", "report", "person"]
    assert "tab is off" in text_of(page) or "turned this community tab off" in text_of(page)
    assert titles(reader.get(f"{LIST}?q=needle")) == ["team", "report", "person"]
    assert reader.get(f"{LIST}/1").status_code == 200


@pytest.mark.usefixtures("off")
def test_while_off_nothing_of_the_rest_is_counted_or_pinned(client, repository, three, owner, moderator):
    set_pinned(repository.discussions.get(title="person"), True, actor=owner)
    set_pinned(repository.discussions.get(title="report"), True, actor=moderator)
    page = client.get(LIST)
    assert titles(page) == ["report", "team"]
    assert '<span class="count">2</span>' in text_of(page)


@pytest.mark.usefixtures("off", "three")
def test_while_off_the_tab_counts_nothing_that_strangers_cannot_read(client, sign_in, repository, owner):
    for page in (repository.get_absolute_url(), LIST, f"{LIST}/2"):
        assert COUNTED not in text_of(client.get(page))
        assert COUNTED in text_of(sign_in(owner).get(page))


@pytest.mark.usefixtures("three")
def test_while_on_pages_of_the_tab_count_it(client):
    for page in (LIST, f"{LIST}/1"):
        assert COUNTED in text_of(client.get(page))


@pytest.mark.usefixtures("off", "three")
def test_while_off_a_discussion_leads_to_the_repository(client, repository):
    page = text_of(client.get(f"{LIST}/1"))
    assert f'href="{repository.get_absolute_url()}">To the repository</a>' in page


def test_on_again_everything_is_there(client, repository, off, three, owner):
    change_tab(repository, on=True, newcomers=0, actor=owner)
    page = client.get(LIST)
    assert titles(page) == ["team", "report", "person"]
    assert "tab is off" not in text_of(page)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_newcomers_are_admitted_to_the_microsecond(repository, owner, make_user, set_clock, days):
    change_tab(repository, on=True, newcomers=days, actor=owner)
    person = make_user("newcomer", days_old=0)
    opens = person.date_joined + timedelta(days)
    codes = []
    for step in (-timedelta(hours=1), -timedelta(microseconds=1), timedelta(0), timedelta(microseconds=1)):
        set_clock(opens + step)
        refused = refusal(person, repository, Way.DISCUSSION)
        codes.append(refused and refused.code)
    assert codes == ["newcomer", "newcomer", None, None]


def test_newcomer_reads_when_it_opens_and_answers_reports_at_once(sign_in, repository, owner, make_user, three):
    change_tab(repository, on=True, newcomers=7, actor=owner)
    person = make_user("newcomer", days_old=1)
    client = sign_in(person)
    assert "You can post here on" in text_of(client.get(f"{LIST}/new"))
    assert refusal(person, repository, Way.COMMENT, discussion=repository.discussions.get(title="report")) is None


def test_newest_setting_says_who_and_when(repository, owner, set_clock):
    moment = clock.now().replace(microsecond=0)
    set_clock(moment)
    chosen = change_tab(repository, on=False, newcomers=0, actor=owner)
    chosen.refresh_from_db()
    assert (chosen.changed_by, chosen.changed_at) == (owner, moment)
