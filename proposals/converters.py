"""A case's number in an address: <case:number>."""

from django.urls import register_converter


class CaseNumber:
    regex = r"\d{4}-\d{4,7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumber, "case")
