"""Certificates that a file states: kept once per seller, unverified, and linked to their products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.events import CertificateChanged
from marketplace.catalogue.models import Certificate, Product, ProductCertificate
from marketplace.catalogue.services.card import certificate_entries
from marketplace.catalogue.services.import_rows import ReadyRow
from marketplace.kernel.clock import now
from marketplace.kernel.events import record

_Row = Mapping[str, Any]


def covered_by(keys: Sequence[int], rows: Sequence[ReadyRow]) -> dict[int, tuple[_Row, ...]]:
    """The certificates of each product that states some."""
    return {key: row.certificates for key, row in zip(keys, rows, strict=True) if row.certificates}


def link_imported(session: Session, seller_id: int, wanted: Mapping[int, tuple[_Row, ...]], *, is_new: bool) -> None:
    """Link products to the certificates their rows state; a row that states none leaves the links as they are."""
    if not wanted:
        return
    held = {
        (row.code, row.number): row
        for row in session.scalars(select(Certificate).where(Certificate.seller_id == seller_id))
    }
    for stated in wanted.values():
        for values in stated:
            mark = (values["code"], values["number"])
            certificate = held.get(mark)
            if certificate is None:
                certificate = held[mark] = Certificate(seller_id=seller_id, created_at=now(), scope="", **values)
                session.add(certificate)
            elif certificate.verified_at is None:
                # what staff have verified is not changed by a file
                certificate.issuer = values["issuer"]
                certificate.valid_from, certificate.valid_to = values["valid_from"], values["valid_to"]
    session.flush()  # the links and events need the keys
    if not is_new:
        session.execute(delete(ProductCertificate).where(ProductCertificate.product_id.in_(list(wanted))))
    links: list[dict[str, Any]] = []
    for product_id, stated in wanted.items():
        certificates = [held[values["code"], values["number"]] for values in stated]
        found = dict.fromkeys(certificate.id for certificate in certificates)
        links += [{"product_id": product_id, "certificate_id": key} for key in found]
        entries = certificate_entries(certificates)
        if entries:
            session.execute(update(Product).where(Product.id == product_id).values(card_certificates=entries))
    session.execute(insert(ProductCertificate), links)
    for key in {link["certificate_id"] for link in links}:
        record(session, CertificateChanged(key))
