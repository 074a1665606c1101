"""The pages that are measured, each as a call that asks something else in every round."""

from __future__ import annotations

import io
import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.test import EnvironBuilder

from config.settings import Settings
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.services.sessions import open_session
from marketplace.app import create_app
from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.documents.gathering import facts_of_version
from marketplace.documents.papers.quotation import quotation
from marketplace.documents.rendering import rendered
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.limits import Tally
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.rfqs.models import Recipient
from marketplace.wiring import cache
from tests.bench.measure import Call, getter
from tests.bench.members import give_members
from tests.bench.posting import LEFT_EMPTY, as_letters, in_parts
from tests.bench.trade import Offered, Trade
from tests.support.flows import an_inquiry_form

WORDS = (
    "coffee", "kopi arabika", "coconut sugar", "gula kelapa", "vanilla", "clove oil", "cinnamon", "batik", "rattan",
    "seaweed", "tuna", "cocoa", "palm sugar", "ginger", "turmeric", "pepper", "nutmeg", "honey", "tea", "rice",
)  # fmt: skip
PLACES = ("Malang", "Jember", "Kediri", "Blitar", "Tuban")
REQUESTS = (
    "2 FCL organic coconut sugar, EU organic, FOB Surabaya",
    "500 kg green arabica coffee, washed, grade 1, for Hamburg",
    "vanilla beans grade A, 50 kg a month",
    "1 t cloves hand picked, halal, CIF Rotterdam",
)
COOKIE = re.compile(r"souq=([^;]+)")


@dataclass
class Case:
    """A call to measure; ``statements`` counts those of one call on the business database."""

    call: Call
    statements: Callable[[], int]
    warm: int = 5
    before: Callable[[], object] = lambda: None


class Bench:
    """The application on the bench's home, and people to ask as."""

    def __init__(self, settings: Settings, rounds: int) -> None:
        self.app: Flask = create_app(settings)
        self.app.config["RATELIMIT_ENABLED"] = False
        self.rounds = rounds + 20
        with self.app.app_context():
            session = db.session()
            listed = select(Product.slug).where(Product.state == ListingState.LISTED).order_by(Product.id.desc())
            self.slugs = list(session.scalars(listed.limit(self.rounds * 3)))
            oldest = select(Product.id).where(Product.state == ListingState.LISTED).order_by(Product.id).limit(1)
            self._other = session.scalars(oldest).one()
            buyers = (
                select(User)
                .join(Membership, Membership.user_id == User.id)
                .join(Organisation, Organisation.id == Membership.organisation_id)
                .where(Organisation.kind == OrganisationKind.BUYER, Organisation.suspended_at.is_(None))
                .where(Organisation.verification_level == VerificationLevel.VERIFIED)
                .order_by(User.id)
                .limit(30)
            )
            people = list(session.scalars(buyers))
            with transaction() as inside:
                tokens = [open_session(inside, person, "bench") for person in people]
                give_members(inside, self.slugs[2 * self.rounds :])  # whom the inquiries are told
            self._forget_limits()  # a home that is measured again has used up its day's requests
            self.cookies = [self._cookie(token) for token in tokens]
            self._count = 0
            self._engine = db.engine
            db.session.remove()

    def _cookie(self, token: str) -> str:
        """As a browser holds it after the first page: with the token that guards forms."""
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # our sessions have it
        return "souq=" + str(signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)}))

    def _forget_pages(self) -> None:
        """Empty the memory of whole pages; what cards, filters and offers look like stays known, as in a running site."""
        with self.app.app_context():
            cache.clear()

    def _forget_limits(self) -> None:
        with self.app.app_context(), transaction() as session:
            session.execute(delete(Tally))

    def _change_another(self) -> None:
        """Change the market elsewhere: no page of the state before stands, those of other products show the same."""
        with self.app.app_context(), transaction() as session:
            record(session, ProductChanged(product_id=self._other))

    def _counted(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.replace("\n", " ")
        self._count += "FROM session " not in words and not words.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))

    def cases(self) -> Iterator[tuple[str, Case | str]]:
        """Name and case of every row of the table."""
        # the site turns some forty pages at most, so each order is turned from its begin
        orders = itertools.product(("", "newest", "price", "-price", "moq", "lead", "capacity"), range(2, 40))
        pages = [f"/en/products?sort={sort}&page={page}" for sort, page in itertools.islice(orders, 2 * self.rounds)]
        # a first page is asked once for each text: goods alone, then goods with a place
        texts = (f"{word} {place}".strip() for place, word in itertools.product(("", *PLACES), WORDS))
        searches = [f"/en/products?q={quote_plus(text)}" for text in itertools.islice(texts, self.rounds)]
        # others have found the same goods with the same words, but nobody has asked in this way
        pairs = list(itertools.islice(itertools.product(PLACES, WORDS), self.rounds))
        asked = [f"/en/products?q={quote_plus(f'{place} {word}')}" for place, word in pairs]
        asked_anew = [f"/en/products?q={quote_plus(f'{word} from {place}')}" for place, word in pairs]
        # somebody who turns a page has seen the one before
        turns = list(itertools.islice(itertools.product(range(2, 40), WORDS), self.rounds))
        before, turned = (
            [f"/en/products?q={quote_plus(word)}&page={page - back}" for page, word in turns] for back in (1, 0)
        )
        products = [f"/en/products/{slug}" for slug in self.slugs]
        half = len(pages) // 2
        yield "list of 24, cards never seen", self._asked(pages[:half])
        known = self._asked(pages[:10])
        yield "list of 24, visitor, uncached", replace(known, warm=25, before=self._forget_pages)
        yield "list of 24, logged in", replace(self._asked(pages[:10], self.cookies[0]), warm=25)
        yield "list of 24, visitor, repeated", self._asked(["/en/products"])
        yield "search with facets, first page", self._asked(searches)
        again = self._asked(searches[:10])
        yield "search with facets, visitor, uncached", replace(again, warm=25, before=self._forget_pages)
        anew = replace(self._asked(asked_anew), before=self._asking(asked))
        yield "search with facets, goods known", anew
        yield "search with facets, turned over", replace(self._asked(turned), before=self._asking(before))
        yield "product page, never seen", self._asked(products[: self.rounds])
        seen = products[self.rounds : self.rounds + 10]
        yield "product page, visitor, uncached", replace(self._asked(seen), warm=25, before=self._forget_pages)
        yield "product page, change elsewhere", replace(self._asked(seen), warm=25, before=self._change_another)
        yield "product page, logged in", replace(self._asked(seen, self.cookies[0]), warm=25)
        yield "product page, visitor, repeated", self._asked(seen[:1])
        forms = [f"{path}/inquiry" for path in products[2 * self.rounds :]]
        yield "inquiry form shown", self._asked(forms, self.cookies[0])
        yield "inquiry sent", self._posts(self.slugs[2 * self.rounds :], self._inquiry)
        self._forget_limits()  # nobody sends as many in a day
        whole = self._posts(self.slugs[2 * self.rounds :], self._whole_inquiry, in_parts)
        yield "inquiry sent as browsers do", whole
        yield "request read and matched", self._posts(list(REQUESTS), self._request)
        with self.app.app_context():
            trade = Trade()
            inbox, compared, waiting = trade.inbox(), trade.compared(), trade.waiting(self.rounds)
            db.session.remove()
        buyer = self._cookie(trade.buyer_token)
        yield "inbox of 10,000 leads", self._asked(["/en/leads"], self._cookie(inbox.token))
        yield "compare page of 20 quotes", self._asked([f"/en/requests/{key}/quotes" for key in compared], buyer)
        yield "quotation as PDF", Case(self._drawn(waiting), lambda: 0)
        yield "quote accepted", self._accepting(waiting, buyer)

    def _asked(self, paths: list[str], cookie: str = "") -> Case:
        calls = itertools.cycle([getter(self.app, path, cookie=cookie) for path in paths])
        return self._case(_next_of(calls))

    def _asking(self, paths: list[str]) -> Callable[[], object]:
        """Asks for one path after another: what their pages show is known from then on."""
        calls = itertools.cycle([getter(self.app, path) for path in paths])
        return _next_of(calls)

    def _case(self, call: Call, warm: int = 5) -> Case:
        def statements() -> int:
            self._count = 0
            # only here: a listener costs, and a running site has none
            event.listen(self._engine, "before_cursor_execute", self._counted)
            call()
            event.remove(self._engine, "before_cursor_execute", self._counted)
            return self._count

        return Case(call, statements, warm)

    def _posts(
        self,
        things: list[str],
        prepared: Callable[[str, str], tuple[str, dict[str, str], str]],
        written: Callable[[dict[str, str]], tuple[bytes, str]] = as_letters,
    ) -> Case:
        """Posts as buyers in turn; their forms are fetched beforehand, since only the sending is measured."""
        ready: list[Call] = []
        for number in range(self.rounds):
            path, data, cookie = prepared(things[number % len(things)], self.cookies[number % len(self.cookies)])
            ready.append(self._poster(path, data, cookie, written))
        calls = itertools.cycle(ready)
        return self._case(_next_of(calls))

    def _accepting(self, waiting: list[Offered], cookie: str) -> Case:
        ready: list[Call] = []
        for one in waiting:
            path = f"/en/requests/{one.rfq}/with/{one.recipient}/quote"
            hidden, cookie = self._form(path, cookie)
            ready.append(self._poster(f"{path}/accept", {**hidden, "number": str(one.number)}, cookie))
        return self._case(_next_of(iter(ready)))

    def _drawn(self, waiting: list[Offered]) -> Call:
        """From the rows of a quote to the bytes of its paper, as the job draws it."""
        recipients = itertools.cycle([one.recipient for one in waiting])

        def call() -> int:
            with self.app.app_context():
                session = db.session()
                query = select(QuoteVersion, Quote.seller_id).join(QuoteVersion.quote).join(Quote.recipient)
                query = query.options(selectinload(QuoteVersion.lines), contains_eager(QuoteVersion.quote)).where(
                    Recipient.key == next(recipients)
                )
                row, seller_id = session.execute(query).one()
                facts = facts_of_version(session, row, seller_id).facts
                return len(rendered(quotation(replace(facts, number="PSQ-2026-0042-1"), ("en",))))

        return call

    def _inquiry(self, slug: str, cookie: str) -> tuple[str, dict[str, str], str]:
        path = f"/en/products/{slug}/inquiry"
        hidden, cookie = self._form(path, cookie)
        return path, {**hidden, **an_inquiry_form(f"Is {slug} available? We need 2 t.")}, cookie

    def _whole_inquiry(self, slug: str, cookie: str) -> tuple[str, dict[str, str], str]:
        path, data, cookie = self._inquiry(slug, cookie)
        return path, {**data, **dict.fromkeys(LEFT_EMPTY, "")}, cookie

    def _request(self, text: str, cookie: str) -> tuple[str, dict[str, str], str]:
        path = "/en/requests/new"
        hidden, cookie = self._form(path, cookie)
        return path, {**hidden, "text": text}, cookie

    def _form(self, path: str, cookie: str) -> tuple[dict[str, str], str]:
        client = self.app.test_client(use_cookies=False)
        answer = client.get(path, headers={"Cookie": cookie, "Accept-Language": "en"})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        fields = dict(re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', answer.get_data(as_text=True)))
        for header in answer.headers.getlist("Set-Cookie"):
            if found := COOKIE.match(header):
                cookie = f"souq={found.group(1)}"
        return fields, cookie

    def _poster(
        self,
        path: str,
        data: dict[str, str],
        cookie: str,
        written: Callable[[dict[str, str]], tuple[bytes, str]] = as_letters,
    ) -> Call:
        body, kind = written(data)
        headers = {"Accept-Language": "en", "Cookie": cookie}
        base = EnvironBuilder(path=path, method="POST", headers=headers).get_environ()
        base |= {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}

        def call() -> int:
            said: list[str] = []
            environ = {**base, "wsgi.input": io.BytesIO(body)}
            answer = self.app.wsgi_app(environ, lambda status, _headers, _exc=None: said.append(status))  # type: ignore[arg-type,return-value]
            size = sum(len(part) for part in answer)
            if hasattr(answer, "close"):
                answer.close()
            if not said[0].startswith("303") and not said[0].startswith("302"):
                raise RuntimeError(f"POST {path} answered {said[0]}")
            return size

        return call


def _next_of(calls: Iterator[Call]) -> Call:
    def call() -> int:
        return next(calls)()

    return call
