"""Models: fitted from the database, stored with their card, promoted and rolled back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.in_step import EXPECTED_AT_ONCE
from marketplace.matchmaking.model import fitted, matcher_of_process, models_folder
from marketplace.matchmaking.models import MatchModel
from marketplace.matchmaking.profiles import count_open, open_offers, rates_per_dollar
from marketplace.matchmaking.progress import FitProgress
from marketplace.matchmaking.quality import figures_of
from marketplace.matchmaking.queries.models import word_kept
from marketplace.matchmaking.queries.switches import lately_served
from marketplace.matchmaking.rules import KEPT_MODELS
from marketplace.matchmaking.shadow import compared, held_back
from search.analysis import lexicon

if TYPE_CHECKING:
    from matching.matcher import SupplierMatcher
    from matching.store import Stored

# Models that this process has found sound, with the lexicon of the day; a stored model never changes.
_sound: set[tuple[str, str, str]] = set()  # folder, model, lexicon


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit that is done: the model, how many offers it knows, and whether it serves or waits in the shadow."""

    name: str
    offers: int
    is_serving: bool


def refit(progress: Callable[[int], None] | None = None) -> Fit:
    """Fit a model from the offers as they are and store it in the shadow. It takes over by itself when it does as well
    as the one that serves (see `shadow.held_back`), or when none can serve; else it waits for an operator."""
    from matching import store

    session, moment = db.session(), now()  # what changes while offers are read comes again
    with FitProgress(models_folder(), len(open_offers(session))) as told:

        def report(count: int) -> None:
            told.read(count)
            if progress is not None:
                progress(count)

        matcher = fitted(session, report)
        session.rollback()  # reading is over; nothing is held while files are written
        told.step("compared")
        figures = figures_of(matcher, today()) | {"reliability": word_kept(session).as_json()}
        session.rollback()
        name = store.save(matcher, models_folder(), moment, figures, is_current=False)
        offers = len(matcher.offers_)
        live = _serving_model()
        if live is not None and live[0] != name:
            figures = figures | {"shadow": _judged(session, matcher, live[1].matcher, live[0], live[1].card, figures)}
        session.rollback()
        takes_over = live is None or not figures.get("shadow", {}).get("held_back")
        with transaction() as writing:
            row = writing.scalar(select(MatchModel).where(MatchModel.name == name)) or MatchModel(name=name)
            row.fitted_at, row.offers, row.figures, row.is_serving = moment, offers, figures, False
            writing.add(row)
            writing.flush()  # the switch is made among rows
            if takes_over:
                audit(writing, None, "model.promoted", f"model:{name}"[:80], by="rule" if live else "first")
                promote(writing, name)
    _drop_old()
    return Fit(name, offers, takes_over)


def _serving_model() -> tuple[str, Stored] | None:
    """The model that serves, read anew so that nothing in use is touched; None where none can."""
    from matching import store

    name = store.current(models_folder())
    if name is None:
        return None
    try:
        return name, store.load(models_folder(), name)
    except store.UnusableModel:
        return None


def _judged(
    session: Session,
    candidate: SupplierMatcher,
    live: SupplierMatcher,
    name: str,
    card: Mapping[str, Any],
    figures: Mapping[str, Any],
) -> dict[str, Any]:
    live.rates = rates_per_dollar()
    comparison = compared(session, candidate, live)
    wanting = held_back(comparison, figures, card.get("figures") or {})
    return {**comparison, "against": name, "held_back": wanting}


def mend() -> str | None:
    """Fit anew where the model that should serve cannot be used; gives the new one's name, None where nothing had to
    be done."""
    return None if spoiled() is None else refit().name


def spoiled() -> str | None:
    """The name of the model that should serve where it cannot be used: spoiled, or made before an upgrade."""
    from matching import store

    name = store.current(models_folder())
    if name is None or (str(models_folder()), name, lexicon().version) in _sound:
        return None
    try:
        store.load(models_folder(), name)
    except store.UnusableModel:
        return name
    _sound.add((str(models_folder()), name, lexicon().version))
    return None


def outgrown() -> str | None:
    """The name of the model that serves where an import brought more offers than are read when it is loaded: of those,
    requests read only the goods they ask for and a few others, and the rest would wait for the daily refit."""
    from matching import store

    name, session = store.current(models_folder()), db.session()
    learnt = session.scalar(select(MatchModel.offers).where(MatchModel.name == name)) if name is not None else None
    is_outgrown = learnt is not None and count_open(session) - learnt > EXPECTED_AT_ONCE
    session.rollback()
    return name if is_outgrown else None


def card_of(name: str) -> dict[str, Any]:
    """What a stored model's card says; empty when the model is not there (any more) or its card cannot be read."""
    try:
        card = json.loads((models_folder() / name / "card.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def is_usable(card: Mapping[str, Any]) -> bool:
    """Whether a card belongs to a model that this release can read; the files themselves are looked at when it is to
    serve."""
    return bool(card) and card.get("lexicon") == lexicon().version


def promote(session: Session, name: str) -> None:
    """Let a stored model serve; `NotFound` when it is not there (any more) or cannot be used.

    The last act of its transaction: what the database refuses, it refuses before the files change.
    """
    from matching import store

    folder = models_folder()
    try:
        store.load(folder, name)
        session.execute(update(MatchModel).values(is_serving=MatchModel.name == name))
        session.flush()
        store.promote(folder, name)
    except store.UnusableModel:
        raise NotFound from None
    matcher_of_process().forget()


def _drop_old() -> None:
    """Keep the last few models, the one that serves and the one before it: the way back stays open."""
    from matching import store

    folder = models_folder()
    serving = store.current(folder)
    lately = lately_served(db.session())
    db.session.rollback()
    old = [each for each in store.versions(folder)[:-KEPT_MODELS] if each != serving and each not in lately]
    for name in old:
        shutil.rmtree(folder / name, ignore_errors=True)
    if old:
        with transaction() as session:
            session.execute(delete(MatchModel).where(MatchModel.name.in_(old)))
