"""Sample requests that their buyers posted openly, so that sellers find some that suit them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from marketplace.cli.sample.people import SampleBuyer
from marketplace.cli.sample.trade import Transaction
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.matchmaking.services import fit_request, post_openly, start_request
from marketplace.rfqs.services import send_request

TEXTS = (
    ("en", "2 t coconut sugar, granulated, to Hamburg, sample first. (Example)"),
    ("de", "1,5 t Gewürznelken nach Rotterdam, FOB oder CIF. (Beispiel)"),
    ("en", "Virgin coconut oil 1,200 kg to London within 100 days. (Example)"),
    ("id", "Kopi robusta biji hijau 3 ton ke Singapura. (Contoh)"),
    ("zh_Hans", "采购肉豆蔻1吨，运到上海。（示例）"),
    ("zh_Hant", "購買椰殼碗800個，運到香港。（範例）"),
    ("en", "Prayer mats 200 pcs to Dubai. (Example)"),
    ("de", "Kokosfasern 20 t nach Hamburg. (Beispiel)"),
    ("en", "EU organic black pepper 2 t to Antwerp. (Example)"),
    ("en", "60 t cassia cinnamon to Los Angeles, fair trade. (Example)"),
)


def post_requests(transaction: Transaction, buyers: Sequence[SampleBuyer], report: Callable[[str, int], None]) -> int:
    """Post one request of each text, each by another buyer; gives how many."""
    for number, (language, text) in enumerate(TEXTS):
        buyer = buyers[(number * 3 + 1) % len(buyers)]
        actor = Actor(
            user_id=buyer.user_id,
            name="",
            organisation_id=buyer.organisation_id,
            kind=OrganisationKind.BUYER,
            roles=frozenset({Role.OWNER}),
            locale=language,
        )
        with transaction() as session:
            rfq = start_request(session, actor, text, language)
            post_openly(session, rfq)
            send_request(session, actor, rfq, [])
            key = rfq.id
        with transaction() as session:
            fit_request(session, key)
        report("open requests", number + 1)
    return len(TEXTS)
