"""Templates whose imported macros are found at once."""

from __future__ import annotations

from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


class QuickTemplate(Template):
    """Jinja's template, which compares the names of all globals at each import of it: a fifth of a page of pieces."""

    _known: frozenset[str] = frozenset()

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """The macros; made anew only for names that the importing template has and this one lacks."""
        if ctx is None or self._module is None or not self._known:
            self._known = frozenset(self.globals)
            return super()._get_default_module(ctx)
        if ctx.globals_keys <= self._known:
            return self._module
        return super()._get_default_module(ctx)
