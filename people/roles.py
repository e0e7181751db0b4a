"""Roles as data: what an appointment to a body allows (domain.md §6; a role acts in its own body's area only)."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    SCREEN = "screen"  # accept, return, reject what was submitted
    STEER = "steer"  # call a vote, hand up, take up: acts of the body
    DECIDE = "decide"  # sign a decision
    HANDLE = "handle"  # carry out, report progress, claim completion
    SUPERVISE = "supervise"
    CHECK_RESIDENCE = "check_residence"
    KEEP_ROLL = "keep_roll"  # the register of owners, corrections of rolls, paper ballots
    EDIT_PAGES = "edit_pages"
    OPERATE = "operate"


class RoleKey(models.TextChoices):
    MODERATOR = "moderator", _("Moderator")
    CHAIR = "chair", _("Chair")
    DECIDER = "decider", _("Deciding official")
    HANDLER = "handler", _("Handler")
    SUPERVISOR = "supervisor", _("Supervisor")
    GRID_WORKER = "grid_worker", _("Grid worker")
    CLERK = "clerk", _("Clerk")
    EDITOR = "editor", _("Editor")
    OPERATOR = "operator", _("System operator")


@dataclass(frozen=True)
class Role:
    key: RoleKey
    rights: frozenset[Right]
    what: Promise


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(RoleKey.MODERATOR, frozenset({Right.SCREEN}), _("Accepts, returns or rejects what residents submit.")),
        Role(RoleKey.CHAIR, frozenset({Right.STEER}), _("Leads the body: calls the vote, hands a matter up.")),
        Role(RoleKey.DECIDER, frozenset({Right.STEER, Right.DECIDE}), _("Signs the answer with name and reasons.")),
        Role(RoleKey.HANDLER, frozenset({Right.HANDLE}), _("Carries out what was decided and reports it.")),
        Role(RoleKey.SUPERVISOR, frozenset({Right.SUPERVISE}), _("Watches the deadlines.")),
        Role(RoleKey.GRID_WORKER, frozenset({Right.CHECK_RESIDENCE}), _("Checks at the desk who lives where.")),
        Role(
            RoleKey.CLERK,
            frozenset({Right.KEEP_ROLL}),
            _("Keeps the register of owners and keys in paper ballots; reads no result before the close."),
        ),
        Role(RoleKey.EDITOR, frozenset({Right.EDIT_PAGES}), _("Writes the pages of the site.")),
        Role(RoleKey.OPERATOR, frozenset({Right.OPERATE}), _("Runs the machine; no say in any case.")),
    )
}


def holding(right: Right) -> list[str]:
    """The keys of all roles that hold a right."""
    return [key for key, role in ROLES.items() if right in role.rights]
