"""The forms of the library: the file, what it shows in every language, who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from portal.content.document import LocalText
from portal.languages.formatting import number
from portal.media.record import LONGEST_WORDS
from portal.media.sniffing import MOST_BYTES
from portal.web.languages import gettext as _
from portal.web.languages import language

LONGEST_CREDIT = 120
MEGABYTE = 1024 * 1024


@dataclass
class Form:
    """What was typed, and a message for each field that cannot be used."""

    words: LocalText
    credit: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str], languages: Mapping[str, str]) -> Form:
        """The fields of a request; `languages` are the site's, by code."""
        words = LocalText({code: " ".join(sent.get(f"words-{code}", "").split()) for code in languages})
        return cls(words, " ".join(sent.get("credit", "").split())[:LONGEST_CREDIT])

    def require_words(self, languages: Mapping[str, str]) -> bool:
        """Ask for the words of every language; gives whether all of them are there."""
        for code, name in languages.items():
            if not self.words[code]:
                self.errors[f"words-{code}"] = _("Write what the file shows, in %(language)s", language=name)
            elif len(self.words[code]) > LONGEST_WORDS:
                self.errors[f"words-{code}"] = _(
                    "This is longer than %(num)d characters. Shorten it a little.", num=LONGEST_WORDS
                )
        return not self.errors

    def summary(self) -> list[dict[str, str]]:
        """The errors as the summary before the heading lists them."""
        return [{"message": message, "href": f"#field-{name}"} for name, message in self.errors.items()]


def data_of(upload: FileStorage | None) -> bytes:
    """The bytes of an upload, one more than allowed at most; its name is not looked at."""
    return upload.stream.read(MOST_BYTES + 1) if upload is not None else b""


def refusal(reason: str) -> str:
    """Why an upload is not taken, and what to do."""
    most = number(MOST_BYTES // MEGABYTE, language())
    words = {
        "empty": _("Choose a file."),
        "large": _("The file is larger than %(most)s MB. Choose a smaller one.", most=most),
        "svg": _("SVG drawings can hold programs. Save the drawing as PNG and choose that file."),
        "page": _("This is a web page, not a picture. Save the picture itself as JPEG or PNG."),
        "phone-format": _("This is a HEIC or AVIF photo. Save it as JPEG, or take it with “Most compatible”."),
        "gif": _("GIF files are not taken. Save the picture as PNG or JPEG."),
        "office": _("This is an office document or an archive. Save it as PDF and choose that file."),
        "film": _("Films and sounds are not taken. Choose a picture or a PDF."),
        "program": _("This file is a program. Choose a picture or a PDF."),
        "unknown": _("This is no JPEG, PNG, WebP or PDF file. Choose one of these."),
        "broken": _("The file is damaged or cut off. Open it on your device, save it again and choose the new file."),
        "pixels": _("The picture has too many pixels. Make it smaller, at most 6000 × 4000, and choose it again."),
        "tiny": _("The picture is too small to be seen. Choose a larger one."),
        "shape": _("The picture is too narrow or too wide. Cut it to what matters."),
        "tail": _("Something else hangs on the end of this PDF. Open it, save it anew as PDF and choose the new file."),
        "active": _("This PDF holds programs or forms. Print it to a new PDF and choose that file."),
        "encloses": _("This PDF carries other files inside. Print it to a new PDF and choose that file."),
        "signed": _(
            "This PDF carries a signature, which would not hold any more. Print it to a new PDF and choose that file."
        ),
        "locked": _("This PDF is locked with a password. Save it without one and choose the new file."),
        "unreadable": _("We cannot look into this PDF. Print it to a new PDF and choose that file."),
        "bomb": _("This PDF unpacks to far too much. Print it to a new PDF and choose that file."),
        "other-kind": _("A picture can be replaced only by a picture, and a PDF only by a PDF."),
    }  # fmt: skip
    return words.get(reason, words["unknown"])
