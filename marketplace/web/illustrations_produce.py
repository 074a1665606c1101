"""What grows and swims: beans, fruit, fish, and what is heaped in bowls and sacks."""

from __future__ import annotations

from collections.abc import Callable

from marketplace.web.illustrations_plates import Plate

Drawing = Callable[[Plate], None]


def beans(p: Plate) -> None:
    def bean(fill: str, line: str) -> str:
        return (
            f'<ellipse rx="25" ry="17" fill="{fill}"/>'
            f'<path d="M-22 2C-10-10 8 10 22-3" fill="none" stroke="{line}" stroke-width="3.5" stroke-linecap="round"/>'
        )

    keys = [
        p.define("a", bean(p.middle, p.dark)),
        p.define("b", bean(p.light, p.dark)),
        p.define("c", bean(p.dark, p.light)),
    ]
    p.behind()
    p.scatter([keys[0], keys[0], keys[1], keys[2]], 47)


def coconut(p: Plate) -> None:
    p.behind()
    p.shadow(200, 236, 128)
    turn = p.chance.randint(-10, 10)
    p.path("M98 238C30 220 30 118 96 108c70-8 108 56 84 100-14 26-46 38-82 30z", p.middle)
    p.path(
        "M60 140c20-14 60-12 84 12M52 168c24-16 76-12 104 14M56 198c20-12 70-10 96 12",
        "none",
        p.dark,
        2.5,
        ' opacity=".5"',
    )
    p.add(f'<g transform="rotate({turn} 262 172)">')
    p.ellipse(262, 172, 88, 76, p.dark)
    p.ellipse(262, 168, 78, 66, "#fffdf8")
    p.ellipse(262, 168, 58, 47, p.light)
    p.ellipse(262, 174, 58, 41, "#e9e4d6")
    p.add("</g>")
    p.path("M150 100c30-50 80-70 140-66-30 30-80 58-140 66z", p.accent)
    p.path("M150 100c40-20 90-45 140-66", "none", "#fffdf8", 2.5, ' opacity=".7"')


def bowl(p: Plate) -> None:
    p.behind()
    p.shadow()
    p.path("M108 152C130 84 170 62 204 62s78 26 92 90z", p.light)
    p.path("M150 152c12-38 36-62 62-62 30 0 58 24 70 62z", p.middle, more=' opacity=".55"')
    for _ in range(26):
        x = p.chance.randint(130, 272)
        top = 74 + abs(x - 202) * 0.75
        p.add(
            f'<circle cx="{x}" cy="{p.chance.randint(int(top), 146)}" r="{p.chance.choice((2, 3))}" fill="{p.dark}" opacity=".5"/>'
        )
    p.path("M84 150h232c0 62-46 100-86 102h-60c-40-2-86-40-86-102z", p.dark)
    p.path("M84 150h232c0 6-.4 11-1 16H85c-.6-5-1-10-1-16z", p.accent)


def sack(p: Plate) -> None:
    p.behind()
    p.shadow(200, 256, 104)
    p.path("M122 92c-20 50-34 118-14 160 30 10 156 10 186 0 18-44 6-112-16-160z", p.middle)
    p.path("M122 92c14-20 142-20 156 0-18 12-138 12-156 0z", p.dark)
    p.path("M134 90c20-34 112-36 132 0-20 8-112 8-132 0z", p.light)
    p.path("M140 116c-10 40-16 86-8 124M260 116c12 40 16 86 8 124", "none", p.dark, 2.5, ' opacity=".35"')
    p.add(f'<rect x="156" y="150" width="88" height="66" rx="4" fill="{p.ground}"/>')
    mark = p.chance.choice(
        (
            "M200 164v38M182 170c4 14 10 18 18 18M218 170c-4 14-10 18-18 18",
            "M176 183c14-16 34-16 48 0-14 16-34 16-48 0z",
        )
    )
    p.path(mark, "none", p.accent, 4)


def comb(p: Plate) -> None:
    cell = "M0-30 26-15v30L0 30-26 15v-30z"
    keys = [
        p.define("a", f'<path d="{cell}" fill="{p.light}" stroke="{p.dark}" stroke-width="5"/>'),
        p.define("b", f'<path d="{cell}" fill="{p.middle}" stroke="{p.dark}" stroke-width="5"/><path d="M-12-6c4-8 12-10 18-8" fill="none" stroke="#fff" stroke-width="3" opacity=".7" stroke-linecap="round"/>'),
        p.define("c", f'<path d="{cell}" fill="{p.ground}" stroke="{p.dark}" stroke-width="5"/>'),
    ]  # fmt: skip
    p.behind()
    for row in range(5):
        for column in range(7):
            x, y = 46 + column * 54 + (row % 2) * 27, 62 + row * 46
            if ((x - 200) / 168) ** 2 + ((y - 150) / 122) ** 2 < 1:
                p.place(p.chance.choice([keys[0], keys[1], keys[1], keys[2]]), x, y)
    drip = p.chance.randint(170, 240)
    p.path(f"M{drip} 226c0 22-12 26-12 42a14 14 0 0 0 28 0c0-16-12-20-12-42z", p.middle)


def nest(p: Plate) -> None:
    p.behind()
    p.shadow()
    p.path("M70 140c20 84 80 110 130 110s112-26 130-110c-60 34-200 34-260 0z", p.light)
    for number in range(9):
        sag = 162 + number * 10
        p.path(
            f"M{76 + number * 7} {146 + number * 6}Q200 {sag + p.chance.randint(4, 26)} {324 - number * 7} {146 + number * 6}",
            "none",
            p.dark if number % 3 == 0 else p.middle,
            3,
            ' opacity=".6"',
        )
    p.ellipse(200, 142, 132, 26, p.middle)
    p.ellipse(200, 146, 104, 17, p.dark, ' opacity=".35"')


def cashews(p: Plate) -> None:
    nut = (
        f'<path d="M-34 14c-12-30 10-52 40-44 22 6 34 24 28 38-6 12-20 8-26-2-8-12-24-6-22 8 2 12-14 14-20 0z" fill="{p.light}"/>'
        f'<path d="M-26 4c0-18 18-26 34-18" fill="none" stroke="{p.dark}" stroke-width="3" stroke-linecap="round" opacity=".55"/>'
    )
    keys = [p.define("a", nut), p.define("b", nut.replace(p.light, p.middle))]
    p.behind()
    p.scatter([keys[0], keys[0], keys[1]], 64, (0.85, 1.1))


def chips(p: Plate) -> None:
    chip = (
        f'<path d="M-40-6c-4-26 26-40 46-30 26 6 42 28 30 48-8 24-40 30-58 16-16-6-20-18-18-34z" fill="{p.light}"/>'
        f'<path d="M-30-2c2-14 16-24 34-20" fill="none" stroke="{p.dark}" stroke-width="3" stroke-linecap="round" opacity=".4"/>'
        f'<path d="M-12 12l7 4M8-6l6-5M18 14l4-7M-2 24l5-2" stroke="{p.dark}" stroke-width="3" stroke-linecap="round" opacity=".45"/>'
    )
    keys = [p.define("a", chip), p.define("b", chip.replace(p.light, p.middle))]
    p.behind()
    p.scatter([keys[0], keys[1]], 70, (0.9, 1.2))


def fish(p: Plate) -> None:
    one = (
        f'<path d="M-70 0c30-26 84-26 110-4l30-16c-4 14-4 26 0 40L40 4C14 24-40 24-70 0z" fill="{p.middle}"/>'
        f'<path d="M-66 2c30 18 78 18 104 2" fill="none" stroke="{p.light}" stroke-width="6" stroke-linecap="round"/>'
        f'<circle cx="-48" cy="-4" r="5" fill="#fffdf8"/><circle cx="-48" cy="-4" r="2.5" fill="{p.dark}"/>'
        f'<path d="M-30-12c6 8 6 16 0 24M-6-12c3 4 4 8 4 12M12-12c3 4 4 8 4 12" fill="none" stroke="{p.dark}" stroke-width="2.5" opacity=".6"/>'
    )
    key = p.define("a", one)
    p.behind()
    for number, y in enumerate((70, 112, 154, 196, 238)):
        for x in (128, 282) if number % 2 else (96, 206, 318):
            p.place(
                key,
                x + p.chance.randint(-10, 10),
                y + p.chance.randint(-5, 5),
                p.chance.randint(-12, 12) + (180 if p.chance.random() < 0.15 else 0),
                p.chance.uniform(0.62, 0.74),
            )


def shrimp(p: Plate) -> None:
    one = (
        f'<path d="M52-40C10-60-50-34-46 16c2 24 22 38 44 36l-6-14c-12-2-16-14-12-26 8-22 34-24 60-28 12-4 18-12 12-24z" fill="{p.light}"/>'
        f'<path d="M20-46c-4 8-4 14 0 22M-6-44c0 10 4 16 10 22M-28-28c4 8 10 12 18 14M-42-4c6 4 12 6 20 4M-44 20c6 0 12-2 18-6" fill="none" stroke="{p.middle}" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M60-38c18-12 30-14 44-10M60-34c16-4 30 0 40 10" fill="none" stroke="{p.middle}" stroke-width="3" stroke-linecap="round"/>'
        f'<circle cx="48" cy="-32" r="4" fill="{p.dark}"/><path d="M-4 50c8 4 14 14 10 22-10 0-20-6-22-14z" fill="{p.middle}"/>'
    )
    key = p.define("a", one)
    p.behind()
    for x, y in ((112, 96), (252, 84), (330, 176), (182, 176), (80, 216), (268, 234)):
        p.place(key, x, y, p.chance.randint(-40, 40), p.chance.uniform(0.72, 0.9))


def seaweed(p: Plate) -> None:
    p.behind()
    for number in range(7):
        x = 74 + number * 42 + p.chance.randint(-8, 8)
        tone = (p.middle, p.dark, p.accent if number == 3 else p.light)[number % 3]
        p.path(f"M{x} 290C{x - 24} 230 {x + 30} 190 {x} {130 - p.chance.randint(0, 60)}", "none", tone, 9)
        for y in range(250, 130, -32):
            side = 1 if (y // 32) % 2 else -1
            p.path(f"M{x + side * 2} {y}c{side * 26}-6 {side * 30}-26 {side * 26}-38", "none", tone, 7)


def fruit(p: Plate) -> None:
    p.behind()
    p.shadow(200, 248, 130)
    p.path("M70 190c0-56 44-96 92-92 40 4 62 40 50 82-12 44-54 70-92 66-32-4-50-26-50-56z", p.middle)
    p.path("M92 176c4-30 28-54 56-56", "none", p.light, 8, ' opacity=".8"')
    p.path("M168 98c2-14 8-22 18-28", "none", p.dark, 6)
    p.path("M186 78c20-24 56-26 74-12-20 18-48 24-74 12z", p.accent)
    p.ellipse(276, 190, 66, 56, p.dark)
    p.ellipse(276, 186, 60, 49, p.light)
    p.ellipse(276, 188, 24, 32, p.ground)
    p.path("M276 164c-8 16-8 32 0 46", "none", p.dark, 2.5, ' opacity=".5"')
    p.path(
        "M228 172c6-16 18-28 34-32M226 200c6 16 18 26 32 30M324 172c-4-14-14-24-26-28M326 202c-6 14-16 22-28 26",
        "none",
        p.middle,
        3,
    )


PRODUCE: dict[str, Drawing] = {
    one.__name__: one
    for one in (
        beans, coconut, bowl, sack, comb, nest, cashews, chips, fish, shrimp, seaweed, fruit
    )
}  # fmt: skip
