"""The sample marketplace's offers as profiles: rows without pictures, the way the site reads them."""

from __future__ import annotations

from random import Random

from sqlalchemy.orm import Session

from marketplace.catalogue.registry.loading import load_registry
from marketplace.cli.sample.containers import container_goods
from marketplace.cli.sample.goods import products, schools
from marketplace.cli.sample.listings import ListingMaker
from marketplace.cli.sample.load import SEED
from marketplace.cli.sample.people import PeopleMaker
from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.profiles import offer_profiles
from matching.profile import OfferProfile

_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3"/></svg>'


def sample_offers(session: Session) -> list[OfferProfile]:
    """Load the sample's sellers and goods into an empty database; gives what the matcher is fitted on."""
    random, registry = Random(SEED), load_registry()
    all_schools = schools(random, registry, today())
    goods = products(random, registry, all_schools)
    goods += container_goods(goods, all_schools, registry)
    with transaction() as inside:
        people = PeopleMaker(inside, random)
        staff = people.staff()
        sellers = people.sellers(all_schools, [staff["curator"], staff["curator2"], staff["curator3"]])
        by_school = {seller.school: seller for seller in sellers}
        maker = ListingMaker(inside, staff["curator"], lambda *_about: _DRAWING, lambda *_file: None)
        for school in all_schools:
            maker.add_certificates(school, by_school[school.number])
        for number, sample in enumerate(goods):
            maker.add(sample, by_school[sample.school], all_schools[sample.school].regency.key, number)
    return list(offer_profiles(session))
