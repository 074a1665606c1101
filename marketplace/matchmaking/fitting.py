"""Models: fitted from the database, stored with their card, promoted and rolled back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.model import fitted, matcher_of_process, models_folder
from marketplace.matchmaking.models import MatchModel
from marketplace.matchmaking.quality import figures_of
from marketplace.matchmaking.rules import KEPT_MODELS
from search.analysis import lexicon

# Models that this process has found sound, with the lexicon of the day; a stored model never changes.
_sound: set[tuple[str, str, str]] = set()  # folder, model, lexicon


def refit(progress: Callable[[int], None] | None = None) -> tuple[str, int]:
    """Fit a model from the offers as they are, store it, let it serve; gives its name and how many offers it knows."""
    from matching import store

    session = db.session()
    matcher = fitted(session, progress)
    session.rollback()  # reading is over; nothing is held while files are written
    moment = now()
    figures = figures_of(matcher, today())
    name = store.save(matcher, models_folder(), moment, figures)
    offers = len(matcher.offers_)
    with transaction() as writing:
        writing.execute(update(MatchModel).values(is_serving=False))
        row = writing.scalar(select(MatchModel).where(MatchModel.name == name)) or MatchModel(name=name)
        row.fitted_at, row.offers, row.figures, row.is_serving = moment, offers, figures, True
        writing.add(row)
    _drop_old()
    matcher_of_process().forget()
    return name, offers


def mend() -> str | None:
    """Fit anew where the model that should serve cannot be used: spoiled, or made before an upgrade; gives the new
    one's name, None where nothing had to be done."""
    from matching import store

    name = store.current(models_folder())
    if name is None or (str(models_folder()), name, lexicon().version) in _sound:
        return None
    try:
        store.load(models_folder(), name)
    except store.UnusableModel:
        return refit()[0]
    _sound.add((str(models_folder()), name, lexicon().version))
    return None


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
    """Keep the last few models and the one that serves."""
    from matching import store

    folder = models_folder()
    serving = store.current(folder)
    old = [each for each in store.versions(folder)[:-KEPT_MODELS] if each != serving]
    for name in old:
        shutil.rmtree(folder / name, ignore_errors=True)
    if old:
        with transaction() as session:
            session.execute(delete(MatchModel).where(MatchModel.name.in_(old)))
