"""Mail and text messages as files: whole, in order, readable again."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.mail import EmailMultiAlternatives

from adapters import clock, mail, sms


def _send_mail(subject: str, text: str = "请看。") -> None:
    letter = EmailMultiAlternatives(subject, text, to=["甲 <a@example.org>"], headers={"Message-ID": "<1@here>"})
    letter.attach_alternative("<p>请看。</p>", "text/html")
    letter.send()


def test_a_text_message_is_kept_and_read_again(data_dir: Path) -> None:
    before = clock.now()
    sms.send("13800000001", "验证码 482913，5 分钟内有效。")
    [message] = sms.recent(10)
    assert (message.to, message.text) == ("13800000001", "验证码 482913，5 分钟内有效。")
    assert before <= message.at <= clock.now()


def test_each_text_message_is_one_json_file(data_dir: Path) -> None:
    sms.send("1", "甲")
    sms.send("2", "乙")
    assert [json.loads(path.read_text())["text"] for path in sorted((data_dir / "sms").iterdir())] == ["甲", "乙"]


def test_the_newest_come_first_and_no_more_than_asked(data_dir: Path) -> None:
    for number in range(5):
        sms.send("1", str(number))
    assert [message.text for message in sms.recent(3)] == ["4", "3", "2"]


def test_nothing_sent_reads_as_nothing(data_dir: Path) -> None:
    assert (sms.recent(10), mail.recent(10)) == ([], [])


def test_a_letter_is_kept_and_read_again(data_dir: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "adapters.mail.FileBackend"
    before = clock.now()
    _send_mail("路灯：街道的答复", "先修三盏。\n12月20日前完成。")
    [letter] = mail.recent(10)
    assert (letter.to, letter.subject, letter.message_id) == ("甲 <a@example.org>", "路灯：街道的答复", "<1@here>")
    assert letter.text.splitlines() == ["先修三盏。", "12月20日前完成。"]
    assert before - dt.timedelta(milliseconds=1) <= letter.at <= clock.now()


def test_a_half_written_file_is_not_read(data_dir: Path) -> None:
    sms.send("1", "甲")
    (data_dir / "sms" / ".20990101T000000.000000Z-draft.json").write_text("{")
    assert [message.text for message in sms.recent(10)] == ["甲"]


def test_the_backend_is_named_by_the_settings(data_dir: Path, settings: Any) -> None:
    settings.SMS_BACKEND = f"{__name__}.Kept"
    sms.send("13800000001", "甲")
    assert (Kept.messages, sms.recent(10)) == ([("13800000001", "甲")], [])


class Kept:
    messages: list[tuple[str, str]] = []

    def send(self, to: str, text: str) -> None:
        self.messages.append((to, text))
