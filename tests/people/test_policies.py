"""Home and office as verdicts, with few queries."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from ledger.actors import SYSTEM
from people import naming, policies
from people.models import Alias, ResidenceState
from people.roles import Right, RoleKey
from tests import build

pytestmark = pytest.mark.django_db


def test_residents_are_adults_with_a_verified_home_within():
    here = build.courtyard()
    waiting = build.person("等核实")
    build.home(waiting, here, "7", state=ResidenceState.CLAIMED)
    people = {
        "resident": build.person("住户", here),
        "elsewhere": build.person("外人", build.courtyard("长庆苑", within=build.community("长庆社区"))),
        "waiting": waiting,
        "young": build.person("小满", here, adult=False),
        "homeless": build.person("无住址"),
        "visitor": AnonymousUser(),
    }
    said = {key: str(policies.is_resident_of(user, here, build.AT).reason) for key, user in people.items()}
    assert said == {
        "resident": "",
        "elsewhere": "只有槐荫里的住户可以这样做，您登记的住址在别处。",
        "waiting": "您的住址还在等核实。网格员确认以后就可以了。",
        "young": "成年人才能这样做。请先在“我的”里确认已满 18 岁。",
        "homeless": "住户才能这样做。请先在“我的”里填写住址。",
        "visitor": "请先登录。",
    }


def test_a_home_counts_at_every_level_above_it():
    here = build.courtyard()
    user = build.person("住户", here)
    assert all(policies.is_resident_of(user, area, build.AT) for area in here.lineage())
    assert not policies.is_resident_of(user, build.courtyard("同安苑"), build.AT)


def test_an_office_acts_in_its_own_body_with_its_own_rights():
    here, there = build.body(build.courtyard()), build.body(build.courtyard("同安苑"))
    chair = build.staff("召集人", here, RoleKey.CHAIR)
    verdicts = [
        policies.may_act_for(chair, here, Right.STEER, build.AT),
        policies.may_act_for(chair, there, Right.STEER, build.AT),
        policies.may_act_for(chair, here, Right.DECIDE, build.AT),
        policies.may_act_for(chair, here, Right.STEER, build.LONG_AGO - dt.timedelta(days=1)),
        policies.may_act_for(build.person("住户"), here, Right.STEER, build.AT),
        policies.may_act_for(AnonymousUser(), here, Right.STEER, build.AT),
    ]
    assert [bool(verdict) for verdict in verdicts] == [True, False, False, False, False, False]
    assert [str(verdict.reason) for verdict in verdicts[1:3]] == [
        "只有同安苑议事小组的工作人员可以这样做。",
        "您在槐荫里议事小组的职务不包括这一项。",
    ]


def test_an_office_without_its_second_factor_leads_to_it():
    body = build.body(build.courtyard())
    chair = build.staff("召集人", body, RoleKey.CHAIR)
    chair.second_factor = False
    verdicts = [policies.may_act_for(chair, body, Right.STEER, build.AT), policies.may_work(chair, build.AT)]
    assert [(bool(verdict), verdict.remedy) for verdict in verdicts] == [(False, "people:second_factor")] * 2


def test_one_request_asks_twice_however_often_it_judges(django_assert_num_queries):
    here = build.courtyard()
    user = build.person("住户", here)
    user.memo = {}
    with django_assert_num_queries(2):
        for area in [here] * 3:
            policies.is_resident_of(user, area, build.AT)
            policies.may_work(user, build.AT)


def test_references_become_names_in_one_query(django_assert_num_queries):
    user, gone, unlinked = build.person("竹筠"), build.person("走了", closed_at=build.AT), build.person("断了")
    refs = [person.actor_ref("area:T1") for person in (user, gone, unlinked)]
    Alias.objects.filter(user=unlinked).delete()
    with django_assert_num_queries(1):
        names = naming.names([*refs, SYSTEM.REF, "unknown"])
    assert names == {
        refs[0]: "竹筠",
        refs[1]: "已注销用户",
        refs[2]: "已注销用户",
        SYSTEM.REF: "院议",
        "unknown": "已注销用户",
    }


def test_a_reference_differs_from_chain_to_chain():
    user = build.person("竹筠")
    assert user.actor_ref("area:T1") == user.actor_ref("area:T1") != user.actor_ref("area:T2")


def test_erasing_the_salt_and_the_aliases_unlinks_for_good():
    user = build.person("竹筠")
    before = user.actor_ref("area:T1")
    Alias.objects.filter(user=user).delete()
    user.actor_salt = ""
    assert user.actor_ref("area:T1") != before
    assert naming.names([before]) == {before: "已注销用户"}
