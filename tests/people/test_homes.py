"""One household however its address is written; two homes never one."""

import pytest
from django.db import connection

from people import homes, privacy
from people.models import Residence
from tests import build


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("3", "3"),
        ("３", "3"),
        ("3栋", "3"),
        (" 3 幢 ", "3"),
        ("第3栋", "3"),
        ("三栋", "3"),
        ("十二号楼", "12"),
        ("二十栋", "20"),
        ("03", "3"),
        ("a座", "A"),
        ("B2栋", "B-2"),
        ("桂苑", "桂苑"),
        ("桂苑３栋", "桂苑-3"),
        ("三江楼", "三江楼"),
        ("2单元501号", "2-501"),
        ("2-501", "2-501"),
        ("２－５０１室", "2-501"),
        ("二单元 0501", "2-501"),
        ("2 单元 5 楼 1 号", "2-5-1"),
        ("3附1号", "3-附-1"),
        ("  ", ""),
        ("——", ""),
    ],
)
def test_an_address_has_one_bare_form(text, bare):
    assert homes.plain(text) == bare
    assert homes.plain(homes.plain(text)) == bare


@pytest.mark.django_db
def test_one_door_is_one_household():
    here = build.courtyard()
    written = {homes.household(here, "3栋", "2单元501"), homes.household(here, "３", "2-501室")}
    assert len(written) == 1
    others = [
        homes.household(here, "3", "2-502"),
        homes.household(here, "2", "3-501"),
        homes.household(here, "3-2", "501"),
        homes.household(build.courtyard("同安苑"), "3", "2-501"),
    ]
    assert len(written | {*others}) == 5


@pytest.mark.django_db
def test_a_household_is_counted_by_a_keyed_hash():
    here = build.courtyard()
    hashed = homes.household(here, "3", "2-501")
    assert hashed == privacy.keyed_hash("household", here.code, "3", "2-501")
    assert hashed != privacy.keyed_hash("other", here.code, "3", "2-501")


@pytest.mark.django_db
def test_the_door_lies_encrypted_in_the_database():
    build.person("竹筠", build.courtyard(), "2-5017")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_residence")
        row = " ".join(str(value) for value in cursor.fetchone())
    assert "5017" not in row
    assert Residence.objects.get().door == "2-5017"
