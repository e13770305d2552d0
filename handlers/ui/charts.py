"""Native charts (docs.slack.dev/reference/block-kit/blocks: data_visualization): messages only, two at the most.

The SDK has no class for them, and drops what it does not know, so they are plain dicts. Not every client draws them:
whatever they show stands in words beside them, too.
"""

from collections.abc import Mapping, Sequence

from handlers.ui.blocks import Block, cut

LABEL_MAX, TITLE_MAX, AXIS_MAX = 20, 50, 50
POINTS_MAX, SERIES_MAX = 20, 6


def line_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], y_label: str) -> Block:
    """Lines over the same labels, each by its name."""
    return _chart("line", title, labels, series, y_label)


def bar_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], y_label: str) -> Block:
    """Bars side by side at each label."""
    return _chart("bar", title, labels, series, y_label)


def _chart(kind: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], y_label: str) -> Block:
    shown = _unlike(labels[-POINTS_MAX:])
    names = _unlike(list(series)[:SERIES_MAX])
    return {
        "type": "data_visualization",
        "title": cut(title, TITLE_MAX),
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(shown, values[-POINTS_MAX:], strict=True)
                    ],
                }
                for name, values in zip(names, series.values(), strict=False)
            ],
            "axis_config": {"categories": shown, "y_label": cut(y_label, AXIS_MAX)},
        },
    }


def _unlike(labels: Sequence[str]) -> list[str]:
    """Labels as short as Slack wants them, and each only once."""
    found: list[str] = []
    for label in labels:
        short, n = cut(label, LABEL_MAX), 2
        while short in found:
            short, n = f"{cut(label, LABEL_MAX - len(str(n)) - 1)} {n}", n + 1
        found.append(short)
    return found
