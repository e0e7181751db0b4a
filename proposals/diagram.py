"""The lifecycle as a document: the same table from which moves are made, written for readers (docs/lifecycle.md)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from areas.models import Level
from people.roles import ROLES, holding

from . import arrivals, clock, limits, policies
from .deadlines import OVERDUE, STAGES, TIMERS, stages
from .move import Move, Way, Who
from .moves import MOVES, TABLE
from .policies import AnyOf, Holder, Impartial, proposer_or_timer, submitting_proposer, system
from .states import DETOURS, ENDED, LOOKS, Outcome, State

WHO: dict[Who, str] = {
    policies.proposer: "the proposer",
    policies.extender: "who steers the body that has it; while endorsements are collected the proposer too",
    policies.supervisor: "the supervisor of the body's area or of one above",
    policies.second_supervisor: "the supervisor, if not the one who asked",
    policies.heir: "one of those who endorsed, if enough households did",
    submitting_proposer: "the proposer: an adult whose home in the area was checked, with a complete text",
    proposer_or_timer: "the proposer, or Yuanyi when time is up",
    system: "Yuanyi, by itself",
}
TIMED = {
    State.DRAFT: f"deleted, {clock.DRAFT_LIFE.days} days after the last word",
    State.VOTING: "the ballot's result is final: `resolve`, `fail` or `miss_quorum`; if it is not, the ladder",
    State.EVALUATING: "`close` or `rectify`, as the judgements say; `close` as not evaluated when there are none",
}
HOLDERS = {
    State.ESCALATED: "the body of the next level that sits",
    State.HANDED_DOWN: "the next body below on the way home",
    State.ARBITRATING: "the district's joint meeting",
    State.APPEALED: "the next level, or another body",
    State.REVIEWING: "the next level, or another body",
    State.DEFERRING: "the next level, or another body",
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
    parts = (picture(), listing(), states(), clock_stages(), moves(), coded_reasons(), thresholds(), outcomes())
    return "\n\n".join((INTRODUCTION.rstrip(), *parts)) + "\n"


def both(label: str | Promise) -> str:
    """English and Chinese side by side."""
    return f"{_in('en', label)} {_in('zh-hans', label)}"


WAYS: dict[Way, str] = {
    arrivals.at_home: "`submitted`, with the body of the home level",
    arrivals.put_to_vote: "`voting`, with a clock that holds the notice and the time to vote",
    arrivals.stay: "the same",
    arrivals.one_up: "`escalated`, with the next level that sits (`submitted` stays `submitted`)",
    arrivals.one_down: "`handed_down`, with the next level below on the way home",
    arrivals.taken_over: "the state that it left; from `resolved` and `deciding`: `deciding`, or `deliberating` below",
    arrivals.handed_back: "the state that it left; the second time `arbitrating`, with the district",
    arrivals.back: "the state that it left, with the clock that stood still",
    arrivals.assigned: "the state that it left (`resolved`: `deciding`), with the body named",
    arrivals.reassigned: "the same, with the body named and the same clock",
    arrivals.succeeded: "the same, with the body that is competent now and the same clock",
    arrivals.appealed: "`appealed`, with the next level or another body",
    arrivals.accepted_after_all: "`endorsing`, with the body that had refused",
    arrivals.suspended: "`suspended`",
    arrivals.reviewed: "`reviewing`, with the next level or another body",
    arrivals.answered_anew: "`deciding`, with the body that had answered",
    arrivals.asked_to_defer: "`deferring`, with the next level or another body",
    arrivals.deferred: "`deferred`, with the body that had asked",
    arrivals.put_right: "`rectifying`; the second time one level up",
    arrivals.reopened_anew: "`rectifying`",
}
FIXED: dict[Way, State] = {
    arrivals.put_to_vote: State.VOTING,
    arrivals.at_home: State.SUBMITTED,
    arrivals.one_down: State.HANDED_DOWN,
    arrivals.appealed: State.APPEALED,
    arrivals.accepted_after_all: State.ENDORSING,
    arrivals.suspended: State.SUSPENDED,
    arrivals.reviewed: State.REVIEWING,
    arrivals.answered_anew: State.DECIDING,
    arrivals.asked_to_defer: State.DEFERRING,
    arrivals.deferred: State.DEFERRED,
    arrivals.put_right: State.RECTIFYING,
    arrivals.reopened_anew: State.RECTIFYING,
}


def ways(move: Move) -> list[tuple[State, State]]:
    """Every way, from state to state, on which a move can lead; those that stay where they are, too."""
    return [(source, target) for source in move.sources for target in _targets(move, source)]


def left_by(detour: State) -> list[State]:
    """The states from which a case can have entered a detour."""
    found: list[State] = []
    for move in TABLE:
        for source in move.sources:
            if detour in _entered(move, source) and source not in DETOURS:
                found += [source] * (source not in found)
    if detour == State.ARBITRATING:
        found = [state for way in (State.ESCALATED, State.HANDED_DOWN) for state in left_by(way)]
    if detour == State.DEFERRED:
        found = left_by(State.DEFERRING)
    return list(dict.fromkeys(found))


def _entered(move: Move, source: State) -> list[State]:
    if move.to is arrivals.one_up:
        return [State.SUBMITTED if source == State.SUBMITTED else State.ESCALATED]
    return [FIXED[move.to]] if callable(move.to) and move.to in FIXED else []


def _targets(move: Move, source: State) -> list[State]:
    if not callable(move.to):
        return [move.to]
    if entered := _entered(move, source):
        return entered
    if move.to in (arrivals.stay, arrivals.reassigned, arrivals.succeeded):
        return [source]
    landings = [_landing(move, source, left) for left in left_by(source)]
    return list(dict.fromkeys([*landings, *[State.ARBITRATING] * (move.to is arrivals.handed_back)]))


def _landing(move: Move, source: State, left: State) -> State:
    """Where a case comes down that was left at `left`."""
    answer = left in (State.RESOLVED, State.DECIDING)
    if move.to is arrivals.taken_over and answer:
        return State.DELIBERATING if source == State.HANDED_DOWN else State.DECIDING
    if move.to is arrivals.assigned and left == State.RESOLVED:
        return State.DECIDING
    return left


def picture() -> str:
    drawn: dict[tuple[State, State], list[str]] = {}
    for move in TABLE:
        for source, target in ways(move):
            if source != target:
                verbs = drawn.setdefault((source, target), [])
                verbs += [move.verb] * (move.verb not in verbs)
    lines = [f'    state "{both(state.label)}" as {state}' for state in State]
    lines += ["    [*] --> draft"]
    lines += [f"    {source} --> {target}: {', '.join(verbs)}" for (source, target), verbs in drawn.items()]
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


def clock_stages() -> str:
    """What the clock of a step says, and when."""
    rows = (
        (
            f"`{stage.event}`",
            f"{stage.share} % of the counted time" if stage.share else f"`{stage.after}` working days after the end",
            " ".join(f"`{state}`" for state in State if state not in ENDED and n in stages(state))
            if n in (0, OVERDUE)
            else "as above",
        )
        for n, stage in enumerate(STAGES)
    )
    return (
        "## What the clock says\n\nEach once in a step, whatever happens to the workers. At the last one the case goes "
        "one level up by `climb`, where that is possible.\n\n" + _table(("Event", "When", "In"), rows)
    )


def outcomes() -> str:
    """How a closed case ended."""
    return "## Outcomes of a closed case\n\n" + _table(
        ("Outcome", "Shown as"), ((f"`{outcome}`", both(outcome.label)) for outcome in Outcome)
    )


def _branch(state: State) -> Iterator[str]:
    yield f"{state}  {both(state.label)}"
    found: dict[str, list[State]] = {}
    for move in TABLE:
        for source, target in ways(move):
            if source == state and target not in found.setdefault(move.verb, []):
                found[move.verb].append(target)
    for verb, targets in found.items():
        yield f"  {verb} {_in('zh-hans', MOVES[verb].label)} → {' | '.join(targets)}"


def _row(move: Move) -> tuple[str, ...]:
    done_with_it = [f"`{act.__name__}`" for act in (*move.also, *move.then)]
    return (
        f"`{move.verb}`",
        both(move.label),
        " ".join(f"`{source}`" for source in move.sources),
        _target(move),
        who(move),
        " ".join(f"`{code}`" for code in move.reasons),
        both(move.text) if move.text else "",
        f"`{move.event}`",
        " ".join(done_with_it),
    )


def _target(move: Move) -> str:
    return WAYS[move.to] if callable(move.to) else f"`{move.to}`"


def who(move: Move) -> str:
    return _named(move.who)


def _named(who: Who) -> str:
    if isinstance(who, AnyOf):
        return "; or ".join(_named(one) for one in who.who)
    if not isinstance(who, Holder):
        return WHO[who]
    keys = sorted({key for right in who.rights for key in holding(right)}, key=list(ROLES).index)
    roles = ", ".join(both(ROLES[key].key.label) for key in keys)
    impartial = ", but neither who refused it nor who filed it" if isinstance(who, Impartial) else ""
    return f"{roles} of the body that has it{impartial}" + (", or Yuanyi when time is up" if who.timer else "")


def _holder(state: State) -> str:
    if state == State.DRAFT:
        return "its author"
    if state in HOLDERS:
        return HOLDERS[state]
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
    return "" if state in ENDED else "the ladder of supervision"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = (f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))
    return "\n".join(lines)


def _in(language: str, label: str | Promise) -> str:
    with translation.override(language):
        return str(label)
