"""Votes beside the plain one: owners with their floor area, money shared out, and a show of hands."""

import datetime as dt

from people.models import User
from voting import objections, proxies
from voting.models import Objection, RollEntry

from . import estate
from .tale import Tale

LIFT = [
    ("3栋", "2单元", "101", "78.36", "林竹筠"),
    ("3栋", "2单元", "102", "92.10", "魏长河"),
    ("3栋", "2单元", "201", "78.36", "孙静言"),
    ("3栋", "2单元", "202", "92.10", "秦越"),
    ("3栋", "2单元", "301", "78.36", "何其芳"),
    ("3栋", "2单元", "302", "92.10", "范大江"),
    ("3栋", "2单元", "501", "78.36", "平安生"),
    ("3栋", "2单元", "502", "92.10", "唐小楼"),
    ("3栋", "2单元", "601", "78.36", "康乐天"),
    ("3栋", "2单元", "602", "104.55", "槐树根"),
    ("4栋", "1单元", "302", "88.20", "李四维"),
    ("4栋", "1单元", "501", "88.20", "风铃音"),
]
PARKING = [
    ("1栋", "1单元", "301", "85.40", "陈同安"),
    ("1栋", "1单元", "302", "101.20", "袁守信"),
    ("2栋", "1单元", "202", "85.40", "安思源"),
    ("2栋", "1单元", "401", "85.40", "龚正平"),
    ("2栋", "1单元", "402", "118.75", "钟万里"),
    ("3栋", "1单元", "101", "66.00", "夏荷生"),
    ("3栋", "1单元", "102", "66.00", "杜明礼"),
]


def lift(t: Tale) -> None:
    """Owners of one entrance vote by heads and floor area; the vote is open now, on the web, by proxy and on paper."""
    t.at(46).files(
        "huai",
        "槐荫里",
        title="3 栋 2 单元加装电梯",
        problem="2 单元六层 10 户，五楼以上住着 4 位七十多岁的老人，康婆婆去年摔伤后半年没有下过楼。",
        wish="请全单元业主表决：在北侧加装一部电梯，费用按楼层分摊，一楼不出钱。",
        place="3 栋 2 单元北侧",
    )
    t.at(45).moves("huai-mod", "accept")
    t.at(43, 19).endorsed_by("lisi", "guo", "qing", "yue", "feng")
    t.at(42).examined_by(
        "huai-mod",
        cause="楼龄三十年，没有电梯，住户老了。",
        affected="2 单元 10 户业主。",
        obstacles="一楼担心采光和噪声；费用分摊要谈拢。",
        units="院落议事小组、街道、规划和自然资源、电梯厂家。",
        gains="五楼以上老人：能下楼",
        bears="一楼业主：采光和噪声",
    )
    t.at(40, 20)
    t.says("zhuyun", "我家在一楼。井道能不能往后移一米，用玻璃围护，不要挡光？")
    t.says("huai", "厂家看过，可以后移一米二，用玻璃。写进方案。", later=7)
    t.at(21, 9)
    estate.registered(t, "槐荫里", LIFT, by=t.people["huai-clerk"])
    t.at(20).moves(
        "huai-chair",
        "call_vote",
        "是否同意 3 栋 2 单元加装电梯？",
        plan="井道后移 1.2 米，玻璃围护。造价约 46 万元，政府补助 20 万元；其余按楼层分摊，一楼不出钱，二楼 1 份，每高一层加 1 份。",
        statute="civil_code_278_special",
        part="3栋 2单元",
    )
    t.at(18)
    for who, owner in (("huai", "槐树根"), ("zhuyun", "林竹筠"), ("tang", "唐小楼")):
        estate.claimed(t, who, owner, clerk="huai-clerk")
    t.at(4, 9).opened()
    estate.printed(t, clerk="huai-clerk")
    t.at(3, 19).vote(yes="huai", no="zhuyun")
    _entrust(t, "唐小楼", by="tang", holder="huai")
    t.at(1, 15)
    estate.handed_in(t, "康乐天", "yes", clerks=["huai-clerk", "jin-clerk"])
    estate.handed_in(t, "平安生", "yes", clerks=["huai-clerk", "jin-clerk"])
    estate.handed_in(t, "何其芳", "yes", clerks=["huai-clerk"])
    estate.handed_in(t, "魏长河", None, clerks=["huai-clerk", "jin-clerk"], fault="unsigned")


def _entrust(t: Tale, owner: str, *, by: str, holder: str) -> None:
    right = RollEntry.objects.get(ballot=t.ballot, owner__name=owner)
    until = right.ballot.closes_at
    proxies.give(right, holder=t.people[holder], scope="按方案投同意票。", until=until, by=t.people[by], at=t.now)


def parking(t: Tale) -> None:
    """An owners' vote that was counted, objected to and stood."""
    t.at(62).files(
        "tong1",
        "同安苑",
        title="同安苑地面停车费收支每季度公布",
        problem="地面停车一年收了多少、花在哪里，业主问了两年没有见过账。",
        wish="表决一个规矩：停车费进公共收益账户，每季度在公告栏和平台公布收支。",
        place="同安苑地面停车位",
    )
    t.at(61).moves("tong-mod", "accept")
    t.at(60, 19).endorsed_by("tong2", "tong3", "tong4", "tong5", "tong6")
    t.at(59).examined_by(
        "tong-mod",
        cause="公共收益没有单独账户，也没有公布的规矩。",
        affected="同安苑全体业主。",
        obstacles="物业合同没有写公布的时间。",
        units="院落议事小组、物业、社区。",
        gains="全体业主：看得到账",
        bears="物业：每季度做一次账",
    )
    t.at(58, 20).says("tong2", "公布要写到每一笔，不要只写总数。")
    t.at(45, 9)
    estate.registered(t, "同安苑", PARKING, by=t.people["jin-clerk"])
    t.at(44).moves(
        "tong-chair",
        "call_vote",
        "是否同意停车费进公共收益账户，每季度公布每一笔收支？",
        plan="自下季度起实行；由物业列账，两名业主代表核对后公布。",
        statute="civil_code_278_general",
    )
    t.at(42)
    estate.claimed(t, "tong1", "陈同安", clerk="jin-clerk")
    estate.claimed(t, "tong2", "安思源", clerk="jin-clerk")
    t.at(28, 10).opened()
    estate.printed(t, clerk="jin-clerk")
    t.at(27, 19).vote(yes="tong1 tong2")
    t.at(25, 16)
    for owner, choice in (("袁守信", "yes"), ("钟万里", "yes"), ("夏荷生", "no"), ("龚正平", "abstain")):
        estate.handed_in(t, owner, choice, clerks=["jin-clerk", "tong-clerk"])
    t.at(21, 9).counted()
    ballot = t.ballot
    asked = "3 栋有一家是不是投了两张票？请核对。"
    made: Objection = objections.make(ballot, grounds=asked, by=t.people["tong2"], at=t.now)
    t.at(20)
    reason = "核对了票号和名册：每个投票权只有一张票，计票文件里可以逐张看到。"
    objections.refuse(made, reason=reason, by=_above(t), at=t.now)
    t.at(6, 9)
    t.moves("tong-chair", "hand_up", "业主表决通过，请社区督促物业按季公布。", reason="vote_result")
    t.at(4).moves("jin-chair", "take_over")


def _above(t: Tale) -> User:
    return t.people["jin-chair"]


def budget(t: Tale) -> None:
    """Residents shared out money: everybody has an equal share of it to spend."""
    t.at(40).files(
        "qing",
        "槐荫里",
        title="今年 2 万元公共收益花在哪里",
        problem="公共收益账户有 2 万元，年年由物业说了算，花在看不见的地方。",
        wish="把几件小事列出来，大家选；照顾到不同的人，不要一边倒。",
        place="全院",
    )
    t.at(39).moves("huai-mod", "accept")
    t.at(37, 19).endorsed_by("guo", "tang", "pan", "yue", "feng")
    t.at(36).examined_by(
        "huai-mod",
        cause="公共收益没有共同商量的办法。",
        affected="全院 168 户。",
        obstacles="想做的事多，钱不够。",
        units="院落议事小组、物业。",
        gains="全院住户：自己定钱怎么花",
        bears="没有选上的项目：等明年",
    )
    t.at(35, 20).says("guo", "长椅要有靠背，老人才起得来。")
    t.at(30).moves(
        "huai-chair",
        "call_vote",
        "今年的 2 万元公共收益，先办哪几件？",
        plan="每人可选任意几件。按等份额法计票：每位投票人手里的份额一样大，选上的由支持它的人一起出。",
        statute="house",
        method="equal_shares",
        budget=20000,
        options="带靠背的长椅四张 = 6000\n2 栋门口无障碍坡道 = 8000\n儿童沙坑换沙加盖 = 4500\n晾衣杆两组 = 3000\n大门电子屏 = 12000",
    )
    t.at(29, 19)
    for who, choice in CHOICES.items():
        t.casts(who, choice)
    t.at(14).counted().moves("huai-chair", "hand_up", "选出三件，请社区从公共收益账户拨付。", reason="vote_result")
    t.at(12).moves("jin-chair", "take_over")


CHOICES = {
    "guo": ["a", "b"],
    "pan": ["a", "b"],
    "qing": ["a", "d"],
    "tang": ["c"],
    "xiaoman": ["c", "a"],
    "feng": ["b", "e"],
    "yue": ["c", "d", "e"],
    "lisi": ["a", "b", "d"],
}


def rain_shelter(t: Tale) -> None:
    """A show of hands: the meeting is tomorrow evening."""
    t.at(13).files(
        "he5",
        "菁荷苑",
        title="大门口避雨的棚子漏了，换成什么样的",
        problem="大门口的雨棚漏了三处，下雨天接孩子的人站不下。",
        wish="请大家到坝子上看样品，当场定。",
        place="菁荷苑大门口",
    )
    t.at(12).moves("he-mod", "accept")
    t.at(11, 19).endorsed_by("he1", "he2", "he3", "he4", "he6")
    t.at(10).examined_by(
        "he-mod",
        cause="雨棚用了十二年，板子老化。",
        affected="进出大门的全院住户。",
        obstacles="样式意见不一，经费 4,800 元已有。",
        units="院落议事小组、物业。",
        gains="全院住户：下雨不淋",
        bears="门卫：施工两天改走侧门",
    )
    evening = (t.today + dt.timedelta(days=1)).replace(hour=19, minute=30, second=0, microsecond=0)
    t.at(2).moves(
        "he-chair",
        "call_vote",
        "是否同意换成透光板雨棚？",
        plan="透光板雨棚，4,800 元，从公共收益支出，保修三年。",
        place="菁荷苑中间坝子",
        meets_at=evening.isoformat(),
    )
