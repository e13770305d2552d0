"""Events: what people do that the app subscribed to."""

from tests.sandbox.conftest import Json, Slack, SocketApp, eventually, manifest, running
from tests.sandbox.test_messages import error_of, post


def event(app: SocketApp) -> Json:
    found: Json = app.last["event"]
    return found


def test_an_event_is_wrapped_as_slack_does(slack: Slack, app: SocketApp) -> None:
    slack.home()
    wrapper = app.last
    assert (wrapper["type"], wrapper["team_id"], wrapper["api_app_id"]) == (
        "event_callback",
        "T0BATON",
        "A0SANDBOX",
    )
    assert wrapper["authorizations"][0]["user_id"] == "U0BOT"
    assert wrapper["event_id"].startswith("Ev")


def test_a_direct_message_to_the_app_is_an_event(slack: Slack, app: SocketApp) -> None:
    slack.do("type", by="U0ANA", channel="D0ANA", text="hello & bye")
    assert (event(app)["type"], event(app)["channel_type"]) == ("message", "im")
    assert (event(app)["text"], event(app)["user"]) == ("hello &amp; bye", "U0ANA")


def test_the_apps_own_direct_message_is_an_event_too(slack: Slack, app: SocketApp) -> None:
    ts = post(slack, "U0ANA", text="Hello")["ts"]
    eventually(lambda: app.received)
    assert (event(app)["ts"], event(app)["bot_id"], event(app)["user"]) == (ts, "B0SANDBOX", "U0BOT")


def test_a_reply_in_a_thread_names_it(slack: Slack, app: SocketApp) -> None:
    ts = slack.do("type", by="U0ANA", channel="D0ANA", text="first")["message"]["ts"]
    slack.do("type", by="U0ANA", channel="D0ANA", text="second", thread_ts=ts)
    assert event(app)["thread_ts"] == ts


def test_a_mention_in_a_channel_is_an_event(slack: Slack, app: SocketApp) -> None:
    slack.do("type", by="U0ANA", channel="C0SALES", text="no mention")
    assert app.received == []
    slack.do("type", by="U0ANA", channel="C0SALES", text="@relay help")
    assert (event(app)["type"], event(app)["text"]) == ("app_mention", "<@U0BOT> help")


def test_a_changed_person_is_an_event_with_the_full_user(slack: Slack, app: SocketApp) -> None:
    slack.control(user={"id": "U0ANA", "tz": "Asia/Tokyo", "profile": {"title": "Account Executive"}})
    user = event(app)["user"]
    assert (event(app)["type"], user["tz"], user["tz_offset"]) == ("user_change", "Asia/Tokyo", 32_400)
    assert (user["locale"], user["profile"]["email"]) == ("en-US", "ana@northwind.example")
    assert slack.client.users_info(user="U0ANA")["user"]["profile"]["title"] == "Account Executive"


def test_a_new_name_is_known_at_once(slack: Slack, app: SocketApp) -> None:
    slack.control(user={"id": "U0ANA", "name": "anita"})
    slack.do("type", by="U0DANA", channel="C0SALES", text="/log @anita")
    assert app.last["text"] == "<@U0ANA|anita>"


def test_a_new_person_joins_the_team(slack: Slack, app: SocketApp) -> None:
    slack.control(user={"id": "U0NEW", "name": "new", "real_name": "New Person", "tz": "UTC"})
    assert (event(app)["type"], event(app)["user"]["id"]) == ("team_join", "U0NEW")
    slack.control(join={"channel": "C0SALES", "user": "U0NEW"})
    assert slack.do("type", by="U0NEW", channel="C0SALES", text="Hi")["ok"]


def test_an_uninstalled_app_is_told_and_its_token_is_dead(slack: Slack, app: SocketApp) -> None:
    slack.control(uninstall=True)
    assert event(app)["type"] == "app_uninstalled"
    assert error_of(slack.client.auth_test) == "token_revoked"


def test_only_subscribed_events_are_sent() -> None:
    given = manifest()
    given["settings"]["event_subscriptions"]["bot_events"] = []
    with running(given) as slack:
        app = SocketApp(slack)
        eventually(lambda: slack.state()["app"]["connected"])
        slack.home()
        assert app.received == []
        app.close()


def test_an_event_that_nobody_took_is_sent_again(slack: Slack) -> None:
    slack.control(event_retry_seconds=[0.1] * 600)
    slack.home()
    app = SocketApp(slack)
    eventually(lambda: app.received)
    taken = app.received[0]
    assert (taken.retry_attempt or 0) >= 1  # whichever was the first after the app had connected
    assert (taken.payload["event"]["type"], taken.retry_reason) == ("app_home_opened", "connection_failed")
    slack.home()
    assert [request.retry_attempt for request in app.received[1:]] == [0]
    app.close()
