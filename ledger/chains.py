"""What a chain is about: apps above tell how a chain is called and where its page is."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

SYSTEM_CHAIN = "system"


@dataclass(frozen=True)
class Link:
    title: str
    url: str


Resolver = Callable[[Collection[str]], Mapping[str, Link]]
_resolvers: dict[str, Resolver] = {}


def describe(prefix: str, resolver: Resolver) -> None:
    """Register who can name the chains `prefix:…`. The resolver gets many chain ids and answers with one query."""
    _resolvers[prefix] = resolver


def links(chains: Collection[str]) -> dict[str, Link]:
    """Title and address for each chain that somebody can name."""
    found: dict[str, Link] = {}
    for prefix, resolver in _resolvers.items():
        mine = [chain for chain in chains if chain.startswith(f"{prefix}:")]
        if mine:
            found.update(resolver(mine))
    return found
