"""Sea ports: a code beside the name, typed either way, and one table that contradicts itself nowhere."""

from __future__ import annotations

import re

import pytest

from marketplace.kernel.datafiles import DataFault
from marketplace.kernel.ports import find_sea_port, sea_ports, with_code, with_codes


def test_every_code_is_five_signs_and_belongs_to_one_port() -> None:
    codes = [port.locode for port in sea_ports() if port.locode]
    assert all(re.fullmatch(r"[A-Z]{2}[A-Z2-9]{3}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert len(codes) > 270


def test_the_export_ports_of_indonesia_are_there() -> None:
    own = {port.name: port.locode for port in sea_ports("ID")}
    assert len(own) >= 50
    wanted = {"Tanjung Perak": "IDSUB", "Tanjung Priok": "IDTPP", "Tanjung Emas": "IDSRG", "Belawan": "IDBLW"}
    assert wanted.items() <= own.items()


@pytest.mark.parametrize(
    "typed",
    ["Tanjung Perak", "tanjung perak", "Surabaya", "IDSUB", "idsub", "ID SUB", "ID-SUB", "Tanjung Perak (IDSUB)",
     "Port of Surabaya", "Tanjung Perak, Surabaya"],
)  # fmt: skip
def test_a_port_is_found_by_name_city_and_code(typed: str) -> None:
    port = find_sea_port(typed)
    assert port is not None
    assert port.label == "Tanjung Perak (IDSUB)"


@pytest.mark.parametrize(("typed", "name"), [("DEHAM", "Hamburg"), ("hkhkg", "Hong Kong"), ("CNSHA", "Shanghai")])
def test_destinations_are_found_by_code(typed: str, name: str) -> None:
    port = find_sea_port(typed)
    assert port is not None
    assert port.name == name


@pytest.mark.parametrize("typed", ["", "IDXXX", "Atlantis", "Perak", "ID", "IDSUBX"])
def test_what_is_no_port_is_none(typed: str) -> None:
    assert find_sea_port(typed) is None


def test_a_name_without_a_code_stays_alone() -> None:
    assert with_codes(["Hamburg", "Teluk Lamong", "Atlantis"]) == ["Hamburg (DEHAM)", "Teluk Lamong", "Atlantis"]
    assert with_code("Tanjung Perak, Surabaya") == "Tanjung Perak, Surabaya (IDSUB)"
    assert with_code("Hamburg (DEHAM)") == "Hamburg (DEHAM)", "a code that stands there is not repeated"


def test_a_code_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    from marketplace.kernel import ports

    path = Path(str(tmp_path)) / "ports.csv"
    path.write_text("locode,country,name,other_names,basis\nDEHAM,DE,Hamburg,,seen\nDEHAM,DE,Bremen,,seen\n")
    monkeypatch.setattr(ports, "_DATA", path)
    with pytest.raises(DataFault, match="Bremen"):
        ports._by_name.__wrapped__()
