"""At the polls of a Town: registers and rolls, papers of every method, proxies, slips, objections; by their doors."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from areas import policy
from areas.models import Level
from people.roles import RoleKey
from tests import build
from tests.stories.town import Town, said
from tests.voting import estate
from voting.models import RollCorrection, Slip

CLERKS = {"first clerk": "白榆", "second clerk": "宋晚晴", "third clerk": "陆远山"}
EXAMINED = {
    "cause": "建成时没有想到。",
    "affected": "全院住户。",
    "obstacles": "钱、地方、意见不一。",
    "units": "院落小组、社区。",
}


def appoints_clerks(town: Town, level: Level = Level.COURTYARD) -> None:
    for part, name in CLERKS.items():
        town.people[part] = build.staff(name, town.bodies[level], RoleKey.CLERK)


def lays_down(town: Town, key: str, value: Any) -> None:
    """A rule of this courtyard's own."""
    policy.assign(town.courtyards[0], key, value, by=town.people["district"], at=town.now)


def is_talked_over(town: Town, proposer: str, *endorsers: str, **texts: str) -> None:
    """From filing to the open deliberation, where a vote can be called."""
    town.files(proposer, **texts)
    town.does("screener", "accept")
    town.endorsed_by(*endorsers)
    town.examines("screener", "+住户：方便", "近旁的住户：受影响", **EXAMINED)
    assert town.case.state == "deliberating"


def door(town: Town, name: str = "") -> str:
    return f"/ballots/{town.ballot.pk}/{name}"


# ── registers and rolls ──────────────────────────────────────────────────────


def imports_register(town: Town, who: str, *rows: list[str]) -> list[tuple[str, str]]:
    """Upload, preview, import. What it changed: (unit, how)."""
    pages = f"/areas/{town.courtyards[0].code}/register/"
    file = SimpleUploadedFile("业主名册.csv", estate.table(*rows), "text/csv")
    town.posts(who, pages + "import/", pages + "preview/", file=file)
    shown = town.by(who).get(pages + "preview/")
    town.posts(who, pages + "apply/", pages, sha256=shown.context["sha256"], seen=shown.context["seen"])
    return [(change.label, str(change.kind.label)) for change in shown.context["changes"]]


def register_refused(town: Town, who: str, *rows: list[str]) -> list[tuple[int, str]]:
    """What is wrong with the file, by row; nothing of it is taken over."""
    file = SimpleUploadedFile("业主名册.csv", estate.table(*rows), "text/csv")
    answer = town.by(who).post(f"/areas/{town.courtyards[0].code}/register/import/", {"file": file})
    assert answer.status_code == 422, said(answer)
    return list(answer.context["reading"].problems)


def claims_a_right(town: Town, who: str, home: str, clerk: str = "first clerk") -> None:
    """“I should be on this roll”; the clerk looks the unit up and links its right to the account."""
    town.posts(who, door(town, "roll/claim/"), door(town, "roll/claim/"), home=home, text="房产证可以出示。")
    town.settle()
    claim = town.ballot.claims.latest("pk")
    page = f"/desk/rolls/claims/{claim.pk}/"
    found = town.by(clerk).get(page).context["unit"]
    town.posts(clerk, page, "/desk/rolls/", ruling="accept", owner=found.voter.pk)
    town.settle()


def asks_for_sale(town: Town, who: str, seller: str, home: str, reason: str) -> Any:
    """The answer of the correction's page for a right with one unit."""
    page = door(town, f"roll/correct/{town.ballot.entries.get(owner__name=seller).token}/")
    return town.by(who).post(page, {"kind": "sale", "unit": "0", "home": home, "reason": reason})


def makes_correction(town: Town, who: str) -> None:
    town.posts(who, correction_page(), "/desk/rolls/", ruling="make")
    town.settle()


def correction_page() -> str:
    return f"/desk/rolls/corrections/{RollCorrection.objects.latest('pk').pk}/"


# ── papers ───────────────────────────────────────────────────────────────────


def casts(town: Town, who: str, **paper: Any) -> str:
    """Choose, check, cast; returns the receipt code."""
    checked = town.by(who).post(door(town, "confirm/"), paper)
    assert (checked.status_code, "words" in checked.context) == (200, True), said(checked)
    town.posts(who, door(town, "cast/"), door(town, "receipt/"), **paper, mine="on")
    return str(town.by(who).get(door(town, "receipt/")).context["code"])


def paper_refused(town: Town, who: str, **paper: Any) -> str:
    """The sentence above the paper that does not get to the check page."""
    form = town.by(who).post(door(town, "confirm/"), paper).context["form"]
    return " ".join(form.non_field_errors())


def casts_for_another(town: Town, who: str, proxy: int, choice: str) -> str:
    page = f"/proxies/{proxy}/"
    assert town.by(who).get(page).status_code == 200
    assert "您选的是" in said(town.by(who).post(page + "confirm/", {"choice": choice}))
    town.posts(who, page + "cast/", page + "receipt/", choice=choice, mine="on")
    return str(town.by(who).get(page + "receipt/").context["code"])


# ── slips ────────────────────────────────────────────────────────────────────


def prints_slip(town: Town, clerk: str, **which: Any) -> Slip:
    """right: of an owners' vote; of a secret one a blank slip, and nothing says whose it is."""
    before = set(town.ballot.slips.values_list("pk", flat=True))
    town.posts(clerk, door(town, "paper/print/"), door(town, "paper/"), **which)
    slip = town.ballot.slips.exclude(pk__in=before).get()
    sheet = town.by(clerk).get(door(town, "paper/slips.pdf"), {"slip": slip.serial})
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
    return slip


def is_marked(town: Town, clerk: str, who: str) -> None:
    """Found by name on the paper desk, and marked as voting by paper."""
    found = town.by(clerk).get(door(town, "paper/"), {"who": who}).context["found"]
    assert [entry.voter for entry in found] == [town.people[who]]
    town.posts(clerk, door(town, f"paper/roll/{found[0].pk}/mark/"), door(town, "paper/"))


def takes_in(town: Town, clerk: str, slip: Slip, *visitors: str) -> None:
    pair = dict(zip(("first", "second"), (town.people[who].pk for who in visitors), strict=False))
    town.posts(clerk, door(town, "paper/in/"), door(town, "paper/"), slip=slip.serial, **pair)


def not_taken_in(town: Town, clerk: str, slip: Slip, *visitors: str) -> str:
    pair = dict(zip(("first", "second"), (town.people[who].pk for who in visitors), strict=False))
    answer = town.by(clerk).post(door(town, "paper/in/"), {"slip": slip.serial, **pair})
    assert answer.status_code == 422, said(answer)
    return " ".join(answer.context["taken"].non_field_errors())


def keys_in(town: Town, clerk: str, slip: Slip, typed: str) -> str:
    """One line and Enter; returns the state of the slip afterwards."""
    answer = town.by(clerk).post(door(town, f"paper/{slip.serial}/"), {"typed": typed})
    assert answer.status_code == 302, said(answer)
    slip.refresh_from_db()
    return slip.state


# ── the result ───────────────────────────────────────────────────────────────


def waits_for(town: Town, *states: str) -> None:
    """Day by day, until the ballot has one of these states."""
    for _day in range(60):
        if town.ballot.state in states:
            return
        town.wait(1)
    raise AssertionError(town.ballot.state)


def result(town: Town) -> str:
    return said(town.by("").get(door(town, "result/")))


def came_through(town: Town) -> dict[str, int]:
    """Which way the papers took that count."""
    channels = town.by("").get(door(town, "result/")).context["channels"]
    return {str(label): n for label, n in channels}


def finds_receipt(town: Town, code: str) -> bool:
    """Anybody with the code, or with the serial of a slip, asks whether its paper is in the count."""
    return bool(town.by("").get(door(town, "result/"), {"receipt": code}).context["code_found"])


def objects(town: Town, who: str, grounds: str) -> str:
    """Returns the address of the ruling."""
    town.posts(who, door(town, "objections/make/"), door(town, "objections/"), grounds=grounds)
    town.settle()
    return f"/objections/{town.ballot.objections.latest('pk').pk}/ruling/"


def rules(town: Town, who: str, page: str, ruling: str, reason: str) -> None:
    assert town.by(who).get(page).status_code == 200
    town.posts(who, page, door(town, "objections/"), ruling=ruling, reason=reason)
    town.settle()


def anybody_recounts(town: Town, folder: Path) -> str:
    """A stranger downloads the file and the script, and runs it against the value on the result page."""
    stranger, file, script = town.by(""), folder / "tally.jsonl", folder / "verify_tally.py"
    file.write_bytes(b"".join(stranger.get(door(town, "tally.jsonl")).streaming_content))
    script.write_bytes(b"".join(stranger.get("/ballots/verify_tally.py").streaming_content))
    value = stranger.get(door(town, "result/")).context["published"]
    assert re.fullmatch("[0-9a-f]{64}", value)
    assert _recounted(script, file, "0" * 64)[0] == 1
    code, words = _recounted(script, file, value)
    assert code == 0, words
    return words


def _recounted(script: Path, file: Path, root: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(script), str(file), "--root", root]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return ran.returncode, ran.stdout
