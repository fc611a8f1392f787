"""The style sheet as the tests read it: its colours, light and dark."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "portal" / "static"
TEMPLATES = STATIC.parent / "templates"
CSS = (STATIC / "portal.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6});")


def colours() -> dict[str, dict[str, str]]:
    """The tokens that are colours, by scheme. What the dark block does not name it takes from the light one."""
    light, dark = re.split(r"@media \(prefers-color-scheme: dark\)", CSS.split("@layer base {")[0], maxsplit=1)
    light_tokens = dict(COLOUR.findall(light))
    return {"light": light_tokens, "dark": light_tokens | dict(COLOUR.findall(dark))}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
