"""Files of plots: what a machine can tell of them is told plot by plot, and nothing a file holds is our fault."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.marketaccess.plots import MOST_BYTES, MOST_CORNERS, Fault, Finding, check_plots, exported
from marketplace.marketaccess.shapes import hectares

EAST, NORTH, SIDE = 112_123_456, -7_654_321, 2_000  # millionths of a degree: a field of about five hectares


def at(east: int, north: int) -> str:
    """One corner as a file has it, with all its decimals."""
    return f"[{east / 1e6:.6f}, {north / 1e6:.6f}]"


def field_of(east: int = EAST, north: int = NORTH, side: int = SIDE) -> list[tuple[int, int]]:
    return [(east, north), (east + side, north), (east + side, north + side), (east, north + side), (east, north)]


def outline(corners: list[tuple[int, int]], **properties: Any) -> str:
    ring = ", ".join(at(*corner) for corner in corners)
    shape = f'{{"type": "Polygon", "coordinates": [[{ring}]]}}'
    return f'{{"type": "Feature", "properties": {json.dumps(properties)}, "geometry": {shape}}}'


def point(east: int = EAST, north: int = NORTH, **properties: Any) -> str:
    shape = f'{{"type": "Point", "coordinates": {at(east, north)}}}'
    return f'{{"type": "Feature", "properties": {json.dumps(properties)}, "geometry": {shape}}}'


def file_of(*features: str, more: str = "") -> bytes:
    return f'{{"type": "FeatureCollection", {more}"features": [{", ".join(features)}]}}'.encode()


def faults(*features: str, lot: Decimal | None = None, more: str = "") -> list[tuple[Fault, int]]:
    return [(one.fault, one.plot) for one in check_plots(file_of(*features, more=more), lot).findings]


def test_a_sound_file_has_no_findings_and_goes_out_in_the_unions_words() -> None:
    checked = check_plots(
        file_of(
            outline(field_of(), ProducerName="Kelompok Tani Contoh", ProductionPlace="Jember", phone="0811"),
            point(EAST + 10_000, NORTH, Area=1.5),
        )
    )
    assert checked.findings == ()
    first, second = json.loads(exported(checked.plots))["features"]
    assert first["properties"] == {
        "ProducerCountry": "ID",
        "ProducerName": "Kelompok Tani Contoh",
        "ProductionPlace": "Jember",
        "Area": 4.9017,
    }
    assert first["geometry"]["coordinates"][0][0] == [112.123456, -7.654321]
    assert second == {
        "type": "Feature",
        "properties": {"ProducerCountry": "ID", "Area": 1.5},
        "geometry": {"type": "Point", "coordinates": [112.133456, -7.654321]},
    }
    assert check_plots(exported(checked.plots).encode()).findings == ()


def test_the_area_of_a_degree_is_that_of_the_earth() -> None:
    """A square of a thousandth of a degree at the equator: 111.2 m by 111.2 m."""
    corners = [(Decimal(x), Decimal(y)) for x, y in ((0, 0), ("0.001", 0), ("0.001", "0.001"), (0, "0.001"), (0, 0))]
    assert abs(hectares(corners) - Decimal("1.2364")) < Decimal("0.001")


@pytest.mark.parametrize(
    ("feature", "fault"),
    [
        (outline([(x // 10 * 10, y) for x, y in field_of(EAST // 10 * 10, NORTH)]).replace("0,", ","), Fault.DECIMALS),
        (outline(field_of()[:-1]), Fault.OPEN),
        (outline([field_of()[0], field_of()[1], field_of()[0]]), Fault.CORNERS),
        (outline([field_of()[place] for place in (0, 1, 3, 2, 0)]), Fault.CROSSES),
        (outline([field_of()[place] for place in (0, 1, 2, 1, 3, 0)]), Fault.CROSSES),
        (outline([(north, east) for east, north in field_of()]), Fault.SWAPPED),
        (outline(field_of(8_500_000, 53_100_000)), Fault.NOT_HERE),
        (point(), Fault.AREA),
        (point(Area=4.01), Fault.POINT),
        (point(Area="NaN"), Fault.AREA),
        (point(Area=-1), Fault.AREA),
        (point(Area="1e-999999"), Fault.AREA),
        (outline(field_of()).replace("Polygon", "MultiPolygon"), Fault.SHAPE),
        (outline(field_of()).replace("112.123456", '"east"'), Fault.NUMBERS),
        (outline(field_of()).replace("112.123456", "1e400"), Fault.NUMBERS),
        ("7", Fault.SHAPE),
    ],
)
def test_each_fault_is_named_with_its_plot(feature: str, fault: Fault) -> None:
    assert faults(outline(field_of(EAST + 500_000)), feature) == [(fault, 2)]


def test_a_point_of_exactly_four_hectares_will_do() -> None:
    assert faults(point(Area=4)) == []


def test_holes_are_refused() -> None:
    hole = ", ".join(at(*corner) for corner in field_of(EAST + 500, NORTH + 500, 500))
    assert faults(outline(field_of()).replace("]]]", f"]], [{hole}]]")) == [(Fault.HOLES, 1)]


@pytest.mark.parametrize(
    ("second", "is_overlap"),
    [
        (field_of(EAST + SIDE // 2, NORTH + SIDE // 2), True),
        (field_of(), True),
        (field_of(EAST + 500, NORTH), True),  # borders on the same lines
        (field_of(EAST, NORTH, SIDE // 2), True),  # a corner of it
        ([*field_of()[:2], (EAST + SIDE, NORTH + 700), *field_of()[2:]], True),  # the same land with a corner more
        (field_of(EAST + 500, NORTH + 500, 500), True),
        (field_of(EAST - 500, NORTH - 500, 4_000), True),
        (field_of(EAST + SIDE, NORTH), False),  # neighbours share a border
        (field_of(EAST + SIDE, NORTH, SIDE // 2), False),  # or half of one
        (field_of(EAST + SIDE, NORTH + SIDE), False),  # and a corner
        (field_of(EAST + 3 * SIDE, NORTH), False),
    ],
)
def test_plots_that_overlap_are_named(second: list[tuple[int, int]], is_overlap: bool) -> None:
    found = check_plots(file_of(outline(field_of()), outline(second))).findings
    assert found == ((Finding(Fault.OVERLAPS, 1, "2"),) if is_overlap else ())


def test_weights_add_up_to_the_lot() -> None:
    both = (outline(field_of(), weight_kg=600), outline(field_of(EAST + 9_000), weight_kg="400.5"))
    assert faults(*both, lot=Decimal("1000.5")) == []
    assert check_plots(file_of(*both), Decimal(1000)).findings == (Finding(Fault.SUM, 0, "1000.5"),)
    assert faults(both[0], outline(field_of(EAST + 9_000)), lot=Decimal(600)) == [(Fault.WEIGHT, 2)]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::32749", "EPSG:3857"])
def test_another_system_of_coordinates_is_told(name: str) -> None:
    crs = json.dumps({"type": "name", "properties": {"name": name}})
    assert faults(outline(field_of()), more=f'"crs": {crs}, ') == [(Fault.OTHER_SYSTEM, 0)]
    same = json.dumps({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    assert faults(outline(field_of()), more=f'"crs": {same}, ') == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.NOT_JSON),
        (b"\xff\xfe\x00", Fault.NOT_JSON),
        (b"[" * 200_000, Fault.NOT_JSON),
        (b'{"type": "FeatureCollection", "features": [NaN]}', Fault.NOT_JSON),
        (b"[]", Fault.NO_PLOTS),
        (b'{"type": "FeatureCollection", "features": {}}', Fault.NO_PLOTS),
        (b" " * (MOST_BYTES + 1), Fault.TOO_MANY),
        (file_of(*["7"] * 501), Fault.TOO_MANY),
        (file_of(outline([(EAST, NORTH)] * 30_000)), Fault.TOO_MANY),  # hours, if it were looked at
    ],
)
def test_what_is_no_file_of_plots_is_told_at_once(data: bytes, fault: Fault) -> None:
    begun = time.process_time()
    assert [one.fault for one in check_plots(data).findings] == [fault]
    assert time.process_time() - begun < 1


def test_the_dearest_file_is_looked_at_in_bounded_time() -> None:
    teeth = [(EAST + place, NORTH + (SIDE if place % 2 else 0)) for place in range(MOST_CORNERS // 2 - 3)]
    comb = [*teeth, (teeth[-1][0], NORTH - SIDE), (EAST, NORTH - SIDE), teeth[0]]
    beside = [(east, -2 * SIDE + 2 * NORTH - north) for east, north in comb]
    begun = time.process_time()
    check_plots(file_of(outline(comb), outline(beside)))
    assert time.process_time() - begun < 15, "about a second on a quiet machine"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "crs"]), inner)
    ),
    max_leaves=20,
)


@given(_JSON)
def test_odd_files_are_never_our_fault(tree: Any) -> None:
    checked = check_plots(json.dumps({"type": "FeatureCollection", "features": [tree, {"geometry": tree}]}).encode())
    assert checked.findings
    exported(checked.plots)
