"""The lifecycle as a document: the same table from which moves are made, written for readers (docs/lifecycle.md)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from areas.models import Level
from people.roles import ROLES, holding

from . import clock, limits
from .moves import MOVES, TABLE, TIMERS, Move, Who
from .policies import Holder, proposer_or_timer, submitting_proposer, system
from .states import ENDED, LOOKS, Outcome, State

WHO: dict[Who, str] = {
    submitting_proposer: "the proposer: an adult whose home in the area was checked, with a complete text",
    proposer_or_timer: "the proposer, or Yuanyi when time is up",
    system: "Yuanyi, by itself",
}
TIMED = {
    State.DRAFT: f"deleted, {clock.DRAFT_LIFE.days} days after the last word",
    State.VOTING: "the ballot is counted: `resolve`, `fail` or `miss_quorum`",
    State.EVALUATING: "`close` or `rectify`, as the judgements say; `close` as not evaluated when there are none",
}
UNITS = {"workday": ("working days", "个工作日"), "day": ("days", "天"), "hour": ("hours", "小时")}
INTRODUCTION = """\
# The life of a case · 一件事怎么走

Written by `manage.py lifecycle` from `moves.py`, `states.py`, `limits.py` and `reasons.py` in `proposals/`: change
those, then run the command; a test fails while this file is stale. A district, street, community or courtyard may
override each time limit and threshold under the policy key named here (`areas.policy.assign`); what stands here are
the platform's defaults.
"""


def document() -> str:
    parts = (picture(), listing(), states(), moves(), coded_reasons(), thresholds(), outcomes())
    return "\n\n".join((INTRODUCTION.rstrip(), *parts)) + "\n"


def both(label: str | Promise) -> str:
    """English and Chinese side by side."""
    return f"{_in('en', label)} {_in('zh-hans', label)}"


def arrivals(move: Move) -> list[tuple[State, State]]:
    """Every way, from state to state, on which a move can lead."""
    if move.target is None:
        return [(State.ESCALATED, _landing(move, left)) for left in MOVES["hand_up"].sources]
    if move.verb == "report":
        return [(source, source) for source in move.sources]
    return [(source, move.target) for source in move.sources]


def picture() -> str:
    ways: dict[tuple[State, State], list[str]] = {}
    for move in TABLE:
        for way in arrivals(move):
            verbs = ways.setdefault(way, [])
            verbs += [move.verb] * (move.verb not in verbs)
    lines = [f'    state "{both(state.label)}" as {state}' for state in State]
    lines += ["    [*] --> draft"]
    lines += [f"    {source} --> {target}: {', '.join(verbs)}" for (source, target), verbs in ways.items()]
    lines += [f"    {state} --> [*]" for state in State if state in ENDED]
    return "\n".join(["## As a picture", "", "```mermaid", "stateDiagram-v2", *lines, "```"])


def listing() -> str:
    """The picture for readers whose viewer draws no Mermaid."""
    branches = ("\n".join(_branch(state)) for state in State)
    return "\n".join(["## The same as a list", "", "```text", "\n\n".join(branches), "```"])


def states() -> str:
    rows = (
        (f"`{state}`", both(state.label), LOOKS[state].tone, _holder(state), *_limit(state), _when_over(state))
        for state in State
    )
    heads = ("State", "Shown as", "Tone", "Who has it", "Time limit", "Policy key", "When time is up")
    return "## States\n\n" + _table(heads, rows)


def moves() -> str:
    heads = ("Verb", "Label", "From", "To", "Who", "Reason", "What must be written", "Event", "With it")
    return "## Moves\n\n" + _table(heads, map(_row, TABLE))


def coded_reasons() -> str:
    rows = (
        (f"`{move.verb}`", f"`{code}`", both(reason.label), both(reason.basis))
        for move in TABLE
        for code, reason in move.reasons.items()
    )
    return "## Reasons\n\n" + _table(("Verb", "Code", "Reason", "Basis"), rows)


def thresholds() -> str:
    rows = (
        (both(Level(level).label), str(number), f"`case.households.{Level(level).name.lower()}`")
        for level, number in limits.HOUSEHOLDS.items()
    )
    return "## Households that must endorse\n\n" + _table(("Level", "Households", "Policy key"), rows)


def outcomes() -> str:
    """How a closed case ended."""
    return "## Outcomes of a closed case\n\n" + _table(
        ("Outcome", "Shown as"), ((f"`{outcome}`", both(outcome.label)) for outcome in Outcome)
    )


def _branch(state: State) -> Iterator[str]:
    yield f"{state}  {both(state.label)}"
    ways: dict[str, list[State]] = {}
    for move in TABLE:
        for source, target in arrivals(move):
            if source == state and target not in ways.setdefault(move.verb, []):
                ways[move.verb].append(target)
    for verb, targets in ways.items():
        yield f"  {verb} {_in('zh-hans', MOVES[verb].label)} → {' | '.join(targets)}"


def _landing(move: Move, left: State) -> State:
    """Where a case comes down that was handed up from `left`."""
    if move.verb == "take_over" and left in (State.RESOLVED, State.DECIDING):
        return State.DECIDING
    return left


def _row(move: Move) -> tuple[str, ...]:
    done_with_it = [f"`{act.__name__}`" for act in (*move.also, *move.then)]
    return (
        f"`{move.verb}`",
        both(move.label),
        " ".join(f"`{source}`" for source in move.sources),
        _target(move),
        _who(move),
        " ".join(f"`{code}`" for code in move.reasons),
        both(move.text) if move.text else "",
        f"`{move.event}`",
        " ".join(done_with_it),
    )


def _target(move: Move) -> str:
    if move.verb == "report":
        return "the same"
    if move.target is not None:
        return f"`{move.target}`"
    if move.verb == "take_over":
        return "the state that it left; from `resolved` and `deciding`: `deciding`"
    return "the state that it left"


def _who(move: Move) -> str:
    if not isinstance(move.who, Holder):
        return WHO[move.who]
    keys = sorted({key for right in move.who.rights for key in holding(right)}, key=list(ROLES).index)
    roles = ", ".join(both(ROLES[key].key.label) for key in keys)
    return f"{roles} of the body that has it" + (", or Yuanyi when time is up" if move.who.timer else "")


def _holder(state: State) -> str:
    if state == State.DRAFT:
        return "its author"
    if state == State.ESCALATED:
        return "the body of the next level that sits"
    return "nobody any more" if state in ENDED else "the body"


def _limit(state: State) -> tuple[str, str]:
    keys = [key for key in limits.KEYS if f"{key.name}.".startswith(f"case.time.{state}.")]
    if len(keys) < 2:
        return next(((_period(key.default), f"`{key.name}`") for key in keys), ("", ""))
    levels = "; ".join(f"{both(level.label)} {_period(limits.ANSWER[level])}" for level in reversed(Level))
    return levels, f"`case.time.{state}.*`, one for each level"


def _period(period: dict[str, Any]) -> str:
    english, chinese = UNITS[period["unit"]]
    return f"{period['n']} {english} {period['n']} {chinese}"


def _when_over(state: State) -> str:
    if state in TIMED:
        return TIMED[state]
    if state in TIMERS:
        return f"`{TIMERS[state]}`"
    return "" if state in ENDED else "nothing by itself: shown as overdue"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = (f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))
    return "\n".join(lines)


def _in(language: str, label: str | Promise) -> str:
    with translation.override(language):
        return str(label)
