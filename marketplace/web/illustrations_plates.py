"""The plate a drawing is made on: palette, ground, and the few shapes that repeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

# ground, disc behind the subject, light, middle, dark tone of the subject, accent
PALETTES: dict[str, tuple[str, str, str, str, str, str]] = {
    "ash": ("#e6e0d8", "#cfc6ba", "#6d665f", "#3f3a36", "#23201d", "#b3722f"),
    "berry": ("#efe0e0", "#dfc3c4", "#b5697a", "#8a3f57", "#55243a", "#d9a441"),
    "chilli": ("#f5e3d8", "#ebc7b4", "#dc6b4b", "#b83a26", "#7a1f17", "#2f7153"),
    "clay": ("#f1e3d5", "#e2c7ad", "#c08a5c", "#8f5731", "#57321c", "#2f7153"),
    "honey": ("#faeccd", "#f3d798", "#efbd55", "#cf8a1f", "#7d4d10", "#6f4a2d"),
    "indigo": ("#e3e6ea", "#c5cfda", "#5f84a6", "#2c5579", "#17344f", "#c98f3d"),
    "leaf": ("#e9efdb", "#cfdfb4", "#8fb35a", "#5a8136", "#33501f", "#c98f3d"),
    "milk": ("#e7ebe4", "#cddacd", "#fffdf8", "#efe6d6", "#6f4a2d", "#2f7153"),
    "moss": ("#e3e9dd", "#c3d2bb", "#7f9a72", "#4c6b47", "#274230", "#b3722f"),
    "roast": ("#efe3d6", "#dcc3a9", "#99653f", "#6a4028", "#3b2216", "#2f7153"),
    "sage": ("#e6eee6", "#c8dccd", "#9cba96", "#5d8a6b", "#1f5a40", "#b3722f"),
    "sand": ("#f4ead9", "#e6d2b1", "#d9b883", "#b08a52", "#6e5129", "#2f7153"),
    "sea": ("#e0eaec", "#bdd4d8", "#8fb4bb", "#4d7f8a", "#22505b", "#c98f3d"),
    "turmeric": ("#faecc8", "#f2d286", "#eeb23c", "#cf7d17", "#83460d", "#2f7153"),
}


@dataclass
class Plate:
    """A drawing in the making, 400 by 300 units."""

    palette: str
    chance: Random
    name: str
    shapes: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ground, self.disc, self.light, self.middle, self.dark, self.accent = PALETTES[self.palette]

    def add(self, *shapes: str) -> None:
        """Put shapes on top of what is there."""
        self.shapes.extend(shapes)

    def path(self, d: str, fill: str = "none", stroke: str = "", width: float = 2, more: str = "") -> None:
        """A path; without a stroke colour it is only filled."""
        line = (
            f' stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"'
            if stroke
            else ""
        )
        self.shapes.append(f'<path d="{d}" fill="{fill}"{line}{more}/>')

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> None:
        """A filled ellipse."""
        self.shapes.append(f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{more}/>')

    def behind(self) -> None:
        """The quiet disc or arch that holds the composition together, and a table line."""
        shift = self.chance.randint(-36, 36)
        if self.chance.random() < 0.5:
            self.add(f'<circle cx="{200 + shift}" cy="150" r="118" fill="{self.disc}"/>')
        else:
            left = 92 + shift
            self.add(f'<path d="M{left} 300V150a108 108 0 0 1 216 0v150z" fill="{self.disc}"/>')

    def shadow(self, x: float = 200, y: float = 252, width: float = 96) -> None:
        """The shade under a thing that stands."""
        self.ellipse(x, y, width, 11, self.dark, ' opacity=".16"')

    def define(self, part: str, markup: str) -> str:
        """Keep a small drawing for repeated use; its reference comes back."""
        key = f"{self.name}{part}"
        self.definitions.append(f'<g id="{key}">{markup}</g>')
        return key

    def place(self, key: str, x: float, y: float, turn: float = 0, scale: float = 1) -> None:
        """Use a kept drawing at a point."""
        size = "" if scale == 1 else f" scale({scale:.2f})"
        self.shapes.append(f'<use href="#{key}" transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f}){size}"/>')

    def scatter(
        self, keys: list[str], step: float, scales: tuple[float, float] = (0.9, 1.15), reach: float = 1.0
    ) -> None:
        """Many small things in an even, slightly shaken heap round the middle."""
        rows = int(150 * reach / (step * 0.8))
        for row in range(-rows, rows + 1):
            for column in range(-8, 9):
                x = (column + (row % 2) / 2) * step
                y = row * step * 0.8
                edge = (x / (172 * reach)) ** 2 + (y / (124 * reach)) ** 2
                if edge > 1 or (edge > 0.72 and self.chance.random() < 0.4):
                    continue
                shake = step * 0.14
                self.place(
                    self.chance.choice(keys),
                    200 + x + self.chance.uniform(-shake, shake),
                    150 + y + self.chance.uniform(-shake, shake),
                    self.chance.uniform(0, 360),
                    self.chance.uniform(*scales),
                )

    def svg(self) -> str:
        """The finished drawing."""
        kept = f"<defs>{''.join(self.definitions)}</defs>" if self.definitions else ""
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300" '
            f'preserveAspectRatio="xMidYMid slice">{kept}<rect width="400" height="300" fill="{self.ground}"/>'
            f"{''.join(self.shapes)}</svg>"
        )
