"""Who acts. The ledger knows an actor only by an opaque reference that `people` can resolve and erase."""

from typing import Protocol


class Actor(Protocol):
    def actor_ref(self, chain: str) -> str:
        """This actor's reference in one chain: a salted hash, another one in every chain."""


class System:
    """The platform itself: timers, thresholds, imports. Its reference is reserved."""

    REF = "SYSTEM"
    is_authenticated = False

    def actor_ref(self, chain: str) -> str:
        return self.REF

    def __str__(self) -> str:
        return self.REF


SYSTEM = System()
