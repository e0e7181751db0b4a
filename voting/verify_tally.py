"""核对计票文件。Check a published tally file on your own computer: Python 3.8 or later, and nothing else.

    python verify_tally.py FILE [--root HASH]
校验链、名册、更正、选票、结果都重新计算。Chain, roll, corrections, papers and result are computed again; exit 0 or 1.
--root：结果页上的末行校验值，证明这就是所公布的文件。The last chain value on the result page: it shows which file it is
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, namedtuple
from collections.abc import Callable, Iterable
from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import Any

WHOLE, FLAG = (lambda value: type(value) is int and 0 <= value < 2**53), (lambda value: isinstance(value, bool))
ANY, SHARE = (lambda _value: True), (lambda value: fits(value, (WHOLE, WHOLE, FLAG)) and 0 < value[0] <= value[1])
TEXT, WORD, HASH, CHANNEL, ANSWERS = ".*", ".+", "[0-9a-f]{64}", "web|paper|proxy", "yes|no|abstain"
HANDS, TWO = dict.fromkeys(ANSWERS.split("|"), WHOLE), (lambda value: fits(value, (WORD, WORD)) and len({*value}) == 2)
TIME, UNITS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", [(TEXT, WHOLE)]
Problem = namedtuple("Problem", "line kind what")
TERMS = {"method": "yes_no|options|approval|ranked|score|knapsack|equal_shares", "quorum": SHARE, "majority": SHARE,
    "basis": WORD, "options": ["[a-z0-9]{1,8}"], "costs": {"*": WHOLE}, **dict.fromkeys(("by_area", "changeable",
    "silent", "statutory"), FLAG), **dict.fromkeys(("budget", "max_score", "seats", "threshold"), WHOLE)}  # fmt: skip
SHAPES: dict[str, dict[str, Any]] = {
    "tally": {"v": lambda x: canonical(x) == "1", "ballot": WHOLE, "case": TEXT, "area": TEXT, "question": TEXT, "plan":
        TEXT, "kind": "named|secret|open_show", "called_at": TIME, "opens_at": TIME, "closes_at": TIME},
    "rule": {"terms": TERMS, "basis": {"code": TEXT, "title": TEXT, "text": TEXT}, "labels": {"*": TEXT}},
    "roll": {"lines": WHOLE, "heads": WHOLE, "area": WHOLE, "hash": HASH},
    "right": {"right": WORD, "label": TEXT, "units": UNITS, "frozen": lambda x: x is None or fits(x, UNITS)},
    "correction": {"right": WORD, "reason": WORD, "at": TIME, "by": TWO},
    "paper": {"right": WORD, "channel": CHANNEL, "receipt": WORD, "content": ANY},
    "receipt": {"code": WORD}, "choice": {"content": ANY},
    "hands": {"present": WHOLE, "counts": {"*": ANY}, "place": TEXT, "minutes": HASH, "by": TWO},
    "invalid": {"serial": WORD, "channel": CHANNEL, "reason": WORD}, "channels": dict.fromkeys(CHANNEL.split("|"),
    WHOLE), "result": {"*": ANY}, "end": {"lines": WHOLE, "root": HASH}}  # fmt: skip
ORDER, ONCE, BOTH = ["?", *SHAPES], {"tally", "rule", "roll", "channels", "result", "end"}, (0, 1)
RESULTS = {"passed": "通过", "not_passed": "未通过", "no_quorum": "参与不足", "tied": "票数相同，须再次表决"}


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def parsed(raw: bytes) -> dict[str, Any]:
    """Empty unless it is one object of a known kind in exactly the canonical form."""
    try:
        value = json.loads(raw.decode())
        return value if value["line"] in SHAPES and (canonical(value) + "\n").encode() == raw else {}
    except (ValueError, RecursionError, TypeError, LookupError):
        return {}


def fits(value: Any, shape: Any) -> bool:
    """shape: a pattern, {key: of its value}, [of each], (of the first, of the second …), or a test."""
    if isinstance(shape, str):
        return isinstance(value, str) and re.fullmatch(shape, value, re.DOTALL) is not None
    if isinstance(shape, dict):
        return isinstance(value, dict) and not misfits(value, shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, tuple):
        return isinstance(value, list) and len(value) == len(shape) and all(map(fits, value, shape))
    return bool(shape(value))


def misfits(value: dict[str, Any], shape: dict[str, Any]) -> list[str]:
    missing = shape.keys() - value.keys() - {"*", "changeable", "statutory"}
    return sorted(missing | {key for key in value if not fits(value[key], shape.get(key, shape.get("*", "(?!)")))})


class Rule:
    """The terms, what a paper can say under them, and what papers give: a `count_…` for each method."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.terms, self.line = line["terms"], line
        self.method, self.keys, self.costs = (self.terms[name] for name in ("method", "options", "costs"))
        self.budget, self.by = self.terms["budget"], BOTH if self.terms["by_area"] else (0,)

    def agrees(self, kind: str) -> bool:
        keys, yes_no, terms, by_area = {*self.keys}, self.method == "yes_no", self.terms, self.terms["by_area"]
        told = keys == self.line["labels"].keys() and terms["basis"] == self.line["basis"]["code"]
        offered = len(keys) == len(self.keys) and bool(keys) != yes_no and 0 not in (terms["seats"], terms["max_score"])
        priced = self.method not in ("knapsack", "equal_shares") or keys == {key for key, n in self.costs.items() if n}
        usual = self.method in ("yes_no", "options") or not (by_area or kind == "open_show")
        return told and offered and priced and usual and by_area <= (kind == "named") and terms["silent"] <= yes_no

    def each(self, shape: Any) -> Any:
        return dict.fromkeys(self.keys, shape) if self.keys else shape

    def takes(self, content: Any) -> bool:
        if self.method in ("yes_no", "options"):
            return fits(content, self.each(ANSWERS))
        if self.method == "score":
            return fits(content, dict.fromkeys(self.keys, lambda n: fits(n, WHOLE) and n <= self.terms["max_score"]))
        known = fits(content, [WORD]) and len({*content} & {*self.keys}) == len(content)
        listed = known and (self.method == "ranked" or content == [key for key in self.keys if key in content])
        return listed and (self.method != "knapsack" or sum(self.costs.get(key, 0) for key in content) <= self.budget)

    def result(self, cast: Iterable[tuple[Any, list[int]]], roll: list[int]) -> dict[str, Any]:
        alike: dict[str, tuple[Any, list[int]]] = {}
        for content, (heads, area) in cast:
            _, before = alike.get(key := canonical(content), (None, [0, 0]))
            alike[key] = (content, [before[0] + heads, before[1] + area])
        self.papers, self.roll = [*alike.values()], roll
        self.total = [sum(weight[by] for _content, weight in self.papers) for by in BOTH]
        self.quorate = self.reached("quorum", self.total, roll)
        return {**getattr(self, f"count_{self.method}")(), "method": self.method, "roll": roll, "papers": self.total}

    def reached(self, term: str, part: list[int], whole: list[int]) -> bool:
        numerator, denominator, strict = self.terms[term]
        return all(part[by] * denominator - whole[by] * numerator >= (1 if strict else 0) for by in self.by)

    def points(self) -> dict[str, int]:
        return {k: sum((c[k] if isinstance(c, dict) else k in c) * w[0] for c, w in self.papers) for k in self.keys}

    def answers(self, key: str = "") -> dict[str, list[int]]:
        given = [(content[key] if key else content, weight) for content, weight in self.papers]
        return {a: [sum(w[by] for said, w in given if said == a) for by in BOTH] for a in ANSWERS.split("|")}

    def best(self, winners: list[str], several: str = "tied") -> dict[str, Any]:
        result = ("not_passed", "passed", several)[min(len(winners), 2)]
        return {"winners": winners, "result": result} if self.quorate else {"winners": [], "result": "no_quorum"}

    def count_yes_no(self) -> dict[str, Any]:
        """The silent are shown as if they had joined the larger side, and turn nothing."""
        said, silent = self.answers(), [self.roll[by] - self.total[by] for by in BOTH]
        gains = {"yes": said["yes"][0] > said["no"][0], "no": said["no"][0] > said["yes"][0]}
        joined = {side: [said[side][by] + silent[by] * gains[side] for by in BOTH] for side in gains}
        more = {"silent": silent, "with_silent": joined} if self.terms["silent"] else {}
        return {**said, **more, **self.best(["yes"] * self.reached("majority", said["yes"], self.total)), "winners": []}

    def count_options(self) -> dict[str, Any]:
        """Of those with a majority the one with most yes; where the floor area counts, with most of both."""
        said = {key: self.answers(key) for key in self.keys}
        fit = {key: said[key]["yes"] for key in said if self.reached("majority", said[key]["yes"], self.total)}
        tops = [max(yes[by] for yes in fit.values()) for by in self.by if fit]
        return {"options": said, **self.best([key for key in fit if any(map(int.__eq__, fit[key], tops))])}

    def count_approval(self) -> dict[str, Any]:
        """As many as there are seats, by votes. If the last of them has as many as the next, all with as many tie."""
        found, seats = self.points(), self.terms["seats"]
        fit = [key for key in self.keys if self.quorate and self.reached("majority", [found[key]], self.total)]
        fit.sort(key=lambda key: -found[key])
        border = found[fit[seats]] if fit[seats:] else -1
        sure = [key for key in fit if found[key] > border]
        tied = [key for key in fit if found[key] == border and len(sure) < seats]
        return {"options": found, "sure": sure, "tied": tied, **self.best(sure + tied, "tied" if tied else "passed")}

    def count_ranked(self) -> dict[str, Any]:
        """Schulze: a way is as strong as its weakest link, a link as the papers that prefer the one to the other."""
        pairs = {one: {other: sum(w[0] for c, w in self.papers if one in c and other not in c[:c.index(one)])
            for other in self.keys if other != one} for one in self.keys}  # fmt: skip
        way = {one: {key: n if n > pairs[key][one] else 0 for key, n in pairs[one].items()} for one in pairs}
        for middle, one, other in permutations(pairs, 3):
            way[one][other] = max(way[one][other], min(way[one][middle], way[middle][other]))
        return {"pairs": pairs, **self.best([a for a in pairs if all(way[a][b] >= way[b][a] for b in way[a])])}

    def count_score(self) -> dict[str, Any]:
        return {"options": (found := self.points()), **self.best([k for k in found if found[k] == max(found.values())])}

    def count_equal_shares(self) -> dict[str, Any]:
        """Bought is what costs its supporters least for each unit of its cost; then what more chose; the cheaper."""
        bought: list[str] = []
        found, left, purses = self.points(), self.budget, [Fraction(self.budget, self.total[0] or 1)] * len(self.papers)
        fit = [key for key in self.keys if self.quorate and found[key] >= self.terms["threshold"]]
        while prices := {key: price for key in fit if key not in bought for price in self.price(key, purses, left)}:
            key = min(prices, key=lambda key: (prices[key] / self.costs[key], -found[key], self.costs[key]))
            purses = [p - min(p, prices[key]) * (key in c) for p, (c, _w) in zip(purses, self.papers)]  # noqa: B905
            bought, left = [*bought, key], left - self.costs[key]
        return {"options": found, "spent": self.budget - left, **self.best(bought, "passed")}

    count_knapsack = count_equal_shares

    def price(self, key: str, purses: list[Fraction], budget: int) -> list[Fraction]:
        """What each supporter pays, or all they have, so that together they pay the cost; in a knapsack nobody."""
        if self.method == "knapsack":
            return [Fraction(0)] if self.costs[key] <= budget else []
        payers = sorted((purses[n], weight[0]) for n, (content, weight) in enumerate(self.papers) if key in content)
        left, count = Fraction(self.costs[key]), sum(heads for _purse, heads in payers)
        for purse, heads in payers:
            if purse * count >= left:
                return [left / count]
            left, count = left - purse * heads, count - heads
        return []


class Tally:
    """A file, and the problems found. From a line on that has a wrong form or place, only the chain is checked."""

    def __init__(self, lines: Iterable[bytes], root: str | None = None) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ORDER}
        self.number, self.kind, self.chain, self.place, self.whole = 0, "?", "", 0, True
        for raw in lines:
            self.read(raw)
        self.demand(root in (None, self.chain), "末行校验值与公布的不符 · not the chain value that was published")
        if self.demand(self.kind == "end", "文件不完整 · the file ends too early") and self.whole:
            self.check(self.lines["tally"][0], Rule(self.lines["rule"][0]))

    def demand(self, holds: bool, what: str, line: Any = None) -> bool:
        if not holds:
            self.problems.append(Problem(line["n"] if line else self.number, line["line"] if line else self.kind, what))
        return holds

    def read(self, raw: bytes) -> None:
        line, before, place = parsed(raw), self.chain, self.place
        self.number, self.kind, self.chain = self.number + 1, line.get("line", "?"), line.pop("chain", "?")
        linked = not line or before == "?" or self.chain == sha256(f"{before}{canonical(line)}".encode()).hexdigest()
        self.demand(linked, "校验链断：此行被改，或此处缺行、多行 · altered, or lines are missing or added here")
        if self.whole:
            self.place = ORDER.index(self.kind) if line else place
            due = self.place >= place + (self.kind in ONCE) and not ONCE & {*ORDER[place + 1 : self.place]}
            faulty = misfits(line, {"line": WORD, **SHAPES.get(self.kind, {})})
            self.whole = self.demand(not faulty, f"读不懂或栏目有误 · unreadable, or wrong fields: {', '.join(faulty)}")
            self.whole &= self.demand(due, "错位、重复或其前缺行 · out of order, twice, or lines missing before it")
            self.lines[self.kind].append({**line, "n": self.number})

    def check(self, tally: dict[str, Any], rule: Rule) -> None:
        _, _, _, _, rights, corrections, papers, receipts, choices, hands, _, (channels,), _, end = self.lines.values()
        kind, is_named, corrected = tally["kind"], tally["kind"] == "named", {x["right"] for x in corrections}
        weights = {x["right"]: [int(x["units"] != []), sum(n for _, n in x["units"])] for x in rights}
        codes = Counter(x["receipt"] if is_named else x["code"] for x in (papers if is_named else receipts))
        for name, key in (("right", "right"), ("paper", "right"), ("receipt", "code"), ("invalid", "serial")):
            for one, two in zip(self.lines[name], self.lines[name][1:]):  # noqa: B905 - Python 3.8
                self.demand(one[key] < two[key], f"重复或未按序 · twice, or not in order: {two[key]}", two)
        tests: list[tuple[list[Any], Callable[[Any], bool], str]] = [
            ([tally], lambda x: x["called_at"] <= x["opens_at"] < x["closes_at"], "时间颠倒 · times in disorder"),
            ([rule.line], lambda _: rule.agrees(kind), "规则各项不合 · terms that do not fit each other"),
            (rights, lambda x: x["frozen"] is None or x["right"] in corrected, "有变动而无更正 · without correction"),
            (corrections, lambda x: x["right"] in weights, "名册上没有 · not on the roll"),
            (corrections, lambda x: tally["called_at"] <= x["at"] < tally["closes_at"], "时间不对 · at a wrong time"),
            (papers, lambda x: weights.get(x["right"], [0])[0] == 1, "无此表决权 · no right that has a vote"),
            (papers, lambda x: codes[x["receipt"]] == 1, "回执码重复 · the receipt code stands twice"),
            ((receipts + choices) * (kind != "secret") + papers * (not is_named) + hands[kind == "open_show" :],
             lambda _: False, "此类表决无此行 · no line of such a ballot"),
            (hands, lambda x: x["present"] <= sum(w[0] for w in weights.values()) and fits(x["counts"], rule.each(
                lambda n: fits(n, HANDS) and sum(n.values()) == x["present"])), "人数不合 · hands do not add up"),
            (papers + choices, lambda x: rule.takes(x["content"]), "不可能的选择 · no paper can say this"),
            (end, lambda x: x["lines"] == self.number - 1, "行数不对 · wrong number of lines"),
        ]  # fmt: skip
        if sum(not self.demand(test(x), what, x) for lines, test, what in tests for x in lines):
            return
        noted = [(x["right"], x["units"] if x["frozen"] is None else x["frozen"]) for x in rights]
        old = canonical([{"right": right, "units": units} for right, units in noted if units])
        heads, area = sum(units != [] for _, units in noted), sum(n for _, units in noted for _, n in units)
        self.compare("roll", {"lines": heads, "heads": heads, "area": area, "hash": sha256(old.encode()).hexdigest()})
        cast = [(x["content"], weights[x["right"]] if is_named else [1, 0]) for x in papers + choices]
        roll, used = [sum(x[by] for x in weights.values()) for by in BOTH], Counter(x["channel"] for x in papers)
        self.compare("channels", {key: used[key] if is_named else channels[key] for key in SHAPES["channels"]})
        as_many = sum(channels[key] for key in SHAPES["channels"]) == len(codes) == len(cast) <= roll[0]
        self.demand(as_many, "渠道、回执、选票、表决权数目不合 · channels, receipts, papers, rights differ", channels)
        for x in hands:
            said = [Counter(n).elements() for n in (x["counts"].values() if rule.keys else [x["counts"]])]
            cast += [(dict(zip(x["counts"], n)) if rule.keys else n[0], [1, 0]) for n in zip(*said)]  # noqa: B905
        self.compare("result", rule.result(cast, roll))

    def compare(self, kind: str, right: dict[str, Any]) -> None:
        line = self.lines[kind][0]
        for key in sorted({*line, *right} - {"line", "n"}):
            said, true = (canonical(each.get(key, "—")) for each in (line, right))
            self.demand(said == true, f"{key}：文件 in the file {said}，重算 counted again {true}", line)


def report(tally: Tally) -> list[str]:
    if tally.problems:
        faults = [f"第 {n} 行 · line {n}, {kind}: {what}" for n, kind, what in sorted(tally.problems)[:20]]
        return [*faults, f"不符：{len(tally.problems)} 处。 The file does not agree: {len(tally.problems)} faults."]
    head, rule, result = (tally.lines[kind][0] for kind in ("tally", "rule", "result"))
    numbers = canonical({key: value for key, value in result.items() if key not in ("line", "n")})
    return [
        f"相符：{tally.number} 行全部重算。All {tally.number} lines agree. 末行校验值 · last chain: {tally.chain}",
        f"问题、规则 · question, rule: {head['question']} {rule['basis']['title']} {canonical(rule['terms'])}",
        f"结果 · result: {RESULTS[result['result']]} {numbers}",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="核对计票文件 · Check a tally file.")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--root", metavar="HASH")
    options = parser.parse_args()
    try:
        with options.file.open("rb") as lines:
            tally = Tally(lines, options.root)
    except OSError as error:
        sys.exit(f"读不了文件 · the file cannot be read: {error}")
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout.writelines("".join(c if c.isprintable() else " " for c in x)[:1000] + "\n" for x in report(tally))
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
