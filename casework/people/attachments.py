"""Pictures and files that people hand in: what they are is told by their content, and they are kept sealed.

Nothing that a file says about itself is believed, neither its name nor its type. A picture is taken apart and written
anew, so that only what can be seen of it is kept: no place, no telephone, no preview, nothing hidden behind its end. A PDF
cannot be taken apart so simply; it is kept as it is, small, and only ever given out as a download.
"""

import hashlib
import io
import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageOps

from casework.people.models import Attachment, Household
from casework.refusals import Refused
from casework.store.work import Work

if TYPE_CHECKING:
    from casework.cases.models import Case

MEGABYTE = 1024 * 1024
LARGEST_PICTURE, LARGEST_PDF = 12 * MEGABYTE, 5 * MEGABYTE
# A phone's camera makes 50 million pixels at most, as a JPEG, which is read at a smaller size; the others are read whole.
MOST_PIXELS = {"JPEG": 51_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LONGEST_SIDE = 2000
_QUALITY = 82
_LONGEST_NAME = 80
_BEGINS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
_PDF, _PDF_END = b"%PDF-", b"%%EOF"
# How far from the end of a PDF its end may be marked.
_TAIL = 2048
JPEG, PDF = "image/jpeg", "application/pdf"
ENDINGS = {JPEG: ".jpg", PDF: ".pdf"}


class Kept(NamedTuple):
    """What is kept of a file: its type and its content."""

    media_type: str
    content: bytes


def attach(
    work: Work,
    kind: str,
    file_name: str,
    data: bytes,
    *,
    household: Household | None = None,
    case: "Case | None" = None,
) -> Attachment:
    """Keep a file, sealed.

    Args:
        work: Whoever brings it; whether they may is for the caller to say.
        kind: What it is of: paper, letter, list, meeting.
        file_name: As it was called; only a safe name for showing is kept.
        data: A JPEG, PNG or WebP picture, or a PDF.
        household: Whose it is.
        case: For which case it came.

    Raises:
        Refused: `attachment-empty`, `attachment-type`, `attachment-large`, `attachment-pixels`, `attachment-broken`.
    """
    kept = kept_of(data)
    attachment = Attachment(
        household_id=household.id if household else None,
        case_id=case.id if case else None,
        kind=kind,
        name=safe_name(file_name, kept.media_type),
        media_type=kept.media_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
        added_at=work.now,
        added_by=work.actor.name,
    )
    attachment.seal(work.keys, "content", kept.content)
    work.session.add(attachment)
    work.session.flush()
    details = {"of": kind, "media_type": kept.media_type, "size": len(kept.content), "case": attachment.case_id}
    work.record("attachment.kept", "attachment", attachment.id, **details)
    return attachment


def opened(work: Work, attachment: Attachment) -> bytes:
    """Give the content of a file; that somebody looked goes on the record. Whether they may is for the caller to say.

    Raises:
        Refused: `altered`, when it was changed in the database.
    """
    work.record("attachment.opened", "attachment", attachment.id, of=attachment.kind, case=attachment.case_id)
    return attachment.opened_bytes(work.keys, "content")


def kept_of(data: bytes) -> Kept:
    """Give what is kept of a file, by its content alone. Raises: Refused (see `attach`)."""
    if not data:
        raise Refused("attachment-empty", "file")
    if data.startswith(_PDF):
        return _pdf(data)
    form = next((name for name, begin in _BEGINS.items() if data.startswith(begin)), None)
    if form is None:
        raise Refused("attachment-type", "file")
    if len(data) > LARGEST_PICTURE:
        raise Refused("attachment-large", "file", most=LARGEST_PICTURE // MEGABYTE)
    return Kept(JPEG, _written_anew(data, form))


def safe_name(name: str, media_type: str) -> str:
    """Give a name that no file system and no header misreads: no path, plain signs, the ending of its type."""
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", plain.rpartition(".")[0] or plain).strip("-_")[:_LONGEST_NAME]
    return (stem or "berkas") + ENDINGS[media_type]


def _pdf(data: bytes) -> Kept:
    if len(data) > LARGEST_PDF:
        raise Refused("attachment-large", "file", most=LARGEST_PDF // MEGABYTE)
    if _PDF_END not in data[-_TAIL:]:
        raise Refused("attachment-broken", "file")
    return Kept(PDF, data)


def _written_anew(data: bytes, form: str) -> bytes:
    """Give what can be seen of a picture, upright and not larger than needed to read it, as a new JPEG."""
    with warnings.catch_warnings():
        # Of large pictures Pillow warns by a limit of its own; ours is lower.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[form]) as picture:
                _require_few_pixels(*picture.size, form)
                return _upright(picture)
        except Refused:
            raise
        except Image.DecompressionBombError:
            raise _too_many(form) from None
        # Whoever takes a forged picture apart may meet anything; whatever it is, the picture is broken.
        except Exception:
            raise Refused("attachment-broken", "file") from None


def _require_few_pixels(width: int, height: int, form: str) -> None:
    """Refuse a small file that unfolds into a picture that would fill the memory."""
    if width * height > MOST_PIXELS[form]:
        raise _too_many(form)


def _too_many(form: str) -> Refused:
    return Refused("attachment-pixels", "file", most=MOST_PIXELS[form] // 1_000_000)


def _upright(picture: Image.Image) -> bytes:
    # A JPEG is read no larger than it will be kept: that spares memory.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    # On white, as paper is; and only the pixels, whatever else the picture knew about itself.
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
