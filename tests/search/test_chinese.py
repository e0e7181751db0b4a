"""Twenty questions as neighbours ask them, each with the matter that it should find."""

import pytest
from modelsearch.backends import get_search_backend
from wagtail.models import Page

MATTERS = {
    "charging": "三号楼旁边增设电动自行车集中充电棚，让大家的电瓶车有地方充电",
    "flying-wire": "私拉电线给电动车充电的飞线太多，从窗户垂下来，存在火灾隐患",
    "lift": "七栋老楼加装一部外挂电梯，方便腿脚不便的老人上下",
    "drain": "一单元下水道堵住了，污水返进厨房，请疏通主管",
    "lamp": "中庭的路灯坏了三盏，晚上一片漆黑，老人回家看不清",
    "dance": "广场舞音响开到夜里十点，噪声影响孩子写作业",
    "parking": "外来车辆占用停车位，业主下班回来没有地方停车",
    "fire-lane": "消防通道长期被私家车堵住，消防车进不来",
    "rubbish": "垃圾分类投放点离家太远，厨余垃圾桶夏天发臭",
    "manhole": "北门的井盖松动，车子轧过去哐当响，夜里很吵",
    "corridor": "楼道里堆满纸箱和旧家具，清理楼道杂物",
    "leak": "顶楼屋面漏水，雨天客厅墙皮脱落，申请动用维修资金",
    "trees": "黄葛树枝条太长，挡住二楼采光，请修剪",
    "gym": "健身器材生锈断裂，儿童滑梯缺了一块板",
    "falling": "有人从高层往下扔烟头和矿泉水瓶，高空抛物要装摄像头",
    "dogs": "遛狗不牵绳，草坪上都是狗粪，小孩不敢去玩",
    "canteen": "利用空置的自行车房办一个老年食堂，解决独居老人午饭",
    "fee": "物业费涨价没有征求业主意见，收支账目要公示",
    "gate": "单元门禁坏了半年，推销的人随便进出",
    "ramp": "入口台阶没有坡道，轮椅和婴儿车上不去",
    "cells": "璟珹苑隔壁要建通信基站，居民想知道辐射有多大",
    "water": "早高峰水压太低，六楼以上热水器打不着火",
}
QUESTIONS = [
    ("电动车充电", "flying-wire"),
    ("电瓶车充电棚", "charging"),
    ("飞线", "flying-wire"),
    ("飞线充电", "flying-wire"),
    ("加装电梯", "lift"),
    ("下水道堵塞", "drain"),
    ("下水道堵了怎么办", "drain"),
    ("路灯不亮", "lamp"),
    ("广场舞噪音", "dance"),
    ("没地方停车", "parking"),
    ("消防通道被占", "fire-lane"),
    ("垃圾桶太臭", "rubbish"),
    ("井盖响", "manhole"),
    ("楼道杂物", "corridor"),
    ("屋顶漏水 维修资金", "leak"),
    ("树枝挡光", "trees"),
    ("滑梯坏了", "gym"),
    ("高空抛物", "falling"),
    ("狗没牵绳", "dogs"),
    ("老人吃饭 食堂", "canteen"),
    ("物业费公示", "fee"),
    ("门禁", "gate"),
    ("轮椅", "ramp"),
    ("璟珹", "cells"),
    ("水压低", "water"),
    ("灯", "lamp"),
    ("梯", "lift"),
    ("車棚", "charging"),
]


@pytest.fixture
def matters(root):
    pages = {name: root.add_child(instance=Page(title=text, slug=name)) for name, text in MATTERS.items()}
    get_search_backend().get_index_for_model(Page).reindex([page.pk for page in pages.values()])


def test_every_question_finds_its_matter_among_the_first_three(matters):
    answers = {}
    for question, wanted in QUESTIONS:
        first = [page.slug for page in get_search_backend().search(question, Page.objects.all())[:3]]
        answers[question] = wanted if wanted in first else first
    assert answers == dict(QUESTIONS)
