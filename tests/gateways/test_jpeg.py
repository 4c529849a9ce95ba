from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from PIL import Image

from app.gateways.scanner.formats import Format, actual_format
from app.gateways.scanner.jpeg import BrokenPicture, NotJpeg, TooManyPixels, clean_jpeg
from app.gateways.storage import TooLarge

pytestmark = pytest.mark.requirement("A8")


def picture(
    size: tuple[int, int] = (60, 40), mode: str = "RGB", kind: str = "JPEG", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 90).save(out, kind, **options)
    return out.getvalue()


def noise(size: tuple[int, int], quality: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_sound_jpeg_comes_back_as_rgb_with_its_size(mode: str) -> None:
    clean = clean_jpeg(picture(mode=mode))
    with Image.open(io.BytesIO(clean.data)) as result:
        assert (result.format, result.mode, result.size) == ("JPEG", "RGB", (60, 40))
    assert (clean.width, clean.height) == (60, 40)


def test_a_path_is_as_good_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture())
    assert clean_jpeg(tmp_path / "photo.jpg") == clean_jpeg(picture())


def test_a_progressive_jpeg_is_taken() -> None:
    assert clean_jpeg(picture(progressive=True)).width == 60


def test_place_comment_and_profile_are_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "MARK-DESCRIPTION"
    exif.get_ifd(0x8825)[1] = "N"
    source = picture(exif=exif, comment=b"MARK-COMMENT", icc_profile=b"MARK-PROFILE" * 20)
    assert source.count(b"MARK-") == 22
    clean = clean_jpeg(source)
    assert b"MARK-" not in clean.data
    with Image.open(io.BytesIO(clean.data)) as result:
        assert set(result.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert dict(result.getexif()) == {}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_from_a_turned_camera_is_set_upright(orientation: int) -> None:
    # A red upper left corner, stored as the camera would store it for this orientation.
    upright = Image.new("RGB", (64, 32), "blue")
    upright.paste("red", (0, 0, 16, 16))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=95, exif=exif)
    clean = clean_jpeg(out.getvalue())
    assert (clean.width, clean.height) == (64, 32)
    with Image.open(io.BytesIO(clean.data)) as result:
        red, _, blue = result.getpixel((4, 4))
        assert red > 200 > 60 > blue
        red, _, blue = result.getpixel((60, 28))
        assert blue > 200 > 60 > red


def test_damaged_exif_does_not_cost_the_picture() -> None:
    source = picture()
    segment = b"Exif\0\0II*\0\xff\xff\xff\xff garbage"
    damaged = source[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + source[2:]
    assert clean_jpeg(damaged).width == 60


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        (picture(kind="PNG"), Format.PNG),
        (picture(kind="GIF", mode="L"), Format.GIF),
        (picture(kind="BMP"), Format.BMP),
        (picture(kind="TIFF"), Format.TIFF),
        (picture(kind="WEBP"), Format.WEBP),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Format.HEIC),
        (b"%PDF-1.7\n", Format.PDF),
        (b"PK\x03\x04\x14\0", Format.OFFICE),
        (b"<html>", Format.UNKNOWN),
        (b"", Format.EMPTY),
    ],
)
def test_another_format_is_named_whatever_the_file_is_called(
    tmp_path: Path, content: bytes, actual: Format
) -> None:
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(NotJpeg) as refusal:
        clean_jpeg(tmp_path / "photo.jpg")
    assert (refusal.value.actual, refusal.value.size) == (actual, len(content))


def test_one_byte_above_the_limit_is_too_much() -> None:
    source = picture()
    assert clean_jpeg(source, max_bytes=len(source)).width == 60
    with pytest.raises(TooLarge) as refusal:
        clean_jpeg(source, max_bytes=len(source) - 1)
    assert (refusal.value.limit, refusal.value.size) == (len(source) - 1, len(source))


def test_a_photo_just_below_the_limit_stays_below_it() -> None:
    source = noise((1500, 1100), quality=60)
    clean = clean_jpeg(source, max_bytes=len(source) + 1)
    assert len(clean.data) <= len(source) + 1
    assert (clean.width, clean.height) == (1500, 1100)


def test_pixels_are_counted_before_anything_is_unpacked() -> None:
    with pytest.raises(TooManyPixels) as refusal:
        clean_jpeg(picture((100, 100)), max_pixels=9_999)
    assert (refusal.value.limit, refusal.value.pixels) == (9_999, 10_000)


@pytest.mark.parametrize("side", [12_000, 65_000])
def test_a_bomb_is_refused_at_once(side: int) -> None:
    source = bytearray(picture())
    frame = source.index(b"\xff\xc0")
    source[frame + 5 : frame + 9] = side.to_bytes(2, "big") * 2
    began = time.monotonic()
    with pytest.raises(TooManyPixels):
        clean_jpeg(bytes(source))
    assert time.monotonic() - began < 0.5


def test_hundreds_of_scans_are_refused_at_once() -> None:
    source = picture((4000, 4000), progressive=True)
    scan = source[source.index(b"\xff\xda") : -2]
    began = time.monotonic()
    with pytest.raises(BrokenPicture):
        clean_jpeg(source[:-2] + scan * 100 + source[-2:], max_bytes=50_000_000)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("keep", [3, 30, 200, 0.5, 0.9])
def test_a_cut_off_picture_is_broken(keep: float) -> None:
    source = noise((200, 200), quality=80)
    with pytest.raises(BrokenPicture):
        clean_jpeg(source[: keep if isinstance(keep, int) else int(len(source) * keep)])


def test_formats_are_told_by_content() -> None:
    assert actual_format(b"\n\n%PDF-1.4") is Format.PDF
    assert actual_format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") is Format.OFFICE
