import hashlib
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from records import forms, making, tries
from records.models import Kind, Record
from tests.records import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = story.submitted()
    story.discussed(cast)
    return cast


@pytest.fixture
def record(cast):
    return making.make(Kind.DECISION, story.decided(cast))


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["yuanyi_8000_language"] = "en"


def page(record):
    return reverse("records:verify", args=[record.spoken_code])


def verdicts(response):
    return [line for line in WORDS if line in response.content.decode()]


WORDS = [
    "This paper is in the register",
    "There is a newer version",
    "The same",
    "Not the same",
    "No paper has this code",
]


def test_a_paper_is_opened_under_its_own_name(client, record):
    response = client.get(record.get_absolute_url())
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content == record.read()
    name = quote("槐荫里议答〔2026〕1号 关于“东门外路口增设过街信号灯”提案的答复.pdf")
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{name}"


@pytest.mark.parametrize("columns", [{"visibility": "parties"}, {"visibility": "sealed"}])
def test_a_paper_that_is_not_public_is_not_there(client, record, columns):
    Record.objects.filter(pk=record.pk).update(**columns)
    assert client.get(record.get_absolute_url()).status_code == 404


def test_a_paper_that_is_only_reserved_is_not_there(client, cast):
    reserved = making.reserve(Kind.DECISION, story.decided(cast))
    assert client.get(reserved.get_absolute_url()).status_code == 404
    assert client.get(page(reserved)).status_code == 404


def test_the_printed_address_opens_the_register(client, record):
    response = client.get(page(record))
    assert response.status_code == 200
    assert verdicts(response) == ["This paper is in the register"]
    for fact in (record.number, record.title, record.sha256, record.event.hash[:16], record.get_absolute_url()):
        assert escape(fact) in response.content.decode()


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_is_found_however_it_is_written(client, record, write):
    response = client.get(reverse("records:lookup"), {"code": write(record.spoken_code)}, follow=True)
    assert verdicts(response) == ["This paper is in the register"]


def test_a_superseded_paper_leads_to_its_new_version(client, cast, record):
    newer = making.make(Kind.DECISION, story.corrected(cast, at=story.AT + 15 * story.DAY))
    response = client.get(page(record))
    assert verdicts(response) == ["There is a newer version"]
    assert f'href="{page(newer)}"' in response.content.decode()
    assert verdicts(client.get(page(newer))) == ["This paper is in the register"]


def test_a_paper_that_is_not_public_shows_no_title(client, record):
    Record.objects.filter(pk=record.pk).update(visibility="parties")
    said = client.get(page(record)).content.decode()
    assert record.number in said
    assert story.TITLE not in said
    assert record.get_absolute_url() not in said


def test_unknown_codes_are_answered_in_the_same_words(client, record):
    answers = [client.get(reverse("records:verify", args=[code])) for code in ("AAAA-BBBB-CCCC", "x", "核验")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert [verdicts(answer) for answer in answers] == [["No paper has this code"]] * 3


def test_an_empty_code_is_asked_for_again(client):
    response = client.get(reverse("records:lookup"), {"code": ""})
    assert response.status_code == 200
    assert "This field is required" in response.content.decode()


def test_too_many_wrong_codes_close_the_register_to_one_address_for_a_while(client, record):
    wrong = reverse("records:verify", args=["AAAA-BBBB-CCCC"])
    answers = [client.get(wrong).status_code for _ in range(tries.LIMIT + 1)]
    assert answers == [404] * tries.LIMIT + [429]
    assert client.get(page(record)).status_code == 429
    assert client.get(page(record), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_right_codes_are_not_counted(client, record):
    assert {client.get(page(record)).status_code for _ in range(tries.LIMIT + 2)} == {200}


def given(client, record, **data):
    return client.post(page(record), data)


def pdf(content):
    return SimpleUploadedFile("答复.pdf", content, "application/pdf")


def test_the_registered_file_is_the_same(client, record):
    assert verdicts(given(client, record, file=pdf(record.read()))) == ["The same"]


def test_a_changed_file_is_not_the_same(client, record):
    assert verdicts(given(client, record, file=pdf(record.read() + b"\n"))) == ["Not the same"]


def test_the_hash_alone_is_enough(client, record):
    written = " ".join(record.sha256.upper()[start : start + 8] for start in range(0, 64, 8))
    assert verdicts(given(client, record, sha256=written)) == ["The same"]
    assert verdicts(given(client, record, sha256="0" * 64)) == ["Not the same"]


def test_the_old_version_is_the_same_and_superseded(client, cast, record):
    making.make(Kind.DECISION, story.corrected(cast, at=story.AT + 15 * story.DAY))
    answer = given(client, record, file=pdf(record.read()))
    assert verdicts(answer) == ["There is a newer version", "The same"]


def test_nothing_given_is_said_and_nothing_is_lost(client, record):
    assert "Choose the file, or write its SHA-256." in given(client, record).content.decode()
    said = given(client, record, sha256="not a hash").content.decode()
    assert "A SHA-256 has 64 characters" in said
    assert 'value="not a hash"' in said


def test_a_file_that_is_too_large_is_refused_in_a_sentence(client, record, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST", 1000)
    said = given(client, record, file=pdf(record.read())).content.decode()
    assert "larger than 50 MB" in said
    assert [word for word in WORDS[2:4] if word in said] == []


def test_a_large_file_leaves_nothing_behind(client, record, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    content = b"x" * 5_000_000
    assert hashlib.sha256(content).hexdigest() != record.sha256
    assert verdicts(given(client, record, file=pdf(content))) == ["Not the same"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".upload"] == []


def test_the_pages_stand_in_chinese_too(client, record):
    client.cookies["yuanyi_8000_language"] = "zh-hans"
    assert "这份文书在册" in client.get(page(record)).content.decode()


def test_a_list_of_papers_links_each_to_file_and_check(record):
    from django.template.loader import render_to_string

    said = render_to_string("records/_list.html", {"records": [record]})
    assert [said.count(address) for address in (record.get_absolute_url(), page(record))] == [1, 1]
