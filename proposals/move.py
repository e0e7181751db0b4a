"""What one row of the lifecycle's table says."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from people.verdict import Verdict

from .models import Proposal
from .reasons import Reason
from .states import State

if TYPE_CHECKING:
    from .arrivals import Arrival
    from .consequences import Step

Who = Callable[[Any, Proposal, dt.datetime], Verdict]
Condition = Callable[[Proposal, dt.datetime], Verdict]
Then = Callable[["Step"], None]
Way = Callable[["Step"], "Arrival"]


@dataclass(frozen=True)
class Move:
    """to: a state, or the way on which a move finds where it leads (arrivals.py).

    reasons: codes of which one must be given. text: what the mover must write, as a label; it goes to the timeline.
    asks: further fields of the form (move_forms.py). conditions: what must hold of the case, whoever asks. also:
    further columns of the case that change with the state. then: what it does to lower rooms in the same transaction.
    by_form: offered as a button of its own. bulk: safe for many cases at once.
    """

    verb: str
    sources: tuple[State, ...]
    to: State | Way
    who: Who
    event: str
    label: Promise
    done: Promise
    reasons: dict[str, Reason] = field(default_factory=dict)
    text: Promise | None = None
    asks: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    also: tuple[Then, ...] = ()
    then: tuple[Then, ...] = ()
    icon: str = "chevron-right"
    tone: str = "end"
    by_form: bool = True
    bulk: bool = False
