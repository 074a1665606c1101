"""Why a draft cannot be taken, field by field, and why a listing cannot be shown yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _

from marketplace.kernel.errors import Conflict, DomainError


class Unfit(DomainError):
    """Some values cannot stand; ``fields`` maps the name of each to a sentence that says what would be right."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = dict(fields)


class ListingIncomplete(DomainError):
    """Something is missing before the listing can be shown; ``items`` are the codes of `rules.completeness`."""

    def __init__(self, items: Sequence[str], names: Sequence[object]) -> None:
        # the list is made when it is shown, in the reader's language
        super().__init__(_Listed(names))
        self.items = tuple(items)
        self.names = tuple(names)


class _Listed:
    """A sentence that names every missing item, rendered in the language of whoever reads it."""

    def __init__(self, names: Sequence[object]) -> None:
        self.names = names

    def __str__(self) -> str:
        from flask_babel import get_locale, gettext

        from marketplace.i18n.formats import format_list

        locale = str(get_locale() or "en")
        listed = format_list([str(name) for name in self.names], locale)
        return str(gettext("Still missing before buyers can see this: %(items)s.", items=listed))


def stale() -> Conflict:
    """Someone else saved the product since the form was opened."""
    return Conflict(
        _("This was changed in another window or by a colleague. Reload the page and enter your change again.")
    )
