"""A form field as the design draws it and as a screen reader hears it."""

import re

from django.template import Context, Template

from tests.config.urls import Components


def shown(name: str, data: dict[str, str] | None = None) -> str:
    html = Template("{% field one %}").render(Context({"one": Components(data)[name]}))
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", html).strip()


def summary(data: dict[str, str] | None) -> str:
    return Template("{% errors form %}").render(Context({"form": Components(data)}))


def test_label_hint_and_counter_belong_to_the_control() -> None:
    html = shown("title")
    assert '<label for="id_title">一句话说清是什么事</label>' in html
    assert 'aria-describedby="id_title_hint id_title_count"' in html
    assert "<span data-typed>0</span>/ 30" in html


def test_optional_is_what_is_marked() -> None:
    assert "（可不填）" in shown("nickname")
    assert "（可不填）" not in shown("title")


def test_short_fields_have_no_counter() -> None:
    assert "data-counts" not in shown("nickname")


def test_error_is_read_with_the_control() -> None:
    html = shown("title", {"title": "长" * 31})
    assert 'aria-describedby="id_title_hint id_title_error id_title_count"' in html
    assert 'aria-invalid="true"' in html
    assert html.count('id="id_title_error"') == 1


def test_what_was_typed_stays() -> None:
    assert 'value="&lt;b&gt;路灯"' in shown("title", {"title": "<b>路灯"})


def test_choices_are_never_preselected() -> None:
    html = shown("choice")
    assert html.startswith('<fieldset class="y-field">')
    assert html.count('class="y-choice"') == 2
    assert "checked" not in html


def test_choice_error_is_read_with_the_group() -> None:
    assert shown("choice", {}).startswith('<fieldset class="y-field" aria-describedby="id_choice_error">')


def test_agreement_has_its_box_before_its_words() -> None:
    html = shown("agree")
    assert html.index('type="checkbox"') < html.index("我核对过")


def test_several_choices_are_a_list_of_boxes() -> None:
    assert shown("ways").count('class="y-check"') == 2


def test_select_looks_like_one() -> None:
    assert 'class="form-select"' in shown("kind")


def test_date_is_picked_natively_and_kept_in_iso() -> None:
    assert 'type="date" name="since" value="2026-11-18"' in shown("since", {"since": "2026-11-18"})


def test_password_is_not_sent_back() -> None:
    assert "value=" not in shown("secret", {"secret": "correct horse"})


def test_file_field_keeps_its_type() -> None:
    assert 'type="file" name="photo"' in shown("photo")


def test_hidden_field_is_only_itself() -> None:
    assert shown("draft") == '<input type="hidden" name="draft" id="id_draft">'


def test_summary_is_silent_without_errors() -> None:
    assert summary(None).strip() == ""


def test_summary_names_the_places_and_takes_the_focus() -> None:
    html = summary({"title": "路灯", "what": "不亮", "secret": "x", "kind": "light", "agree": "on"})
    assert 'tabindex="-1" autofocus' in html
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', html) == [("id_choice_0", "您的意见")]
    assert "有 1 处要改：" in html
    assert "写好的内容都还在。" in html
