"""Stories that leave the main road: arbitration, a late office, deferral, suspension, referral."""

import datetime as dt

from .tale import Tale


def bins(t: Tale) -> None:
    """Handed up, returned once, handed up again and returned: now the district's joint meeting assigns it."""
    t.at(34).files(
        "yue",
        "槐荫里",
        title="院门外的垃圾转运箱天天溢出来",
        problem="转运箱放在院门外人行道上，早上七点前常常溢出来，污水流到门口，上学的孩子绕着走。",
        wish="请说清楚这个箱子归谁管，换个位置或者增加清运次数。",
        place="南门外人行道",
    )
    t.at(33).moves("huai-mod", "accept", category="waste")
    t.at(31, 19).endorsed_by("guo", "pan", "feng", "tang", "lisi")
    t.at(30, 10).examined_by(
        "huai-mod",
        cause="三个院落共用一个转运箱，清运一天一次不够。",
        affected="槐荫里 168 户，过路的学生。",
        obstacles="箱子在市政道路上，归社区、街道还是环卫公司说法不一。",
        units="社区、街道城管办、环卫公司。",
        gains="进出南门的住户：门口干净",
        bears="环卫公司：每天多清运一次",
    )
    t.at(24).moves("huai-chair", "hand_up", "箱子在院外，院落管不了，请社区接手。", reason="beyond_competence")
    t.at(23).moves("jin-chair", "hand_back", "箱子服务三个院落，请院落之间先商量位置。", reason="own_competence")
    t.at(20).moves(
        "huai-chair", "hand_up", "三个院落商量过，都同意移位，但移到哪里要管路的人定。", reason="several_areas"
    )
    t.at(18).moves("jin-chair", "hand_back", "移位涉及市政道路，社区没有权限。", reason="papers_missing")


def stair_lights(t: Tale) -> None:
    """Enough support, but nobody examines it: reminder, public notice, supervision."""
    t.at(30).files(
        "qing",
        "槐荫里",
        title="1 栋楼道灯坏了六盏，报修没人应",
        problem="1 栋 2 单元从二楼到五楼的楼道灯坏了六盏，报修三次都没有回音，老人上下楼打手电。",
        wish="把六盏灯修好，说明以后坏了找谁。",
        place="1 栋 2 单元楼道",
    )
    t.at(29).moves("huai-mod", "accept", category="lighting")
    t.at(27, 19).endorsed_by("xiaoman", "yue", "guo", "feng", "pan")
    for day in range(26, -1, -1):
        t.at(day)


def old_pipes(t: Tale) -> None:
    """Truly cannot be done this year: deferred with the next level's consent, an interim step and a re-check."""
    t.at(64).files(
        "tang",
        "槐荫里",
        title="5 栋下水管太旧，一下大雨就返水",
        problem="5 栋一楼三户每次大雨都返水，管子是八十年代的铸铁管，锈穿了两处，疏通只能管半个月。",
        wish="把 5 栋的下水主管换掉，换之前先保证雨天不返水。",
        place="5 栋一楼",
    )
    t.at(63).moves("huai-mod", "accept", category="drainage")
    t.at(61, 19).endorsed_by("pan", "guo", "yue", "xiaoman", "qing")
    t.at(60, 10).examined_by(
        "huai-mod",
        cause="主管用了三十多年，管径小，锈穿两处。",
        affected="5 栋 36 户，一楼三户最重。",
        obstacles="要和市政管网改造同步，单独换接不上；费用约 18 万元。",
        units="街道城建办、区级排水部门。",
        gains="5 栋住户：雨天不返水",
        bears="街道：经费；住户：施工期间停水三天",
    )
    t.at(52).moves(
        "huai-chair", "hand_up", "清单上排水管网归街道，院落已经收集了三次返水的照片。", reason="beyond_competence"
    )
    t.at(51).moves("fu-decider", "take_over")
    t.at(50).moves("fu-decider", "take_up")
    t.at(45).moves(
        "fu-decider",
        "ask_deferral",
        "市政主管明年三季度改造，现在单独换接不上，见管网改造计划。",
        interim="雨季前疏通一次，一楼三户装防返水阀，费用由街道承担。",
        reason="funds",
        recheck_on=(t.now + dt.timedelta(days=75)).date().isoformat(),
    )
    t.at(43).moves("qu-decider", "defer", "情况属实，同意挂账；防返水阀两周内装好。")


def gymnastics(t: Tale) -> None:
    """Suspended: the clock stands still until the measurement is there."""
    t.at(22).files(
        "feng",
        "槐荫里",
        title="晚上广场舞音响太大，请定个规矩",
        problem="东门小广场每晚七点半到九点半跳舞，音响开得很大，4 栋有两家要中考的孩子。",
        wish="约定音量和结束时间，最好能看得到分贝数。",
        place="东门小广场",
    )
    t.at(21).moves("huai-mod", "accept", category="noise")
    t.at(19, 20).endorsed_by("lisi", "qing", "tang", "zhuyun", "huai")
    t.at(18, 10).examined_by(
        "huai-mod",
        cause="没有约定音量和时间，音响朝着 4 栋。",
        affected="4 栋 48 户，跳舞的二十多人。",
        obstacles="两边都有道理；没有测量数据。",
        units="院落议事小组、社区、派出所。",
        gains="4 栋住户：晚上安静",
        bears="跳舞的邻居：声音小一点，早半小时结束",
    )
    t.at(15, 19.5)
    t.says("qing", "我不反对跳舞，九点能不能结束？")
    t.says("guo", "我们可以把音响转个方向。", later=9)
    t.at(12).moves("huai-chair", "suspend", "请社区联系检测机构测三个晚上，报告出来再商量。", reason="expertise")


def shared_bikes(t: Tale) -> None:
    """Referred: another procedure is faster."""
    t.at(9).files(
        "xiaoman",
        "槐荫里",
        title="共享单车堵住消防通道，请清走",
        problem="今天早上西门消防通道被二十多辆共享单车堵住，车进不来。",
        wish="请马上清走，并且不要再停。",
        place="西门消防通道",
    )
    t.at(8, 9).moves(
        "huai-mod", "refer", "这类事打 12345 当天就能派人清运，号码 12345，电话里报位置即可。", reason="hotline"
    )
