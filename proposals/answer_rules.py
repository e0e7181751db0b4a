"""What an official answer must hold before it may be signed; reads nothing but the answer itself."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.verdict import YES, Verdict, no

from .models import Decision

TEXTS = ("summary", "reasons", "arguments", "basis", "evidence", "options", "actions", "cost", "contact")
MIN_REASONS = 20
MOST_POINTS = 8
LONGEST_REVIEW = dt.timedelta(days=731)  # two years, one of them a leap year
MISFIT: Promise = gettext_lazy(
    "The whole answer must fit its points: if all are adopted it is “adopted”, if all are declined “declined”, "
    "else “partly adopted”."
)


@dataclass(frozen=True)
class PointDraft:
    """One point of what was wished for, with its own result and reason."""

    wish: str = ""
    result: str = ""
    reason: str = ""


Points = Sequence[PointDraft | Mapping[str, str]]


@dataclass(frozen=True)
class Draft:
    """An answer before it is signed. `correction`: what is corrected and why; None where nothing is corrected."""

    result: str
    points: tuple[PointDraft, ...]
    review_on: dt.date | None
    texts: Mapping[str, str]
    correction: str | None = None


def draft(
    result: str,
    points: Points,
    review_on: dt.date | None,
    texts: Mapping[str, str],
    correction: str | None = None,
) -> Draft:
    """Space around the words and the kind of line end are nobody's meaning. TypeError for a text that no answer has."""
    if unknown := set(texts) - set(TEXTS):
        raise TypeError(f"An answer has no {', '.join(sorted(unknown))}.")
    words = {name: _plain(texts.get(name, "")) for name in TEXTS}
    kept = tuple(_point(point) for point in points)
    return Draft(result, kept, review_on, words, None if correction is None else _plain(correction))


def verdict(answer: Draft, *, heard: bool, today: dt.date) -> Verdict:
    """May it be signed today? `heard`: residents have spoken, so their main arguments want an answer."""
    if lacking := missing(answer, heard=heard, today=today):
        return no(_("Still missing in the answer: %(what)s.") % {"what": _(", ").join(lacking)})
    return YES if answer.result == whole(answer.points) else no(MISFIT)


def missing(answer: Draft, *, heard: bool, today: dt.date) -> list[str]:
    """Names of what is not there, in the order of the form."""
    words = answer.texts
    wanted: list[tuple[object, str]] = [
        (answer.correction != "", _("what was corrected and why")),
        (answer.result in Decision.Result.values, _("the result")),
        (words["summary"], _("the answer in one sentence")),
        *_wanted_of(answer.points),
        (len(words["reasons"]) >= MIN_REASONS, _("reasons of at least %(n)s characters") % {"n": MIN_REASONS}),
        (words["arguments"] or not heard, _("the answer to the main arguments")),
        (words["basis"], _("the legal basis")),
        (words["evidence"], _("the evidence")),
        (words["options"], _("the options compared")),
        (words["actions"] or not promises(answer.result), _("who does what until when")),
        (words["cost"], _("the cost")),
        (is_near(answer.review_on, today), _("a review date after today and within two years")),
        (words["contact"], _("the contact")),
    ]
    return [name for given, name in wanted if not given]


def promises(result: str) -> bool:
    """Something was adopted, so somebody has to do it by a date."""
    return result in (Decision.Result.ADOPTED, Decision.Result.PARTLY)


def is_near(review_on: dt.date | None, today: dt.date) -> bool:
    return review_on is not None and today < review_on <= today + LONGEST_REVIEW


def whole(points: Sequence[PointDraft]) -> str:
    """The result that follows from those of the points."""
    results = {point.result for point in points}
    return results.pop() if len(results) == 1 else str(Decision.Result.PARTLY)


def _point(given: PointDraft | Mapping[str, str]) -> PointDraft:
    point = given if isinstance(given, PointDraft) else PointDraft(**given)
    return PointDraft(_plain(point.wish), point.result, _plain(point.reason))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _wanted_of(points: Sequence[PointDraft]) -> Iterator[tuple[object, str]]:
    yield points, _("at least one point")
    for n, point in enumerate(points, 1):
        yield point.wish, _("what is wished for in point %(n)s") % {"n": n}
        yield point.result in Decision.Result.values, _("the result of point %(n)s") % {"n": n}
        yield point.reason, _("the reason of point %(n)s") % {"n": n}
