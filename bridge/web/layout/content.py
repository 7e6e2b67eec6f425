"""Texts of the curriculum as pages show them: one language, safe HTML, French spaces."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from bridge.curriculum.markdown import ImageAddress, to_html, to_inline_html
from bridge.curriculum.model import Text
from bridge.typography import french_spacing


def plain_text(text: Text, language: str) -> str:
    """The text in `language`, or in the first language it has."""
    return _spaced(text, text.pick(language), language)


def block_html(text: Text, language: str) -> Markup:
    """Markdown as HTML with paragraphs and lists, with its images, and formulas as MathML."""
    html = to_html(text.pick(language), _addresses(text), mathml=True)
    return Markup(_spaced(text, html, language))  # noqa: S704 - sanitised


def inline_html(text: Text, language: str) -> Markup:
    """One line of Markdown as HTML without paragraphs."""
    html = to_inline_html(text.pick(language), _addresses(text), mathml=True)
    return Markup(_spaced(text, html, language))  # noqa: S704 - sanitised


def _addresses(text: Text) -> ImageAddress:
    """The addresses of the text's images on this site."""
    images = {image.path: image for image in text.images}

    def address(path: str) -> str:
        image = images.get(path)
        return url_for("images.show", digest=image.digest, name=image.name) if image else ""

    return address


def _spaced(text: Text, picked: str, language: str) -> str:
    is_french = language == "fr" and "fr" in text.languages
    return french_spacing(picked) if is_french else picked
