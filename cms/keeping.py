"""Pages that the site itself links to: an editor changes their words, never their place or whether they are there."""

from wagtail.models import PagePermissionTester


class Kept(PagePermissionTester):
    """What may be done with such a page, whoever asks. Moving goes by the same answer as deleting."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False
