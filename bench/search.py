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
COMMON = (
    "我们 小区 希望 尽快 解决 居民 业主 物业 社区 院子 门口 晚上 问题 多次 反映 没有 安全 隐患 老人 孩子 处理 方案 费用 "
    "分摊 施工 时间 意见 公示 投票 支持 反对 楼栋 单元 一楼 顶楼 车辆 进出 已经 半年 影响 生活 休息 环境 卫生 维修"
).split()


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
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.search.backend.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "SEARCH_BACKEND": "db",
        "CONTRACT_ROOT": tempfile.mkdtemp(prefix="yuanyi-bench-search-"),
    }
    import django

    django.setup()
    from django.core.management import call_command
    from modelsearch.backends import get_search_backend
    from modelsearch.test.testapp.models import Book

    call_command("migrate", run_syncdb=True, verbosity=0)
    texts, words = invented(many)
    Book.objects.bulk_create(
        Book(title=title, summary=summary, number_of_pages=place % 7, publication_date=dt.date(2026, 1, 1))
        for place, (title, summary) in enumerate(texts)
    )
    backend = get_search_backend()

    def page(question: str) -> None:
        results = backend.search(question, Book.objects.all())
        assert results.count() >= len(results[:10])
        results.facet("number_of_pages")

    def like(question: str) -> None:
        rows = Book.objects.filter(summary__contains=question.split()[0])
        assert rows.count() >= len(rows[:10])

    building = _seconds(lambda: call_command("rebuild_modelsearch_index", verbosity=0))
    chance = random.Random(2)
    asked = [" ".join(chance.sample(words[:400], chance.randint(1, 3))) for _ in range(QUESTIONS)]
    page(asked[0])
    p50, p95 = _percentiles([_seconds(lambda q=q: page(q)) for q in asked])  # type: ignore[misc]
    plain, _ = _percentiles([_seconds(lambda q=q: like(q)) for q in asked])  # type: ignore[misc]
    index = backend.get_index_for_model(Book)
    single = [_seconds(lambda pk=pk: index.reindex([pk])) for pk in range(1, 21)]  # type: ignore[misc]
    hundred = _seconds(lambda: index.reindex(range(101, 201)))
    return [
        _line("search page p50", p50 * 1000, "ms", plain * 1000, many),
        _line("search page p95", p95 * 1000, "ms", plain * 1000, many),
        _line("index one row", statistics.median(single) * 1000, "ms", None, many),
        _line("index 100 rows", hundred * 1000, "ms", None, many),
        _line("rebuild the index, per row", building / many * 1000, "ms", None, many),
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _percentiles(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18]


def _line(name: str, value: float, unit: str, beside: float | None, many: int) -> dict[str, Any]:
    ratio = round(value / beside, 2) if beside else None
    return {"name": name, "value": round(value, 2), "unit": unit, "beside": beside, "ratio": ratio, "n": many}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000), indent=1))
