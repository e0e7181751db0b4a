"""The lifecycle as one table: every move there is, from where, to where, and who may make it (docs/lifecycle.md)."""

from .move import Move
from .road import ROAD
from .sideways import SIDEWAYS

TABLE: tuple[Move, ...] = (*ROAD, *SIDEWAYS)
MOVES: dict[str, Move] = {move.verb: move for move in TABLE}

# What does not take the matter forward comes after what does.
SETBACKS = frozenset(
    {
        "return", "reject", "refer", "hand_back", "withdraw", "suspend", "extend", "uphold", "ask_deferral", "classify",
        "criticise", "ask_exclusion", "refuse_deferral", "hand_down", "call_up", "reassign",
    }
)  # fmt: skip
