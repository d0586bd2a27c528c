"""Forms that change files; each carries the head it was opened at (A1)."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from repositories.forms import LONGEST_MESSAGE
from repositories.names import LONGEST_PATH, clean_path, show_path

LONGEST_TEXT = 1_000_000  # bytes


class CommitForm(forms.Form):
    """What every change needs: a message, and the head that the person saw."""

    message = forms.CharField(label=_("What did you change?"), max_length=LONGEST_MESSAGE, required=False)
    parent = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def clean_message(self) -> str:
        return clean_text(self.cleaned_data["message"], longest=LONGEST_MESSAGE)

    def begin_again(self, head: str) -> None:
        """Let what was typed stand, for sending it again on top of another head."""
        self.data = {name: self.data[name] for name in self.data} | {"parent": head}


class _TextField(forms.CharField):
    """A text as it is, which may be empty like any file."""

    widget = forms.Textarea(attrs={"rows": 24, "class": "hash"})

    def validate(self, value: str) -> None:
        pass


class TextFileForm(CommitForm):
    """The text of a file as a whole, with Unix line ends."""

    use_required_attribute = False
    text = _TextField(label=_("Text"), strip=False)
    field_order = ("path", "text", "message")

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text.encode(errors="replace")) > LONGEST_TEXT:
            raise ValidationError(_("This text is longer than 1 MB. Upload it as a file."), code="too_long")
        return text


class NewFileForm(TextFileForm):
    path = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_PATH,
        help_text=_("With its folders, such as “data/labels.csv”. Folders that are not there are made."),
    )

    def clean_path(self) -> str:
        return clean_path(self.cleaned_data["path"])


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once: a list of them."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = [file for file in data or [] if file]
        if not files:
            raise ValidationError(_("Choose at least one file."), code="required")
        large = [file for file in files if (file.size or 0) > settings.LARGEST_FILE]
        if large:
            limit = filesizeformat(settings.LARGEST_FILE)
            message = _("“%(path)s” is too large: one file has at most %(limit)s. Split it into parts.")
            raise ValidationError(
                [
                    ValidationError(
                        message, code="too_large", params={"path": show_path(str(file.name)), "limit": limit}
                    )
                    for file in large
                ]
            )
        return files


class UploadForm(CommitForm):
    """Files for one folder, in one commit. `cleaned_data["files"]` says where each goes."""

    upload = _FilesField(label=_("Files"))
    folder = forms.CharField(
        label=_("Folder"), max_length=LONGEST_PATH, required=False, help_text=_("Empty: at the top of the repository.")
    )
    replace = forms.BooleanField(
        label=_("Replace files that are there already"),
        required=False,
        help_text=_("The history keeps what they were."),
    )
    field_order = ("upload", "folder", "replace", "message")

    def clean_folder(self) -> str:
        folder: str = self.cleaned_data["folder"].strip("/")
        return clean_path(folder) if folder else ""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "upload" in values and "folder" in values:
            values["files"] = self._placed(values["upload"], values["folder"])
        return values

    def _placed(self, files: "list[UploadedFile[Any]]", folder: str) -> "dict[str, UploadedFile[Any]]":
        placed = {clean_path(f"{folder}/{file.name}".removeprefix("/")): file for file in files}
        if len(placed) < len(files):
            name, _times = Counter(str(file.name) for file in files).most_common(1)[0]
            message = _("You chose two files called “%(path)s”. Give one of them another name.")
            raise ValidationError(message, code="twice", params={"path": show_path(name)})
        return placed
