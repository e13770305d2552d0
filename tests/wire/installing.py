"""Installing Baton as a person does it with a browser: its page, Slack's page, and back."""

import re
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.wire.processes import http


class Browser:
    """Somebody's browser, with the cookies of Baton's pages.

    Its cookies are for https only. Browsers take this machine for safe and send them all the same; httpx does not, so
    they are carried by hand.
    """

    def __init__(self, port: int, language: str = "en-US") -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._language = language
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> httpx.Response:
        """A page of Baton's."""
        carried = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Accept-Language": self._language, **({"Cookie": carried} if carried else {})}
        with http(self._address) as baton:
            answer = baton.get(path, headers=headers)
        for line in answer.headers.get_list("set-cookie"):
            assert "Secure" in line
            assert "HttpOnly" in line
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return answer

    def starts(self) -> str:
        """Opens `/slack/install`; returns the address of Slack's page."""
        page = self.get("/slack/install")
        assert page.status_code == 200, page.text
        found = re.search(r'<a href="([^"]+)"', page.text)
        assert found
        return unescape(found[1])

    def answers(self, slack_page: str, team: str, *, allow: bool = True, user: str = "U0MARIA") -> str:
        """Chooses a workspace on Slack's page; returns the way back, which is not taken yet."""
        with http() as slack:
            assert "asks for permission" in slack.get(slack_page).text
            answer = "allow" if allow else "deny"
            sent = slack.post(slack_page, data={"team": team, "user": user, "answer": answer})
        back = urlsplit(sent.headers["location"])
        return f"{back.path}?{back.query}"

    def installs(self, team: str) -> httpx.Response:
        """The whole way."""
        return self.get(self.answers(self.starts(), team))


def state_of(address: str) -> str:
    """The state in an address."""
    return parse_qs(urlsplit(address).query)["state"][0]
