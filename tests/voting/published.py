"""Tally files: two small ones, line by line, and honest ones of every kind as hypothesis strategies."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from ledger import canonical
from voting import tallyfile
from voting.hands import paper_of
from voting.methods import METHODS
from voting.states import Choice
from voting.tally import BY_AREA, Rule, Share, Weight
from voting.tallyfile import Basis, Correction, Hands, InvalidPaper, NamedPaper, Right, TallyFacts

CALLED = dt.datetime(2026, 9, 1, 1, tzinfo=dt.UTC)
OPENS, CLOSES = CALLED + dt.timedelta(days=15), CALLED + dt.timedelta(days=24)
HOUSE = Basis("house", "院规", "过半数参与，过半数赞成。")
ROOT = "ab" * 32
KEYS = ("a", "b", "c")

Line = dict[str, Any]


def facts(rule: Rule, rights: list[Right], channels: dict[str, int], result: Line) -> TallyFacts:
    frozen = [(right.right, units) for right in rights if (units := _at_notice(right))]
    return TallyFacts(
        ballot=7,
        case="case:" + "c" * 32,
        area="510106032009",
        question="要不要装电梯？",
        plan="",
        called_at=CALLED,
        opens_at=OPENS,
        closes_at=CLOSES,
        terms=rule.data(),
        basis=HOUSE,
        labels={key: f"方案 {key}" for key in rule.options},
        roll_heads=len(frozen),
        roll_area=sum(area for _right, units in frozen for _label, area in units),
        roll_hash=canonical.digest([{"right": right, "units": units} for right, units in frozen]),
        channels=channels,
        result=result,
        root=ROOT,
    )


def _at_notice(right: Right) -> tallyfile.Units:
    return right.units if right.frozen is None else right.frozen


def named() -> list[bytes]:
    """Four flats: one was sold, one owner did not vote, one slip was unsigned."""
    rights = [
        Right("0a", "1栋 1** 王**", [("1栋 1**", 8000), ("1栋 4**", 8050)], frozen=[("1栋 1**", 8000)]),
        Right("0b", "1栋 2** 李**", [("1栋 2**", 9000)]),
        Right("0c", "1栋 3** 张**", [("1栋 3**", 7000)]),
        Right("0d", "1栋 4** 赵**", [], frozen=[("1栋 4**", 8050)]),
    ]
    sold = CALLED + dt.timedelta(days=16)
    papers = [NamedPaper("0a", "web", "AAAA-2222", "yes"), NamedPaper("0b", "proxy", "BBBB-3333", "no")]
    rule = Rule(Share(1, 2, True), Share(1, 2, True), by_area=True, silent=True)
    cast = [("yes", Weight(1, 16050)), ("no", Weight(1, 9000))]
    result = METHODS["yes_no"].count(cast, Weight(3, 32050), rule).data()
    return list(
        tallyfile.named(
            facts(rule, rights, {"web": 1, "proxy": 1}, result),
            rights=rights,
            corrections=[Correction(right, "过户", sold, ("p1", "p2")) for right in ("0a", "0d")],
            papers=papers,
            invalid=[InvalidPaper("000123", "paper", "unsigned")],
        )
    )


def secret() -> list[bytes]:
    """Four neighbours, three of whom ranked three places."""
    rights = [Right(f"1{n}", f"2栋 {n}**", [(f"2栋 {n}**", 0)]) for n in "abcd"]
    rule, choices = Rule(method="ranked", options=KEYS), [["b", "a"], ["b"], []]
    result = METHODS["ranked"].count([(choice, Weight(1)) for choice in choices], Weight(4), rule).data()
    return list(
        tallyfile.secret(
            facts(rule, rights, {"web": 2, "paper": 1}, result),
            rights=rights,
            corrections=[],
            receipts=["CCCC-4444", "DDDD-5555", "EEEE-6666"],
            choices=choices,
            invalid=[],
        )
    )


def show() -> list[bytes]:
    """Five neighbours, four of whom came to the meeting and raised their hands for one of two gates."""
    rights = [Right(f"2{n}", f"3栋 {n}**", [(f"3栋 {n}**", 0)]) for n in "abcde"]
    rule = Rule(method="options", options=KEYS[:2])
    counts = {"a": {"yes": 3, "no": 0, "abstain": 1}, "b": {"yes": 1, "no": 2, "abstain": 1}}
    return _shown(rule, rights, Hands(4, counts, "三栋楼下凉亭", "cd" * 32, ("p1", "p2")), [])


def _shown(rule: Rule, rights: list[Right], hands: Hands | None, corrections: list[Correction]) -> list[bytes]:
    cast = [(paper_of(hands.counts, rule.options, head), Weight(1)) for head in range(hands.present if hands else 0)]
    total = sum((_weight(right) for right in rights if right.units), Weight(0))
    result = METHODS[rule.method].count(cast, total, rule).data()
    told = facts(rule, rights, {}, result)
    return list(tallyfile.show(told, rights=rights, corrections=corrections, hands=hands))


def read(file: Iterable[bytes]) -> list[Line]:
    return [json.loads(line) for line in file]


# ── honest files of every kind ───────────────────────────────────────────────

answers = st.sampled_from(Choice.values)
chosen = st.lists(st.sampled_from(KEYS), unique=True).map(sorted)
CONTENTS: dict[str, st.SearchStrategy[Any]] = {
    "yes_no": answers,
    "options": st.fixed_dictionaries(dict.fromkeys(KEYS, answers)),
    "approval": chosen,
    "ranked": st.lists(st.sampled_from(KEYS), unique=True),
    "score": st.fixed_dictionaries(dict.fromkeys(KEYS, st.integers(0, 5))),
    "knapsack": chosen.filter(lambda keys: len(keys) < len(KEYS)),
    "equal_shares": chosen,
}
shares = st.sampled_from([Share(1, 2, True), Share(1, 2, False), Share(2, 3, False), Share(1, 9, False)])
labels = st.sampled_from(["3栋 2单元 6**", "商铺 1*", "车位 7"])
units = st.lists(st.tuples(labels, st.integers(1, 20_000)), min_size=1, max_size=2)


@st.composite
def rules(draw: st.DrawFn, by_area: bool) -> Rule:
    method = draw(st.sampled_from(list(METHODS)))
    options = () if method == "yes_no" else KEYS
    costly = method in ("knapsack", "equal_shares")
    return Rule(
        quorum=draw(shares),
        majority=draw(shares),
        method=method,
        by_area=by_area and method in BY_AREA and draw(st.booleans()),
        options=options,
        costs={key: draw(st.integers(1, 30)) for key in options} if costly else {},
        budget=60 if costly else 0,
        seats=draw(st.integers(1, 2)),
        threshold=draw(st.integers(0, 2)),
        silent=method == "yes_no" and draw(st.booleans()),
    )


@st.composite
def rights(draw: st.DrawFn) -> list[Right]:
    """Of some the roll was corrected: another area, another unit, left out at first, struck."""
    found = []
    for n in range(draw(st.integers(1, 6))):
        now, frozen = draw(units), draw(st.none() | st.none() | units | st.just([]))
        if frozen and draw(st.booleans()):
            now = []
        found.append(Right(f"r{n}", f"第 {n} 户", now, None if frozen == now else frozen))
    return found


@st.composite
def shows(draw: st.DrawFn) -> list[bytes]:
    """Of a meeting to which somebody came, or of which nobody confirmed a count."""
    roll = draw(rights())
    rule = draw(rules(by_area=False).filter(lambda rule: rule.method in BY_AREA))
    present = draw(st.integers(0, sum(right.units != [] for right in roll)))
    counts = {key: draw(counted(present)) for key in rule.options} or draw(counted(present))
    made = [_correction(right.right, n) for n, right in enumerate(roll) if right.frozen is not None]
    hands = Hands(present, counts, draw(labels), "cd" * 32, ("p1", "p2")) if present else None
    return _shown(rule, roll, hands, made)


def counted(present: int) -> st.SearchStrategy[dict[str, int]]:
    pairs = st.tuples(st.integers(0, present), st.integers(0, present)).map(sorted)
    return pairs.map(lambda two: {"yes": two[0], "no": two[1] - two[0], "abstain": present - two[1]})


def files() -> st.SearchStrategy[list[bytes]]:
    return papers() | papers() | shows()


@st.composite
def papers(draw: st.DrawFn) -> list[bytes]:
    """Valid by what it rests on: it is written by the product and counted by the product."""
    is_named, roll = draw(st.booleans()), draw(rights())
    rule = draw(rules(by_area=is_named))
    voters = [right for right in roll if right.units and draw(st.booleans())]
    cast = [(right, draw(CONTENTS[rule.method])) for right in voters]
    used = [draw(st.sampled_from(tallyfile.CHANNELS)) for _voter in voters]
    weighed = [(content, _weight(right) if is_named else Weight(1)) for right, content in cast]
    total = sum((_weight(right) for right in roll if right.units), Weight(0))
    result = METHODS[rule.method].count(weighed, total, rule).data()
    channels = {channel: used.count(channel) for channel in tallyfile.CHANNELS}
    others: dict[str, Any] = {
        "rights": roll,
        "corrections": [_correction(right.right, n) for n, right in enumerate(roll) if right.frozen is not None],
        "invalid": [InvalidPaper(f"00{n}", "paper", "late") for n in range(draw(st.integers(0, 2)))],
    }
    codes = [f"{right.right.upper()}-2345" for right in voters]
    told = facts(rule, roll, channels, result)
    if is_named:
        facts_of = zip(cast, used, codes, strict=True)
        papers = [NamedPaper(right.right, channel, code, said) for (right, said), channel, code in facts_of]
        return list(tallyfile.named(told, papers=papers, **others))
    return list(tallyfile.secret(told, receipts=codes, choices=[content for _voter, content in cast], **others))


def _weight(right: Right) -> Weight:
    return Weight(1, sum(area for _label, area in right.units))


def _correction(right: str, n: int) -> Correction:
    return Correction(right, "面积更正", CALLED + dt.timedelta(days=n + 1), ("p1", "p2"))
