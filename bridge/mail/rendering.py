"""Render emails from the templates in `templates/mail/<language>/`."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
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

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Text
from bridge.errors import ConfigError, unknown_value
from bridge.mail.colours import readable_colour
from bridge.mail.kinds import CORE_EMAILS, Emails, FeatureEmail
from bridge.mail.kinds import EmailKind as EmailKind
from bridge.mail.plain_text import to_plain_text
from bridge.mail.template_folder import SUFFIX, TemplateFolder, unusable
from bridge.resources import resource
from bridge.typography import french_spacing

LOGOS = (".png", ".jpg", ".jpeg")
FALLBACK_LANGUAGE = "en"
"""Used for a language that has no templates."""
TIMES_REMEMBERED = 256
"""The same time stands in the emails to everyone, and formatting it takes long."""


@dataclass(frozen=True, slots=True)
class Email:
    """An email without addresses: a one-line subject, plain text, and a complete HTML page."""

    subject: str
    text: str
    html: str


def about_union(config: Config) -> dict[str, object]:
    """The variables of every email: the union, and the address of its logo, or ''.

    Most mail programs show no SVG, and an empty frame instead.
    """
    logo = config.union.logo
    shown = logo is not None and logo.suffix.lower() in LOGOS
    return {"union": config.union, "logo": f"{config.service.url}/logo" if shown else ""}


def render(
    kind: EmailKind | FeatureEmail,
    context: Mapping[str, object],
    *,
    language: str,
    folder: Path | None,
    emails: Emails = CORE_EMAILS,
) -> Email:
    """Render the email of `kind` in `language` (such as `fr` or `fr-CA`).

    `folder`: the union's own templates (`config.templates`), used before the shipped ones.
    `emails`: the kinds that there are. `context`: the variables that the kind declares, `union`,
    and perhaps `unsubscribe` (a link); an undefined one is an error.
    Raises ConfigError, with the file, if a template fails in any way.
    """
    environment = _environment(folder)
    base_language = re.split("[-_]", language.lower())[0]
    name = emails[kind].template
    try:
        plain = _template(environment, base_language, f"{name}.txt.j2")
        frame = str(plain.name).split("/")[1]
        given = {"language": base_language, "frame": frame}
        variables = {"unsubscribe": "", "logo": "", **context, **given}
        subject = _subject(environment, plain, variables)
        text = re.sub(r"\n{3,}", "\n\n", plain.render(variables)).strip() + "\n"
        html = _template(environment, base_language, f"{name}.html.j2").render(variables)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001  (a template can raise anything)
        raise _template_error(kind, error) from None
    subject = one_line(subject)
    if frame == "fr":
        subject, text, html = map(french_spacing, (subject, text, html))
    return Email(subject, text, html)


def _subject(
    environment: ImmutableSandboxedEnvironment, plain: Template, variables: Mapping[str, object]
) -> str:
    block = plain.blocks.get("subject")
    if block is None:
        raise unusable("it has no `subject` block", str(plain.filename))
    try:
        return "".join(block(plain.new_context(dict(variables))))
    except Exception:  # noqa: BLE001  (Jinja adds the template's line and raises it again)
        environment.handle_exception()


def one_line(value: str) -> str:
    """Replace line breaks, tabs and other control characters by a space; keep no-break spaces."""
    return re.sub(r"(?:[^\S\u00a0\u202f]|[\x00-\x1f\x7f-\x9f])+", " ", value).strip()


@lru_cache(maxsize=8)
def _environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    folders = [*([folder] if folder else []), resource("templates")]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([TemplateFolder(each) for each in folders]),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["unknown_value"] = unknown_value
    environment.filters.update(
        text=_text, markdown=_markdown, plain=_plain, line=one_line, day=_day, moment=_moment,
        number=_number, readable=readable_colour,
    )  # fmt: skip
    return environment


def _template(environment: ImmutableSandboxedEnvironment, language: str, name: str) -> Template:
    languages = dict.fromkeys([language, FALLBACK_LANGUAGE])
    return environment.select_template([f"mail/{each}/{name}" for each in languages])


@pass_context
def _text(context: Context, value: Text | str) -> str:
    return (value if isinstance(value, str) else value.pick(context["language"])).strip()


@pass_context
def _markdown(context: Context, value: Text | str) -> Markup:
    return Markup(to_html(_text(context, value)))  # noqa: S704 - sanitised by to_html


@pass_context
def _plain(context: Context, value: Text | str) -> str:
    return to_plain_text(_text(context, value))


@pass_context
def _day(context: Context, value: str) -> str:
    """Format a day (YYYY-MM-DD) in the language of the template."""
    return _day_in(value, context["frame"])


@lru_cache(maxsize=TIMES_REMEMBERED)
def _day_in(value: str, locale: str) -> str:
    return format_date(date.fromisoformat(value), "long", locale=locale)


@pass_context
def _number(context: Context, value: int) -> str:
    """Format a number in the language of the template."""
    return format_decimal(value, locale=context["frame"])


@pass_context
def _moment(context: Context, value: str) -> str:
    """Format a local time (YYYY-MM-DDTHH:MM) in the language of the template."""
    return _moment_in(value, context["frame"])


@lru_cache(maxsize=TIMES_REMEMBERED)
def _moment_in(value: str, locale: str) -> str:
    at = datetime.fromisoformat(value)
    day, time = format_date(at, "full", locale=locale), format_time(at, "short", locale=locale)
    return f"{day}, {time}"


def _template_error(kind: EmailKind | FeatureEmail, error: Exception) -> ConfigError:
    """The ConfigError for `error`, with the template's file and line.

    Only Jinja's own messages are included: Python's errors quote values, which may be personal.
    """
    where = f"template of the email `{kind}`"
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.filename or error.name}:{error.lineno}"
    elif line := _template_line(error):
        where = line
    if isinstance(error, TemplateNotFound):
        return unusable(f"there is no template {error.name}", where)
    if isinstance(error, TemplateError):
        return unusable(str(error), where)
    return unusable(f"it fails with {type(error).__name__}", where)


def _template_line(error: Exception) -> str:
    """The file and line of the innermost template; Jinja adds them to the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return next(
        (f"{f.filename}:{f.lineno}" for f in reversed(frames) if f.filename.endswith(SUFFIX)), ""
    )
