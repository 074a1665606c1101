"""Bank details of sample sellers who are to be paid: made up, named so, and confirmed by the programme."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.cli.sample.people import SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.payments.models import BankAccount, Payment
from marketplace.payments.services import decide_bank_account, propose_bank_account
from marketplace.quotes.models import Deal
from marketplace.sellers.models import Seller

BANK = "Bank Contoh (Example, does not exist)"


class BankMaker:
    """Gives every sample seller with a deal or a payment an account to be paid to, once."""

    def __init__(self, transaction: Transaction, sellers: list[SampleSeller], curator: Actor) -> None:
        self.transaction = transaction
        self.by_organisation = {seller.organisation_id: seller for seller in sellers}
        self.curator = curator

    def accounts(self) -> int:
        """Gives how many were made."""
        with self.transaction() as session:
            selling = select(Seller.organisation_id).join(Deal, Deal.seller_id == Seller.id)
            had = set(session.scalars(select(BankAccount.organisation_id)))
            payees = {*session.scalars(selling), *session.scalars(select(Payment.payee_id))} - had
        wanted = sorted(payees & set(self.by_organisation))
        for key in wanted:
            self._account(self.by_organisation[key])
        return len(wanted)

    def _account(self, seller: SampleSeller) -> None:
        owner = actor_of(seller.user_id, seller.organisation_id, OrganisationKind.SELLER, "id")
        with self.transaction() as session:
            name = session.get_one(Organisation, seller.organisation_id).name
            row = propose_bank_account(
                session,
                owner,
                holder=f"{name} (Example)"[:200],
                bank=BANK,
                account=f"000-00-{seller.school:05d}-0",
                swift="",  # any eight letters might be a bank's
                currency="USD",
            )
            decide_bank_account(session, self.curator, row, is_confirmed=True, note="")
