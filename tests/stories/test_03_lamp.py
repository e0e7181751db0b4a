"""Story 3: a lamp that is out, as a small proposal: photo, answer, repair; and an office that is late at every step."""

import io
from collections import Counter

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from areas.models import Level
from notifications.models import Notice
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

PROPOSER, *ENDORSERS = ("夜班小罗", "洞子口老郑", "一单元阿芳", "二单元周叔", "三单元小蒋", "四单元陈姐")
CAMERA = b"Night-Camera-7"


def photo() -> SimpleUploadedFile:
    """With the maker and the place in its metadata, as telephones put them there."""
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = CAMERA.decode()
    Image.new("RGB", (1200, 900), "#222233").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("路灯.jpg", out.getvalue(), "image/jpeg")


def test_a_late_office_is_warned_reminded_noticed_supervised_and_loses_it(found: Founds) -> None:
    town = found("沙河源街道", "洞子口社区", "洞子口新居(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    it_is_filed_with_a_photo_at_night(town)
    town.does("screener", "accept")
    town.endorsed_by(*ENDORSERS)
    nobody_examines_it(town)
    the_community_has_it_and_mends_the_lamp(town)
    everybody_was_told_once(town)
    shown = ("办结·已解决", "已因超期被通报", "到期没有人办理。", "3.0 / 5 答复和态度", "修是修好了，就是等得太久。")
    afterwards.a_stranger_reads(town, *shown, never=tuple(ENDORSERS))
    assert afterwards.papers(town) == [
        ("decision", 1, "洞子口社议答〔2026〕1号"),
        ("case_file", 1, "洞子口社议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def it_is_filed_with_a_photo_at_night(town: Town) -> None:
    """Before it is accepted nobody else sees it; the picture keeps nothing of where and with what it was taken."""
    town.files(
        PROPOSER,
        title="大门口的路灯不亮",
        problem="大门口的路灯坏了两个星期，夜班回来什么也看不见。",
        wish="请把灯修好，说明以后坏了找谁。",
        place="大门口右手第一根灯杆",
        photos=[photo()],
    )
    picture = f"/photos/{town.case.photos.get().key}/l/"
    assert [town.by("").get(address).status_code for address in (town.at(), picture)] == [404, 404]
    assert CAMERA not in town.by(PROPOSER).get(picture).content


def nobody_examines_it(town: Town) -> None:
    """Swept twice a day, everything is said once; what the office is late with, everybody reads."""
    said_on_page: dict[str, str] = {}
    for _day in range(29):
        town.wait(1)
        town.beat()
        words = said(town.by("").get(town.at()))
        for word in ("已催办", "已因超期被通报", "督办中"):
            if word in words:
                said_on_page.setdefault(word, town.now.date().isoformat())
    assert said_on_page == {"已催办": "2026-11-27", "已因超期被通报": "2026-12-03", "督办中": "2026-12-10"}
    assert afterwards.rung(town) == [
        ("half_time", "2026-11-24"),  # of five working days from Wednesday the 18th
        ("time_short", "2026-11-25"),
        ("overdue", "2026-11-26"),
        ("reminded", "2026-11-27"),
        ("noticed", "2026-12-03"),
        ("supervised", "2026-12-10"),
        ("half_time", "2026-12-15"),  # of the three that the community has to take it over
        ("time_short", "2026-12-15"),
    ]
    assert (town.case.state, town.case.owner) == ("screening", town.bodies[Level.COMMUNITY])
    assert town.case.title in said(town.by("").get("/cases/?supervised=1"))
    assert town.case.title in said(town.by("overseer").get("/desk/"))


def the_community_has_it_and_mends_the_lamp(town: Town) -> None:
    town.examines(
        "clerk", "+夜里回家的住户：看得见路", "社区：灯具费用",
        cause="灯具老化，线路进水。", affected="全院 240 户。", obstacles="灯杆归谁管说法不一。", units="社区、市政。",
    )  # fmt: skip
    town.does("community", "take_up")
    points = (
        ("请把灯修好", "adopted", "查明灯杆归社区，已请市政照明单位上门。"),
        ("说明以后坏了找谁", "adopted", "灯杆上贴编号和电话。"),
    )
    town.answers(
        "community", *points, summary="采纳：三天内修好，灯杆贴编号和电话。",
        reasons="一、灯杆属社区管护。二、线路进水属实，换线即可。", basis="社区权责清单第 6 项",
        contact="邓明月 028-0000-0151",
    )  # fmt: skip
    town.does("community handler", "start", text="明晚换线。")
    town.wait(1)
    town.does("community handler", "complete", text="灯亮了，编号贴好了。")
    town.judges(PROPOSER, "yes", 3, "修是修好了，就是等得太久。")
    assert afterwards.road(town) == [
        "submit: submitted, 洞子口新居(示例)",
        "accept: endorsing, 洞子口新居(示例)",
        "qualify: screening, 洞子口新居(示例)",
        "climb: escalated, 洞子口社区",
        "take_over: screening, 洞子口社区",
        "open: deliberating, 洞子口社区",
        "take_up: deciding, 洞子口社区",
        "decide: decided, 洞子口社区",
        "start: implementing, 洞子口社区",
        "complete: evaluating, 洞子口社区",
        "close: closed, 洞子口社区",
    ]


def everybody_was_told_once(town: Town) -> None:
    """The office that is late, the one above it, and those who watch both."""
    heard = (
        "qualified overdue noticed supervised handed_up taken_over opened taken_up decided started completed:act closed"
    )
    late = "qualified:act half_time:act time_short:act overdue:act reminded:act noticed:act"
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": f"submitted:act {late}",
            "convener": f"{late} handed_up:office taken_over:office decided:office completed:office",
            "community": "reminded:office noticed:office supervised:office handed_up:act half_time:act time_short:act "
            "taken_over:turn opened:act taken_up:act",
            "clerk": "taken_over:turn",
            "overseer、inspector": "noticed:office supervised:office",
            "community handler": "decided:act",
        }
    )
    counted = Counter(Notice.objects.filter(event__chain=town.case.chain).values_list("user", "kind"))
    ladder = ("overdue", "reminded", "noticed", "supervised")
    assert {n for (_user, kind), n in counted.items() if kind.split(":")[0].removeprefix("case.") in ladder} == {1}
