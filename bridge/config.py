"""Read config.yaml and the environment into one frozen Config. All defaults are here.

Secrets are never read from config.yaml. Each comes from an environment variable, or from the
file named by the same variable with `_FILE` added.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bridge.config_sections import BigBlueButtonSettings as BigBlueButtonSettings
from bridge.config_sections import Colours as Colours
from bridge.config_sections import Contact as Contact
from bridge.config_sections import DatabaseSettings as DatabaseSettings
from bridge.config_sections import FileSettings as FileSettings
from bridge.config_sections import MailSettings as MailSettings
from bridge.config_sections import MoodleSettings as MoodleSettings
from bridge.config_sections import Region as Region
from bridge.config_sections import ReminderSettings as ReminderSettings
from bridge.config_sections import SandboxSettings as SandboxSettings
from bridge.config_sections import ServiceSettings as ServiceSettings
from bridge.config_sections import SessionSettings as SessionSettings
from bridge.config_sections import Settings as Settings
from bridge.config_sections import SyncSettings as SyncSettings
from bridge.config_sections import UnionSettings as UnionSettings
from bridge.config_sections import ZoomSettings as ZoomSettings
from bridge.config_values import MailAddress, RoleKey, RoleLabel, TimeZone
from bridge.errors import ConfigError

SECRETS = {
    "moodle_token": "STEWARDPATH_MOODLE_TOKEN",
    "database_url": "STEWARDPATH_DATABASE_URL",
    "webhook": "STEWARDPATH_WEBHOOK_SECRET",
    "smtp_password": "STEWARDPATH_SMTP_PASSWORD",
    "secret_key": "STEWARDPATH_SECRET_KEY",
    "metrics_token": "STEWARDPATH_METRICS_TOKEN",
    "bigbluebutton_secret": "STEWARDPATH_BIGBLUEBUTTON_SECRET",
    "zoom_secret": "STEWARDPATH_ZOOM_SECRET",
}
MISPLACED_SECRETS = {
    "token": "STEWARDPATH_MOODLE_TOKEN",
    "password": "STEWARDPATH_SMTP_PASSWORD",
    "secret": "STEWARDPATH_WEBHOOK_SECRET",
}


class Config(Settings):
    """All settings. Relative paths start from the folder of the configuration file."""

    curricula: Path | None = None
    """Folder of curricula. Default: the shipped curriculum."""
    templates: Path | None = None
    """Folder of templates that override the shipped ones."""
    language: Literal["en", "fr"] = "en"
    timezone: TimeZone = "UTC"
    holidays: tuple[date, ...] = ()
    """Days on which no deadline ends that skips holidays. Weekends are skipped too."""
    member_roles: Mapping[RoleKey, RoleLabel] = Field(default_factory=dict)
    """Roles of members, besides those that the curricula name, with how they are shown."""
    union: UnionSettings = UnionSettings()
    moodle: MoodleSettings | None = None
    database: DatabaseSettings = DatabaseSettings()
    files: FileSettings = FileSettings()
    mail: MailSettings = MailSettings()
    regions: Mapping[str, Region] = Field(default_factory=dict)
    committee: tuple[MailAddress, ...] = ()
    """Who can see and change everything on the committee's pages."""
    auditors: tuple[MailAddress, ...] = ()
    """Who can see everything there but change nothing."""
    reviewers: tuple[MailAddress, ...] = ()
    """Who can be made a reviewer of applications."""
    approvers: tuple[MailAddress, ...] = ()
    """Who can be made an approver of claims."""
    payroll: tuple[MailAddress, ...] = ()
    """Who gets the payroll batches."""
    grievance: tuple[MailAddress, ...] = ()
    """Who sees the grievance files that members send."""
    operators: tuple[MailAddress, ...] = ()
    """Who gets an email if the jobs fail. Default: the committee."""
    service: ServiceSettings = ServiceSettings()
    sync: SyncSettings = SyncSettings()
    sessions: SessionSettings = SessionSettings()
    reminders: ReminderSettings = ReminderSettings()
    sandbox: SandboxSettings = SandboxSettings()

    home: Path = Field(default=Path("."), exclude=True)
    """Folder that relative paths start from. Set by `load`, not in the file."""
    moodle_token: SecretStr | None = Field(default=None, exclude=True)
    webhook_secret: SecretStr | None = Field(default=None, exclude=True)
    smtp_password: SecretStr | None = Field(default=None, exclude=True)
    secret_key: SecretStr | None = Field(default=None, exclude=True)
    metrics_token: SecretStr | None = Field(default=None, exclude=True)
    bigbluebutton_secret: SecretStr | None = Field(default=None, exclude=True)
    zoom_secret: SecretStr | None = Field(default=None, exclude=True)

    @property
    def role_labels(self) -> Mapping[str, Mapping[str, str]]:
        """How the roles of `member_roles` are shown, by language; '' means any."""
        return {key: _by_language(label) for key, label in self.member_roles.items()}

    def path(self, path: Path) -> Path:
        """`path`, resolved from the folder of the configuration file."""
        return self.home / path

    @property
    def site(self) -> MoodleSettings:
        """The Moodle site to use: the configured one, or the sandbox on this machine."""
        sandbox = f"http://{self.sandbox.host}:{self.sandbox.port}"
        return self.moodle or MoodleSettings(url=sandbox)

    @property
    def database_url(self) -> str:
        """The database URL. A relative SQLite path starts from `home`."""
        url = self.database.url.get_secret_value()
        match = re.fullmatch(r"sqlite:///(?!/)(.+)", url)
        return f"sqlite:///{self.path(Path(match[1])).resolve()}" if match else url


def _by_language(label: RoleLabel) -> Mapping[str, str]:
    if isinstance(label, str):
        return {"": label}
    return {str(language): text for language, text in label.items()}


NOT_IN_FILE = (
    "home",
    "moodle_token",
    "webhook_secret",
    "smtp_password",
    "secret_key",
    "metrics_token",
    "bigbluebutton_secret",
    "zoom_secret",
)


def load(file: Path | None, environment: Mapping[str, str], folder: Path) -> Config:
    """Read the configuration.

    `file`: the file given with --config, or None to use `folder`/config.yaml if it exists.
    Raises ConfigError with one line per problem: the key, what is wrong, and what to write.
    """
    chosen = file or folder / "config.yaml"
    raw = _read(chosen, required=file is not None)
    home = chosen.parent.resolve() if chosen.exists() else folder.resolve()
    secrets = {name: _secret(variable, environment) for name, variable in SECRETS.items()}
    for name in NOT_IN_FILE:
        if name in raw:
            raise ConfigError(
                f"`{name}` cannot be set in this file.", where=str(chosen), todo="Remove it."
            )
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        problems = "\n".join(f"  {_error_message(detail)}" for detail in error.errors())
        raise ConfigError(
            f"the configuration is not valid:\n{problems}", where=str(chosen)
        ) from None
    if url := secrets["database_url"]:
        config = config.model_copy(update={"database": DatabaseSettings(url=url)})
    return config.model_copy(
        update={
            "home": home,
            "moodle_token": secrets["moodle_token"],
            "webhook_secret": secrets["webhook"],
            "smtp_password": secrets["smtp_password"],
            "secret_key": secrets["secret_key"],
            "metrics_token": secrets["metrics_token"],
            "bigbluebutton_secret": secrets["bigbluebutton_secret"],
            "zoom_secret": secrets["zoom_secret"],
        }
    )


def _read(file: Path, *, required: bool) -> dict[str, object]:
    if not required and not file.exists():
        return {}
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8-sig")) or {}
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror}).",
            where=str(file),
            todo="Check the path given with --config.",
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f"{file}:{place.line + 1}:{place.column + 1}" if place else str(file)
        raise ConfigError(
            "is not valid YAML in UTF-8.", where=line, todo="Correct this line."
        ) from None
    if not isinstance(raw, dict):
        raise ConfigError("must contain settings such as `moodle:`.", where=str(file))
    return raw


def _secret(variable: str, environment: Mapping[str, str]) -> SecretStr | None:
    """The secret in `variable`, or in the file that `variable`_FILE names; None without either."""
    value, file = environment.get(variable, ""), environment.get(f"{variable}_FILE", "")
    if value and file:
        raise ConfigError(
            f"{variable} and {variable}_FILE are both set.", todo="Unset one of them."
        )
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigError(
                f"the file named by {variable}_FILE cannot be read.",
                where=file,
                todo="Check its path and permissions.",
            ) from None
    return SecretStr(value.strip()) if value.strip() else None


def _error_message(detail: ErrorDetails) -> str:
    """A pydantic error as a sentence for the person who wrote the file."""
    path = [str(part) for part in detail["loc"]]
    key = ".".join(path)
    if detail["type"] == "extra_forbidden":
        return f"`{key}`: unknown setting.{_hint(path)}"
    if detail["type"] == "missing":
        return f"`{key}`: this required setting is missing."
    reason = detail["msg"].removeprefix("Value error, ")
    return f"`{key}`: {reason[0].lower()}{reason[1:]}."


def _hint(path: list[str]) -> str:
    if path[-1] in MISPLACED_SECRETS:
        return f" Set secrets in the environment: {MISPLACED_SECRETS[path[-1]]}."
    valid = [name for name in _keys_at(path[:-1]) if name not in NOT_IN_FILE]
    matches = difflib.get_close_matches(path[-1], valid, n=1)
    return (
        f" Did you mean `{matches[0]}`?"
        if matches
        else f" Settings allowed here: {', '.join(sorted(valid))}."
    )


def _keys_at(path: list[str]) -> list[str]:
    model: type[BaseModel] = Config
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        model = next((m for m in _models_in(annotation)), model)
    return list(model.model_fields)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    parts: tuple[object, ...] = getattr(annotation, "__args__", ())
    return [model for part in parts for model in _models_in(part)]
