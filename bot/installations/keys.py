"""What tokens are sealed with (Fernet: AES-128-CBC and HMAC-SHA256, of the library `cryptography`)."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot.errors import NotReady
from bot.settings import HOW


class CannotOpen(Exception):
    """Something was sealed with a key that is not among those that are set."""


class Keyring:
    """The keys of `BATON_ENCRYPTION_KEY`, separated by commas: the first one seals, each of them opens.

    Raises:
        NotReady: when one of them is no key.
    """

    def __init__(self, keys: SecretStr) -> None:
        names = [key.strip() for key in keys.get_secret_value().split(",") if key.strip()]
        try:
            self._first, *others = [Fernet(key) for key in names]
        except ValueError:
            raise NotReady(
                f"BATON_ENCRYPTION_KEY holds something that is no key (32 bytes in base64): {HOW}."
            ) from None
        self._all = MultiFernet([self._first, *others])

    def seal(self, plain: str | None) -> str | None:
        """A text as it may be stored; None stays None."""
        return None if plain is None else self._first.encrypt(plain.encode()).decode()

    def open(self, sealed: str | None) -> SecretStr | None:
        """What was sealed.

        Raises:
            CannotOpen: with none of these keys.
        """
        if sealed is None:
            return None
        try:
            return SecretStr(self._all.decrypt(sealed.encode()).decode())
        except InvalidToken:
            raise CannotOpen from None

    def is_newest(self, sealed: str | None) -> bool:
        """Whether the first key has sealed it."""
        if sealed is None:
            return True
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: str | None) -> str | None:
        """The same, sealed with the first key.

        Raises:
            CannotOpen: with none of these keys.
        """
        if self.is_newest(sealed):
            return sealed
        found = self.open(sealed)
        return self.seal(found.get_secret_value()) if found else None
