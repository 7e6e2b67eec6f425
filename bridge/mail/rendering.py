"""Letters: what a mail says, from templates/mail/<language>/<kind>.{txt,html}.j2."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel.dates import format_date
from jinja2 import (
    ChoiceLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Text
from bridge.errors import ConfigError
from bridge.mail.template_folder import SUFFIX, TemplateFolder, unusable
from bridge.resources import resource

EmailKind = Literal[
    "welcome",
    "milestone",
    "chair-notice",
    "sign-in",
    "confirm",
    "already",
    "contact",
    "digest",
    "new-address",
    "address-changed",
    "shared-address",
]

FALLBACK_LANGUAGE = "en"
"""The language whose templates are used for a language that has none of its own."""


@dataclass(frozen=True, slots=True)
class Email:
    """A mail before it has an address: the subject is one line, the text plain, the HTML whole."""

    subject: str
    text: str
    html: str


def render(
    kind: EmailKind, context: Mapping[str, object], *, language: str, folder: Path | None
) -> Email:
    """The letter of `kind` in `language` (such as `fr` or `fr-CA`).

    `folder`: templates that are used before the shipped ones (`config.templates`), or None.
    `context`: what the templates speak of; a name they use that is not there is an error.
    All kinds: `union` (UnionSettings). `welcome`: `first_name`, `curriculum`, `milestone`,
    `link` (landing page), `region` (Region or None). `milestone`: `first_name`, `curriculum`,
    `reached` and `following` (Milestone; the latter may be None), `link` (of the next step).
    `chair-notice`: `region`, `members` (pairs of name and member number). `sign-in`: `link`,
    `minutes` (how long it works). `confirm`: `first_name`, `link`, `days`. `already` (somebody
    signs up who is known): `link` (to sign in). `contact` (to a chair, or whoever stands in):
    `region_name`, `name`, `email`, `phone`, `about` (title of the page they came from), `message`,
    `because` (why it comes to them: `chair`, `director` or `committee`).
    `digest` (to a chair): `region_name`, `first` and `last` (days, YYYY-MM-DD), `joined`,
    `milestones` (each `title`, `reached`, `waiting`, `days`), `link`.
    `new-address`: `first_name`, `link`, `minutes`. `address-changed` (to the former address):
    `first_name`, `contact` (an address that helps). `shared-address` (several members have it,
    so nobody can sign in with it): `contact`.
    Raises ConfigError, naming the file, if a template is wrong in whatever way.
    """
    environment = _environment(folder)
    spoken = re.split("[-_]", language.lower())[0]
    try:
        plain = _template(environment, spoken, f"{kind}.txt.j2")
        words = {**context, "language": spoken, "frame": str(plain.name).split("/")[1]}
        subject = _subject(environment, plain, words)
        text = re.sub(r"\n{3,}", "\n\n", plain.render(words)).strip() + "\n"
        html = _template(environment, spoken, f"{kind}.html.j2").render(words)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001  (a template can fail in any way Python can)
        raise _broken(kind, error) from None
    return Email(one_line(subject), text, html)


def _subject(
    environment: ImmutableSandboxedEnvironment, plain: Template, words: Mapping[str, object]
) -> str:
    block = plain.blocks.get("subject")
    if block is None:
        raise unusable("it has no `subject` block", str(plain.filename))
    try:
        return "".join(block(plain.new_context(dict(words))))
    except Exception:  # noqa: BLE001  (Jinja gives it the template's own line and raises it)
        environment.handle_exception()


def one_line(value: str) -> str:
    """`value` on one line: line breaks, tabs and other control characters become one space."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).strip()


@lru_cache(maxsize=8)
def _environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    places = [*([folder] if folder else []), resource("templates")]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([TemplateFolder(place) for place in places]),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(text=_text, markdown=_markdown, line=one_line, day=_day)
    return environment


def _template(environment: ImmutableSandboxedEnvironment, language: str, name: str) -> Template:
    languages = dict.fromkeys([language, FALLBACK_LANGUAGE])
    return environment.select_template([f"mail/{each}/{name}" for each in languages])


@pass_context
def _text(context: Context, value: Text) -> str:
    return value.pick(context["language"]).strip()


@pass_context
def _markdown(context: Context, value: Text) -> Markup:
    return Markup(to_html(_text(context, value)))  # noqa: S704 - sanitised by to_html


@pass_context
def _day(context: Context, value: str) -> str:
    """A day, YYYY-MM-DD, as it is written in the language of the template."""
    return format_date(date.fromisoformat(value), "long", locale=context["frame"])


def _broken(kind: EmailKind, error: Exception) -> ConfigError:
    """`error` where a template has it. What it says is left out unless it is Jinja's own: Python's
    errors quote values, and a value may be a person's."""
    where = f"template of the mail `{kind}`"
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.filename or error.name}:{error.lineno}"
    elif place := _place(error):
        where = place
    if isinstance(error, TemplateNotFound):
        return unusable(f"there is no template {error.name}", where)
    said = isinstance(error, TemplateError)
    return unusable(str(error) if said else f"it fails with {type(error).__name__}", where)


def _place(error: Exception) -> str:
    """The innermost template and its line; Jinja puts them into the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return next(
        (f"{f.filename}:{f.lineno}" for f in reversed(frames) if f.filename.endswith(SUFFIX)), ""
    )
