"""Elements of Moodle XML, in the format of Moodle's import (question/format/xml)."""

from __future__ import annotations

import re

from bridge.curriculum.markdown import moodle_html
from bridge.curriculum.text import Text

PLAIN_FORMAT = "moodle_auto_format"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(fraction: str, text: str, feedback: Text, text_format: str, more: str = "") -> str:
    """An answer that gives `fraction` per cent of the mark."""
    inside = plain(text), html("feedback", feedback), more
    return element("answer", *inside, fraction=fraction, format=text_format)


def html(name: str, text: Text) -> str:
    """An element with a Markdown text as HTML, in multilang format, and with its images."""
    return element(name, plain(moodle_html(text)), files(text), format="html")


def files(text: Text) -> str:
    """The images of a text, as Moodle's own exports have them."""
    return "".join(
        element("file", image.base64, name=image.name, path="/", encoding="base64")
        for image in text.images
    )


def plain(text: str) -> str:
    """The element `<text>`."""
    return element("text", _cdata(text))


def element(name: str, /, *inside: str, **attributes: str) -> str:
    """An element; `inside` is XML already."""
    listed = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{listed}>{''.join(inside)}</{name}>"


def _cdata(text: str) -> str:
    """The text as one CDATA section, without characters that XML does not allow.

    Not escaped as entities: Moodle's parser (lib/xmlize.php) drops parts of a text that are only
    white space, such as the space between two entities in `&amp; &lt;`.
    """
    allowed = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{allowed}]]>" if allowed else ""
