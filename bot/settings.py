"""What whoever runs Baton has to say: environment variables or a `.env` file beside the process."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import NotReady

WHERE = "Slack shows them at api.slack.com/apps under your app; `baton manifest --socket` makes the app."

IN_ANY_CASE = BeforeValidator(str.lower)


class Mode(StrEnum):
    """How Slack reaches this process."""

    SOCKET = "socket"
    HTTP = "http"


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
    log_level: Annotated[Literal["debug", "info", "warning", "error"], IN_ANY_CASE] = "info"
    log_format: Annotated[Literal["console", "json"], IN_ANY_CASE] = "console"

    def mode(self) -> Mode:
        """Socket Mode where there is an app token, signed HTTP otherwise.

        Raises:
            NotReady: when neither is possible; the message names what is missing and where to get it.
        """
        if self.slack_bot_token is None:
            raise NotReady(f"{self._missing()} {WHERE}")
        if self.slack_app_token is not None:
            return Mode.SOCKET
        if self.slack_signing_secret is not None:
            return Mode.HTTP
        raise NotReady(f"{self._missing()} {WHERE}")

    def webhook_secret(self) -> str | None:
        """What senders of leads sign with: their own secret, or else Slack's; None when neither is set."""
        found = self.baton_webhook_secret or self.slack_signing_secret
        return found.get_secret_value() if found else None

    def _missing(self) -> str:
        if self.slack_client_id and self.slack_client_secret and self.slack_bot_token is None:
            return (
                "SLACK_BOT_TOKEN is not set, and installing into many workspaces (SLACK_CLIENT_ID) "
                "is not in this version yet."
            )
        if self.slack_bot_token is None:
            return "SLACK_BOT_TOKEN is not set (and SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP)."
        return "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not set."


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
