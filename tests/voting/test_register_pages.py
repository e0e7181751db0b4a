"""The register and the published roll as people meet them: masked for all, in full for those who keep them."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from adapters import clock as wall
from areas.models import Area
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import estate, urn
from tests.voting.estate import row, table
from tests.voting.test_pages import queries
from voting import clock, corrections, register_files
from voting.models import Ballot, Owner, RollCorrection, Unit
from voting.states import ChangeKind, Ruling

pytestmark = pytest.mark.django_db
CHECK = "请在11月23日（周一）前核对"

LATER = urn.AT + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    moment = {"now": LATER}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def page(name: str, area: Area) -> str:
    return reverse(f"voting:{name}", args=[area.code])


def signed_in(user: User, **facts: Any) -> Client:
    return build.sign_in(Client(), user, **facts)


def main(answer: Any) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def upload(client: Client, area: Area, data: bytes, name: str = "名册.csv") -> Any:
    return client.post(page("register_import", area), {"file": SimpleUploadedFile(name, data)})


def registered() -> Area:
    area = build.courtyard()
    rows = [
        row("601", "竹筠", identity="1"),
        row("602", "<b>石安", "90.00", identity="2"),
        row("602", "石宁", "90.00", identity="3", votes="否"),
        row("101", "竹筠", "50.00", identity="1", building="10栋", purpose="商铺"),
    ]
    estate.take_over(area, table(*rows))
    return area


def test_everybody_sees_units_areas_and_totals_and_no_name_or_door() -> None:
    area = registered()
    shown = main(Client().get(page("register", area)))
    assert ("6**" in shown, "竹**" in shown, "84.60" in shown, "224.60" in shown) == (True, True, True, True)
    assert [word for word in ("601", "602", "竹筠", "石安", "石宁", "register/export", "<b>石") if word in shown] == []
    answer = Client().get(page("register", area))
    parts = [(part["name"], part["units"], part["heads"], part["floor_area"]) for part in answer.context["parts"]]
    assert parts == [("3栋 1单元", 2, 2, 17460), ("10栋 1单元", 1, 1, 5000)]
    assert answer.context["sums"] == {"units": 3, "heads": 2, "floor_area": 22460}


def test_who_keeps_it_sees_names_and_tools_and_who_keeps_another_does_not() -> None:
    area = registered()
    people = {
        "clerk": estate.clerk(area),
        "clerk above": estate.clerk(build.street(), "街道文员"),
        "clerk elsewhere": estate.clerk(build.courtyard("同安苑"), "外院文员"),
        "chair": estate.chair(area),
        "resident": build.person("住户", area),
    }
    seen = {}
    for name, user in people.items():
        shown = main(signed_in(user).get(page("register", area)))
        seen[name] = "石宁" in shown, "&lt;b&gt;石安" in shown, "register/export" in shown
    assert seen == dict.fromkeys(people, (False, False, False)) | dict.fromkeys(
        ("clerk", "clerk above"), (True, True, True)
    )


def test_the_tools_are_shut_to_everybody_else() -> None:
    area = registered()
    elsewhere = signed_in(estate.clerk(build.courtyard("同安苑"), "外院文员"))
    chair = signed_in(estate.chair(area))
    unproved = signed_in(estate.clerk(area), second_factor=False)
    doors = [
        ("get", "register_import"),
        ("get", "register_preview"),
        ("post", "register_apply"),
        ("post", "register_export"),
    ]
    found = {
        (verb, name): tuple(
            getattr(client, verb)(page(name, area)).status_code for client in (elsewhere, chair, unproved)
        )
        for verb, name in doors
    }
    assert found == dict.fromkeys(doors, (403, 403, 302))
    assert not Event.objects.filter(kind="register.exported").exists()


def test_a_file_is_checked_previewed_and_imported() -> None:
    area = build.courtyard()
    client = signed_in(estate.clerk(area))
    data = table(row("101", "甲"), row("102", "乙"), row("103", "甲"))
    assert upload(client, area, data)["Location"] == page("register_preview", area)
    preview = client.get(page("register_preview", area))
    assert ([change.kind.value for change in preview.context["changes"]], Unit.objects.count()) == (["new"] * 3, 0)
    assert [number for number, _text in preview.context["warnings"]] == [2]
    assert "甲" not in str(dict(client.session))
    seen = {"sha256": preview.context["sha256"], "seen": preview.context["seen"]}
    assert client.post(page("register_apply", area), seen)["Location"] == page("register", area)
    assert [cells[5] for cells in estate.said(area)] == ["甲", "乙", "甲"]
    assert client.post(page("register_apply", area), seen)["Location"] == page("register_preview", area)
    assert client.get(page("register_preview", area))["Location"] == page("register_import", area)
    assert Event.objects.get(kind="register.imported").payload["file"] == seen["sha256"]


def test_every_problem_is_shown_and_nothing_waits_to_be_imported() -> None:
    area = build.courtyard()
    client = signed_in(estate.clerk(area))
    answer = upload(client, area, table(row("101", "<script>", "八十"), row("102", votes="<b>")))
    shown = main(answer)
    assert answer.status_code == 422
    assert [number for number, _text in answer.context["reading"].problems] == [2, 3]
    assert ("&lt;b&gt;" in shown, "<b>”" in shown) == (True, False)
    assert client.get(page("register_preview", area))["Location"] == page("register_import", area)
    broken = upload(client, area, b"PK\x03\x04 nothing")
    assert (broken.status_code, list(broken.context["form"].errors)) == (422, ["file"])


def test_what_was_looked_at_is_what_is_imported() -> None:
    """Another file meanwhile, or another register: the changes are shown once more."""
    area = build.courtyard()
    client = signed_in(estate.clerk(area))
    upload(client, area, table(row("101", "甲")))
    first = client.get(page("register_preview", area)).context
    seen = {"sha256": first["sha256"], "seen": first["seen"]}
    upload(client, area, table(row("101", "乙")))
    assert client.post(page("register_apply", area), seen)["Location"] == page("register_preview", area)
    estate.take_over(area, table(row("102", "丙")))
    second = client.get(page("register_preview", area)).context
    stale = {"sha256": second["sha256"], "seen": seen["seen"]}
    assert client.post(page("register_apply", area), stale)["Location"] == page("register_preview", area)
    assert [cells[5] for cells in estate.said(area)] == ["丙"]


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")])
def test_an_export_is_on_record_and_no_cell_is_a_formula(form: str, start: bytes) -> None:
    area = registered()
    Owner.objects.filter(name="石宁").update(name='=HYPERLINK("x")')
    answer = signed_in(estate.clerk(area)).post(page("register_export", area), {"format": form})
    assert (answer.status_code, answer.content.startswith(start)) == (200, True)
    assert answer["Cache-Control"] == "private, no-store"
    rows = register_files.read(answer.content)
    assert ([found.faults for found in rows], len(rows)) == ([[]] * 5, 5)
    assert '=HYPERLINK("x")' in [found.cells[5] for found in rows]
    event = Event.objects.get(kind="register.exported")
    assert (event.chain_id, event.payload, event.visibility) == (area.chain, {"rows": 4}, "staff")


def test_a_part_is_shown_alone_and_an_unknown_place_is_not_found() -> None:
    area = registered()
    shown = main(Client().get(page("register", area), {"part": "10栋 1单元"}))
    assert ("1**" in shown, "6**" in shown) == (True, False)
    assert Client().get(reverse("voting:register", args=["nowhere"])).status_code == 404
    assert Client().get(page("register", build.street())).status_code == 404


def test_an_empty_register_says_so() -> None:
    answer = Client().get(page("register", build.courtyard()))
    assert (answer.status_code, "y-empty" in main(answer)) == (200, True)


def test_the_register_costs_the_same_however_many_units() -> None:
    area = build.courtyard()
    clients = {"visitor": Client(), "clerk": signed_in(estate.clerk(area))}
    costs: dict[str, list[int]] = {name: [] for name in clients}
    for more in (1, 29, 270):
        start = Unit.objects.count()
        for n in range(more):
            estate.flat(area, door=str(start + n), accounts=False)
        for name, client in clients.items():
            costs[name].append(queries(lambda client=client: client.get(page("register", area))))
    assert {name: len(set(found)) for name, found in costs.items()} == {"visitor": 1, "clerk": 1}


# ── the published roll ───────────────────────────────────────────────────────


def voted_on() -> tuple[Ballot, list[Owner]]:
    area = build.courtyard()
    owners = estate.flats(area, 4)
    ballot = estate.call(area)
    clock.sweep(urn.AT)
    return ballot, owners


def roll(ballot: Ballot, client: Client | None = None) -> Any:
    return (client or Client()).get(reverse("voting:roll", args=[ballot.pk]))


def test_the_roll_is_published_masked_with_its_sums_hash_and_window() -> None:
    ballot, owners = voted_on()
    shown = main(roll(ballot))
    assert (shown.count("3栋 1单元 1** 业**"), "320.00" in shown, ballot.roll_hash in shown) == (4, True, True)
    assert [word for word in ("101", owners[0].name, "correct/") if word in shown] == []
    assert roll(ballot).context["check_until"] == dt.datetime(2026, 11, 24, 0, 0, tzinfo=urn.AT.tzinfo)


def test_nobody_is_asked_to_check_a_roll_by_a_day_that_has_passed(now: dict[str, dt.datetime]) -> None:
    ballot, _owners = voted_on()
    before = [CHECK in main(page) for page in (roll(ballot), Client().get(ballot.get_absolute_url()))]
    now["now"] = ballot.closes_at - dt.timedelta(hours=1)
    after = [CHECK in main(page) for page in (roll(ballot), Client().get(ballot.get_absolute_url()))]
    assert (before, after) == ([True, True], [False, False])
    assert "还可以说明您应当在名册上" in main(roll(ballot))


def test_the_roll_does_not_tell_who_has_voted() -> None:
    ballot, owners = voted_on()
    before = main(roll(ballot))
    urn.cast(ballot, {estate.account(owners[0]): "yes", estate.account(owners[2]): "no"}, at=LATER)
    assert main(roll(ballot)) == before


def test_a_correction_is_asked_for_on_the_page_and_made_by_another_officer() -> None:
    ballot, owners = voted_on()
    clerk, chair = estate.clerk(ballot.area), estate.chair(ballot.area)
    buyer = Owner.objects.create(area=ballot.area, name="新业主")
    Unit.objects.filter(voter=owners[0]).update(voter=buyer)
    token = ballot.entries.get(owner=owners[0]).token
    address = reverse("voting:correct_right", args=[ballot.pk, token])
    client = signed_in(clerk)
    assert address in main(roll(ballot, client))
    asked = {"kind": "sale", "unit": "0", "reason": "<b>已过户</b>，见登记"}
    missing = client.post(address, asked)
    assert (missing.status_code, list(missing.context["form"].errors), "已过户" in main(missing)) == (
        422,
        ["home"],
        True,
    )
    assert client.post(address, asked | {"home": "3-1-101"})["Location"] == reverse("voting:roll", args=[ballot.pk])
    waiting = RollCorrection.objects.get()
    desk = reverse("voting:roll_desk")
    made = reverse("voting:correction", args=[waiting.pk])
    assert made not in main(client.get(desk))
    assert client.post(made, {"ruling": "make"}).status_code == 403
    second = signed_in(chair)
    assert made in main(second.get(desk))
    assert second.post(made, {"ruling": "make"})["Location"] == desk
    assert (RollCorrection.objects.get().ruling, ballot.entries.get(owner=buyer).floor_area) == (Ruling.ACCEPTED, 8000)
    shown = main(roll(ballot))
    assert ("&lt;b&gt;已过户&lt;/b&gt;，见登记" in shown, "新业主" in shown) == (True, False)


def test_what_cannot_be_corrected_is_said_in_the_form() -> None:
    ballot, owners = voted_on()
    urn.cast(ballot, {estate.account(owners[0]): "yes"}, at=LATER)
    token = ballot.entries.get(owner=owners[0]).token
    client = signed_in(estate.clerk(ballot.area))
    address = reverse("voting:correct_right", args=[ballot.pk, token])
    answer = client.post(address, {"kind": "strike", "unit": "0", "reason": "不属于这份名册"})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [str(corrections.CAST.reason)])


def test_a_unit_that_was_left_out_is_added_as_the_register_has_it() -> None:
    ballot, owners = voted_on()
    estate.flat(ballot.area, door="501", owner=owners[0], area_each=4321)
    client = signed_in(estate.clerk(ballot.area))
    address = reverse("voting:correct", args=[ballot.pk])
    unknown = client.post(address, {"home": "9-9-999", "reason": "漏登了这一套"})
    assert (unknown.status_code, list(unknown.context["form"].errors)) == (422, ["home"])
    client.post(address, {"home": "3-1-501", "reason": "漏登了这一套"})
    asked = RollCorrection.objects.get()
    assert (asked.kind, asked.facts, asked.owner) == (ChangeKind.ADD, {"unit": ["3栋 1单元 5**", 4321]}, owners[0])


def test_corrections_are_shut_to_others_and_after_the_end(now: dict[str, dt.datetime]) -> None:
    ballot, _owners = voted_on()
    address = reverse("voting:correct", args=[ballot.pk])
    clerk = signed_in(estate.clerk(ballot.area))
    operator = build.staff("运维", build.body(ballot.area), RoleKey.OPERATOR)
    elsewhere = signed_in(estate.clerk(build.courtyard("同安苑"), "外院文员"))
    assert [client.get(address).status_code for client in (clerk, elsewhere, signed_in(operator))] == [200, 403, 403]
    now["now"] = urn.CLOSES
    assert (clerk.get(address).status_code, "correct/" in main(roll(ballot, clerk))) == (403, False)


def test_the_roll_costs_the_same_however_many_rights() -> None:
    area = build.courtyard()
    costs = []
    for n in (1, 30, 300):
        while Unit.objects.count() < n:
            estate.flat(area, door=str(Unit.objects.count()), accounts=False)
        ballot = estate.call(area, chain=f"case:{n:032}")
        costs.append(queries(lambda ballot=ballot: roll(ballot)))
    assert len(set(costs)) == 1
