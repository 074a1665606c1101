"""Offers that came or changed since the others were learnt, found by their goods."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from search.lexicon.lexicon import Lexicon


class Arrivals:
    """Keys by the goods that their offers were read as. Thousands of offers, as after an import, are of a few hundred
    goods: a request looks at those and not at every offer."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._goods: dict[str, tuple[str, ...]] = {}
        self._keys: dict[tuple[str, ...], dict[str, None]] = {}

    def add(self, key: str, goods: tuple[str, ...]) -> None:
        """One more, or one that is of these goods from now on."""
        self.drop(key)
        self._goods[key] = goods
        self._keys.setdefault(goods, {})[key] = None

    def drop(self, key: str) -> None:
        """One less; an unknown key changes nothing."""
        goods = self._goods.pop(key, None)
        if goods is not None:
            same = self._keys[goods]
            del same[key]
            if not same:
                del self._keys[goods]

    def of_goods(self, wanted: AbstractSet[str]) -> list[str]:
        """The keys of those that are one of the wanted goods, or a kind of one."""
        closure = self._lexicon.closure
        return [
            key
            for goods, keys in self._keys.items()
            if any(not wanted.isdisjoint(closure(each)) for each in goods)
            for key in keys
        ]

    def __contains__(self, key: object) -> bool:
        return key in self._goods

    def __iter__(self) -> Iterator[str]:
        return iter(self._goods)

    def __len__(self) -> int:
        return len(self._goods)
