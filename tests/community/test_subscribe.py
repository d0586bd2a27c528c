"""Watching and muting: what a person chose stands, whatever they do later."""

import pytest

from accounts.models import Membership, User
from community.actions import add_comment, open_discussion
from community.models import Reason, Subscription
from community.subscribing import NONE, choose_level, repository_subscription_of, subscription_of
from foundation.errors import Refused
from repositories.models import Repository


def post(client, path, level):
    return client.post(path, {"level": level}, follow=True)


def test_whoever_writes_watches_the_discussion(discussion, author, reporter):
    add_comment(discussion, text="Same here.", actor=reporter)
    assert subscription_of(author, discussion).reason == Reason.OPENED
    assert subscription_of(reporter, discussion).reason == Reason.COMMENTED


@pytest.mark.parametrize(
    ("level", "says", "shown"),
    [("watch", "You watch this discussion now.", "Watching"), ("mute", "whoever mentions you", "Muted")],
)
def test_a_discussion_is_watched_and_muted_on_its_page(sign_in, reporter, discussion, level, says, shown):
    page = post(sign_in(reporter), f"{discussion.get_absolute_url()}/subscribe", level)
    assert says in page.content.decode()
    assert (subscription_of(reporter, discussion).level, subscription_of(reporter, discussion).reason) == (
        level,
        "chosen",
    )


def test_neither_takes_the_choice_back(sign_in, reporter, discussion):
    choose_level(discussion.repository, "mute", discussion=discussion, actor=reporter)
    post(sign_in(reporter), f"{discussion.get_absolute_url()}/subscribe", NONE)
    assert subscription_of(reporter, discussion) is None


def test_a_whole_tab_is_watched_and_muted_on_its_list(sign_in, reporter, repository):
    client = sign_in(reporter)
    page = post(client, f"{repository.get_absolute_url()}/subscribe", "watch")
    assert "You watch this repository now" in page.content.decode()
    assert repository_subscription_of(reporter, repository).level == "watch"
    post(client, f"{repository.get_absolute_url()}/subscribe", "mute")
    assert repository_subscription_of(reporter, repository).level == "mute"
    post(client, f"{repository.get_absolute_url()}/subscribe", NONE)
    assert repository_subscription_of(reporter, repository) is None


def test_whoever_is_told_as_an_owner_reads_so_until_they_choose(sign_in, owner, reporter, discussion):
    pages = (discussion.get_absolute_url(), f"{discussion.repository.get_absolute_url()}/discussions")
    for page in pages:
        shown = sign_in(owner).get(page).content.decode()
        assert "You hear of this: it is yours" in shown
        assert "As its owner" in shown
        assert "Neither" not in shown
        assert "it is yours" not in sign_in(reporter).get(page).content.decode()
    choose_level(discussion.repository, "mute", actor=owner)
    for page in pages:
        shown = sign_in(owner).get(page).content.decode()
        assert "You hear of this: it is yours" not in shown
        assert "muted" in shown.lower()


def test_members_without_the_settings_are_not_told_as_owners(sign_in, make_repository, organization, make_user):
    Membership.objects.create(organization=organization, user=make_user("wim"), role="write")
    page = f"{make_repository(owner=organization).get_absolute_url()}/discussions"
    assert "it is yours" not in sign_in(User.objects.get(username="wim")).get(page).content.decode()


def test_commenting_does_not_end_a_mute(discussion, reporter):
    choose_level(discussion.repository, "mute", discussion=discussion, actor=reporter)
    add_comment(discussion, text="One last thing.", actor=reporter)
    assert subscription_of(reporter, discussion).level == "mute"


def test_a_muted_repository_counts_more_than_a_watched_discussion(discussion, reporter):
    choose_level(discussion.repository, "watch", discussion=discussion, actor=reporter)
    choose_level(discussion.repository, "mute", actor=reporter)
    deciding = subscription_of(reporter, discussion)
    assert (deciding.level, deciding.discussion_id) == ("mute", None)


def test_choosing_again_changes_the_one_row(discussion, reporter):
    for level in ("watch", "mute", "mute", "watch"):
        choose_level(discussion.repository, level, discussion=discussion, actor=reporter)
    assert list(Subscription.objects.filter(user=reporter).values_list("level", flat=True)) == ["watch"]


@pytest.mark.parametrize("level", ["", "loud", "WATCH", "none "])
def test_another_level_is_refused(sign_in, reporter, discussion, level):
    client = sign_in(reporter)
    assert client.post(f"{discussion.get_absolute_url()}/subscribe", {"level": level}).status_code == 400
    assert client.post(f"{discussion.repository.get_absolute_url()}/subscribe", {"level": level}).status_code == 400


def test_what_one_does_not_see_cannot_be_watched(sign_in, reporter, discussion):
    address = discussion.repository.get_absolute_url()
    Repository.objects.update(visibility="private")
    for path in (f"{address}/subscribe", f"{discussion.get_absolute_url()}/subscribe"):
        assert sign_in(reporter).post(path, {"level": "watch"}).status_code == 404
    with pytest.raises(Refused):
        choose_level(Repository.objects.get(), "watch", actor=reporter)


def test_guests_sign_in_and_come_back(client, discussion):
    answer = client.post(f"{discussion.get_absolute_url()}/subscribe", {"level": "watch"})
    assert answer["Location"] == f"/accounts/login/?next={discussion.get_absolute_url()}"


def test_the_address_of_the_verb_leads_to_the_page(sign_in, reporter, discussion):
    for page in (discussion.get_absolute_url(), discussion.repository.get_absolute_url()):
        answer = sign_in(reporter).get(f"{page}/subscribe", {"level": "watch"})
        assert (answer.status_code, answer["Location"]) == (303, page)
    assert not Subscription.objects.filter(user=reporter).exists()


def test_a_moderator_under_a_restriction_steps_out_too(discussion, moderator):
    choose_level(discussion.repository, "mute", discussion=discussion, actor=moderator)
    assert subscription_of(moderator, discussion).level == "mute"


def test_settings_list_what_one_watches_and_mutes_and_end_it(sign_in, author, reporter, discussion):
    other = open_discussion(discussion.repository, title="Another matter", text="…", actor=reporter)
    choose_level(discussion.repository, "mute", discussion=other, actor=author)
    client = sign_in(author)
    page = client.get("/settings/notifications").content.decode()
    assert discussion.title in page
    assert "Another matter" in page
    muted = Subscription.objects.get(user=author, discussion=other)
    page = client.post("/settings/notifications/end", {"subscription": muted.pk}, follow=True).content.decode()
    assert "Another matter" not in page
    assert subscription_of(author, other) is None


def test_nobody_ends_what_somebody_else_watches(sign_in, author, reporter, discussion):
    foreign = Subscription.objects.get(user=author)
    for key in (foreign.pk, "x", "", "9" * 30):
        assert sign_in(reporter).post("/settings/notifications/end", {"subscription": key}).status_code == 303
    assert subscription_of(author, discussion) == foreign


def test_settings_do_not_name_what_one_no_longer_sees(sign_in, author, discussion):
    Repository.objects.update(visibility="private")
    page = sign_in(author).get("/settings/notifications").content.decode()
    assert discussion.title not in page
    assert "You watch and mute nothing" in page


def test_settings_go_page_by_page_with_few_queries(sign_in, author, repository, django_assert_max_num_queries):
    for number in range(31):
        open_discussion(repository, title=f"Question {number}", text="…", actor=author)
    client = sign_in(author)
    with django_assert_max_num_queries(8):  # session, person, permissions (2), rhythm, list, two counts in one
        first = client.get("/settings/notifications")
    second = client.get(f"/settings/notifications?{first.context['page'].next}")
    assert [row.discussion.title for row in second.context["page"].rows] == ["Question 0"]
