"""config.yaml and the environment become one frozen Config. Every default stands here.

Secrets are never read from config.yaml: each comes from an environment variable, or from the
file that the variable with `_FILE` behind its name points to.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bridge.errors import ConfigError

SECRETS = {
    "moodle_token": "STEWARDPATH_MOODLE_TOKEN",
    "database_url": "STEWARDPATH_DATABASE_URL",
    "webhook": "STEWARDPATH_WEBHOOK_SECRET",
    "smtp_password": "STEWARDPATH_SMTP_PASSWORD",
    "secret_key": "STEWARDPATH_SECRET_KEY",
}
MISPLACED_SECRETS = {
    "token": "STEWARDPATH_MOODLE_TOKEN",
    "password": "STEWARDPATH_SMTP_PASSWORD",
    "secret": "STEWARDPATH_WEBHOOK_SECRET",
}


def _http_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError("is not a web address such as https://moodle.example.org")
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
        raise ValueError("is not an e-mail address")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a time zone such as America/Toronto")
    return value


def _clock_time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("is not a time of day such as 03:30")
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("is not a colour such as #14624a")
    return value.lower()


Colour = Annotated[str, AfterValidator(_colour)]
Address = Annotated[str, AfterValidator(_http_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseModel):
    """What every part of the configuration has in common: frozen, and no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class MoodleSettings(Settings):
    """The Moodle site; without one the embedded sandbox is used."""

    url: Address
    login: Literal["manual", "oidc", "oauth2", "ldap", "saml2", "shibboleth", "cas", "db"] = (
        "manual"
    )
    """How accounts that Stewardpath makes will sign in (Moodle's `auth`)."""
    learner_role: int = 5
    """Id of Moodle's student role; 5 on every site that kept Moodle's own roles."""
    connect_timeout: Seconds = 5
    read_timeout: Seconds = 60
    trust_numbers: bool = False
    """Whether the ID number of a Moodle account says whose it is, where nobody can edit it."""
    import_folder: Path = Path("var/moodle-xml")
    """Where quizzes are written for import by hand when the companion is not installed."""


class DatabaseSettings(Settings):
    url: SecretStr = SecretStr("sqlite:///var/stewardpath.db")
    """SQLAlchemy address; one with a password belongs in STEWARDPATH_DATABASE_URL."""


class MailSettings(Settings):
    """Outgoing mail. Without a `host`, mails are written as .eml files into `folder`."""

    host: str = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    sender: MailAddress = "stewardpath@example.org"
    reply_to: MailAddress | None = None
    folder: Path = Path("var/mail")
    timeout: Seconds = 30
    digest: Literal["off", "weekly"] = "off"
    """Whether the regions' chairs are told every Monday how the week before went."""
    no_digest: tuple[MailAddress, ...] = ()
    """Chairs who do not want it."""
    no_notice: tuple[MailAddress, ...] = ()
    """Chairs who do not want to be told of each sign-up."""


class Contact(Settings):
    name: str
    email: MailAddress
    phone: str = ""


class Region(Settings):
    """One region: who chairs its training committee and whom its members can ask."""

    name: str
    chair: Contact | None = None
    director: Contact | None = None
    contacts: tuple[Contact, ...] = ()
    timezone: TimeZone | None = None


class Colours(Settings):
    """The union's two colours. Where a text needs more contrast, a shade of them is used."""

    main: Colour = "#14624a"
    accent: Colour = "#b45309"


class UnionSettings(Settings):
    """How the union shows itself in mails and on pages."""

    name: str = "Our Union"
    website: Address | None = None
    links: Mapping[str, Address] = Field(default_factory=dict)
    """Social media and other places, name to address."""
    logo: Path | None = None
    """An image file (SVG, PNG, JPEG or WebP) shown beside the name."""
    colours: Colours = Colours()


class ServiceSettings(Settings):
    """The web service and the jobs beside it."""

    host: str = "127.0.0.1"
    port: Port = 8080
    url: Address = "http://127.0.0.1:8080"
    """The address people reach it at; used in mails."""
    pull_every: Seconds = 60
    deliver_every: Seconds = 15
    drift_every: Seconds = 3_600
    reconcile_at: ClockTime = "03:30"
    webhook_tolerance: Seconds = 300
    behind_proxy: bool = False
    """Whether all requests come through one reverse proxy, which names the visitor's address."""


class SyncSettings(Settings):
    """How careful `apply` is."""

    max_share: Annotated[float, Field(gt=0, le=1)] = 0.3
    """Share of what exists that one plan may hide or rewrite without --force."""


class SandboxSettings(Settings):
    """The embedded stand-in for Moodle."""

    host: str = "127.0.0.1"
    port: Port = 8090
    state: Path = Path("var/sandbox.db")


class Config(Settings):
    """Everything that can be set. Relative paths are relative to the configuration's folder."""

    curricula: Path | None = None
    """Folder of curricula; without one, the shipped curriculum is used."""
    templates: Path | None = None
    """Folder whose templates are used before the shipped ones."""
    language: Literal["en", "fr"] = "en"
    timezone: TimeZone = "UTC"
    union: UnionSettings = UnionSettings()
    moodle: MoodleSettings | None = None
    database: DatabaseSettings = DatabaseSettings()
    mail: MailSettings = MailSettings()
    regions: Mapping[str, Region] = Field(default_factory=dict)
    committee: tuple[MailAddress, ...] = ()
    """Who may see and change everything on the committee's pages."""
    auditors: tuple[MailAddress, ...] = ()
    """Who may see everything there, and change nothing."""
    service: ServiceSettings = ServiceSettings()
    sync: SyncSettings = SyncSettings()
    sandbox: SandboxSettings = SandboxSettings()

    home: Path = Field(default=Path("."), exclude=True)
    """Folder that relative paths start from; set by `load`, not in the file."""
    moodle_token: SecretStr | None = Field(default=None, exclude=True)
    webhook_secret: SecretStr | None = Field(default=None, exclude=True)
    smtp_password: SecretStr | None = Field(default=None, exclude=True)
    secret_key: SecretStr | None = Field(default=None, exclude=True)

    def path(self, path: Path) -> Path:
        """`path` as it is meant: relative to the folder of the configuration."""
        return self.home / path

    @property
    def site(self) -> MoodleSettings:
        """The Moodle to speak to: the configured one, else the sandbox on this machine."""
        sandbox = f"http://{self.sandbox.host}:{self.sandbox.port}"
        return self.moodle or MoodleSettings(url=sandbox)

    @property
    def database_url(self) -> str:
        """The database's address; a relative SQLite path is taken from `home`."""
        url = self.database.url.get_secret_value()
        match = re.fullmatch(r"sqlite:///(?!/)(.+)", url)
        return f"sqlite:///{self.path(Path(match[1])).resolve()}" if match else url


NOT_IN_FILE = ("home", "moodle_token", "webhook_secret", "smtp_password", "secret_key")


def load(file: Path | None, environment: Mapping[str, str], folder: Path) -> Config:
    """Read the configuration.

    `file`: the file named by --config, or None to use `folder`/config.yaml if it is there.
    Raises ConfigError with one line a problem: which key, what is wrong, what to write.
    """
    chosen = file or folder / "config.yaml"
    raw = _read(chosen, required=file is not None)
    home = chosen.parent.resolve() if chosen.exists() else folder.resolve()
    secrets = {name: _secret(variable, environment) for name, variable in SECRETS.items()}
    for name in NOT_IN_FILE:
        if name in raw:
            raise ConfigError(f"`{name}` cannot be set there.", where=str(chosen))
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        problems = "\n".join(f"  {_sentence(detail)}" for detail in error.errors())
        raise ConfigError(
            f"the configuration cannot be used:\n{problems}", where=str(chosen)
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
            todo="Give the path of your configuration with --config.",
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f"{file}:{place.line + 1}:{place.column + 1}" if place else str(file)
        raise ConfigError("is not valid YAML in UTF-8.", where=line) from None
    if not isinstance(raw, dict):
        raise ConfigError("must be a list of settings such as `moodle:`.", where=str(file))
    return raw


def _secret(variable: str, environment: Mapping[str, str]) -> SecretStr | None:
    """The secret in `variable`, or in the file named by `variable`_FILE; None if neither is set."""
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
                f"the file that {variable}_FILE names cannot be read.",
                where=file,
                todo="Check its path and who may read it.",
            ) from None
    return SecretStr(value.strip()) if value.strip() else None


def _sentence(detail: ErrorDetails) -> str:
    """One problem that pydantic found, as a sentence for the person who wrote the file."""
    path = [str(part) for part in detail["loc"]]
    key = ".".join(path)
    if detail["type"] == "extra_forbidden":
        return f"`{key}`: there is no such setting.{_hint(path)}"
    if detail["type"] == "missing":
        return f"`{key}`: is missing."
    reason = detail["msg"].removeprefix("Value error, ")
    return f"`{key}`: {reason[0].lower()}{reason[1:]}."


def _hint(path: list[str]) -> str:
    if path[-1] in MISPLACED_SECRETS:
        return f" Secrets come from the environment: set {MISPLACED_SECRETS[path[-1]]}."
    valid = [name for name in _keys_at(path[:-1]) if name not in NOT_IN_FILE]
    near = difflib.get_close_matches(path[-1], valid, n=1)
    return f" Did you mean `{near[0]}`?" if near else f" Known here: {', '.join(sorted(valid))}."


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
