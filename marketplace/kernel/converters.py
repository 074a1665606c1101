"""Numbers in addresses that the database can hold."""

from __future__ import annotations

from werkzeug import routing


class IntegerConverter(routing.IntegerConverter):
    """``<int:…>``: at most 18 ASCII digits, so that every number fits a key; a longer one is no address (404)."""

    regex = "[0-9]{1,18}"
    part_isolating = True
