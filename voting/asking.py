"""What a visitor writes behind the address of a page, without what no database takes."""

from django.http import HttpRequest


def word(request: HttpRequest, name: str) -> str:
    return plain(request.GET.get(name, ""))


def plain(typed: str) -> str:
    return typed.replace("\0", "").strip()
