import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from proposals import photos
from proposals.models import Photo
from tests import build
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def picture(kind: str = "JPEG", size: tuple[int, int] = (3000, 2000), **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#b9643f").save(out, kind, **save)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_send_is_kept_smaller_and_as_jpeg(kind: str) -> None:
    photo = photos.add(Court().draft(), upload(picture(kind)), at=build.AT)
    with photo.image.open("rb") as kept, photo.thumbnail.open("rb") as small:
        assert [(picture.format, picture.size) for picture in map(Image.open, (kept, small))] == [
            ("JPEG", (2048, 1365)),
            ("JPEG", (480, 320)),
        ]
    assert (photo.width, photo.height) == (2048, 1365)


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[271] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture(exif=exif)
    assert b"SECRET-CAMERA" in sent
    photo = photos.add(Court().draft(), upload(sent), at=build.AT)
    with photo.image.open("rb") as file:
        stored = file.read()
    assert b"SECRET-CAMERA" not in stored
    assert dict(Image.open(io.BytesIO(stored)).getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 an executable that calls itself a photo",
        picture()[:2000],
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ],
)
def test_what_is_no_picture_gets_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError) as error:
        photos.add(Court().draft(), upload(content), at=build.AT)
    assert error.value.messages == ["“photo.jpg”不是能打开的图片。请用 JPEG、PNG、WebP 或 HEIC 格式的照片。"]
    assert Photo.objects.count() == 0


def test_sixty_megapixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(ValidationError) as error:
        photos.add(Court().draft(), upload(picture("PNG", (10000, 6000))), at=build.AT)
    assert error.value.messages == ["“photo.jpg”超过 5000 万像素，请换一张小一点的。"]
