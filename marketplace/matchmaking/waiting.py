"""Offers that wait to be read again, by what they are registered as."""

from __future__ import annotations

from collections.abc import Collection, Iterator


class Waiting:
    """Keys of products, each once, those of some goods at hand without a look at the others."""

    def __init__(self) -> None:
        self._commodities: dict[int, str] = {}
        self._keys: dict[str, dict[int, None]] = {}

    def add(self, key: int, commodity: str) -> None:
        """One more, or one that is registered as this from now on."""
        self.drop(key)
        self._commodities[key] = commodity
        self._keys.setdefault(commodity, {})[key] = None

    def drop(self, key: int) -> None:
        """One less; an unknown key changes nothing."""
        commodity = self._commodities.pop(key, None)
        if commodity is not None:
            same = self._keys[commodity]
            del same[key]
            if not same:
                del self._keys[commodity]

    def of_goods(self, commodities: Collection[str], others: int) -> list[int]:
        """Those registered as one of some commodities, and so many of the others."""
        found = [key for commodity in self._keys if commodity in commodities for key in self._keys[commodity]]
        rest = (key for commodity in self._keys if commodity not in commodities for key in self._keys[commodity])
        return found + [key for _count, key in zip(range(others), rest, strict=False)]

    def __contains__(self, key: object) -> bool:
        return key in self._commodities

    def __iter__(self) -> Iterator[int]:
        return iter(self._commodities)

    def __len__(self) -> int:
        return len(self._commodities)
