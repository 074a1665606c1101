"""What is filled and formed: bottles, jars, blocks, rope, soap."""

from __future__ import annotations

from collections.abc import Callable

from marketplace.web.illustrations_plates import Plate

Drawing = Callable[[Plate], None]
PAPER = "#fffdf8"


def _label(p: Plate, x: float, y: float, width: float, height: float) -> None:
    p.add(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" fill="{PAPER}"/>')
    middle = x + width / 2
    p.path(f"M{middle - width * 0.28:g} {y + height * 0.72:g}h{width * 0.56:g}", "none", p.dark, 3)
    p.path(
        f"M{middle:g} {y + height * 0.16:g}c{width * 0.2:g} {height * 0.14:g} {width * 0.2:g} {height * 0.24:g} 0 {height * 0.38:g}c-{width * 0.2:g}-{height * 0.14:g}-{width * 0.2:g}-{height * 0.24:g} 0-{height * 0.38:g}z",
        p.accent,
    )


def bottle(p: Plate) -> None:
    p.behind()
    p.shadow(200, 262, 110)
    for x, size in ((150, 1.0), (254, 0.78)):
        p.add(f'<g transform="translate({x} {262 - 216 * size:.0f}) scale({size})">')
        p.add(f'<rect x="-16" width="32" height="24" rx="4" fill="{p.dark}"/>')
        p.path("M-14 24h28v28c0 16 34 24 34 60v92c0 8-6 12-12 12h-72c-6 0-12-4-12-12v-92c0-36 34-44 34-60z", p.light)
        p.path("M-48 118h96v86c0 8-6 12-12 12h-72c-6 0-12-4-12-12z", p.middle)
        p.path("M-36 104c4-16 16-24 22-34", "none", PAPER, 5, ' opacity=".8"')
        _label(p, -34, 132, 68, 60)
        p.add("</g>")


def vial(p: Plate) -> None:
    p.behind()
    p.shadow(200, 258, 90)
    p.add(f'<rect x="176" y="46" width="48" height="52" rx="5" fill="{p.dark}"/>')
    p.path("M184 60h32M184 72h32M184 84h32", "none", p.middle, 2.5)
    p.path("M178 98h44v14c0 8 42 14 42 46v88c0 8-6 12-14 12H150c-8 0-14-4-14-12v-88c0-32 42-38 42-46z", p.middle)
    p.path("M148 168c2-18 14-26 26-32", "none", p.light, 6)
    _label(p, 154, 176, 92, 62)
    for x, turn in ((92, -30), (310, 28)):
        p.add(f'<g transform="translate({x} 232) rotate({turn + p.chance.randint(-8, 8)})">')
        p.path("M0 30C-24 8-20-26 0-46 20-26 24 8 0 30z", p.accent)
        p.path("M0 40v-74", "none", p.ground, 2.5)
        p.add("</g>")


def jar(p: Plate) -> None:
    p.behind()
    p.shadow(200, 260, 100)
    p.add(f'<rect x="132" y="60" width="136" height="36" rx="6" fill="{p.dark}"/>')
    p.path("M140 74h120M140 84h120", "none", p.middle, 2)
    p.path("M140 96h120c18 10 22 24 22 44v100c0 12-8 20-20 20H138c-12 0-20-8-20-20V140c0-20 4-34 22-44z", p.light)
    p.path("M120 136c20-10 40 10 80 0s60-8 80 2v100c0 12-8 20-20 20H140c-12 0-20-8-20-20z", p.middle)
    _label(p, 150, 156, 100, 78)


def pot(p: Plate) -> None:
    p.behind()
    p.shadow(200, 250, 120)
    p.add(f'<rect x="104" y="148" width="192" height="100" rx="18" fill="{p.light}"/>')
    p.path("M104 176h192v54c0 10-8 18-18 18H122c-10 0-18-8-18-18z", p.middle)
    p.ellipse(200, 146, 92, 24, p.dark)
    p.path("M128 142c16-34 40-16 60-30s36-22 52 0c10 14 30 12 32 30-20 12-124 12-144 0z", PAPER)
    p.path("M176 208c14-14 34-14 48 0-14 14-34 14-48 0z", "none", PAPER, 3.5)
    p.ellipse(316, 234, 44, 12, p.dark)
    p.ellipse(316, 226, 44, 12, p.accent)


def carton(p: Plate) -> None:
    p.behind()
    p.shadow(200, 262, 104)
    p.path("M128 116 152 66h96l24 50v146H128z", PAPER)
    p.path("M152 66h96V46h-96z", p.dark)
    p.path("M128 116h144M236 66l36 50M200 116v146", "none", p.dark, 2.5, ' opacity=".35"')
    p.path("M128 186c30-20 44 14 72 0s44-16 72 2v74H128z", p.accent)
    p.ellipse(166, 152, 24, 22, p.dark)
    p.ellipse(166, 150, 17, 15, PAPER)
    p.path("M290 262c0-44 4-60 4-86h52c0 26 4 42 4 86z", p.light, p.dark, 2.5)


def sachets(p: Plate) -> None:
    one = (
        f'<path d="M-34-62h68V62h-68z" fill="{p.middle}"/><path d="M-34-62h68v16h-68zM-34 46h68v16h-68z" fill="{p.dark}"/>'
        f'<circle r="20" fill="{PAPER}"/><path d="M-10 2c6-12 14-12 20 0-6 10-14 10-20 0z" fill="{p.accent}"/>'
        f'<path d="M-26-56v4M-14-56v4M-2-56v4M10-56v4M22-56v4M-26 52v4M-14 52v4M-2 52v4M10 52v4M22 52v4" stroke="{p.light}" stroke-width="3"/>'
    )
    key = p.define("a", one)
    p.behind()
    for x, turn in ((102, -18), (170, -6), (236, 6), (304, 17)):
        p.place(key, x, 152 + abs(x - 202) / 8, turn + p.chance.randint(-4, 4), 1.2)


def blocks(p: Plate) -> None:
    def block(x: float, y: float) -> None:
        p.path(f"M{x} {y}l46-20 46 20-46 20z", p.light)
        p.path(f"M{x} {y}l46 20v50l-46-20z", p.middle)
        p.path(f"M{x + 92} {y}l-46 20v50l46-20z", p.dark, more=' opacity=".85"')

    p.behind()
    p.shadow(200, 240, 140)
    for x, y in ((108, 146), (200, 146), (62, 170), (154, 172), (246, 170), (154, 96)):
        block(x + p.chance.randint(-3, 3), y)


def briquettes(p: Plate) -> None:
    one = (
        f'<path d="M-34-14 0-32l34 18v30L0 34l-34-18z" fill="{p.middle}"/><path d="M-34-14 0-32l34 18L0 4z" fill="{p.light}"/>'
        f'<path d="M0 4 34-14v30L0 34z" fill="{p.dark}"/><ellipse cy="-14" rx="8" ry="4.5" fill="{p.dark}"/>'
    )
    key = p.define("a", one)
    p.behind()
    for row, (y, count) in enumerate(((226, 5), (182, 4), (138, 3), (94, 2))):
        for place in range(count):
            p.place(
                key, 200 + (place - (count - 1) / 2) * 64 + p.chance.randint(-5, 5), y + row, p.chance.randint(-6, 6)
            )
    p.path("M196 62c-14-20 12-24 2-46 18 12 22 32 8 46z", p.accent)


def rope(p: Plate) -> None:
    p.behind()
    p.shadow(200, 246, 124)
    for number, y in enumerate((220, 186, 152, 118)):
        wide = 124 - number * 7
        p.ellipse(200, y, wide, 34, p.dark)
        p.ellipse(200, y - 5, wide - 2, 31, p.middle)
        d = "".join(
            f"M{200 + step * wide / 8:.0f} {y + 8 + 18 * (1 - (step / 8) ** 2) ** 0.5:.0f}l12-14"
            for step in range(-7, 8)
        )
        p.path(d, "none", p.light, 3.5)
    p.ellipse(200, 110, 70, 17, p.dark)
    p.path("M262 108c40-20 60 6 50 40-8 24 10 34 24 26", "none", p.middle, 14)
    p.path("M262 108c40-20 60 6 50 40-8 24 10 34 24 26", "none", p.light, 3, ' stroke-dasharray="5 9"')


def sticks(p: Plate) -> None:
    p.behind()
    for number in range(26):
        top = 60 + number * 11 + p.chance.randint(-6, 6)
        p.path(
            f"M{150 + number * 4} 268L{top} {34 + p.chance.randint(0, 26)}",
            "none",
            (p.light, p.middle, p.dark)[number % 3],
            4,
        )
    p.path("M140 214c40 14 80 14 122 0l-4 26c-36 12-76 12-114 0z", p.accent)


def chocolate(p: Plate) -> None:
    p.behind()
    p.add(f'<g transform="rotate({p.chance.randint(-16, -6)} 200 150)">')
    p.add(f'<rect x="96" y="76" width="216" height="150" rx="8" fill="{p.dark}"/>')
    for row in range(3):
        for column in range(5):
            x, y = 103 + column * 42, 83 + row * 47
            p.add(f'<rect x="{x}" y="{y}" width="37" height="42" rx="4" fill="{p.middle}"/>')
            p.path(f"M{x + 5} {y + 36}V{y + 6}h26", "none", p.light, 2.5, ' opacity=".7"')
    p.path("M80 150h244v90H80z", p.accent)
    p.path(
        "M80 150l14-10 14 10 14-10 14 10 14-10 14 10 14-10 14 10 14-10 14 10 14-10 14 10 14-10 14 10 14-10 14 10 14-10 6 10z",
        PAPER,
    )
    _label(p, 150, 168, 104, 56)
    p.add("</g>")


def incense(p: Plate) -> None:
    p.behind()
    p.shadow(200, 256, 104)
    p.path("M118 196h164c0 36-24 58-52 60h-60c-28-2-52-24-52-60z", p.dark)
    p.ellipse(200, 196, 82, 18, p.middle)
    p.ellipse(200, 194, 60, 11, p.dark)
    p.path("M130 216c44 16 96 16 140 0", "none", p.accent, 4)
    bend = p.chance.randint(18, 34)
    for x, dy in ((176, 0), (204, -14), (228, 8)):
        p.path(
            f"M{x} {178 + dy / 2:g}c-{bend}-26 {bend}-46 0-74s{bend}-34 4-{58 - dy}",
            "none",
            p.light,
            5,
            ' opacity=".75"',
        )
    for x, y in ((160, 190), (190, 186), (222, 190), (244, 192)):
        p.path(f"M{x} {y}l12-9 12 8-10 9z", p.accent)


def soap(p: Plate) -> None:
    p.behind()
    p.shadow(200, 246, 130)
    for x, y, tone in ((84, 172, p.middle), (164, 122, p.light)):
        p.add(f'<rect x="{x}" y="{y}" width="160" height="76" rx="18" fill="{p.dark}"/>')
        p.add(f'<rect x="{x}" y="{y - 10}" width="160" height="76" rx="18" fill="{tone}"/>')
        p.add(
            f'<rect x="{x + 16}" y="{y + 5}" width="128" height="46" rx="11" fill="none" stroke="{p.dark}" stroke-width="2.5" opacity=".6"/>'
        )
        p.path(f"M{x + 62} {y + 28}c10-16 26-16 36 0-10 16-26 16-36 0z", PAPER)
    for _ in range(9):
        p.add(
            f'<circle cx="{p.chance.randint(60, 340)}" cy="{p.chance.randint(40, 110)}" r="{p.chance.randint(5, 15)}" fill="none" stroke="{p.middle}" stroke-width="2.5"/>'
        )


GOODS: dict[str, Drawing] = {
    one.__name__: one
    for one in (bottle, vial, jar, pot, carton, sachets, blocks, briquettes, rope, sticks, chocolate, incense, soap)
}
