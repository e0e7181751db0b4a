"""Static files as a browser gets them."""

from django.test import Client

SHEET = "/static/css/tokens.css"


def test_file_comes_whole_and_typed(client: Client) -> None:
    answer = client.get(SHEET)
    assert (answer.status_code, answer.streaming) == (200, False)
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_head_tells_the_size_without_the_file(client: Client) -> None:
    answer = client.head(SHEET)
    assert answer.content == b""
    assert answer.headers["Content-Length"] == client.get(SHEET).headers["Content-Length"]


def test_unchanged_file_is_not_sent_again(client: Client) -> None:
    etag = client.get(SHEET).headers["ETag"]
    assert client.get(SHEET, headers={"if-none-match": etag}).status_code == 304


def test_part_of_a_file(client: Client) -> None:
    whole = client.get(SHEET).content
    answer = client.get(SHEET, headers={"range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, whole[2:6])


def test_other_sites_may_not_read_ours(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(SHEET).headers
