"""What a person sends about notices."""

from typing import Any

from django import forms

from .kinds import Group


class PreferenceForm(forms.Form):
    """One box for each group: e-mail or not."""

    def __init__(self, *args: Any, groups: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            self.fields[group.value] = forms.BooleanField(label=group.label, required=False)

    @property
    def wanted(self) -> dict[Group, bool]:
        return {Group(name): yes for name, yes in self.cleaned_data.items()}


class FollowForm(forms.Form):
    chain = forms.CharField(max_length=60)
    following = forms.BooleanField(required=False)
