"""What hands make: textiles, craft, furniture."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from marketplace.web.illustrations_plates import Plate

Drawing = Callable[[Plate], None]
PAPER = "#fffdf8"


def _kawung(p: Plate, tone: str, part: str) -> str:
    petals = "M-2-2C-14-2-20-10-20-20-10-20-2-14-2-2zM2-2C2-14 10-20 20-20c0 10-6 18-18 18zM2 2c12 0 18 8 18 18C10 20 2 14 2 2zM-2 2c0 12-8 18-18 18 0-10 6-18 18-18z"
    return p.define(part, f'<path d="{petals}" fill="{tone}"/>')


def cloth(p: Plate) -> None:
    key = _kawung(p, p.disc, "a")
    other = _kawung(p, p.accent, "b")
    p.behind()
    p.shadow(200, 256, 140)
    p.path("M70 210h260v30c0 8-6 14-14 14H84c-8 0-14-6-14-14z", p.dark)
    p.path("M70 172h260v28c0 8-6 14-14 14H84c-8 0-14-6-14-14z", p.light)
    p.add(f'<rect x="64" y="52" width="272" height="124" rx="12" fill="{p.middle}"/>')
    for row in range(3):
        for column in range(7):
            p.place(other if p.chance.random() < 0.2 else key, 86 + column * 38, 78 + row * 37, 0, 0.8)
    p.path("M64 160h272M84 190h232M84 230h232", "none", p.accent, 3)


def garment(p: Plate) -> None:
    p.behind()
    p.path(
        "M158 56c-24 6-56 20-70 36L52 190l40 18 22-52v106h172V156l22 52 40-18-36-98c-14-16-46-30-70-36-12 22-72 22-84 0z",
        p.middle,
    )
    p.path("M158 56c12 24 72 24 84 0l-12-6c-10 14-50 14-60 0z", p.dark)
    p.path("M200 78v100", "none", p.dark, 3)
    for y in (94, 122, 150):
        p.add(f'<circle cx="200" cy="{y}" r="4" fill="{p.accent}"/>')
    p.path("M176 84c-8 34-8 70-2 96M224 84c8 34 8 70 2 96", "none", p.accent, 4, ' stroke-dasharray="2 9"')
    p.path("M62 184l36 16M338 184l-36 16M114 246h172", "none", p.accent, 4)


def scarf(p: Plate) -> None:
    key = _kawung(p, p.accent, "a")
    p.behind()
    bend = p.chance.randint(-16, 16)
    p.path(f"M96 58c70-26 146-22 208 6 22 60 6 130-20 190-60 {20 + bend} -120 10-168-4-26-60-40-130-20-192z", p.middle)
    p.path(
        "M96 58c30 60 50 130 52 200M180 42c-4 70 4 150 26 222M304 64c-40 50-58 120-52 198",
        "none",
        p.dark,
        3,
        ' opacity=".45"',
    )
    p.path("M120 60c24 60 38 120 40 190M250 48c-24 60-30 140-18 212", "none", p.light, 10, ' opacity=".6"')
    for x, y in ((120, 226), (170, 240), (222, 244), (272, 230)):
        p.place(key, x, y, 0, 0.7)
    p.path("M116 250c48 14 108 24 168 4", "none", p.accent, 5, ' stroke-dasharray="1 9"')


def cap(p: Plate) -> None:
    p.behind()
    p.shadow(200, 240, 124)
    p.path("M92 226c-6-56 6-104 30-130 40-24 116-24 156 0 24 26 36 74 30 130-50 22-166 22-216 0z", p.middle)
    p.path("M122 96c40 26 116 26 156 0-40-24-116-24-156 0z", p.dark)
    p.path("M92 226c50 22 166 22 216 0l1-28c-52 22-166 22-218 0z", p.dark)
    p.path("M100 212c54 18 146 18 200 0", "none", p.accent, 4, ' stroke-dasharray="8 7"')
    p.path("M120 120c-10 24-14 50-14 72", "none", p.light, 4)


def mat(p: Plate) -> None:
    key = _kawung(p, p.disc, "a")
    p.behind()
    p.path("M104 24h192v252H104z", p.middle)
    p.path("M116 36h168v228H116z", "none", p.accent, 3.5)
    p.path("M140 252V132c0-36 30-50 60-78 30 28 60 42 60 78v120z", p.dark)
    p.path("M152 252V136c0-28 26-42 48-62 22 20 48 34 48 62v116z", p.light)
    p.place(key, 200, 156, 0, 1.1)
    p.place(key, 200, 208, 0, 0.8)
    d = "".join(f"M{x} 24v-12M{x} 276v12" for x in range(108, 297, 8))
    p.path(d, "none", p.dark, 2.5)


def beads(p: Plate) -> None:
    bead = p.define("a", f'<circle r="11" fill="{p.middle}"/><circle cx="-4" cy="-4" r="3.5" fill="{p.light}"/>')
    mark = p.define("b", f'<circle r="13" fill="{p.accent}"/><circle cx="-4" cy="-4" r="3.5" fill="{PAPER}"/>')
    p.behind()
    tilt = p.chance.uniform(-0.3, 0.3)
    for number in range(33):
        angle = pi / 2 + 2 * pi * number / 33 + tilt
        p.place(mark if number in (0, 11, 22) else bead, 200 + 138 * cos(angle), 132 + 96 * sin(angle))
    x, y = 200 + 138 * cos(pi / 2 + tilt), 132 + 96 * sin(pi / 2 + tilt)
    p.path(f"M{x:.0f} {y + 12:.0f}v18", "none", p.dark, 4)
    p.path(
        f"M{x:.0f} {y + 28:.0f}l-14 38M{x:.0f} {y + 28:.0f}l-5 40M{x:.0f} {y + 28:.0f}l5 40M{x:.0f} {y + 28:.0f}l14 38",
        "none",
        p.accent,
        4,
    )


def panel(p: Plate) -> None:
    p.behind()
    p.shadow(200, 272, 120)
    p.add(
        f'<rect x="76" y="46" width="248" height="214" rx="6" fill="{p.dark}"/><rect x="90" y="60" width="220" height="186" rx="3" fill="{p.middle}"/>'
    )
    p.add(f'<rect x="104" y="74" width="192" height="158" rx="3" fill="{p.light}"/>')
    star = "M200 94l17 24 29-5-5 29 24 17-24 17 5 29-29-5-17 24-17-24-29 5 5-29-24-17 24-17-5-29 29 5z"
    p.path(star, "none", p.dark, 5)
    p.path("M200 124l10 14 18-3-3 18 14 10-14 10 3 18-18-3-10 14-10-14-18 3 3-18-14-10 14-10-3-18 18 3z", p.accent)
    p.path(
        "M112 82h18M112 82v18M288 82h-18M288 82v18M112 224h18M112 224v-18M288 224h-18M288 224v-18", "none", p.dark, 4
    )


def tableware(p: Plate) -> None:
    p.behind()
    p.shadow(200, 250, 140)
    p.path("M60 150h190c0 56-38 88-72 92h-46c-34-4-72-36-72-92z", p.middle)
    p.ellipse(155, 150, 95, 24, p.dark)
    p.ellipse(155, 154, 82, 17, p.light)
    p.path("M74 180c24 22 60 34 96 32M86 206c20 14 44 20 70 18", "none", p.dark, 2.5, ' opacity=".45"')
    tilt = p.chance.randint(8, 20)
    p.add(f'<g transform="rotate({tilt} 300 150)">')
    p.ellipse(300, 84, 26, 38, p.middle)
    p.ellipse(298, 82, 17, 27, p.light)
    p.path("M300 120v128", "none", p.middle, 13)
    p.path("M300 136v100", "none", p.dark, 2.5, ' opacity=".5"')
    p.add("</g>")


def chair(p: Plate) -> None:
    p.behind()
    p.shadow(200, 270, 96)
    p.path("M136 268V60c0-18 128-18 128 0v208M136 206h128", "none", p.dark, 12)
    p.path("M148 70c20-10 84-10 104 0v84H148z", p.light)
    weave = "".join(f"M{148 + step} {66 if 20 < step < 84 else 70}v86" for step in range(13, 104, 13))
    weave += "".join(f"M148 {y}h104" for y in range(84, 154, 13))
    p.path(weave, "none", p.middle, 3.5)
    p.path("M120 166h160l12 30c-20 12-164 12-184 0z", p.middle)
    p.path("M112 192c30 10 146 10 176 0", "none", p.dark, 4)
    p.path("M116 200v68M284 200v68", "none", p.dark, 11)


def basket(p: Plate) -> None:
    p.behind()
    p.shadow(200, 262, 118)
    p.path("M112 134C112 20 288 20 288 134", "none", p.dark, 11)
    p.path("M84 132h232l-26 112c-2 10-10 16-20 16H130c-10 0-18-6-20-16z", p.middle)
    for row, y in enumerate(range(152, 256, 18)):
        inset = (y - 132) * 0.23
        left, right = 84 + inset, 316 - inset
        dash = "17 13" if row % 2 else "13 17"
        p.path(
            f"M{left + 6:.0f} {y}H{right - 6:.0f}",
            "none",
            p.light if row % 2 else p.dark,
            9,
            f' stroke-dasharray="{dash}" stroke-dashoffset="{row * 7}" opacity=".85"',
        )
    p.ellipse(200, 132, 120, 20, p.dark)
    p.ellipse(200, 134, 106, 14, p.light)
    if p.chance.random() < 0.6:
        p.path("M130 236h140", "none", p.accent, 8)


def bag(p: Plate) -> None:
    p.behind()
    p.shadow(200, 262, 124)
    p.path("M148 122c0-90 104-90 104 0", "none", p.dark, 11)
    p.path("M92 122h216l18 126c2 8-4 14-12 14H86c-8 0-14-6-12-14z", p.middle)
    p.path("M92 122h216l8 56c-40 26-192 26-232 0z", p.light)
    p.path("M84 178c40 26 192 26 232 0", "none", p.dark, 3, ' stroke-dasharray="9 7"')
    p.add(
        f'<rect x="184" y="182" width="32" height="30" rx="5" fill="{p.accent}"/><circle cx="200" cy="197" r="5" fill="{p.dark}"/>'
    )
    p.path("M90 248c60 8 160 8 220 0", "none", p.dark, 2.5, ' stroke-dasharray="9 7"')


def vase(p: Plate) -> None:
    p.behind()
    p.shadow(200, 260, 124)
    p.path("M128 56h64c-4 32 44 60 44 124 0 50-32 80-52 80h-48c-20 0-52-30-52-80 0-64 48-92 44-124z", p.middle)
    p.ellipse(160, 56, 32, 9, p.dark)
    p.path("M92 152c40 16 96 16 136 0M84 180c44 18 108 18 152 0", "none", PAPER, 4)
    p.path("M96 168l14-8 14 12 14-10 14 11 14-11 14 11 14-10 14 10 14-12 8 7", "none", p.accent, 4)
    p.path("M112 108c-10 16-18 30-20 50", "none", p.light, 6)
    p.ellipse(290, 236, 66, 20, p.dark)
    p.ellipse(290, 230, 66, 20, p.light)
    p.ellipse(290, 229, 44, 12, PAPER)
    p.path("M270 229c12-10 28-10 40 0-12 9-28 9-40 0z", p.middle)


CRAFT: dict[str, Drawing] = {
    one.__name__: one for one in (cloth, garment, scarf, cap, mat, beads, panel, tableware, chair, basket, bag, vase)
}
