"""Doors for Celery to the functions that the embedded thread calls itself."""

from celery import shared_task

from . import background


@shared_task
def deliver() -> int:
    return background.deliver()


@shared_task
def sweep(name: str) -> int:
    return background.sweep(name)
