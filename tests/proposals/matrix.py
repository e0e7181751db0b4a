"""Every verb × every state × every role, with the whole sentence of each refusal: read from matrix.txt, one row each.

A row: state, verb, what the answer is, and the roles that get it. Rows exist for the states from which a verb leads;
from every other state everybody reads the same sentence, which the test composes. After a change of the table that is
meant, `python -m tests.proposals.matrix` writes the file anew; the difference is then read like code.
"""

import os
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).with_name("matrix.txt")
Row = tuple[str, str, str, str]


def rows_of(state: str) -> list[Row]:
    """The rows of one state, found by asking."""
    from django.utils import translation

    from ledger.actors import SYSTEM
    from proposals import lifecycle
    from proposals.moves import TABLE
    from proposals.states import State
    from tests.proposals.court import Court

    court = Court()
    case = court.to(State(state))
    actors = {**court.people, "SYSTEM": SYSTEM}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    with translation.override("en"):
        for move in TABLE:
            if state not in move.sources:
                continue
            for name, actor in actors.items():
                verdict = lifecycle.may(actor, case, move.verb, court.now)
                found[move.verb, "yes" if verdict else str(verdict.reason)].append(name)
    return [(state, verb, answer, " ".join(names)) for (verb, answer), names in found.items()]


def expected(state: str) -> list[Row]:
    rows = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [(row[0], row[1], row[2], row[3]) for row in rows if row[0] == state]


if __name__ == "__main__":
    import subprocess
    import sys

    sys.exit(
        subprocess.call(
            [sys.executable, "-m", "pytest", "-q", "-k", "matrix", str(FILE.with_name("test_lifecycle.py"))],
            env=os.environ | {"WRITE_MATRIX": "1"},
        )
    )
