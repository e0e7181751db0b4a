"""The doorman of a person's own socket: it tells the badge, and takes nothing in."""

from adapters.doorman import Doorman, in_thread

from . import badge


class PersonConsumer(Doorman):
    access = "member"
    counts = False

    async def admit(self) -> list[str] | None:
        user = self.scope["user"]
        return [badge.room(user.pk)] if user.is_authenticated else None

    async def welcome(self) -> None:
        """The number may have changed since the page was made."""
        unread = await in_thread(badge.count)(self.scope["user"])
        self.tell(badge.message(unread))
