"""Term lists: who sees them, what changes them, CSV all or nothing, and workers that compile them anew (H4, H6)."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.queries import system_actor
from classifiers import registry
from classifiers.contract import CannotLoad, Specification
from classifiers.terms.folding import term_key
from foundation.errors import Forbidden
from moderation.policy.models import Clause
from moderation.scoring.models import Term, TermList
from moderation.scoring.terms.actions import import_terms
from moderation.scoring.terms.compiled import with_terms
from moderation.scoring.terms.reading import Row

CSV = "term,weight,exceptions,whole_word,active\nidiot,0.7,,,\ncunt,,Scunthorpe;cuntlet,no,yes\nlegacy,,,,no\n"
SPEC = Specification("terms", "terms", "terms")


@pytest.fixture
def term_list(db) -> TermList:
    return TermList.objects.create(
        name="English", language="en", label="harassment", clause=Clause.objects.get(code="harassment")
    )


@pytest.fixture
def keeper(moderator):
    """A moderator who may see terms."""
    moderator.is_staff = True
    moderator.save()
    moderator.user_permissions.add(Permission.objects.get(codename="see_terms"))
    return type(moderator).objects.get(pk=moderator.pk)


@pytest.fixture
def csv(tmp_path):
    def write(content: str | bytes):
        path = tmp_path / "terms.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def scored(text: str, spec: Specification = SPEC) -> dict[str, float]:
    (reading,) = registry.load(with_terms(spec)).read([text])
    return {score.label: score.value for score in reading.scores}


def test_a_file_becomes_a_list(csv, capsys, db):
    call_command("import_terms", "English", csv(CSV), label="harassment", language="en", clause="harassment")
    assert "3 new, 0 changed, 0 as before, 0 removed" in capsys.readouterr().out
    term = Term.objects.get(text="cunt")
    assert (term.weight, term.exceptions, term.whole_word, term.active) == (0.5, ["Scunthorpe", "cuntlet"], False, True)
    assert (term.term_list.language, term.term_list.clause.code) == ("en", "harassment")
    assert scored("cunt and idiot in Scunthorpe, legacy") == {"harassment": pytest.approx(0.85)}


def test_importing_again_changes_what_differs_and_removes_what_is_gone(csv, capsys, term_list):
    call_command("import_terms", "English", csv(CSV))
    before = TermList.objects.get().version
    call_command("import_terms", "English", csv("\ufeffterm,weight\nIdiot,0.9\nmoron,\n"), replace=True)
    assert "1 new, 1 changed, 0 as before, 2 removed" in capsys.readouterr().out
    assert set(Term.objects.values_list("text", "weight")) == {("Idiot", 0.9), ("moron", 0.5)}
    assert TermList.objects.get().version > before


def test_importing_the_same_changes_nothing(csv, capsys, term_list):
    call_command("import_terms", "English", csv(CSV))
    before = TermList.objects.get().version
    call_command("import_terms", "English", csv(CSV))
    assert "0 new, 0 changed, 3 as before, 0 removed" in capsys.readouterr().out
    assert TermList.objects.get().version == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("term\nidiot\n,\n!!!\n", ["Line 4: the term has no letters."]),
        ("term,weight\nidiot,2\nmoron,x\n", ["Line 2: the weight", "Line 3: the weight"]),
        ("term\nidiot\nIDIOT\n", ["Line 3: the term is in line 2 already."]),
        ("term,exceptions\ncunt,Essex\n", ["Line 2: the exception “Essex”"]),
        ("term,active\ncunt,maybe\n", ["Line 2: active must be yes or no."]),
        ("term\na,b\n", ["Line 2: it has more cells"]),
        ("word\nidiot\n", ["The first line must name the columns"]),
        ("", ["The first line must name the columns"]),
        ("term\n", ["There is no term in the file."]),
        ('term\n"idiot\n', ["Line 2"]),
        (b"term\nidiot\n\xff\n", ["Line 3 is not in UTF-8"]),
        ("term\nidi\0ot\n", ["null characters"]),
        ("term\n" + "x" * 201, ["Line 2: the term has more than 200"]),
    ],
)
def test_with_an_error_in_any_line_nothing_is_imported(csv, term_list, content, said):
    with pytest.raises(CommandError) as error:
        call_command("import_terms", "English", csv(content))
    assert all(sentence in str(error.value) for sentence in said)
    assert not Term.objects.exists()


def test_a_new_list_needs_to_know_what_it_speaks_for(csv, db):
    with pytest.raises(CommandError, match="--label"):
        call_command("import_terms", "German", csv(CSV))
    assert not TermList.objects.exists()


def test_only_those_who_see_terms_import(term_list, moderator):
    with pytest.raises(Forbidden):
        import_terms(term_list, [Row("idiot", 0.5, [], True, True)], actor=moderator)
    assert not Term.objects.exists()


def test_workers_compile_anew_when_a_list_changes_and_only_then(term_list, keeper, sign_in, django_assert_num_queries):
    Term.objects.create(term_list=term_list, text="idiot")
    first = with_terms(SPEC)
    with django_assert_num_queries(1):
        assert with_terms(SPEC).options["terms"] is first.options["terms"]
    page = sign_in(keeper)
    page.post(
        "/admin/scoring/term/add/",
        {"term_list": term_list.pk, "text": "moron", "weight": "0.5", "whole_word": "on", "active": "on"},
    )
    assert scored("moron") == {"harassment": 0.5}
    term = Term.objects.get(text="moron")
    page.post("/admin/scoring/term/", {"action": "deactivate", "_selected_action": [term.pk]})
    assert scored("moron") == {"harassment": 0}
    page.post(f"/admin/scoring/term/{Term.objects.get(text='idiot').pk}/delete/", {"post": "yes"})
    assert scored("idiot") == {"harassment": 0}
    term_list.refresh_from_db()
    page.post(
        f"/admin/scoring/termlist/{term_list.pk}/change/",
        {"name": "English", "language": "en", "label": "rude", "active": "on", "clause": "", "note": ""},
    )
    assert scored("x") == {"rude": 0}


def test_lists_that_rest_say_nothing_and_options_choose_among_them(term_list):
    other = TermList.objects.create(name="Other", label="spam")
    for one, word in ((term_list, "idiot"), (other, "casino")):
        Term.objects.create(term_list=one, text=word)
    named = Specification("terms", "terms", "terms", options={"lists": ["Other"]})
    assert set(scored("idiot casino")) == {"harassment", "spam"}
    assert scored("idiot casino", named) == {"spam": 0.5}
    TermList.objects.filter(pk=other.pk).update(active=False)
    assert scored("idiot casino", named) == {}
    with pytest.raises(CannotLoad, match="lists"):
        registry.load(with_terms(Specification("terms", "terms", "terms", options={"lists": 1})))


def test_labels_carry_the_clause_of_their_list(term_list):
    assert [(label.name, label.clause) for label in with_terms(SPEC).labels] == [("harassment", "harassment")]


PAGES = ["termlist/", "term/", "termlist/{list}/change/", "term/{term}/change/", "termlist/{list}/import/", "term/add/"]


@pytest.mark.parametrize("where", PAGES)
def test_terms_are_shown_to_those_who_may_see_them_and_to_nobody_else(
    where, term_list, moderator, keeper, sign_in, client, owner
):
    term = Term.objects.create(term_list=term_list, text="walrusish")
    address = "/admin/scoring/" + where.format(list=term_list.pk, term=term.pk)
    assert sign_in(keeper).get(address).status_code == 200
    keeper.user_permissions.clear()
    # Django's own permissions for its rows open nothing.
    keeper.user_permissions.add(
        *Permission.objects.filter(content_type__model__in=["term", "termlist"]).exclude(codename="see_terms")
    )
    for who in (sign_in(keeper), sign_in(owner), client):
        answer = who.get(address)
        assert answer.status_code in (302, 403)
        assert b"walrusish" not in answer.content


def test_the_administration_imports_a_file_or_says_what_is_wrong(term_list, keeper, sign_in):
    page, address = sign_in(keeper), f"/admin/scoring/termlist/{term_list.pk}/import/"
    wrong = page.post(address, {"file": SimpleUploadedFile("a.csv", b"term\nidiot\n!!\n")})
    assert "Line 3: the term has no letters." in wrong.content.decode()
    assert not Term.objects.exists()
    right = page.post(address, {"file": SimpleUploadedFile("a.csv", CSV.encode())}, follow=True)
    assert "Imported: 3 new" in right.content.decode()
    assert Term.objects.count() == 3


def test_an_import_without_the_token_of_the_form_is_refused(term_list, keeper):
    page = Client(enforce_csrf_checks=True)
    page.force_login(keeper, backend="accounts.backends.PermissionBackend")
    answer = page.post(
        f"/admin/scoring/termlist/{term_list.pk}/import/", {"file": SimpleUploadedFile("a.csv", CSV.encode())}
    )
    assert answer.status_code == 403
    assert not Term.objects.exists()


def test_a_term_by_hand_is_held_to_the_same(term_list, keeper, sign_in):
    values = {"term_list": term_list.pk, "text": "cunt", "weight": "0.5", "exceptions": "Essex"}
    answer = sign_in(keeper).post("/admin/scoring/term/add/", values)
    assert "Essex" in answer.content.decode()
    assert not Term.objects.exists()


def test_a_term_is_in_a_list_once(term_list):
    Term.objects.create(term_list=term_list, text="idiot")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(term_list=term_list, text="IDIOT")


SAME = [("ΟΔΟΣ", "οδοσ"), ("οδος", "ΟΔΟΣ"), ("İstanbul", "istanbul"), ("Straße", "STRASSE"), ("STRAẞE", "strasse")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_term_in_other_letters_is_the_same_term(csv, term_list, keeper, sign_in, one, other):
    with pytest.raises(CommandError, match="Line 3: the term is in line 2 already"):
        call_command("import_terms", "English", csv(f"term\n{one}\n{other}\n"))
    call_command("import_terms", "English", csv(f"term\n{one}\n"))
    call_command("import_terms", "English", csv(f"term,weight\n{other},0.9\n"))
    assert list(Term.objects.values_list("text", "weight")) == [(other, 0.9)]
    answer = sign_in(keeper).post("/admin/scoring/term/add/", {"term_list": term_list.pk, "text": one, "weight": "1"})
    assert "This term is in the list already." in answer.content.decode()
    assert Term.objects.count() == 1


def test_an_import_leaves_one_of_terms_that_were_kept_as_two(term_list):
    Term.objects.bulk_create([Term(term_list=term_list, text=text) for text in ("Straße", "STRASSE", "walrus")])
    done = import_terms(term_list, [Row("strasse", 0.9, [], True, True)], actor=system_actor())
    assert (done.added, done.changed, done.same, done.removed) == (0, 1, 0, 1)
    assert set(Term.objects.values_list("text", "weight")) == {("strasse", 0.9), ("walrus", 0.5)}


def test_a_term_is_edited_by_hand_without_being_its_own_double(term_list, keeper, sign_in):
    term = Term.objects.create(term_list=term_list, text="οδος")
    values = {"term_list": term_list.pk, "text": "ΟΔΟΣ", "weight": "0.5", "active": "on"}
    assert sign_in(keeper).post(f"/admin/scoring/term/{term.pk}/change/", values).status_code == 302
    assert Term.objects.get().text == "ΟΔΟΣ"


def test_what_the_database_takes_for_one_has_one_key(db):
    """Every character that has a capital: else a row would not find the term whose place it wants."""
    letters = [one for one in map(chr, range(0x80, 0x110000)) if one.lower() != one or one.upper() != one]
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, lower(one) FROM unnest(%s::text[]) AS one", [letters])
        pairs = cursor.fetchall()
    assert len(pairs) > 2000
    assert [pair for pair in pairs if term_key(pair[0]) != term_key(pair[1])] == []


def test_the_system_imports(term_list):
    assert import_terms(term_list, [Row("idiot", 0.5, [], True, True)], actor=system_actor()).added == 1
