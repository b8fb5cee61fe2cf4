"""Pages in notebooks."""

from __future__ import annotations

from html import escape


def framed(page: str, lines: int) -> str:
    """A page in a frame of its own, so that neither its style nor its script meets those of the notebook."""
    height = max(260, min(720, 180 + 24 * lines))
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts allow-popups" title="allonym" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
    )
