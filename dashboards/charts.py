"""Small charts drawn on the server as SVG; each stands above the table of its numbers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .figures.trends import Point, Trend

WIDTH, HEIGHT, BASE = 320, 110, 90  # of the drawing, in its own units; bars stand on BASE
LEFT = 4
COLOURS = {"Green": "#005a30", "Amber": "#f47738", "Red": "#b10e1e"}  # their words stand beside them
PLAIN = "#1d70b8"


def chart(trend: Trend) -> SafeString:
    """The trend as bars from left to right; series of one point stand on each other."""
    highest = trend.highest or max([sum(v or 0 for v in point.values) for point in trend.points] + [1])
    step = (WIDTH - 2 * LEFT) / max(len(trend.points), 1)
    bars = [
        _bars(trend, point, LEFT + index * step, step * 0.78, highest) for index, point in enumerate(trend.points)
    ]
    return format_html(
        '<svg class="screens-chart" viewBox="0 0 {} {}" role="img" aria-label="{}" focusable="false">'
        '<line x1="0" y1="{}" x2="{}" y2="{}" stroke="#505a5f"></line>{}{}</svg>',
        WIDTH,
        HEIGHT,
        summary(trend),
        BASE,
        WIDTH,
        BASE,
        SafeString("".join(bars)),
        _labels(trend, step),
    )


def summary(trend: Trend) -> str:
    """What the chart shows, for somebody who cannot see it: first and last point, and where the numbers are."""
    if not trend.points:
        return f"{trend.title}: nothing to show"
    first, last = trend.points[0], trend.points[-1]
    return f"{trend.title}. {_said(trend, first)}; {_said(trend, last)}. All numbers are in the table below."


def _said(trend: Trend, point: Point) -> str:
    pairs = zip(trend.series, point.words, strict=True)
    words = ", ".join(f"{name} {word}" if len(trend.series) > 1 else word for name, word in pairs)
    return f"{point.label}: {words}"


def _bars(trend: Trend, point: Point, left: float, width: float, highest: float) -> str:
    """The bars of one point: numbers and our own colours, so nothing in them needs escaping."""
    bars, top = "", float(BASE)
    for name, value in zip(trend.series, point.values, strict=True):
        height = (value or 0) / highest * (BASE - 14)
        top -= height
        bars += f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
        bars += f' fill="{COLOURS.get(name, PLAIN)}"></rect>'
    return bars


def _labels(trend: Trend, step: float) -> SafeString:
    """The first and last point by name under the line, and the last value above its bar."""
    if not trend.points:
        return SafeString("")
    last = trend.points[-1]
    total = sum(value or 0 for value in last.values)
    shown = last.values[0] is not None
    return format_html(
        '<g font-family="arial, sans-serif" font-size="12" fill="#0b0c0c"><text x="0" y="{}">{}</text>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<text x="{}" y="11" font-weight="700" text-anchor="end">{}</text></g>',
        HEIGHT - 4,
        trend.points[0].label,
        WIDTH,
        HEIGHT - 4,
        last.label,
        WIDTH,
        f"{total}{trend.unit}" if shown else "none",
    )
