"""Streets and communities of 金牛区 (areas/data, WTFPL), invented courtyards, and a body for every level."""

import csv
import datetime as dt
from pathlib import Path

from django.conf import settings

from areas.models import Area, Body, Level

DATA = Path(settings.BASE_DIR) / "areas" / "data"
DISTRICT = ("510106", "金牛区")
COURTYARDS = {
    "金鱼街社区": (("槐荫里", 168), ("同安苑", 96), ("圃园小院", 60)),
    "九里堤北路社区": (("菁荷苑", 144), ("临堤小院", 72)),
    "长庆社区": (("长庆雅居", 210),),
    "西北街社区": (("银杏里", 120), ("西北街甲院", 54)),
    "枣子巷社区": (("枣园", 132),),
    "五丁社区": (("五丁花园", 188),),
    "福源社区": (("福源里", 76),),
    "红星社区": (("红星桥院", 88),),
    "洞子口社区": (("洞子口新居", 240),),
    "奥林社区": (("奥林半岛", 320),),
}
COMPETENCE = {
    Level.DISTRICT: "跨街道的事项\n区级部门职责内的事项\n归属争议的最终指定",
    Level.STREET: "街道经费内的公共项目\n需要多个部门配合的整治\n跨社区的事项",
    Level.COMMUNITY: "社区公共事务\n社区保障资金项目\n居民公约",
    Level.COURTYARD: "院落公共空间的使用\n院落公约\n自筹资金的小修小补",
}
NAMES = {
    Level.DISTRICT: "{}社区提案工作联席会",
    Level.STREET: "{}社区提案公共事务议事委员会",
    Level.COMMUNITY: "{}提案公共议事专委会",
    Level.COURTYARD: "{}院落议事小组",
}
VACANT = ("临堤小院",)


def build(at: dt.datetime) -> int:
    """Every street and community, some courtyards, and who is competent there. Returns the number of areas."""
    district = Area.add_root(code=DISTRICT[0], name=DISTRICT[1], level=Level.DISTRICT, households=500_000)
    streets = {row["code"]: _add(district, row["code"], row["name"], Level.STREET) for row in _rows("streets.csv")}
    for row in _rows("communities.csv"):
        community = _add(
            Area.objects.get(pk=streets[row["street_code"]].pk), row["code"], row["short_name"], Level.COMMUNITY
        )
        for n, (name, households) in enumerate(COURTYARDS.get(row["short_name"], (("示例院落", 80),)), 1):
            label = name if row["short_name"] in COURTYARDS else f"{row['short_name'].removesuffix('社区')}{name}"
            _add(community, f"{row['code']}{n:02}", label, Level.COURTYARD, households)
    Body.objects.bulk_create(_body(area, at) for area in Area.objects.all() if area.name not in VACANT)
    return Area.objects.count()


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _add(parent: Area, code: str, name: str, level: Level, households: int = 0) -> Area:
    return parent.add_child(code=code, name=name, level=level, households=households)


def _body(area: Area, at: dt.datetime) -> Body:
    level = Level(area.level)
    return Body(
        area=area,
        name=NAMES[level].format(area.name),
        competence=COMPETENCE[level],
        phone=f"028-0000-{1000 + area.pk % 9000:04}",
        office=f"{area.name}党群服务中心（示例）" if level != Level.COURTYARD else f"{area.name}门卫室旁（示例）",
        sat_from=at,
    )
