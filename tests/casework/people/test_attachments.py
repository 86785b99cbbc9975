"""What people hand in: known by its content, freed of everything that cannot be seen, and kept sealed."""

import io
import struct
import zlib

import pytest
from PIL import Image

from casework.people import attachments
from casework.people.models import Attachment
from casework.refusals import Refused
from tests.casework import stage

GPS_INFO, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
BACK_AND_FORTH = "../../etc/pass wd\\..\\kartu keluarga (1).PNG.exe"


def picture(size=(60, 40), form="JPEG", mode="RGB", **more):
    """Make a picture whose left half is red and whose right half is blue."""
    made = Image.new(mode, size, "red")
    made.paste(Image.new(mode, (size[0] // 2, size[1]), "blue"), (size[0] // 2, 0))
    out = io.BytesIO()
    made.save(out, form, **more)
    return out.getvalue()


def photo(turned=1):
    """Make a photo as a phone does: it knows where it was taken, by what, and how the phone was held."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "SecretPhone", turned
    exif.get_ifd(GPS_INFO)[1] = "S"
    exif.get_ifd(GPS_INFO)[2] = (7.0, 48.0, 12.0)
    return picture(exif=exif, comment=b"a note in the file")


def bomb(side):
    """Make a PNG of a few hundred bytes that says it unfolds into a square of many pixels."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def seen(content):
    return Image.open(io.BytesIO(content))


def kept(data):
    return attachments.kept_of(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_whatever_it_was(form):
    """Its colours stay where they were."""
    media_type, content = kept(picture(form=form))
    left, right = (seen(content).getpixel((x, 20)) for x in (10, 50))

    assert media_type == "image/jpeg"
    assert (left[0] > 200, left[2] < 60, right[0] < 60, right[2] > 200) == (True, True, True, True)


def test_place_phone_and_notes_are_gone():
    """Nothing that cannot be seen is kept, neither in EXIF nor as a comment nor behind the end of the picture."""
    told = photo() + b"hidden behind the end"
    assert b"SecretPhone" in told
    content = kept(told).content

    assert not seen(content).getexif()
    assert not any(word in content for word in (b"SecretPhone", b"Exif", b"a note in the file", b"hidden behind"))


def test_a_photo_stands_upright_as_the_phone_was_held():
    """Turned by a quarter, what was on the left is above."""
    upright = seen(kept(photo(turned=6)).content)

    assert upright.size == (40, 60)
    assert upright.getpixel((20, 5))[0] > 200
    assert upright.getpixel((20, 55))[2] > 200


def test_a_large_picture_becomes_smaller_and_keeps_its_shape():
    """Its longest side is as long as is needed to read a paper."""
    assert seen(kept(picture((4000, 1000))).content).size == (2000, 500)
    assert seen(kept(picture((300, 200), "PNG")).content).size == (300, 200)


def test_what_is_transparent_becomes_white():
    """As on paper."""
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(made, "PNG")

    assert seen(kept(made.getvalue()).content).getpixel((10, 10)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is():
    """Byte for byte, under its own type."""
    assert kept(PDF) == ("application/pdf", PDF)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "attachment-empty"),
        (b"GIF89a" + b"\0" * 40, "attachment-type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "attachment-type"),
        (b"MZ\x90\0 this is a program", "attachment-type"),
        (b"hello %PDF-1.7 %%EOF", "attachment-type"),
        (b"\xff\xd8\xff\xe0 no picture at all", "attachment-broken"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "attachment-broken"),
        pytest.param(picture((600, 400))[:900], "attachment-broken", id="half a picture"),
        (b"%PDF-1.7\n cut off in the mid", "attachment-broken"),
        pytest.param(bomb(30_000), "attachment-pixels", id="a bomb"),
        pytest.param(bomb(6_000), "attachment-pixels", id="a small bomb"),
        pytest.param(PDF + b" " * attachments.LARGEST_PDF + b"%%EOF", "attachment-large", id="a large PDF"),
        pytest.param(picture() + b"\0" * attachments.LARGEST_PICTURE, "attachment-large", id="a large picture"),
    ],
)
def test_what_is_no_picture_and_no_pdf_or_too_large_is_refused(data, code):
    """By its content, and before it is unfolded."""
    with pytest.raises(Refused) as refused:
        kept(data)

    assert (refused.value.code, refused.value.field) == (code, "file")
    assert refused.value.said("id") != refused.value.said("en")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("KTP Siti.jpg", "KTP-Siti.jpg"),
        (BACK_AND_FORTH, "kartu-keluarga-1-PNG.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("..", "berkas.jpg"),
        ("", "berkas.jpg"),
        ('a"; filename=b.html\r\nX: y', "a-filename-b.jpg"),
        ("foto é 家.jpeg", "foto-e.jpg"),
        ("x" * 300 + ".png", "x" * 80 + ".jpg"),
    ],
)
def test_a_file_name_becomes_one_that_leads_nowhere(name, safe):
    """No path, no quote, no line break, and the ending of what is kept."""
    assert attachments.safe_name(name, "image/jpeg") == safe


def test_a_file_is_kept_sealed_and_opened_on_record(database):
    """The database holds no part of it in the clear; who opens it is written down."""
    with database.work() as work:
        home = stage.household(work, "Siti")
        row = attachments.attach(work, "paper", BACK_AND_FORTH, PDF, household=home)
        id_ = row.id
    with database.reading() as work:
        row = work.session.get_one(Attachment, id_)
        assert (row.kind, row.household_id, row.size) == ("paper", home.id, len(PDF))
        assert (row.name, row.media_type) == ("kartu-keluarga-1-PNG.pdf", "application/pdf")
        assert b"%PDF" not in row.content_sealed
        assert attachments.opened(work, row) == PDF
        assert [(one.action, one.about) for one in work.records] == [("attachment.opened", str(id_))]


def test_a_file_that_was_altered_in_the_database_does_not_open(sqlite):
    """What was sealed for another row neither."""
    with sqlite.work() as work:
        one, other = (attachments.attach(work, "paper", "a.pdf", PDF) for _ in range(2))
        one.content_sealed = other.content_sealed
        with pytest.raises(Refused, match="altered"):
            attachments.opened(work, one)
