"""The rows that modelsearch's backend tests expect; its own fixture is not in the wheel."""

import datetime as dt
from typing import Any

from modelsearch.test.testapp import models

NOVELS = [
    (1, "The Hobbit", "1937-09-21", 310, "Middle Earth", "J. R. R. Tolkien"),
    (2, "The Fellowship of the Ring", "1954-07-29", 423, "Middle Earth", "J. R. R. Tolkien"),
    (3, "The Two Towers", "1954-11-11", 352, "Middle Earth", "J. R. R. Tolkien"),
    (4, "The Return of the King", "1955-10-20", 440, "Middle Earth", "J. R. R. Tolkien"),
    (5, "A Game of Thrones", "1996-08-01", 694, "Westeros", "George R.R. Martin"),
    (6, "A Clash of Kings", "1998-11-16", 768, "Westeros", "George R.R. Martin"),
    (7, "A Storm of Swords", "2000-02-08", 973, "Westeros", "George R.R. Martin"),
    (10, "Foundation", "1951-06-01", 255, "the Galaxy", "Isaac Asimov"),
]
GUIDES = [
    (8, "JavaScript: The good parts", "2008-05-01", 170, "js", ["Douglas Crockford"]),
    (9, "JavaScript: The Definitive Guide", "1996-08-01", 1032, "js", ["David Flanagan"]),
    (11, "Learning Python", "1999-04-01", 1160, "py", ["Mark Lutz", "David Ascher"]),
    (12, "Two Scoops of Django 1.11", "2017-05-01", 536, "py", ["Daniel Roy Greenfeld", "Audrey Roy Greenfeld"]),
    (13, "The Rust Programming Language", "2018-07-01", 440, "rs", ["Carol Nichols", "Steve Klabnik"]),
]
BORN = {"J. R. R. Tolkien": "1892-01-03", "George R.R. Martin": "1948-09-20", "Isaac Asimov": "1920-01-02"}
CAST = {
    1: ["Bilbo Baggins", "Thorin Oakenshield", "Gandalf"],
    2: ["Frodo Baggins", "Bilbo Baggins"],
    3: ["Frodo Baggins", "Bilbo Baggins"],
    4: ["Frodo Baggins", "Bilbo Baggins"],
    5: ["Eddard Stark"],
    6: ["Arya Stark"],
    7: ["Jon Snow"],
    10: ["Hari Seldon"],
}
ANIMALS: dict[str, Any] = {"Animal": {"Mammal": {"Dog": {}, "Cat": {}}, "Reptile": {}}}


def make() -> None:
    for pk, title, published, pages, setting, author in NOVELS:
        novel = models.Novel.objects.create(
            pk=pk, title=title, publication_date=published, number_of_pages=pages, setting=setting
        )
        novel.authors.add(_author(author))
        people = [models.Character.objects.create(name=name, novel=novel) for name in CAST[pk]]
        novel.protagonist = people[0]
        novel.save()
    for pk, title, published, pages, language, authors in GUIDES:
        guide = models.ProgrammingGuide.objects.create(
            pk=pk, title=title, publication_date=published, number_of_pages=pages, programming_language=language
        )
        guide.authors.set(map(_author, authors))
    rust = models.Book.objects.create(
        pk=14, title="Programming Rust", publication_date="2017-12-01", number_of_pages=603
    )
    rust.authors.set(map(_author, ["Jim Blandy", "Jason Orendorff"]))
    _meetings()
    for model in (models.MPAnimal, models.NSAnimal):
        _animals(model, None, ANIMALS)


def _author(name: str) -> models.Author:
    return models.Author.objects.get_or_create(name=name, defaults={"date_of_birth": BORN.get(name)})[0]


def _meetings() -> None:
    for name, start in (
        ("Breakfast yoga", dt.time(8)),
        ("Evening yoga", dt.time(19)),
        ("Stand-up meeting", dt.time(9)),
    ):
        meeting = models.Meeting.objects.create(name=name, start_time=start)
    item = models.AgendaItem.objects.create(meeting=meeting, topic="What was done yesterday")
    models.Speaker.objects.create(agenda_item=item, name="Arthur Conan Doyle")


def _animals(model: Any, parent: Any, below: dict[str, Any]) -> None:
    for name, children in below.items():
        node = parent.add_child(name=name) if parent else model.add_root(name=name)
        _animals(model, node, children)
        if parent:
            parent.refresh_from_db()
