"""What whoever runs Baton has to say: environment variables or a `.env` file beside the process."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import NotReady

WHERE = "Slack shows them at api.slack.com/apps under your app; `baton manifest --socket` makes the app."

WHERE_OWN = "Slack shows them at api.slack.com/apps under Basic Information of your app."

NOTHING_SET = (
    "SLACK_BOT_TOKEN is not set (and SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP); for many "
    "workspaces, SLACK_CLIENT_ID."
)

SLACKS_OWN = ("slack_client_id", "slack_client_secret", "slack_signing_secret")

HOW = "make one with `openssl rand -base64 32 | tr '+/' '-_'`"

IN_ANY_CASE = BeforeValidator(str.lower)


class Mode(StrEnum):
    """How Slack reaches this process."""

    SOCKET = "socket"
    HTTP = "http"
    MANY = "many workspaces by http"


class Settings(BaseSettings):
    """One field per variable of the README's table, under the same name in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: Annotated[str, Field(pattern="^https?://")] = "https://slack.com/api/"
    database_url: str = "sqlite:///baton.db"
    baton_host: str = "127.0.0.1"
    baton_port: Annotated[int, Field(ge=0, le=65535)] = 3000
    baton_encryption_key: SecretStr | None = None
    baton_webhook_secret: SecretStr | None = None
    baton_purge_days: Annotated[int, Field(ge=0, le=3650)] = 30
    otel_exporter_otlp_endpoint: Annotated[str, Field(pattern="^https?://")] | None = None
    otel_exporter_otlp_headers: SecretStr | None = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], IN_ANY_CASE] = "info"
    log_format: Annotated[Literal["console", "json"], IN_ANY_CASE] = "console"

    def mode(self) -> Mode:
        """With a bot token Socket Mode where there is an app token, else signed HTTP; without one, by the app's own
        credentials, all the workspaces that install it.

        Raises:
            NotReady: when none of them is possible; the message names what is missing and where to get it.
        """
        if self.slack_bot_token is None:
            if self.slack_client_id is None and self.slack_client_secret is None:
                raise NotReady(f"{NOTHING_SET} {WHERE}")
            self._check_many()
            return Mode.MANY
        if self.slack_app_token is not None:
            return Mode.SOCKET
        if self.slack_signing_secret is not None:
            return Mode.HTTP
        raise NotReady(f"SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not set. {WHERE}")

    def _check_many(self) -> None:
        needed = (SLACKS_OWN, ("baton_encryption_key",))
        for names, how in zip(needed, (WHERE_OWN, f"It encrypts the tokens of workspaces: {HOW}."), strict=True):
            missing = [name.upper() for name in names if getattr(self, name) is None]
            if missing:
                are = "is" if len(missing) == 1 else "are"
                raise NotReady(f"{' and '.join(missing)} {are} not set, and many workspaces need it. {how}")

    @staticmethod
    def needed(secret: SecretStr | None) -> SecretStr:
        """A setting that `mode` has found to be there."""
        assert secret is not None
        return secret

    def webhook_secret(self) -> str | None:
        """What senders of leads sign with: their own secret, or else Slack's; None when neither is set."""
        found = self.baton_webhook_secret or self.slack_signing_secret
        return found.get_secret_value() if found else None


def load() -> Settings:
    """Read the environment and `.env`.

    Raises:
        NotReady: when a variable has a value that it cannot have.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_variable(item['loc'])}: {item['msg']}" for item in error.errors())
        raise NotReady(f"A setting cannot be used: {wrong}.") from None


def _variable(location: tuple[int | str, ...]) -> str:
    return "_".join(str(part) for part in location).upper()
