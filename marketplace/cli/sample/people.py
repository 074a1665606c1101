"""People and organisations of the sample marketplace, as rows."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from marketplace.accounts.contact import zone_of
from marketplace.accounts.models import Membership, Organisation, User, Verification
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.rules import Document, VerificationLevel, VerificationMethod
from marketplace.accounts.services.consents import give_consent
from marketplace.accounts.services.second_factor import sealed_secret
from marketplace.buyers.models import Buyer
from marketplace.cli.sample.goods import SampleSchool
from marketplace.cli.sample.names import ABROAD, BUYERS, CHAPTERS, ELSEWHERE, FAMILY, GIVEN
from marketplace.cli.sample.wording import STORIES
from marketplace.i18n.formats import format_number
from marketplace.kernel.clock import now, today
from marketplace.kernel.policy import OrganisationKind, Role
from marketplace.kernel.text import slug
from marketplace.partners.models import Chapter
from marketplace.sellers.models import Producer, ProducerText, Seller, SellerProducer
from marketplace.sellers.rules import CurationState, SellerForm

PASSWORD = "kopi-kelapa-souq-2026"  # noqa: S105 - printed at start; sample accounts exist on loopback only
DOMAIN = "souq.example"


@dataclass(frozen=True)
class SampleSeller:
    """Keys of one sample seller."""

    school: int
    seller_id: int
    producer_id: int
    organisation_id: int
    user_id: int
    slug: str


@dataclass(frozen=True)
class SampleBuyer:
    organisation_id: int
    user_id: int
    country: str
    city: str
    language: str
    trade: str


@dataclass(frozen=True)
class SampleChapter:
    chapter_id: int
    organisation_id: int
    user_id: int
    slug: str


def totp_secret(name: str) -> str:
    """The second factor of a sample account: the same on every machine, and worthless outside of it."""
    return base64.b32encode(hashlib.sha256(f"sample {name}".encode()).digest()[:20]).decode()


class PeopleMaker:
    """Makes sample rows; one password hash serves all of them, because making it is slow on purpose."""

    def __init__(self, session: Session, random: Random) -> None:
        self.session = session
        self.random = random
        self.hash = hash_password(PASSWORD)
        self.slugs: set[str] = set()

    def staff(self) -> dict[str, int]:
        """The programme with three curators and one operator; gives user keys by account name."""
        programme = self._organisation(
            OrganisationKind.PROGRAMME, "OPOP East Java (sample programme)", "ID", "Surabaya"
        )
        self.session.flush()  # the memberships need its key
        keys: dict[str, int] = {}
        for account, role in (
            ("curator", Role.CURATOR),
            ("curator2", Role.CURATOR),
            ("curator3", Role.CURATOR),
            ("operator", Role.OPERATOR),
        ):
            user = self._user(account, f"{account.capitalize()} Contoh", "id" if role is Role.CURATOR else "en", True)
            self._join(user, programme, role)
            keys[account] = user.id
        return keys

    def sellers(self, schools: list[SampleSchool], curators: list[int]) -> list[SampleSeller]:
        """A producer and a seller of record for every pesantren; one in eleven is not approved yet."""
        made = []
        for school in schools:
            name = f"Unit Usaha {school.name.removeprefix('PP ')}"
            organisation = self._organisation(OrganisationKind.SELLER, name, "ID", school.regency.name)
            account = f"seller{school.number + 1}"
            user = self._user(account, self._name(), "id", False, phone=f"+62811000{school.number:04d}")
            count = self.random.randint(12, 320) * 10
            producer = Producer(
                slug=slug(f"{school.name}-{school.regency.key}"),
                name=school.name,
                regency=school.regency.key,
                address=f"Jalan Contoh {school.number + 1}, {school.regency.full_name}",
                santri_count=count,
                founded_year=self.random.randint(1921, 2012),
                created_at=now(),
            )
            words = {"school": school.name, "place": school.regency.name}
            producer.texts = [
                ProducerText(
                    language=language,
                    story=story.format(**words, count=format_number(count, language)),
                    is_original=language == "id",
                )
                for language, story in STORIES.items()
            ]
            self.session.add(producer)
            self.session.flush()  # seller and membership need the keys
            self._join(user, organisation, Role.OWNER)
            state = CurationState.APPROVED
            if school.number in {20, 41}:
                state = CurationState.IMPROVING
            seller = Seller(
                organisation_id=organisation.id,
                slug=slug(f"{school.name}-{school.regency.key}"),
                form=SellerForm.BUSINESS_UNIT,
                curation=state,
                nib=f"9{school.number:012d}",
                whatsapp=user.phone or "",
                port="Tanjung Perak, Surabaya",
                languages=["id", "en"],
                export_years=self.random.choice((0, 0, 1, 2, 4, 7)),
                mentor_id=curators[school.number % len(curators)],
                created_at=now() - timedelta(days=self.random.randint(40, 500)),
            )
            self.session.add(seller)
            self.session.flush()  # the link needs its key
            self.session.add(SellerProducer(seller_id=seller.id, producer_id=producer.id))
            self._verify(organisation, curators[0])
            made.append(SampleSeller(school.number, seller.id, producer.id, organisation.id, user.id, seller.slug))
        return made

    def buyers(self, curator: int) -> list[SampleBuyer]:
        """Forty buying companies in thirteen countries; every fifth is not verified yet."""
        made = []
        for number, (name, country, city, trade, language) in enumerate(BUYERS, 1):
            organisation = self._organisation(OrganisationKind.BUYER, name, country, city)
            user = self._user(f"buyer{number}", self._name(country), language, False)
            self.session.flush()  # buyer and membership need the keys
            self._join(user, organisation, Role.OWNER)
            self.session.add(
                Buyer(
                    organisation_id=organisation.id,
                    trade=trade,
                    about="",
                    import_history="",
                    interests=[],
                    language=language,
                    created_at=now(),
                )
            )
            if number % 5:
                self._verify(organisation, curator)
            made.append(SampleBuyer(organisation.id, user.id, country, city, language, trade))
        return made

    def chapters(self) -> list[SampleChapter]:
        """Five chapters, each with a manager who has a second factor."""
        made = []
        for name, code, city, countries in CHAPTERS:
            organisation = self._organisation(OrganisationKind.CHAPTER, name, countries[0], city)
            user = self._user(f"partner-{code}", self._name(countries[0]), "de" if code == "de" else "en", True)
            self.session.flush()  # chapter and membership need the keys
            self._join(user, organisation, Role.OWNER)
            chapter = Chapter(
                organisation_id=organisation.id,
                slug=f"connect-souq-{code}",
                countries=list(countries),
                about="A sample chapter of the network.",
                created_at=now(),
            )
            self.session.add(chapter)
            self.session.flush()  # its key is handed on
            made.append(SampleChapter(chapter.id, organisation.id, user.id, code))
        return made

    def company(self, account: str, name: str, country: str, city: str) -> SampleBuyer:
        """One more buying company, for a distributor."""
        organisation = self._organisation(OrganisationKind.BUYER, name, country, city)
        user = self._user(account, self._name(country), "en", False)
        self.session.flush()  # buyer and membership need the keys
        self._join(user, organisation, Role.OWNER)
        self.session.add(
            Buyer(organisation_id=organisation.id, trade="distributor", interests=[], language="en", created_at=now())
        )
        return SampleBuyer(organisation.id, user.id, country, city, "en", "distributor")

    def _name(self, country: str = "ID") -> str:
        """A name as people have it there; the same two draws for every country, so that nothing after it changes."""
        given, family = self.random.choice(GIVEN), self.random.choice(FAMILY)
        if country == "ID":
            return f"{given} {family}"
        names, pattern = ABROAD.get(country, ELSEWHERE)
        return pattern.format(names[GIVEN.index(given) % len(names)])

    def _user(self, account: str, name: str, locale: str, second: bool, phone: str | None = None) -> User:
        user = User(
            name=name,
            email=f"{account}@{DOMAIN}",
            phone=phone,
            locale=locale,
            password_hash=self.hash,
            email_verified_at=now(),
            totp_secret=sealed_secret(totp_secret(account)) if second else None,
            totp_enabled_at=now() if second else None,
            created_at=now(),
        )
        self.session.add(user)
        self.session.flush()  # the consents need its key
        give_consent(self.session, user.id, (Document.TERMS, Document.PRIVACY), locale)
        return user

    def _organisation(self, kind: OrganisationKind, name: str, country: str, city: str) -> Organisation:
        base = slug(name, "organisation")
        unique, number = base, 2
        while unique in self.slugs:
            unique, number = f"{base}-{number}", number + 1
        self.slugs.add(unique)
        row = Organisation(
            kind=kind, slug=unique, name=name, country=country, city=city, is_sample=True, created_at=now()
        )
        self.session.add(row)
        return row

    def _join(self, user: User, organisation: Organisation, role: Role) -> None:
        user.time_zone = zone_of(organisation.country)
        self.session.flush()  # both keys
        self.session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role, created_at=now()))

    def _verify(self, organisation: Organisation, curator: int) -> None:
        level = self.random.choice((VerificationLevel.LISTED, VerificationLevel.REVIEWED, VerificationLevel.VERIFIED))
        next_check: date = today() + timedelta(days=self.random.randint(60, 360))
        organisation.verification_level = level
        organisation.verified_until = next_check
        self.session.add(
            Verification(
                organisation_id=organisation.id,
                level=level,
                method=self.random.choice(list(VerificationMethod)),
                evidence="Example evidence: register extract, video call",
                checked_by_id=curator,
                checked_on=today() - timedelta(days=self.random.randint(5, 120)),
                next_check_on=next_check,
                created_at=now(),
            )
        )
