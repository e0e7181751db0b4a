"""What stands on a desk, read from its page; and many cases to fill one."""

import copy
from typing import Any

from proposals.models import Proposal, new_chain


def twins(case: Proposal, count: int, **changes: Any) -> list[Proposal]:
    """Rows like this one, as many as wanted."""
    first = Proposal.objects.count()
    made = [copy.copy(case) for _n in range(count)]
    for n, twin in enumerate(made, first):
        twin.pk, twin.chain, twin.number = None, new_chain(), f"2020-{n:04}"
        for name, value in changes.items():
            setattr(twin, name, value)
    return Proposal.objects.bulk_create(made, batch_size=500)


def twin(case: Proposal, **changes: Any) -> Proposal:
    return twins(case, 1, **changes)[0]


def groups(page: Any) -> list[tuple[str, int, list[Any]]]:
    """Each group's name, how many it has on all pages, and the numbers of those on this one."""
    found = page.context["sheet"].groups if "sheet" in page.context else page.context["groups"]
    return [(group.name, group.n, [task.case.number for task in group.tasks]) for group in found]
