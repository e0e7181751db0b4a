"""What a voter sends: a choice in the form of the ballot's method, and on the last page that it is their own."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.privacy import keyed_hash

from .methods import METHODS
from .models import Ballot
from .states import Choice

CHOOSE = gettext_lazy("Choose one of the three.")


class PaperForm(forms.Form):
    """Nothing is chosen beforehand. lot: what draws the order of the options, such as the voter's place on the roll."""

    def __init__(self, data: Any = None, *, ballot: Ballot, lot: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.ballot, self.rule = ballot, ballot.rule
        self.fields.update(FIELDS[self.rule.method](ballot, by_lot(ballot, lot)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self._read(data)
        return data

    def content(self) -> Any:
        """What the method takes. Of a valid form only."""
        return self.cleaned_data["content"]

    def sent(self) -> list[tuple[str, str]]:
        """The fields that carry the choice, for the next page to carry on."""
        return [(name, value) for name in self.fields if name != "mine" for value in _values(self[name].value())]

    def _read(self, data: dict[str, Any]) -> None:
        try:
            said = SAID[self.rule.method]({name: value for name, value in data.items() if name != "mine"})
            data["content"] = METHODS[self.rule.method].parse(said, self.rule)
        except ValueError as error:
            self.add_error(None, str(error))


class ConfirmForm(PaperForm):
    mine = forms.BooleanField(
        label=gettext_lazy("I am voting for myself."),
        error_messages={"required": gettext_lazy("Tick this first: only you yourself can use your vote.")},
    )


def by_lot(ballot: Ballot, lot: str) -> list[str]:
    """The keys of the options: as announced, or in an order drawn anew for each voter, always the same for one."""
    keys = list(ballot.rule.options)
    return sorted(keys, key=lambda key: keyed_hash("voting.lot", str(ballot.pk), lot, key)) if lot else keys


def in_words(ballot: Ballot, content: Any) -> list[tuple[str, str]]:
    """A content as (what, how) for the check page: one line for a plain choice."""
    words = WORDS[ballot.rule.method](ballot, content)
    return list(words) or [(_("You chose"), _("None of the options"))]


def _plain(ballot: Ballot, keys: list[str]) -> dict[str, forms.Field]:
    return {"choice": _three(_("Your choice"))}


def _three(label: str) -> forms.Field:
    messages = {"required": CHOOSE, "invalid_choice": CHOOSE}
    return forms.ChoiceField(label=label, choices=Choice.choices, widget=forms.RadioSelect, error_messages=messages)


def _each(ballot: Ballot, keys: list[str]) -> dict[str, forms.Field]:
    return {f"choice_{key}": _three(ballot.options[key]) for key in keys}


def _many(ballot: Ballot, keys: list[str]) -> dict[str, forms.Field]:
    """An empty paper is a vote for none of them; it has to be said."""
    return {
        "choice": forms.MultipleChoiceField(
            label=_("Tick all that you agree to"),
            choices=[(key, _priced(ballot, key)) for key in keys],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "none": forms.BooleanField(label=_("None of them"), required=False),
    }


def _ranks(ballot: Ballot, keys: list[str]) -> dict[str, forms.Field]:
    places = [("", _("No place")), *((str(n), _("Place %(n)s") % {"n": n}) for n in range(1, len(keys) + 1))]
    return {
        f"place_{key}": forms.ChoiceField(label=ballot.options[key], choices=places, required=False) for key in keys
    }


def _scores(ballot: Ballot, keys: list[str]) -> dict[str, forms.Field]:
    points = [(str(n), str(n)) for n in range(ballot.rule.max_score + 1)]
    needed = {"required": _("Please give points to each, from 0.")}
    return {
        f"score_{key}": forms.ChoiceField(
            label=ballot.options[key], choices=points, widget=forms.RadioSelect, error_messages=needed
        )
        for key in keys
    }


def _priced(ballot: Ballot, key: str) -> str:
    cost = ballot.rule.costs.get(key)
    return ballot.options[key] if cost is None else f"{ballot.options[key]}（¥{cost:,}）"


def _said_many(data: dict[str, Any]) -> list[str]:
    if bool(data["choice"]) == data["none"]:
        raise ValueError(_("Tick what you agree to, or “None of them”."))
    return list(data["choice"])


def _said_ranks(data: dict[str, Any]) -> list[str]:
    places = {name.removeprefix("place_"): int(place) for name, place in data.items() if place}
    if len(set(places.values())) < len(places):
        raise ValueError(_("Each place can be given only once."))
    if not places:
        raise ValueError(_("Give at least one of them a place."))
    return sorted(places, key=lambda key: places[key])


def _said_each(data: dict[str, Any]) -> dict[str, str]:
    return {name.removeprefix("choice_"): choice for name, choice in data.items()}


def _said_scores(data: dict[str, Any]) -> dict[str, int]:
    return {name.removeprefix("score_"): int(points) for name, points in data.items()}


def _words_plain(ballot: Ballot, content: Any) -> Iterable[tuple[str, str]]:
    yield _("You chose"), str(Choice(content).label)


def _words_each(ballot: Ballot, content: Any) -> Iterable[tuple[str, str]]:
    return ((ballot.options[key], str(Choice(content[key]).label)) for key in ballot.rule.options)


def _words_many(ballot: Ballot, content: Any) -> Iterable[tuple[str, str]]:
    return ((_priced(ballot, key), _("Yes")) for key in content)


def _words_ranks(ballot: Ballot, content: Any) -> Iterable[tuple[str, str]]:
    return ((ballot.options[key], _("Place %(n)s") % {"n": n}) for n, key in enumerate(content, 1))


def _words_scores(ballot: Ballot, content: Any) -> Iterable[tuple[str, str]]:
    return ((ballot.options[key], str(content[key])) for key in ballot.rule.options)


def _values(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return ["on"] if value is True else [str(value)] if value else []


BUDGETS = ("approval", "knapsack", "equal_shares")
FIELDS: dict[str, Callable[[Ballot, list[str]], dict[str, forms.Field]]] = {
    "yes_no": _plain, "options": _each, "ranked": _ranks, "score": _scores, **dict.fromkeys(BUDGETS, _many)
}  # fmt: skip
SAID: dict[str, Callable[[dict[str, Any]], Any]] = {
    "yes_no": lambda data: data["choice"],
    "options": _said_each,
    "ranked": _said_ranks,
    "score": _said_scores,
    **dict.fromkeys(BUDGETS, _said_many),
}
WORDS: dict[str, Callable[[Ballot, Any], Iterable[tuple[str, str]]]] = {
    "yes_no": _words_plain,
    "options": _words_each,
    "ranked": _words_ranks,
    "score": _words_scores,
    **dict.fromkeys(BUDGETS, _words_many),
}
