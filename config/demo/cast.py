"""The people of the demo, all invented: who lives where, who holds which office, and how each signs in."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from areas.models import Area, Body
from people import residing
from people.models import Appointment, User
from people.roles import RoleKey

PASSWORD = "yuanyi-demo-2026"


@dataclass(frozen=True)
class Resident:
    key: str
    name: str
    courtyard: str
    building: str
    door: str


@dataclass(frozen=True)
class Officer:
    key: str
    name: str
    area: str
    role: RoleKey
    title: str


RESIDENTS = (
    Resident("zhuyun", "竹筠", "槐荫里", "3", "101"),
    Resident("huai", "老槐树下", "槐荫里", "3", "602"),
    Resident("lisi", "四栋李", "槐荫里", "4", "302"),
    Resident("guo", "郭家阿姨", "槐荫里", "2", "201"),
    Resident("qing", "青瓦", "槐荫里", "1", "503"),
    Resident("tang", "糖油果子", "槐荫里", "5", "402"),
    Resident("pan", "潘师傅", "槐荫里", "5", "101"),
    Resident("yue", "月白", "槐荫里", "2", "603"),
    Resident("xiaoman", "小满", "槐荫里", "1", "204"),
    Resident("feng", "风铃草", "槐荫里", "4", "501"),
    Resident("he1", "荷塘听雨", "菁荷苑", "2", "302"),
    Resident("he2", "二幢老周", "菁荷苑", "2", "501"),
    Resident("he3", "堤边柳", "菁荷苑", "2", "202"),
    Resident("he4", "梅姐", "菁荷苑", "1", "401"),
    Resident("he5", "北窗", "菁荷苑", "3", "603"),
    Resident("he6", "阿黎", "菁荷苑", "2", "602"),
    Resident("tong1", "同安老陈", "同安苑", "1", "301"),
    Resident("tong2", "安安妈", "同安苑", "2", "202"),
    Resident("pu1", "圃园春", "圃园小院", "1", "402"),
    Resident("pu2", "二单元老何", "圃园小院", "1", "101"),
    Resident("yin1", "银杏叶", "银杏里", "2", "303"),
    Resident("chang1", "长庆小吴", "长庆雅居", "6", "1102"),
    Resident("zao1", "枣花", "枣园", "1", "201"),
    Resident("fu1", "福源陈婆婆", "福源里", "3", "101"),
    Resident("tong3", "同安小袁", "同安苑", "1", "302"),
    Resident("tong4", "拐杖老龚", "同安苑", "2", "401"),
    Resident("tong5", "夏家荷花", "同安苑", "3", "101"),
    Resident("tong6", "明礼", "同安苑", "3", "102"),
)
NEWCOMER = Resident("xie", "新来的小谢", "槐荫里", "2", "402")
OFFICERS = (
    Officer("huai-mod", "傅望舒", "槐荫里", RoleKey.MODERATOR, "值班审查员"),
    Officer("huai-chair", "方正阳", "槐荫里", RoleKey.CHAIR, "召集人"),
    Officer("huai-clerk", "谢一苇", "槐荫里", RoleKey.CLERK, "文书"),
    Officer("he-mod", "柳如山", "菁荷苑", RoleKey.MODERATOR, "值班审查员"),
    Officer("he-chair", "简宁", "菁荷苑", RoleKey.CHAIR, "召集人"),
    Officer("tong-mod", "章台", "同安苑", RoleKey.MODERATOR, "值班审查员"),
    Officer("tong-chair", "俞百川", "同安苑", RoleKey.CHAIR, "召集人"),
    Officer("tong-clerk", "莫小雨", "同安苑", RoleKey.CLERK, "文书"),
    Officer("jin-clerk", "范晚晴", "金鱼街社区", RoleKey.CLERK, "文书"),
    Officer("jin-mod", "程小禾", "金鱼街社区", RoleKey.MODERATOR, "居委会委员"),
    Officer("jin-chair", "罗一川", "金鱼街社区", RoleKey.DECIDER, "专委会主任"),
    Officer("jin-grid", "邓明月", "金鱼街社区", RoleKey.GRID_WORKER, "网格员"),
    Officer("jiu-chair", "沈渡", "九里堤北路社区", RoleKey.DECIDER, "专委会主任"),
    Officer("jiu-grid", "何以清", "九里堤北路社区", RoleKey.GRID_WORKER, "网格员"),
    Officer("fu-decider", "乔明远", "抚琴街道", RoleKey.DECIDER, "副主任"),
    Officer("fu-handler", "顾南枝", "抚琴街道", RoleKey.HANDLER, "城市管理办公室"),
    Officer("jld-decider", "季长风", "九里堤街道", RoleKey.DECIDER, "副主任"),
    Officer("qu-decider", "江知远", "金牛区", RoleKey.DECIDER, "联席会副召集人"),
    Officer("qu-handler", "岑溪", "金牛区", RoleKey.HANDLER, "河道整治专班"),
    Officer("qu-grid", "白露", "金牛区", RoleKey.GRID_WORKER, "网格中心值班员"),
    Officer("qu-super", "严若谷", "金牛区", RoleKey.SUPERVISOR, "督查专员"),
    Officer("qu-editor", "苏纸鸢", "金牛区", RoleKey.EDITOR, "网站编辑"),
    Officer("qu-operator", "石守夜", "金牛区", RoleKey.OPERATOR, "平台运维"),
)


def build(at: dt.datetime) -> dict[str, User]:
    """Everybody, by key. Residents sign in by phone and code; officers by e-mail, password and authenticator."""
    bodies = {body.area.name: body for body in Body.objects.select_related("area")}
    people = {o.key: _officer(o, bodies[o.area], n, at) for n, o in enumerate(OFFICERS, 1)}
    places = {area.name: area for area in Area.objects.all()}
    for n, who in enumerate(RESIDENTS, 1):
        people[who.key] = _resident(who, places[who.courtyard], n, at)
        residing.confirm(people[who.key].residences.get(), by=people["qu-grid"], at=at)
    _resident(NEWCOMER, places[NEWCOMER.courtyard], 99, at)
    return people


def accounts() -> list[tuple[str, str, str]]:
    """(how to sign in, name, what this person can do), for the start's print and the development page."""
    lines = [(_phone(n), r.name, f"{r.courtyard}居民") for n, r in enumerate(RESIDENTS, 1)]
    lines += [(f"{o.key}@yuanyi.example", o.name, f"{o.area} {o.title}") for o in OFFICERS]
    return [*lines, (_phone(99), NEWCOMER.name, "住址还在等网格员核实")]


def _phone(n: int) -> str:
    return f"00000000{100 + n}"


def _resident(who: Resident, courtyard: Area, n: int, at: dt.datetime) -> User:
    user = User.objects.create_user(
        at=at,
        last_login=at,
        name=who.name,
        phone=_phone(n),
        phone_verified=True,
        adult_attested_at=at,
        email=f"{who.key}@yuanyi.example",
    )
    residing.claim(user, courtyard=courtyard, building=who.building, door=who.door, by=user, at=at)
    return user


def _officer(who: Officer, body: Body, n: int, at: dt.datetime) -> User:
    user = User.objects.create_user(
        at=at,
        last_login=at,
        name=who.name,
        email=f"{who.key}@yuanyi.example",
        phone=f"00000000{500 + n}",
        phone_verified=True,
        adult_attested_at=at,
        password=PASSWORD,
    )
    Appointment.objects.create(user=user, body=body, role=who.role, title=who.title, since=at)
    if who.role in (RoleKey.CHAIR, RoleKey.DECIDER):
        Body.objects.filter(pk=body.pk).update(convener=who.name)
    TOTP.activate(user, generate_totp_secret())
    user.second_factor = True
    return user
