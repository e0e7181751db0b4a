"""There is no other door to a state than lifecycle.move, and no office of the machine opens that one."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.admin.viewsets import viewsets
from wagtail.snippets.models import get_snippet_models

from people.models import User
from people.verdict import Refused
from proposals import decision, endorsement, evaluation, lifecycle, screening
from proposals.models import Proposal
from proposals.moves import MOVES
from proposals.states import State
from tests import build
from tests.house import sources
from tests.proposals import standing
from tests.proposals.court import ANSWER, PARTIES, SCREENING, Court

ABOVE = ("proposals", "records", "cms", "config")  # the rooms that know cases at all
WRITING = {"update", "create", "get_or_create", "update_or_create", "bulk_update", "aupdate", "acreate"}
PAGES = ("endorse", "judge", "decide", "correct", "screening", "call", "again", "complete")


def _written(path: Path) -> set[str]:
    """How this file could write the state of a case."""
    found = set()
    for node in sources.nodes(path):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        inside = [part for target in targets if target for part in ast.walk(target)]
        if any(isinstance(part, ast.Attribute) and part.attr == "state" for part in inside):
            found.add("assigned")
        if isinstance(node, ast.Call):
            found |= _called(node)
        if isinstance(node, ast.Constant) and "proposals_proposal" in str(node.value):
            found.add("SQL")
    return found


def _called(call: ast.Call) -> set[str]:
    name, spread = sources.dotted(call.func), any(keyword.arg is None for keyword in call.keywords)
    named = any(keyword.arg == "state" for keyword in call.keywords)
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method in WRITING and (named or (spread and "Proposal.objects" in ast.unparse(call.func))):
        return {method}
    return {name} if name in ("Proposal", "setattr") and (named or name == "setattr") else set()


def test_only_the_lifecycle_writes_a_state() -> None:
    found = {sources.name(path): how for path in sources.python(*ABOVE) if (how := _written(path))}
    assert found == {
        "proposals/lifecycle.py": {"update", "setattr"},
        "proposals/drafts.py": {"create", "update", "setattr"},  # a draft is begun, and its words are kept
        "config/demo/scale.py": {
            "assigned",
            "setattr",
        },  # generated with their histories, verified
    }


def test_beside_the_moves_only_the_clock_writes_a_case_and_no_state() -> None:
    callers = defaultdict(list)
    for path in sources.python(*ABOVE):
        for node in sources.nodes(path):
            if isinstance(node, ast.Call) and sources.dotted(node.func) in ("write", "lifecycle.write"):
                callers[sources.name(path)].append(ast.unparse(node))
    assert callers == {
        "proposals/lifecycle.py": ["write(proposal, step.changes)"],
        "proposals/clock.py": ["lifecycle.write(case, changes)"],
    }
    assert "state" not in {
        key.value
        for node in sources.nodes(sources.ROOT / "proposals" / "clock.py")
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }


def test_the_editors_admin_knows_no_case_no_ballot_and_no_record() -> None:
    edited = {view.model for view in viewsets.viewsets if getattr(view, "model", None)} | set(get_snippet_models())
    kept = {model for room in ("proposals", "voting", "ledger") for model in apps.get_app_config(room).get_models()}
    assert kept & edited == set()
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_the_machine_s_offices_open_nothing_and_no_page_does_it_for_them(state: State, client: Client) -> None:
    standing.leave_papers_out()
    court = Court()
    case = court.to(state)
    for by in (court.people["operator"], build.person("超级管理员", is_superuser=True)):
        before = standing.everything()
        _try_every_act(case, by, court)
        build.sign_in(client, by)
        assert {client.post(page, _form(case)).status_code for page in _pages(case)} <= {200, 403, 404, 409, 422}
        assert standing.everything() == before


def _try_every_act(case: Proposal, by: User, court: Court) -> None:
    texts = {"text": "理由", "interim": "先放警示牌"}
    for verb, move in MOVES.items():
        facts = {"reason": next(iter(move.reasons), ""), "days": 1, "body": case.owner_id, "recheck_on": "2026-12-24"}
        with pytest.raises(Refused):
            lifecycle.move(case, verb, by=by, at=court.now, texts=texts, **facts)
    for act, more in (
        (decision.publish, ANSWER), (decision.correct, ANSWER | {"correction": "写错了"}),
        (screening.write, SCREENING | {"parties": PARTIES}), (endorsement.endorse, {}), (endorsement.call_up, {}),
        (evaluation.judge, {"solved": "yes", "manner": 5}),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act(case, by=by, at=court.now, **more)


def _pages(case: Proposal) -> list[str]:
    """Where something is sent to; a draft has no address."""
    if case.number is None:
        return []
    moves = [reverse("proposals:move", args=[case.number, v]) for v, m in MOVES.items() if case.state in m.sources]
    return [*moves, *(reverse(f"proposals:{page}", args=[case.number]) for page in PAGES)]


def _form(case: Proposal) -> dict[str, str]:
    """A form that fits most moves; a page that is shown again has done nothing."""
    reasons = {code for move in MOVES.values() if case.state in move.sources for code in move.reasons}
    since = f"{case.state} {case.state_since.isoformat()}"
    words = {"text": "理由", "interim": "先放警示牌", "plan": "修两盏", "solved": "yes", "manner": "5", "open": "1"}
    return words | {"since": since, "reason": min(reasons, default=""), "days": "3", "recheck_on": "2026-12-24"}
