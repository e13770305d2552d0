"""Sound pieces of Block Kit for the tests; `more` adds to a piece or changes it."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"Option {number}", str(number)) for number in range(count)]


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def accessory(**element: Any) -> Json:
    return section(accessory=element)


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Press"), "action_id": "press", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choose", **more}


def field(**element: Any) -> Json:
    return {"type": "input", "label": plain(), "element": {"action_id": "write", **element}}


def confirm(**more: Any) -> Json:
    sound = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}
    return actions(button(confirm=sound | more))


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A picture", **more}


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **more}


def video(**more: Any) -> Json:
    address = "https://x.example/v"
    parts = {"alt_text": "A film", "title": plain(), "thumbnail_url": address, "video_url": address}
    return {"type": "video", **parts, **more}


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn()] * count}


def cell(text: str = "cell") -> Json:
    return {"type": "raw_text", "text": text}


def cells(rows: int, columns: int, text: str = "cell") -> list[list[Json]]:
    return [[cell(text)] * columns for _ in range(rows)]


def table(rows: int = 2, columns: int = 2, text: str = "cell", **more: Any) -> Json:
    return {"type": "table", "rows": cells(rows, columns, text), **more}


def data_table(rows: int = 2, columns: int = 2, text: str = "cell", **more: Any) -> Json:
    return {"type": "data_table", "caption": "Scores", "rows": cells(rows, columns, text), **more}


def chart(title: str = "Calls", **more: Any) -> Json:
    return {"type": "data_visualization", "title": title, "chart": more}


def pie(*segments: tuple[str, float]) -> Json:
    return chart(type="pie", segments=[{"label": label, "value": value} for label, value in segments])


def bars(count: int = 1, points: int = 2, **changes: Any) -> Json:
    categories = [f"Week {number}" for number in range(points)]
    data = [{"label": label, "value": -3} for label in categories]
    parts: Json = {
        "series": [{"name": f"Team {number}", "data": data} for number in range(count)],
        "axis_config": {"categories": categories, "x_label": "Week", "y_label": "Calls"},
    }
    return chart(type="bar", **parts | changes)


def card(**more: Any) -> Json:
    return {"type": "card", "title": mrkdwn(), **more}


def carousel(count: int) -> Json:
    return {"type": "carousel", "elements": [card() for _ in range(count)]}


def container(**more: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": [section()], **more}


def feedback(**more: Any) -> Json:
    good = {"text": plain("Good"), "value": "good"}
    element = {"type": "feedback_buttons", "positive_button": good | more, "negative_button": good}
    return {"type": "context_actions", "elements": [element]}


def trash(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain("Delete"), **more}


def task(**more: Any) -> Json:
    return {"type": "task_card", "task_id": "t1", "title": "Search", "status": "pending", **more}


def source(url: str) -> Json:
    return task(sources=[{"type": "url", "url": url, "text": "A page"}])


def group(label: str = "Group", count: int = 1) -> Json:
    return {"label": plain(label), "options": options(count)}
