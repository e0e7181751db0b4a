"""Sixteen stories in words of our own: one climbs all four levels to the archive, the others stop on the way."""

from .detours import bins, gymnastics, old_pipes, shared_bikes, stair_lights
from .tale import Tale
from .votes import budget, lift, parking, rain_shelter


def tell(tale: Tale) -> None:
    for story in (
        waterfall,
        charging_shed,
        canteen,
        street_lamp,
        crossing,
        fee_dispute,
        gate,
        bins,
        stair_lights,
        old_pipes,
        gymnastics,
        shared_bikes,
        lift,
        parking,
        budget,
        rain_shelter,
    ):
        story(Tale(tale.people, tale.today))


def waterfall(t: Tale) -> None:
    """Story 11 of the domain: the noise of a river drop, from the courtyard to the district and back."""
    t.at(118).files(
        "he1",
        "菁荷苑",
        title="外河跌水夜里太响，请想办法降噪",
        problem="2 栋外墙离河边跌水不到 15 米，夜里关着窗也像开着水龙头。2 栋 36 户，老人和要中考的孩子睡不好，从春天涨水起已经四个月。",
        wish="请有权管河的单位来看一看，能不能降低跌水高差或者加消能设施，让夜里安静下来。",
        place="2 栋外墙临河一侧",
    )
    t.at(117).moves("he-mod", "accept")
    t.at(115).endorsed_by("he2", "he3", "he4", "he5", "he6")
    t.at(114, 11).examined_by(
        "he-mod",
        cause="跌水高差约 3 米，离 2 栋外墙不到 15 米，汛期流量大。",
        affected="2 栋 36 户，其中 70 岁以上老人 9 位、中考考生 4 位。",
        obstacles="河道归区管，跌水设施归市管，院落无权改动；降噪办法要专业设计。",
        units="区河道管护单位、市属设施管护单位、街道、社区。",
        gains="2 栋住户：夜里能开窗睡觉",
        bears="河道管护单位：改造费用和汛期施工风险",
    )
    t.at(114, 19.5)
    t.says("he2", "我在阳台用手机测过，半夜十二点还有六十多分贝。白天没人管，夜里没法管。")
    t.says("he3", "我家住二楼，正对跌水。装过双层窗，只好一点。", later=6)
    t.says("he-chair", "这条河归区里管，跌水是市里的设施，院落动不了。我们先把意见定下来，再往上提。", later=15)
    t.says("he4", "1 栋听得没那么响，但我们支持 2 栋。", later=21)
    t.at(110).moves(
        "he-chair",
        "call_vote",
        "是否同意以菁荷苑的名义，把跌水降噪一事提请上级解决？",
        plan="由院落议事小组整理噪声记录和住户意见，提交社区；如超出社区职权，同意继续上提。不涉及院内出资。",
    )
    t.at(109, 20).vote(yes="he1 he2 he3 he4 he5", abstain="he6")
    _through_all_levels(t)
    _done_by_the_district(t)


def _through_all_levels(t: Tale) -> None:
    t.at(101, 9).counted()
    t.moves(
        "he-chair",
        "hand_up",
        "院落表决通过。跌水和河道不归院落管，请社区接手，联系有权单位现场查看。",
        reason="beyond_competence",
    )
    t.at(100, 15).moves("jiu-chair", "take_over")
    t.at(98).moves(
        "jiu-chair",
        "hand_up",
        "社区联系过河道管护单位，答复说改动跌水要区里定。请街道牵头。",
        reason="beyond_competence",
    )
    t.at(97).moves("jld-decider", "take_over")
    t.at(94).moves(
        "jld-decider",
        "hand_up",
        "街道会同社区现场测过，夜间 62 分贝，超过居住区标准。两条河分属市、区，请联席会指定牵头单位。",
        reason="several_areas",
    )
    t.at(92).moves("qu-decider", "take_over")


def _done_by_the_district(t: Tale) -> None:
    t.at(84, 16).answers(
        "qu-decider",
        ("请有权管河的单位来看一看", "adopted", "区、市两家管护单位 8 月 20 日到现场看过，噪声超标属实。"),
        ("降低跌水高差或者加消能设施", "adopted", "设计单位比较过，改成三级缓坡可行，不影响行洪。"),
        ("让夜里安静下来", "partly", "完工后夜间应降到 50 分贝以下；汛期大水时仍会有水声，无法完全消除。"),
        review_in=240,
        summary="把一级跌水改成三级缓坡消能，11 月底前完工，完工后夜间复测。",
        reasons="一、夜间噪声超标属实。8 月下旬连续三晚实测 60 至 63 分贝，高于夜间限值。\n二、降低高差可行。设计单位比较了加盖、挡墙和缓坡三个办法：加盖影响行洪，挡墙会把声音反射到对岸，改成三级缓坡最稳妥。\n三、市属设施的改动已书面征得管护单位同意，平台会继续跟踪。",
        basis="《中华人民共和国噪声污染防治法》第三条；区级河道管护职责清单",
        arguments="“白天没人管，夜里没法管”：已补测夜间三晚，以夜间数据为准。\n“装过双层窗，只好一点”：不再要求住户自己装窗，从源头降噪。\n“1 栋听得没那么响”：复测时 1 栋也设一个点。",
        evidence="8 月 24 日至 26 日夜间噪声实测记录；管护单位书面意见；设计单位比选报告。",
        options="加盖：便宜，但影响行洪。挡墙：见效快，但把声音反射到对岸。三级缓坡：贵一些，行洪和降噪都稳妥。不做：夜间继续超标。",
        actions="河道整治专班负责，9 月开工，11 月底前完工；完工后由街道组织夜间复测。",
        cost="46 万元，列入区级河道整治经费",
        contact="河道整治专班 岑溪 028-0000-1188",
    )
    t.at(80, 10).corrects(
        "qu-decider",
        "费用漏了夜间复测：加上后是 47 万元。联系人换成值班电话。",
        cost="47 万元（含夜间复测 1 万元），列入区级河道整治经费",
        contact="河道整治专班值班电话 028-0000-1180",
    )
    t.at(77).moves("qu-handler", "start", "9 月 10 日进场，先导流，再做三级缓坡；夜间不施工。")
    t.at(50).moves("qu-handler", "report", "前两级缓坡已成形，水声明显变小。第三级等枯水期浇筑。")
    t.at(26).moves("qu-handler", "complete", "三级缓坡完工。三个晚上复测 44 至 46 分贝，记录已交街道和院落。")
    t.at(24, 20).judged_by("he2", "yes", 5, "开窗睡了一个好觉。")
    t.at(23, 9).judged_by("he1", "yes", 5, "四个级别走了二十多天，每一步都知道在谁手里。")
    t.at(22)


def charging_shed(t: Tale) -> None:
    """Story 8, in the middle of the deliberation."""
    t.at(24).files(
        "huai",
        "槐荫里",
        title="把东北角空地改成电动自行车充电棚",
        problem="全院大约 90 辆电动自行车，只有 6 个充电口。11 户把车推进楼道，或从窗户拉线充电。去年冬天 3 栋一楼冒过一次烟。",
        wish="用 3 栋东北角的空地搭一个敞开式充电棚，设 24 个充电位，装烟感和自动断电。树不移，消防通道不占。",
        place="3 栋东北角",
    )
    t.at(23).moves("huai-mod", "accept")
    t.at(21, 19).endorsed_by("zhuyun", "lisi", "guo", "qing", "tang", "pan")
    t.at(20, 10).examined_by(
        "huai-mod",
        cause="充电口只有 6 个，车有九十辆，飞线充电没有替代办法。",
        affected="有车的九十户，3 栋东北角一二楼住户，走消防通道的全院住户。",
        obstacles="离外墙距离、消防要求、收费标准、棚子谁来管。",
        units="院落议事小组、物业、街道消防、充电公司。",
        gains="有电动自行车的住户：有地方安全充电",
        bears="3 栋东北角一二楼住户：离棚子近，担心噪音和风险",
    )
    t.at(16, 19.6)
    t.says("lisi", "我家两辆车都在楼下充。离窗户近我理解，但东移 4 米少 4 个位，最后还是有人往楼上拉线。")
    t.says("fu-handler", "按现行要求，充电棚离住宅外墙门窗不足 6 米要设防火隔墙。东移后刚好 9 米，可以不设。", later=4)
    t.says("zhuyun", "我家老人睡得早。如果东移，我没有意见；不东移，隔墙要够高，还要有人管半夜的报警声。", later=9)
    t.at(9, 20)
    t.says("guo", "收费能不能明码标价？现在外面充一次一块五。")
    t.says("huai", "赞成明码标价，写进方案里。", later=3)
    t.says("qing", "楼道里的车先推出来，不等棚子建好。", later=12)


def canteen(t: Tale) -> None:
    """A vote that is open now."""
    t.at(30).files(
        "guo",
        "槐荫里",
        title="1 栋底层空房开一个社区食堂",
        problem="院里 60 岁以上的有七十多人，一个人住的有十几位，中午常常就着剩菜对付一顿。1 栋底层的物业用房空了两年。",
        wish="利用这间房办个小食堂，三餐清淡实惠，不做油炸，晚八点收工，租金进公共收益账户。",
        place="1 栋底层物业用房",
    )
    t.at(29).moves("huai-mod", "accept")
    t.at(27).endorsed_by("pan", "yue", "xiaoman", "feng", "qing")
    t.at(26, 10).examined_by(
        "huai-mod",
        cause="独居老人多，附近没有适合老人的餐饮；用房空置两年。",
        affected="60 岁以上七十多人，1 栋 2 楼住户，租用方。",
        obstacles="油烟、噪声、食品经营许可、租金标准。",
        units="院落议事小组、物业、街道民政、市场监管所。",
        gains="院里老人：三餐方便实惠",
        bears="1 栋 2 楼住户：油烟和声音",
    )
    t.at(20, 19)
    t.says("yue", "我住 2 楼，担心油烟。能不能写明装净化器，超标就停？")
    t.says("guo", "可以，写进方案。", later=5)
    t.at(2, 10).moves(
        "huai-chair",
        "call_vote",
        "是否同意利用 1 栋底层空房开设社区食堂？",
        plan="用房 186.40 平方米，租期 3 年，每月租金 5,600 元进公共收益账户，每季度公布。不做油炸，装油烟净化器，超标停业整改，晚八点收工。",
    )
    t.at(1, 18).vote(yes="pan feng tang", no="yue")


def street_lamp(t: Tale) -> None:
    """Endorsements are being collected: two more households are needed."""
    t.at(5).files(
        "lisi",
        "槐荫里",
        title="3 栋楼下晚上没有路灯，老人摔过",
        problem="3 栋和 4 栋之间的路灯坏了两个月，下雨天看不见台阶。上周二晚上住 2 单元的老人摔了一跤。",
        wish="修好这两盏灯，再在台阶边加一盏矮灯。",
        place="3 栋和 4 栋之间的台阶旁",
    )
    t.at(4, 11).moves("huai-mod", "accept")
    t.at(3, 20).endorsed_by("zhuyun", "huai", "yue")


def crossing(t: Tale) -> None:
    """Waits for the street's answer."""
    t.at(58).files(
        "zhuyun",
        "金鱼街社区",
        title="东门外路口增设过街信号灯",
        problem="放学和晚高峰时车速快，老人过街要等三四分钟，孩子常常从车缝里穿过去。最近半年擦碰过两次。",
        wish="装一组过街信号灯；一时装不了，先装减速带和提示桩。",
        place="小区东门外路口",
    )
    t.at(56).moves("jin-mod", "accept")
    t.at(50, 19).endorsed_by(
        "huai", "lisi", "guo", "qing", "tang", "pan", "yue", "xiaoman", "feng", "tong1", "tong2", "pu1", "pu2"
    )
    t.at(48, 10).examined_by(
        "jin-mod",
        cause="路口没有信号灯，车速快，放学和晚高峰车流集中。",
        affected="三个院落的老人和孩子，过路司机。",
        obstacles="信号灯设置权在交管部门；路口间距可能不够。",
        units="街道、交管部门、社区。",
        gains="过街的老人和孩子：过街安全",
        bears="过路司机：多等一次灯",
    )
    t.at(44, 20)
    t.says("tong2", "我家孩子在对面上学，每天都提心吊胆。")
    t.says("pu1", "先装减速带，快。", later=8)
    t.says("jin-chair", "装灯要街道和交管定，社区先整理数据，提上去。", later=20)
    t.at(38).moves(
        "jin-chair",
        "call_vote",
        "是否同意请街道在东门外路口增设过街信号灯？",
        plan="先装减速带和提示桩，同时申请信号灯。不需要居民出钱。",
    )
    t.at(37, 19).vote(yes="zhuyun huai lisi guo qing tang pan yue xiaoman feng tong1 tong2", no="pu2", abstain="pu1")
    t.at(20).counted().moves(
        "jin-chair",
        "hand_up",
        "表决通过。信号灯不归社区管。附上一周的过街人数和两次擦碰的时间。请街道商交管部门答复。",
        reason="beyond_competence",
    )
    t.at(19).moves("fu-decider", "take_over")


def fee_dispute(t: Tale) -> None:
    """Not accepted, with the reason and the way to go."""
    t.at(15).files(
        "tong1",
        "同安苑",
        title="物业多收了我家三个月停车费",
        problem="车卖了三个月，物业还在按月扣停车费，去问了两次都说要等。",
        wish="把多收的钱退给我。",
        place="同安苑物业办公室",
    )
    t.at(14).moves(
        "tong-mod",
        "reject",
        "这是您和物业之间的合同争议，可以找社区人民调解（028-0000-0151），也可以走诉讼。",
        reason="liable_party",
    )


def gate(t: Tale) -> None:
    """Done, and now the residents judge."""
    t.at(70).files(
        "pan",
        "槐荫里",
        title="5 栋单元门禁坏了半年没人修",
        problem="5 栋 2 单元门禁从五月坏到现在，门常年开着，楼道里丢过两次快递。",
        wish="修好门禁，换一个结实点的闭门器。",
        place="5 栋 2 单元大门",
    )
    t.at(69).moves("huai-mod", "accept")
    t.at(66, 19).endorsed_by("tang", "guo", "yue", "feng", "xiaoman")
    t.at(65, 10).examined_by(
        "huai-mod",
        cause="门禁过了质保期，没有维修经费来源。",
        affected="5 栋 2 单元 24 户。",
        obstacles="主机停产要整套换；钱从哪里出没有定。",
        units="院落议事小组、物业、社区。",
        gains="5 栋 2 单元住户：楼道安全",
        bears="社区小修经费：约 2,600 元",
    )
    t.at(60, 20)
    t.says("tang", "我家快递就是从那里丢的。")
    t.at(55).moves(
        "huai-chair",
        "hand_up",
        "门禁超过质保期，院落没有经费。请社区用小修经费解决，院落出人配合。",
        reason="beyond_budget",
    )
    t.at(54).moves("jin-chair", "take_over")
    t.at(52).moves("jin-chair", "hand_up", "社区小修经费今年已用完，请街道安排。", reason="beyond_budget")
    t.at(51).moves("fu-decider", "hand_back", "院落门禁属社区小修范围，经费可在四季度追加。", reason="own_competence")
    t.at(49).moves(
        "jin-chair", "call_vote", "是否同意用社区小修经费换 5 栋门禁？", plan="换门禁主机和闭门器，约 2,600 元。"
    )
    t.at(48, 18).vote(yes="pan tang guo yue feng huai lisi")
    t.at(40).counted().moves("jin-chair", "take_up")
    t.at(36).answers(
        "jin-chair",
        ("修好门禁", "adopted", "主机停产，整套换新，四季度经费够用。"),
        ("换一个结实点的闭门器", "adopted", "和门禁主机一起换。"),
        review_in=180,
        summary="社区出 2,600 元换门禁主机和闭门器，10 月 30 日前换好。",
        reasons="一、门禁已过质保期，物业合同不含主机更换。\n二、丢件两次属实，安全隐患明确。\n三、四季度小修经费已追加，够用。",
        basis="社区保障资金使用清单第 4 项；院落公约第 9 条",
        arguments="“快递就是从那里丢的”：换好后一周内由网格员逐户回访。",
        evidence="现场查看记录和照片；维修单位书面说明主机停产；两次丢件的报警回执。",
        options="只修主机：配件停产，修不了。整套换新：2,600 元，保修三年。不修：安全隐患还在。",
        actions="社区联系维修单位，10 月 30 日前换好，由院落议事小组现场验看。",
        cost="2,600 元，社区小修经费",
        contact="金鱼街社区 程小禾 028-0000-0151",
    )
    t.at(30).moves("jin-chair", "start", "维修单位已上门量尺寸，本周换主机。")
    t.at(6).moves("jin-chair", "complete", "主机和闭门器已换，六家住户试过门卡。")
