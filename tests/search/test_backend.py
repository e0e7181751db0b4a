"""Searching, and what is never to happen while searching."""

import pytest
from django.core.management import call_command
from modelsearch.backends import get_search_backend
from modelsearch.query import MATCH_ALL, Phrase
from wagtail.models import Page

from search import followers


def test_a_hidden_row_neither_shows_nor_decides_what_is_shown(page, titles):
    page("路灯坏了三盏", live=False)
    page("路灯昏暗")

    assert titles("路灯三盏", Page.objects.live()) == ["路灯昏暗"]
    assert titles("路灯三盏") == ["路灯坏了三盏"]
    assert get_search_backend().search("路灯", Page.objects.live()).count() == 1


def test_any_queryset_will_do(page, titles):
    for title in ("加装电梯一期", "加装电梯二期", "加装电梯三期"):
        page(title)
    second = Page.objects.filter(title__endswith="二期").values("pk")

    assert titles("加装电梯", Page.objects.exclude(pk__in=second).order_by("-title"), order_by_relevance=False) == [
        "加装电梯二期".replace("二", number) for number in "三一"
    ]


def test_the_nearest_is_shown_when_nothing_has_every_word(page, titles):
    page("井盖松动")
    page("楼道杂物")

    assert titles("井盖 丢失") == ["井盖松动"]
    assert titles("井盖 丢失", operator="and") == []
    assert titles("无人机") == []


def test_the_exact_wording_comes_first(page, titles):
    page("电梯尚未加装")
    page("加装电梯")

    assert titles("加装电梯")[0] == "加装电梯"


def test_a_phrase_stands_together(page, titles):
    page("楼道里的路灯")
    page("路灯照到楼道")

    assert titles(Phrase("楼道里的路灯")) == ["楼道里的路灯"]


@pytest.mark.parametrize("typed", ["加", "加装", "装电", "加装电梯 7", "加装电梯7D"])
def test_autocomplete_knows_what_was_begun(page, typed):
    page("加装电梯 7d 栋")
    page("路灯")

    assert [found.title for found in get_search_backend().autocomplete(typed, Page.objects.all())] == ["加装电梯 7d 栋"]


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '""',
        "'",
        '路灯"',
        "AND",
        "NOT 路灯 OR (",
        "*",
        "路*",
        "[a-",
        "🙂",
        "\x00",
        "路灯\ud83d",
        "~",
        "t_title:路灯",
        " ",
    ],
)
def test_whatever_is_typed_never_raises(page, titles, typed):
    page("路灯")

    assert set(titles(typed)) <= {"路灯"}
    list(get_search_backend().autocomplete(typed, Page.objects.all()))


def test_an_empty_index_finds_nothing(root, titles):
    assert titles("路灯") == titles(MATCH_ALL) == []


def test_update_and_delete(page, titles):
    changed, gone = page("路灯不亮"), page("路灯太亮")
    Page.objects.filter(pk=changed.pk).update(title="井盖松动")
    Page.objects.filter(pk=gone.pk).delete()
    followers.reindex(Page, [changed.pk, gone.pk])

    assert titles("路灯") == []
    assert titles("井盖") == ["井盖松动"]


def test_a_row_that_left_the_database_is_not_shown_though_the_index_has_it(page, titles):
    gone = page("路灯")
    Page.objects.filter(pk=gone.pk).delete()

    assert titles("路灯") == []
    assert get_search_backend().search("路灯", Page.objects.all()).count() == 0


def test_update_index_shows_progress_and_finds_all(page, titles, capsys):
    for number in range(30):
        page(f"路灯{number}号", index=False)
    call_command("update_index", chunk_size=10)

    assert "Rebuilding index wagtailcore.page" in (told := capsys.readouterr().out)
    assert "default: wagtailcore.Page          ..." in told
    assert len(titles("路灯")) == 30


def test_searches_and_changes_go_on_during_a_rebuild(page, titles):
    index = get_search_backend().get_index_for_model(Page)
    kept, changed, gone = page("路灯"), page("路灯旧"), page("路灯坏")
    rebuilder = get_search_backend().rebuilder_class(index)
    rebuilder.start().add_items(Page, [kept, changed, gone])
    Page.objects.filter(pk=changed.pk).update(title="井盖新")
    Page.objects.filter(pk=gone.pk).delete()
    followers.reindex(Page, [changed.pk, gone.pk])
    meanwhile = titles("井盖"), titles("路灯")
    rebuilder.finish()

    assert meanwhile == (["井盖新"], ["路灯"])
    assert (titles("井盖"), titles("路灯")) == meanwhile


def test_queries_of_a_page_of_results_do_not_grow(page, django_assert_num_queries):
    pks = [page(f"路灯{number}", index=False).pk for number in range(30)]
    for many in (1, 30):
        followers.reindex(Page, pks[:many])
        results = get_search_backend().search("路灯", Page.objects.all())
        with django_assert_num_queries(3):
            assert (results.count(), len(results[:5])) == (many, min(many, 5))
            assert dict(results.facet("live")) == {True: many}


def test_very_many_hits(page, titles):
    page("路灯")
    compiled = get_search_backend().search(MATCH_ALL, Page.objects.all()).query_compiler
    compiled.scores = dict.fromkeys(range(150_000), 1.0)

    assert compiled._visible() == sorted(Page.objects.values_list("pk", flat=True), reverse=True)
