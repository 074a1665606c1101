"""Spices and leaves."""

from __future__ import annotations

from collections.abc import Callable

from marketplace.web.illustrations_plates import Plate

Drawing = Callable[[Plate], None]


def peppercorns(p: Plate) -> None:
    def corn(fill: str, line: str) -> str:
        return (
            f'<circle r="14" fill="{fill}"/><path d="M-9-5c5 5 13 3 17 7M-7 6c4-4 9-2 12 1M0-11c1 5 4 6 7 6" '
            f'fill="none" stroke="{line}" stroke-width="2.2" stroke-linecap="round"/>'
        )

    keys = [
        p.define("a", corn(p.middle, p.dark)),
        p.define("b", corn(p.light, p.dark)),
        p.define("c", corn(p.middle, p.disc)),
    ]
    p.behind()
    p.scatter(keys, 34, (0.85, 1.2))


def cloves(p: Plate) -> None:
    def clove(fill: str) -> str:
        return (
            f'<path d="M-3-6 0 42l3-48z" fill="{fill}" stroke="{fill}" stroke-width="5" stroke-linejoin="round"/>'
            f'<path d="M0-4-14-16M0-4l14-12M0-4-5-20M0-4l5-16" stroke="{fill}" stroke-width="5" stroke-linecap="round"/>'
            f'<circle cy="-17" r="8" fill="{p.light}"/>'
        )

    keys = [p.define("a", clove(p.dark)), p.define("b", clove(p.middle))]
    p.behind()
    p.scatter(keys, 56, (0.85, 1.1))


def nutmeg(p: Plate) -> None:
    whole = (
        f'<ellipse rx="46" ry="36" fill="{p.middle}"/><path d="M-40-6C-20-22 20-24 40-8M-44 6C-20-6 20-8 44 6M-38 18C-18 8 18 8 38 18" '
        f'fill="none" stroke="{p.dark}" stroke-width="2.5" opacity=".55"/>'
    )
    half = (
        f'<ellipse rx="46" ry="36" fill="{p.dark}"/><ellipse rx="39" ry="29" fill="{p.light}"/>'
        f'<path d="M-30-4c10-12 18 10 28-4s18 8 30-4M-24 12c10-8 16 6 26-2s14 4 24-2" fill="none" stroke="{p.dark}" '
        'stroke-width="3" stroke-linecap="round"/>'
    )
    keys = [p.define("a", whole), p.define("b", half)]
    p.behind()
    for number, (x, y) in enumerate(((120, 110), (222, 92), (300, 150), (172, 190), (84, 200), (262, 226))):
        p.place(
            keys[number % 2],
            x + p.chance.randint(-8, 8),
            y + p.chance.randint(-6, 6),
            p.chance.randint(-50, 50),
            p.chance.uniform(0.9, 1.15),
        )
    p.path("M196 262c-30-18-34-50-10-70 6 28 22 30 40 34-6 16-14 28-30 36z", p.accent)


def rolls(p: Plate) -> None:
    stick = (
        f'<path d="M-120-16h240v32h-240z" fill="{p.middle}"/><path d="M-110-6h210M-96 6h200" stroke="{p.dark}" stroke-width="2.5" opacity=".45"/>'
        f'<ellipse cx="120" rx="9" ry="16" fill="{p.dark}"/><path d="M120-9c6 2 6 16 0 17-4 0-4-9 0-9" fill="none" stroke="{p.light}" stroke-width="3"/>'
        f'<ellipse cx="-120" rx="9" ry="16" fill="{p.light}"/>'
    )
    key = p.define("a", stick)
    p.behind()
    for number, y in enumerate((88, 132, 178, 220)):
        p.place(
            key,
            200 + p.chance.randint(-26, 26),
            y,
            p.chance.randint(-11, 11) + (14 if number % 2 else -8),
            p.chance.uniform(0.85, 1.05),
        )


def pods(p: Plate) -> None:
    p.behind()
    for number in range(9):
        x = 60 + number * 33 + p.chance.randint(-10, 10)
        bend = p.chance.randint(-60, 60)
        p.path(f"M{x} 268C{x + bend} 200 {x - bend} 110 {x + 24} 34", "none", p.dark if number % 2 else p.middle, 10)
        p.path(f"M{x + 1} 262C{x + bend} 196 {x - bend} 112 {x + 23} 42", "none", p.light, 1.6, ' opacity=".7"')
    p.path("M70 172h262", "none", p.accent, 9)
    p.path("M192 172c-26-26-40-8-2 0 38-8 30-28 2 0z", "none", p.accent, 6)


def rhizome(p: Plate) -> None:
    p.behind()
    p.shadow(200, 246, 130)
    p.path(
        "M62 196c-22-30 16-58 40-40-8-36 40-52 56-22 16-40 62-36 62 4 26-26 66-8 56 26 34-16 72 12 52 44-14 24-42 22-60 12-16 28-60 28-76 4"
        "-20 22-58 18-66-8-26 12-50 6-64-20z",
        p.middle,
    )
    p.path(
        "M104 158c4 14 2 26-6 36M160 136c8 18 8 40-2 60M222 140c2 22-2 40-14 56M276 166c-6 14-16 24-28 30M86 182h14M306 190h-18",
        "none",
        p.dark,
        3,
        ' opacity=".55"',
    )
    for x in (112, 200, 290):
        y = p.chance.randint(228, 250)
        p.ellipse(x, y, 30, 15, p.dark)
        p.ellipse(x, y - 3, 26, 12, p.light)
        p.ellipse(x, y - 3, 15, 6, p.middle)


def chillies(p: Plate) -> None:
    pod = (
        f'<path d="M-6-70c20 6 26 60 6 128-2 8-8 8-8 0 4-50-8-100 2-128z" fill="{p.middle}"/>'
        f'<path d="M2-58c10 20 10 60 0 100" fill="none" stroke="{p.light}" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M-10-66c4-10 20-8 22 2-8 6-16 4-22-2zM0-72c-2-10-8-14-14-16" fill="{p.accent}" stroke="{p.accent}" stroke-width="4" stroke-linecap="round"/>'
    )
    key = p.define("a", pod)
    p.behind()
    for x, turn in ((92, -24), (146, 14), (198, -10), (250, 24), (304, -16), (120, 160), (230, 186)):
        p.place(
            key,
            x + p.chance.randint(-8, 8),
            150 + p.chance.randint(-26, 26),
            turn + p.chance.randint(-12, 12),
            p.chance.uniform(0.85, 1.1),
        )


def leaves(p: Plate) -> None:
    def leaf(fill: str, line: str) -> str:
        return (
            f'<path d="M0 52C-34 24-30-24 0-56 30-24 34 24 0 52z" fill="{fill}"/><path d="M0 66V-44M0 26l16-14M0 26-16 12M0 4l16-14M0 4-16-10M0-16l10-9M0-16l-10-9" '
            f'fill="none" stroke="{line}" stroke-width="2.5" stroke-linecap="round"/>'
        )

    keys = [
        p.define("a", leaf(p.middle, p.disc)),
        p.define("b", leaf(p.light, p.dark)),
        p.define("c", leaf(p.dark, p.light)),
    ]
    p.behind()
    for number in range(11):
        turn = -150 + number * 30 + p.chance.randint(-8, 8)
        x = 200 + (150 if number % 2 else 86) * (number - 5) / 5
        p.place(keys[number % 3], x, 150 + p.chance.randint(-62, 62), turn, p.chance.uniform(0.8, 1.15))


SPICES: dict[str, Drawing] = {
    one.__name__: one for one in (peppercorns, cloves, nutmeg, rolls, pods, rhizome, chillies, leaves)
}
