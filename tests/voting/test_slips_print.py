"""Paper ballots as they come from the printer: read back with poppler."""

import re

import pytest

from areas.models import Body
from tests import build
from tests.records import reading
from tests.voting import slips, urn
from tests.voting.slips import AT
from voting import serials, slip_making, slips_print
from voting.models import Ballot, Slip, Unit
from voting.tally import Rule

pytestmark = pytest.mark.django_db

OPTIONS = {"a": "加装电梯", "b": "人车分流", "c": "屋顶防水"}
COSTS = {"a": 120000, "b": 60000, "c": 98000}


def printed(ballot: Ballot, made: list[Slip]) -> bytes:
    return slips_print.pdf(ballot, made, at=AT).content


def one_of(method: str) -> str:
    """A secret slip of this method, in words."""
    urn.neighbours(2)
    money = {"costs": COSTS, "budget": 200000} if method == "knapsack" else {}
    ballot = slips.secret(rule=Rule(method=method, options=tuple(OPTIONS), **money), options=OPTIONS)
    return reading.flat(printed(ballot, slip_making.make_blank(ballot, 1, by=slips.clerks(1)[0], at=AT)))


def test_a_named_slip_says_whose_it_is_and_what_it_weighs() -> None:
    owners = slips.flats(2)
    parking = {"building": "车库", "door": "12", "purpose": "parking", "floor_area": 1250}
    Unit.objects.create(area=build.courtyard(), voter=owners[0], **parking).owners.add(owners[0])
    Body.objects.filter(area=build.courtyard()).update(office="3栋1楼", phone="028-0000-0417")
    ballot, [clerk] = slips.named(), slips.clerks(1)
    content = printed(ballot, made := slip_making.make_out(ballot, slip_making.without_slip(ballot), by=clerk, at=AT))
    first, second = (re.sub(r"\s", "", page) for page in reading.pages(content))
    mine, theirs = (first, second) if "业主0" in first else (second, first)
    words = ["业主表决票", "31101、车库12", "92.50㎡", "业主本人签名", "同意", "不同意", "弃权"]
    words += ["截止：2026年11月25日10:00", "槐荫里议事小组（3栋1楼），电话028-0000-0417"]
    assert [said for said in words if said not in mine] == []
    assert ("80.00㎡" in theirs, "业主0" in theirs) == (True, False)
    assert {slip.serial for slip in made} == set(re.findall(r"\d{3}-\d{3}-\d{4}(?=业主业主)", first + second))


def test_a_secret_slip_says_nothing_of_anybody() -> None:
    neighbours = urn.neighbours(3)
    ballot, [clerk] = slips.secret(), slips.clerks(1)
    made = slip_making.make_blank(ballot, 3, by=clerk, at=AT)
    pages = [re.sub(r"\s", "", page) for page in reading.pages(printed(ballot, made))]
    without_serial = {re.sub(r"\d{3}-\d{3}-\d{4}", "SERIAL", page) for page in pages}
    assert (len(pages), len(without_serial)) == (3, 1)
    assert [name for name in ("签名：", "业主", *(who.name for who in neighbours)) if name in pages[0]] == []


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("options", ["请在每一行的一个方框里打勾", "1加装电梯", "3屋顶防水"]),
        ("approval", ["同意几项就勾几项", "2人车分流"]),
        ("knapsack", ["所勾的费用合起来不能超过200,000元", "1加装电梯120,000元"]),
        ("ranked", ["最赞成的写1", "2人车分流"]),
        ("score", ["5分最高", "1加装电梯012345"]),
    ],
)
def test_each_method_explains_its_own_mark(method: str, words: list[str]) -> None:
    shown = one_of(method)
    assert [said for said in words if said not in shown] == []


def test_what_does_not_fit_on_a5_takes_a4() -> None:
    urn.neighbours(2)
    many = {key: f"第{n}件事" for n, key in enumerate("abcdefghij")}
    ballot = slips.secret(rule=Rule(method="options", options=tuple(many)), options=many)
    made = slip_making.make_blank(ballot, 2, by=slips.clerks(1)[0], at=AT)
    sizes = {tuple(round(float(n)) for n in page.mediabox[2:]) for page in reading.opened(printed(ballot, made)).pages}
    assert sizes == {(595, 842)}


def test_the_qr_holds_the_public_page_and_the_serial() -> None:
    urn.neighbours(2)
    ballot, [clerk] = slips.secret(), slips.clerks(1)
    [slip] = slip_making.make_blank(ballot, 1, by=clerk, at=AT)
    [face] = slips_print.faces(ballot, [slip])
    assert face.address == f"http://localhost:8000/ballots/{ballot.pk}/?slip={slip.serial}"
    assert (serials.found(face.address), face.qr.count("<svg")) == (slip.serial, 1)


def test_the_faces_of_many_slips_take_a_fixed_number_of_queries(django_assert_num_queries) -> None:
    slips.flats(8)
    ballot, [clerk] = slips.named(), slips.clerks(1)
    made = slip_making.make_out(ballot, slip_making.without_slip(ballot), by=clerk, at=AT)
    with django_assert_num_queries(2):
        slips_print.faces(ballot, made)
    assert (list(slips_print.parts(0)), list(slips_print.parts(50)), list(slips_print.parts(51))) == ([], [1], [1, 2])
