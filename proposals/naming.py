"""How a case is called where only its chain is known."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from ledger.chains import Link

from .models import Proposal


def links(chains: Collection[str]) -> Mapping[str, Link]:
    rows = Proposal.objects.filter(chain__in=chains, number__isnull=False).values_list("chain", "title", "number")
    return {chain: Link(title, reverse("proposals:detail", args=[number])) for chain, title, number in rows}
