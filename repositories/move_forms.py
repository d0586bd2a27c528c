"""Forms that move or delete a repository (architecture, "Names", "Deleting")."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, User
from accounts.queries import namespaces_managed_by
from repositories.models import Repository
from repositories.names import clean_repository_name


class MoveForm(forms.Form):
    """Its owner and its name from now on."""

    owner = forms.ModelChoiceField(
        Namespace.objects.none(),
        label=_("Owner"),
        help_text=_("You, or an organization whose admin you are. Its members get the rights that their roles give."),
        empty_label=None,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=96,
        help_text=_("Letters, digits, “-”, “_” and “.”. It becomes part of the address."),
    )

    def __init__(self, repository: Repository, actor: User, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"owner": repository.namespace_id, "name": repository.name})
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = namespaces_managed_by(actor).distinct().order_by(F("user").asc(nulls_last=True), "name")

    def clean_name(self) -> str:
        return clean_repository_name(self.cleaned_data["name"])


class DeleteForm(forms.Form):
    """Its whole name, typed by hand."""

    typed = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, repository: Repository, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.full_name = repository.full_name
        self.fields["typed"].label = _("To delete it, type %(name)s") % {"name": self.full_name}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.full_name:
            raise ValidationError(_("This is not its name. Nothing was deleted."), code="typed")
        return typed
