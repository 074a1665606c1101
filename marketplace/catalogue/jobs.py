"""Work of the catalogue after the commit."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Photo
from marketplace.catalogue.photos import delete_files, stem_of
from marketplace.catalogue.services.certificates import announce_first_days, expire_certificates
from marketplace.catalogue.services.import_file import forget_import_files
from marketplace.kernel.jobs import job
from marketplace.kernel.leftovers import names_files
from marketplace.kernel.outside import storage
from marketplace.kernel.uow import transaction


@job("catalogue.expire_certificates", every=timedelta(days=1))
def announce_certificates() -> None:
    """Say which certificates end soon, have ended or begin to hold; in batches, safe to run twice."""
    while True:
        with transaction() as session:
            if not expire_certificates(session):
                break
    with transaction() as session:
        announce_first_days(session)


@job("catalogue.delete_files")
def delete_photo_files(stems: list[str]) -> None:
    """Delete the files of pictures that are gone."""
    for stem in stems:
        delete_files(storage(), stem)


@names_files("photo")
def named_by_photos(session: Session, keys: list[str]) -> set[str]:
    """Of these files, those that belong to a picture of a product."""
    stems = {key: stem_of(key) for key in keys}
    known = set(session.scalars(select(Photo.stem).where(Photo.stem.in_(set(stems.values()) - {""}))))
    return {key for key, stem in stems.items() if stem in known}


@job("catalogue.delete_document")
def delete_document(key: str) -> None:
    """Delete a document whose certificate is gone."""
    storage().delete(key)


@job("catalogue.forget_imports", every=timedelta(hours=6))
def forget_imports() -> None:
    """Delete uploaded files that nobody has brought in."""
    with transaction() as session:
        forget_import_files(session)
