"""Liking a repository, and taking it back."""

from accounts.queries import system_actor
from repositories.actions import change_settings, restrict
from repositories.models import Like


def likes(repository):
    repository.refresh_from_db()
    return repository.likes


def test_once_however_often_it_is_sent(sign_in, reporter, repository):
    client = sign_in(reporter)
    for _time in range(2):
        response = client.post("/nok/tiny-model/like", {"like": "1"})
        assert (response.status_code, response["Location"]) == (303, "/nok/tiny-model")
    assert likes(repository) == 1
    assert 'value="0"' in client.get("/nok/tiny-model").content.decode()


def test_taken_back(sign_in, reporter, author, repository):
    sign_in(author).post("/nok/tiny-model/like", {"like": "1"})
    client = sign_in(reporter)
    client.post("/nok/tiny-model/like", {"like": "1"})
    for _time in range(2):
        client.post("/nok/tiny-model/like", {"like": "0"})
    assert likes(repository) == 1
    assert Like.objects.get().user == author


def test_visitor_signs_in_and_comes_back_to_the_page(client, repository):
    response = client.post("/nok/tiny-model/like")
    assert response["Location"] == "/accounts/login/?next=/nok/tiny-model"
    assert likes(repository) == 0


def test_get_changes_nothing(sign_in, reporter, repository):
    answer = sign_in(reporter).get("/nok/tiny-model/like")
    assert (answer.status_code, answer["Location"], likes(repository)) == (303, "/nok/tiny-model", 0)


def test_restricted_ones_can_be_liked_private_ones_are_not_there(sign_in, reporter, owner, repository):
    restrict(repository, kind="disabled", reason="Why.", actor=system_actor())
    assert sign_in(reporter).post("/nok/tiny-model/like").status_code == 303
    change_settings(repository, actor=owner, visibility="private")
    assert sign_in(reporter).post("/nok/tiny-model/like").status_code == 404
    assert sign_in(reporter).post("/nok/tiny-model/like", {"like": "0"}).status_code == 404
