"""Lists of products: made, filled, noted on, shared."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned
from marketplace.saved.models import Shortlist, ShortlistItem
from marketplace.saved.policies import owns_list
from marketplace.saved.queries import is_on_the_market, own_list
from marketplace.saved.rules import MOST_ITEMS, MOST_LISTS, NAME_LENGTH, NOTE_LENGTH


def make_list(session: Session, actor: Actor, name: str) -> Shortlist:
    """A new, empty list."""
    count = session.scalar(select(func.count()).select_from(Shortlist).where(owns_list(actor))) or 0
    if count >= MOST_LISTS:
        raise Conflict(_("You have %(count)s lists, as many as fit. Delete one you no longer need.", count=MOST_LISTS))
    moment = now()
    made = Shortlist(
        user_id=actor.user_id, name=cleaned(name, NAME_LENGTH), created_at=moment, changed_at=moment, items=[]
    )
    session.add(made)
    session.flush()  # its address needs the key
    return made


def keep_product(session: Session, actor: Actor, shortlist_id: int, product_id: int, note: str = "") -> Shortlist:
    """Put a product on a list; one that is there already keeps its place, and its note where none is given."""
    shortlist = own_list(session, actor, shortlist_id)
    if not is_on_the_market(session, product_id):
        raise NotFound
    text = cleaned(note, NOTE_LENGTH)
    present = next((each for each in shortlist.items if each.product_id == product_id), None)
    if present is not None:
        present.note = text or present.note
    elif len(shortlist.items) >= MOST_ITEMS:
        raise Conflict(_("This list has %(count)s products, as many as fit. Start another one.", count=MOST_ITEMS))
    else:
        shortlist.items.append(ShortlistItem(product_id=product_id, note=text, added_at=now()))
    shortlist.changed_at = now()
    return shortlist


def note_on(session: Session, actor: Actor, shortlist_id: int, product_id: int, note: str) -> None:
    """Change the note of one product on a list."""
    _item(own_list(session, actor, shortlist_id), product_id).note = cleaned(note, NOTE_LENGTH)


def drop_product(session: Session, actor: Actor, shortlist_id: int, product_id: int) -> None:
    """Take a product off a list."""
    shortlist = own_list(session, actor, shortlist_id)
    session.delete(_item(shortlist, product_id))
    shortlist.changed_at = now()


def rename_list(session: Session, actor: Actor, shortlist_id: int, name: str, version: int) -> None:
    """Give a list another name."""
    shortlist = own_list(session, actor, shortlist_id)
    if shortlist.version != version:
        raise Conflict(_("This has changed meanwhile. Reload the page and enter your changes again."))
    shortlist.name = cleaned(name, NAME_LENGTH)


def delete_list(session: Session, actor: Actor, shortlist_id: int) -> None:
    """Forget a list; a shared link ends with it."""
    session.delete(own_list(session, actor, shortlist_id))


def share_list(session: Session, actor: Actor, shortlist_id: int, *, shows_notes: bool) -> None:
    """Let whoever has the link read the list, with or without the notes; an open link stays the same."""
    shortlist = own_list(session, actor, shortlist_id)
    if shortlist.shared_at is None:
        shortlist.shared_at = now()
        shortlist.share_number += 1
    shortlist.shows_notes = shows_notes


def stop_sharing(session: Session, actor: Actor, shortlist_id: int) -> None:
    """End the link for good; sharing again makes another."""
    shortlist = own_list(session, actor, shortlist_id)
    shortlist.shared_at = None


def _item(shortlist: Shortlist, product_id: int) -> ShortlistItem:
    found = next((each for each in shortlist.items if each.product_id == product_id), None)
    if found is None:
        raise NotFound
    return found
