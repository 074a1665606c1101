"""Word stems per language. The stemmers keep state while they work, so every thread has its own."""

import sys
import threading
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

_NAMES = {"en": "english", "de": "german", "id": "indonesian"}
_local = threading.local()

_PROTECTED_ID = (
    "kelapa pesantren kemasan kerajinan ketan kepala keripik kerupuk keju kemiri kencur kecap kedelai kelor "
    "kemenyan kenari kendal kentang kepiting kepompong kerang keranjang kering keset ketapang ketumbar "
    "mentah mente mentega menyan merica meubel mebel melati melinjo melon memar pekat pelepah pembalut "
    "peci penyu perak perca permata persik pesan pete petai petis dinar dikara selasih sertifikat sereh serai "
    "seruling terasi teri terigu terpal tersedia beras beludru belimbing bekasi berlian bersih besek beton "
    "sukun sutera makan manis kayu baju buku gaharu madu labu tebu bambu jambu jamu sagu susu tahu ubi "
    "cincau lokan santan ikan taman tikan kawin pisin batik tasik asin kain rotan durian sarung kacang"
)
_PROTECTED_EN = (
    "organic organics anise moss grass glass brass bass ass plus bus gas species spices lens mace rice spice "
    "castor caster general generic arabica mango mangos copra cocoa coconut pepper ginger business universe "
    "universal university news proceed process fairtrade princess"
)
_PROTECTED_DE = "bio kokos sisal reis mais anis muskat palmen kaese"

# Words whose stem would collide with another word or lose what buyers type (all folded).
PROTECTED = {
    "id": frozenset(_PROTECTED_ID.split()),
    "en": frozenset(_PROTECTED_EN.split()),
    "de": frozenset(_PROTECTED_DE.split()),
}


_ENDINGS_ID = ("nya", "an")
"""What is put behind protected words, too: "kerupuknya", the crackers, and "mentahan", the raw ones."""
_OF_F = {"leav": "leaf", "loav": "loaf", "shelv": "shelf", "scarv": "scarf", "knive": "knife"}
"""Stems of plurals in which an f became a v, and those of their singulars."""


def _classes(package: str = "snowballstemmer") -> dict[str, Any]:
    """The stemmers of our languages. The package's front page loads those of thirty-six, which hold three megabytes of
    every process, so it stands empty while ours are loaded."""
    is_bare = package not in sys.modules
    if is_bare:
        spec = find_spec(package)
        if spec is None:
            raise ModuleNotFoundError(package)
        sys.modules[package] = module_from_spec(spec)
    try:
        modules = {lang: import_module(f"{package}.{name}_stemmer") for lang, name in _NAMES.items()}
    finally:
        if is_bare:
            del sys.modules[package]  # whoever imports it afterwards gets all of it
    return {lang: getattr(modules[lang], f"{name.title()}Stemmer") for lang, name in _NAMES.items()}


_CLASSES = _classes()


def _stemmer(lang: str) -> Any:
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if lang not in stemmers:
        stemmers[lang] = _CLASSES[lang]()
    return stemmers[lang]


@lru_cache(maxsize=16_384)
def stem(word: str, lang: str) -> str:
    """The stem of a folded word; a short or protected word, or one of another language, comes back as it is."""
    if lang not in _NAMES or len(word) < 4 or word in PROTECTED.get(lang, frozenset()) or not word.isalpha():
        return word
    for ending in _ENDINGS_ID if lang == "id" else ():
        if word.removesuffix(ending) in PROTECTED["id"]:
            return word.removesuffix(ending)
    stemmed = str(_stemmer(lang).stemWord(word))
    if lang == "en" and stemmed in _OF_F:  # leaves and leafs are of a leaf
        stemmed = _OF_F[stemmed]
    return stemmed if len(stemmed) > 2 else word
