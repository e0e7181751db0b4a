"""Following a case: who asked to hear what happens on a chain."""

from django.contrib.auth.models import AnonymousUser

from people.models import User

from .models import Subscription


def add(user: User, chain: str) -> None:
    Subscription.objects.bulk_create([Subscription(user=user, chain=chain)], ignore_conflicts=True)


def remove(user: User, chain: str) -> None:
    Subscription.objects.filter(user=user, chain=chain).delete()


def of(chain: str) -> list[int]:
    """The ids of those who follow a chain."""
    return list(Subscription.objects.filter(chain=chain).order_by("pk").values_list("user_id", flat=True))


def follows(user: User | AnonymousUser, chain: str) -> bool:
    return Subscription.objects.filter(user=user.pk, chain=chain).exists() if user.pk else False
