"""Search over invented matters: a page of results as it is shown (count, ten rows, a facet), building, and one commit.

Run alone: python -m bench.search [documents]. It works in a process and a database in memory of its own, on the test
models of modelsearch, because a search backend knows no app.
"""

import datetime as dt
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUESTIONS = 200
# fmt: off
COMMON = [
    "我们", "小区", "希望", "尽快", "解决", "居民", "业主", "物业", "社区", "院子", "门口", "晚上",
    "问题", "多次", "反映", "没有", "安全", "隐患", "老人", "孩子", "处理", "方案", "费用", "分摊",
    "施工", "时间", "意见", "公示", "投票", "支持", "反对", "楼栋", "单元", "一楼", "顶楼", "车辆",
    "进出", "已经", "半年", "影响", "生活", "休息", "环境", "卫生", "维修",
]
# fmt: on


def invented(many: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Titles and texts of about 300 characters, and the words they are made of, the frequent ones first."""
    chance = random.Random(1)
    lexicon = Path(__file__).parent.parent / "search" / "whoosh" / "lexicon.txt"
    known = [line for line in lexicon.read_text(encoding="utf-8").split() if ord(line[0]) > 255]
    letters = [chr(code) for code in chance.sample(range(0x4E00, 0x9000), 600)]
    rare = ["".join(chance.sample(letters, 2)) for _ in range(3000)]
    words = [*COMMON, *known, *rare]
    weights = [1 / (place + 5) for place in range(len(words))]

    def text(length: int) -> str:
        return "".join(word + "，" * (chance.random() < 0.1) for word in chance.choices(words, weights, k=length))

    return [(text(5), text(130)) for _ in range(many)], words


def measure(many: int = 20_000) -> list[dict[str, Any]]:
    _set_up()
    from django.core.management import call_command
    from modelsearch.backends import get_search_backend
    from modelsearch.test.testapp.models import Book

    words = _fill(many)
    building = _seconds(lambda: call_command("rebuild_modelsearch_index", verbosity=0))
    chance = random.Random(2)
    asked = [" ".join(chance.sample(words[:400], chance.randint(1, 3))) for _ in range(QUESTIONS)]
    _page(asked[0])
    p50, p95 = _percentiles([_seconds(_page, question) for question in asked])
    like, _ = _percentiles([_seconds(_like, question) for question in asked])
    index = get_search_backend().get_index_for_model(Book)
    single = statistics.median(_seconds(index.reindex, [pk]) for pk in range(1, 21))
    return [
        _line("search page p50", p50, many, beside=like),
        _line("search page p95", p95, many, beside=like),
        _line("index one row", single, many),
        _line("index 100 rows", _seconds(index.reindex, range(101, 201)), many),
        _line("rebuild the index, per row", building / many, many),
    ]


def _set_up() -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.search.backend.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "SEARCH_BACKEND": "db",
        "CONTRACT_ROOT": tempfile.mkdtemp(prefix="yuanyi-bench-search-"),
    }
    import django

    django.setup()


def _fill(many: int) -> list[str]:
    from django.core.management import call_command
    from modelsearch.test.testapp.models import Book

    call_command("migrate", run_syncdb=True, verbosity=0)
    texts, words = invented(many)
    Book.objects.bulk_create(
        Book(title=title, summary=summary, number_of_pages=place % 7, publication_date=dt.date(2026, 1, 1))
        for place, (title, summary) in enumerate(texts)
    )
    return words


def _page(question: str) -> None:
    """A page of results as it is shown: how many, the first ten, how many of each sort."""
    from modelsearch.test.testapp.models import Book

    results = Book.objects.search(question)
    assert results.count() >= len(results[:10])
    results.facet("number_of_pages")


def _like(question: str) -> None:
    """What a database does without an index, for one word, without ranking."""
    from modelsearch.test.testapp.models import Book

    rows = Book.objects.filter(summary__contains=question.split()[0])
    assert rows.count() >= len(rows[:10])


def _seconds(work: Callable[..., object], *arguments: Any) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def _percentiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18]


def _line(name: str, seconds: float, many: int, beside: float | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(seconds * 1000, 2),
        "unit": "ms",
        "beside": round(beside * 1000, 2) if beside else None,
        "ratio": round(seconds / beside, 2) if beside else None,
        "n": many,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000), indent=1))
