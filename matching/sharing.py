"""What offers have in common, kept once."""

from typing import Any

from matching.reader.offer import OfferReading


class SharedReadings:
    """Equal parts of readings as one object: a hundred thousand offers say the same few things."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def same(self, reading: OfferReading) -> OfferReading:
        """The reading made of the parts as they came first."""
        attributes = tuple(sorted((name, tuple(sorted(each))) for name, each in reading.attributes.items()))
        certificates = tuple(sorted(reading.certificates.items()))
        same = self._known.setdefault
        return OfferReading(
            goods=same(("goods", reading.goods), reading.goods),
            attributes=same(("attributes", attributes), reading.attributes),
            certificates=same(("certificates", certificates), reading.certificates),
            registrations=same(("registrations", reading.registrations), reading.registrations),
            figures=same(("figures", reading.figures), reading.figures),
        )
