"""Load the whole sample marketplace into an empty database: the same rows for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select

from marketplace.accounts.models import Organisation
from marketplace.catalogue.registry.loading import load_registry
from marketplace.cli.sample.bank import BankMaker
from marketplace.cli.sample.containers import container_goods
from marketplace.cli.sample.fairs import FairMaker
from marketplace.cli.sample.goods import products, schools
from marketplace.cli.sample.listings import ListingMaker
from marketplace.cli.sample.meetings import MeetingMaker
from marketplace.cli.sample.memberships import MembershipMaker
from marketplace.cli.sample.names import DISTRIBUTORS
from marketplace.cli.sample.offers import OfferMaker
from marketplace.cli.sample.open_requests import post_requests
from marketplace.cli.sample.orders import OrderMaker
from marketplace.cli.sample.partnerships import PartnershipMaker
from marketplace.cli.sample.people import PeopleMaker
from marketplace.cli.sample.pools import PoolMaker
from marketplace.cli.sample.quotes import QuoteMaker
from marketplace.cli.sample.trade import TradeMaker
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.kernel.uow import transaction
from marketplace.orders.services import record_inquiries
from marketplace.web.illustrations import illustration

SEED = 20261122
BATCH = 100


@dataclass(frozen=True)
class Loaded:
    """How much was loaded."""

    sellers: int
    products: int
    buyers: int
    chapters: int
    requests: int


def has_organisations() -> bool:
    """Whether anyone is on the market yet."""
    return bool(db.session.scalar(select(func.count()).select_from(Organisation)))


def is_sample() -> bool:
    """Whether this database holds the sample marketplace."""
    return db.session.scalar(select(Organisation.id).where(Organisation.is_sample).limit(1)) is not None


def load_sample(report: Callable[[str, int], None]) -> Loaded:
    """Load everything; the database must be migrated and empty."""
    random, registry = Random(SEED), load_registry()
    all_schools = schools(random, registry, today())
    goods = products(random, registry, all_schools)
    goods += container_goods(goods, all_schools, registry)
    with transaction() as session:
        people = PeopleMaker(session, random)
        staff = people.staff()
        sellers = people.sellers(all_schools, [staff["curator"], staff["curator2"], staff["curator3"]])
        report("sellers", len(sellers))
        buyers = people.buyers(staff["curator"])
        chapters = people.chapters()
        programme = session.scalar(select(Organisation.id).where(Organisation.kind == OrganisationKind.PROGRAMME))
    by_school = {seller.school: seller for seller in sellers}
    for start in range(0, len(goods), BATCH):
        with transaction() as session:
            maker = ListingMaker(session, staff["curator"], illustration, storage().put)
            part = goods[start : start + BATCH]
            for school in all_schools if start == 0 else ():
                maker.add_certificates(school, by_school[school.number])
            if start:
                maker.load_certificates({one.seller_id: one.school for one in sellers})
            for offset, sample in enumerate(part):
                school = all_schools[sample.school]
                maker.add(sample, by_school[sample.school], school.regency.key, start + offset)
        report("products", start + len(part))
    curator = Actor(
        user_id=staff["curator"],
        name="",
        organisation_id=programme,
        kind=OrganisationKind.PROGRAMME,
        roles=frozenset({Role.CURATOR}),
        locale="en",
        has_second_factor=True,
    )
    trade = TradeMaker(transaction, random, sellers, curator)
    brought = trade.distributors(chapters, people, DISTRIBUTORS)
    count = trade.requests([*buyers, *brought], report) + post_requests(transaction, buyers, report)
    count += FairMaker(transaction, sellers, curator).fairs(chapters, buyers)
    MeetingMaker(transaction).meetings(chapters, sellers, buyers)
    QuoteMaker(transaction, sellers, curator).quotes()
    ordering = OrderMaker(transaction, sellers)
    ordering.samples()
    ordering.deals()
    count += PoolMaker(transaction, sellers, curator).pools([*brought, *buyers])
    BankMaker(transaction, sellers, curator).accounts()
    MembershipMaker(transaction, curator).memberships(chapters, sellers, buyers)
    offering = OfferMaker(transaction, sellers)
    offering.offers(buyers)
    offering.closures()
    count += 1  # one of the offers was asked about
    trade.reports(buyers)
    trade.settle()
    partnering = PartnershipMaker(transaction)
    partnering.partnerships(chapters)
    partnering.standings()
    partnering.introductions(chapters)
    with transaction() as session:
        record_inquiries(session)
    return Loaded(len(sellers), len(goods), len(buyers), len(chapters), count)
