"""The child process that draws one picture for a person: a file on the standard input, a PNG on the standard output.

Before the PNG stands one byte: 0, or the code of the reason for which there is none (media/reasons.py).
"""

from __future__ import annotations

import io
import json
import sys
import time

from PIL import Image, ImageFilter

from takeback.media.canonical import upright_and_small
from takeback.media.child import allow_cpu, confine
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.limits import Limits
from takeback.media.reasons import CODE_OF, UnscannableReason
from takeback.media.showing import Shown
from takeback.media.sniff import SNIFF_BYTES, film_format

#: So much of the longer side is the radius of the blur: shapes stay, faces do not.
_BLUR = 1 / 32
#: Pixels between the frames of a film, and frames in a row.
_GAP, _IN_A_ROW = 4, 2


def drawn(content: bytes, shown: Shown, limits: Limits) -> bytes:
    """Gives the PNG, or raises what a decoder raises."""
    format_ = film_format(content[:SNIFF_BYTES])
    if format_ is None:
        images = [upright_and_small(content, max_pixels=limits.pixels, side=shown.side)]
    else:
        from takeback.media.film import few_frames  # noqa: PLC0415 - the extra `video`

        until = time.monotonic() + limits.seconds / 2
        each = {"max_pixels": limits.pixels, "most": shown.frames, "side": shown.side // _IN_A_ROW}
        images = few_frames(io.BytesIO(content), format_, **each, until=until)
    sheet = _sheet(images)
    if shown.blurred:
        sheet = sheet.convert("L").filter(ImageFilter.GaussianBlur(max(sheet.size) * _BLUR))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _sheet(images: list[Image.Image]) -> Image.Image:
    if len(images) == 1:
        return images[0]
    wide, high = max(one.width for one in images) + _GAP, max(one.height for one in images) + _GAP
    rows = -(-len(images) // _IN_A_ROW)
    sheet = Image.new("RGB", (wide * _IN_A_ROW, high * rows))
    for at, one in enumerate(images):
        sheet.paste(one, (at % _IN_A_ROW * wide, at // _IN_A_ROW * high))
    return sheet


def main() -> None:
    """Draws one; the arguments are limits and `Shown`, as JSON."""
    limits, shown = Limits(**json.loads(sys.argv[1])), Shown(**json.loads(sys.argv[2]))
    content = sys.stdin.buffer.read()
    _load_what_it_takes(content)
    confine(limits.memory_bytes)
    allow_cpu(limits.seconds)
    reason: UnscannableReason | None = None
    picture = b""
    try:
        picture = drawn(content, shown, limits)
    except (UnsupportedFormatError, ImportError):
        reason = UnscannableReason.UNSUPPORTED_FORMAT
    except TooManyPixelsError:
        reason = UnscannableReason.TOO_MANY_PIXELS
    except DamagedError:
        reason = UnscannableReason.DAMAGED
    except MemoryError:
        reason = UnscannableReason.TOO_MUCH_MEMORY
    sys.stdout.buffer.write(bytes([CODE_OF[reason] if reason else 0]) + picture)


def _load_what_it_takes(content: bytes) -> None:
    """Loads decoders before files are limited."""
    Image.new("L", (8, 8)).filter(ImageFilter.GaussianBlur(1)).save(io.BytesIO(), "PNG")
    if film_format(content[:SNIFF_BYTES]) is not None:
        try:
            import takeback.media.film  # noqa: F401, PLC0415 - the extra `video`
        except ImportError:
            return


if __name__ == "__main__":
    main()
