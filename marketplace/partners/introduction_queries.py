"""Introductions as either side and their chapter may read them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Application, Chapter, Introduction
from marketplace.partners.policies import of_own_chapter
from marketplace.partners.rules import ApplicationState, IntroductionSide, IntroductionState
from marketplace.sellers.models import Seller

SIZE = 20


def of_chapter(actor: Actor) -> ColumnElement[bool]:
    """Introductions that the actor's chapter proposed, as an SQL condition."""
    if not actor.is_partner or actor.is_suspended:
        return false()
    return Introduction.chapter_id.in_(select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id))


def of_own_side(actor: Actor) -> ColumnElement[bool]:
    """Introductions in which the actor's organisation is one of the two, as an SQL condition."""
    if actor.is_suspended or actor.organisation_id is None:
        return false()
    if actor.is_seller:
        return Introduction.seller_id.in_(select(Seller.id).where(Seller.organisation_id == actor.organisation_id))
    return Introduction.organisation_id == actor.organisation_id if actor.is_buyer else false()


def introduction_of_chapter(session: Session, actor: Actor, key: int) -> Introduction:
    """One introduction of the actor's chapter, locked; any other does not exist."""
    return _locked(session, of_chapter(actor), key)


def introduction_for(session: Session, actor: Actor, key: int) -> tuple[Introduction, IntroductionSide]:
    """One introduction of the actor's own organisation, locked, and which side they are on."""
    side = IntroductionSide.SELLER if actor.is_seller else IntroductionSide.DISTRIBUTOR
    return _locked(session, of_own_side(actor), key), side


def introductions_of_chapter(session: Session, actor: Actor, number: int) -> Page[Introduction]:
    """What the actor's chapter proposed, the newest first."""
    query = select(Introduction).where(of_chapter(actor)).order_by(Introduction.id.desc())
    return page_of(session, query, number, SIZE)


def introductions_for(session: Session, actor: Actor, number: int) -> Page[Introduction]:
    """Introductions of the actor's own organisation: those that wait for it first, withdrawn ones left out."""
    mine = Introduction.seller_answer if actor.is_seller else Introduction.distributor_answer
    query = (
        select(Introduction)
        .where(of_own_side(actor), Introduction.state != IntroductionState.WITHDRAWN)
        .order_by((_is_open() & (mine == "")).desc(), Introduction.id.desc())
    )
    return page_of(session, query, number, SIZE)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many introductions wait for the actor's side to answer."""
    mine = Introduction.seller_answer if actor.is_seller else Introduction.distributor_answer
    query = select(func.count(Introduction.id)).where(of_own_side(actor), _is_open(), mine == "")
    return session.scalar(query) or 0


def approved_distributor(session: Session, actor: Actor, key: int) -> Application:
    """An approved distributor of the actor's chapter; any other does not exist."""
    found = session.scalar(
        select(Application).where(
            Application.id == key,
            of_own_chapter(actor),
            Application.state == ApplicationState.APPROVED,
            Application.organisation_id.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def approved_distributors(session: Session, actor: Actor) -> Sequence[Application]:
    """All approved distributors of the actor's chapter, by name."""
    query = (
        select(Application)
        .where(of_own_chapter(actor), Application.state == ApplicationState.APPROVED)
        .order_by(Application.company_name, Application.id)
    )
    return session.scalars(query).all()


def sellers_not_to_introduce(session: Session, organisation_id: int) -> set[int]:
    """Sellers whom a distributor knows through an introduction already, who refused or were refused, or where one of
    the two has blocked the other."""
    known = select(Introduction.seller_id).where(
        Introduction.organisation_id == organisation_id, Introduction.pair.is_not(None)
    )
    blocked = select(Seller.id).join(
        Block,
        ((Block.organisation_id == organisation_id) & (Block.blocked_id == Seller.organisation_id))
        | ((Block.blocked_id == organisation_id) & (Block.organisation_id == Seller.organisation_id)),
    )
    return {*session.scalars(known), *session.scalars(blocked)}


def _is_open() -> ColumnElement[bool]:
    return (Introduction.state == IntroductionState.PROPOSED) & (Introduction.closes_at > now())


def _locked(session: Session, condition: ColumnElement[bool], key: int) -> Introduction:
    found = session.scalar(
        select(Introduction)
        .where(Introduction.id == key, condition)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
