"""The colours of pictures and pages, light and dark, and the style sheets that are made with them."""

from __future__ import annotations

from collections.abc import Mapping

from checker.resources import template_text

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "raised": "#f6f8fa",
    "ink": "#1c2128",
    "faint": "#57606a",
    "rule": "#d3d9e0",
    "line": "#6e7781",
    "link": "#0a58ca",
    "hit": "#ffe08a",
    "good": "#1a6e34",
    "good-fill": "#e9f6ec",
    "fair": "#855300",
    "fair-fill": "#fff6dd",
    "bad": "#b3192b",
    "bad-fill": "#ffecee",
    "plain": "#4b535d",
    "plain-fill": "#f3f5f8",
}
DARK: Mapping[str, str] = {
    "paper": "#12161c",
    "raised": "#191f27",
    "ink": "#e6eaf0",
    "faint": "#a3adba",
    "rule": "#323b47",
    "line": "#8b95a3",
    "link": "#7db3ff",
    "hit": "#6b5200",
    "good": "#6fd08c",
    "good-fill": "#10291a",
    "fair": "#ecbb55",
    "fair-fill": "#2c220c",
    "bad": "#ff8f97",
    "bad-fill": "#34141a",
    "plain": "#b0bac7",
    "plain-fill": "#1c222b",
}


def _declared(colors: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {color};" for name, color in colors.items())


def figure_style() -> str:
    """The style sheet of a picture by itself."""
    dark = f"@media (prefers-color-scheme: dark) {{ .figure {{ {_declared(DARK)} }} }}"
    return f".figure {{ {_declared(LIGHT)} }}\n{dark}\n{template_text('figure.css')}"


def page_style() -> str:
    """The style sheet of a page with pictures. What is printed is light."""
    dark = f":root:not([data-theme=light]) {{ color-scheme: dark; {_declared(DARK)} }}"
    chosen = f":root[data-theme=dark] {{ color-scheme: dark; {_declared(DARK)} }}"
    return (
        f":root {{ color-scheme: light; {_declared(LIGHT)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n"
        f"@media screen {{ {chosen} }}\n{template_text('figure.css')}{template_text('report.css')}"
    )
