"""Lists of known hashes are changed by those who may see them, and every change is looked for (H5, H6)."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from moderation.scoring.known import is_known_bad
from moderation.scoring.models import HashList, KnownHash

ONE, TWO = "a" * 64, "b" * 64


def test_a_file_is_imported_whole_or_not_at_all(db, tmp_path):
    file = tmp_path / "hashes.txt"
    file.write_text(f"# from a partner\n{ONE.upper()}  a/file.bin\n\n{TWO}\n{TWO}\n")
    with pytest.raises(CommandError, match="--kind and --label"):
        call_command("import_hashes", "Partners", file)
    call_command("import_hashes", "Partners", file, kind="sha256", label="malware")
    assert is_known_bad(ONE).list_name == "Partners"
    before = HashList.objects.get().version
    call_command("import_hashes", "Partners", file)
    assert HashList.objects.get().version == before, "nothing changed"
    file.write_text(TWO)
    call_command("import_hashes", "Partners", file, replace=True)
    assert is_known_bad(ONE) is None
    assert HashList.objects.get().version > before
    file.write_text(f"{ONE}\nnonsense")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("import_hashes", "Partners", file)
    assert KnownHash.objects.count() == 1


def test_the_administration_raises_the_version_and_shows_them_to_nobody_else(make_user, client, sign_in, moderator):
    page = reverse("admin:scoring_knownhash_changelist")
    assert sign_in(moderator).get(page).status_code == 302
    person = make_user("rosa")
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    client.force_login(User.objects.get(pk=person.pk), backend="django.contrib.auth.backends.ModelBackend")
    row = HashList.objects.create(name="Partners", kind="sha256", label="malware")
    assert client.post(
        reverse("admin:scoring_knownhash_add"), {"hash_list": row.pk, "value": ONE, "note": ""}
    ).status_code == 302  # fmt: skip
    assert (is_known_bad(ONE).label, HashList.objects.get().version) == ("malware", row.version + 1)
    assert ONE in client.get(page).content.decode()
    client.post(reverse("admin:scoring_knownhash_delete", args=[KnownHash.objects.get().pk]), {"post": "yes"})
    assert HashList.objects.get().version == row.version + 2
