"""What a ballot page says of proxies to whoever reads it."""

from typing import Any

from django import template

from voting import proxies
from voting.models import Ballot
from voting.states import ProxyState

register = template.Library()


@register.inclusion_tag("voting/_proxies.html", takes_context=True)
def proxies_of(context: Any, ballot: Ballot) -> dict[str, Any]:
    """Nothing on a secret ballot, and nothing for visitors. Two queries."""
    user = context["request"].user
    if not (ballot.is_named and user.is_authenticated):
        return {"shown": False}
    held = [proxy for proxy in proxies.held_by(user, ballot) if proxy.is_given and not proxy.entry.voted]
    given = proxies.given_by(user, ballot).exclude(state=ProxyState.REVOKED).first()
    return {"shown": True, "ballot": ballot, "waiting": len(held), "given": given}
