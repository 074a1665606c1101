"""A buyer's words and form fields read into a request profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from matching.covers import covers
from matching.profile import BASE_UNITS, Limit, RequestProfile, Source, TargetPrice, Understood
from matching.reader.cells import amounts_together
from matching.reader.composed import compose, turned_round, with_goods_of_kinds
from matching.reader.dates import read_deadline
from matching.reader.doubts import MOST, without_impossible
from matching.reader.goods import GoodsRead, read_goods
from matching.reader.implied import implied_goods, narrowed
from matching.reader.letters import plain
from matching.reader.limits import CUP_SCORE, SPECIALTY, limits_in
from matching.reader.lines import MOST_LINES, line_texts, together
from matching.reader.mail import without_mail
from matching.reader.packing import packs_in
from matching.reader.prices import read_lone_price, read_price
from matching.reader.quantities import read_quantity, with_period
from matching.reader.terms import TermsRead, read_terms, settle_organic
from matching.reader.urgency import read_urgency
from matching.reader.worded import in_figures
from search.analysis import lexicon as current_lexicon
from search.chinese import simplify
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

LONGEST_TEXT = 4000
MOST_HITS = 500
"""Names that are looked at in one text: twice what the longest mail holds, a tenth of what a row of one name may."""
# Fields that say what is wanted, so that prose cannot ask for more.
_SETTLED = ("product", "commodity", "hs", "quantity", "target_price")


def read_request(
    text: str,
    *,
    lang: str | None = None,
    posted: date | None = None,
    fields: Mapping[str, object] | None = None,
    key: str = "",
    lexicon: Lexicon | None = None,
) -> RequestProfile:
    """What a request asks for. Form fields (product, hs, destination, quantity, unit, target_price, currency,
    incoterms, certificates, deadline; or lines, each with fields of its own) win over prose. Never raises: what cannot
    be read is left unknown."""
    words = lexicon or current_lexicon()
    written = text.replace("\x00", " ")[:LONGEST_TEXT]
    whole, rewritten = _as_read(written)
    own = without_mail(
        whole, lambda part: _names_goods(part, lang, words), lambda part: read_quantity(part, _base(lang)) is not None
    )
    read = _read_own(own, lang, posted, fields or {}, key, words)
    return read if own == written else _as_written(read, written, rewritten)


def _as_read(written: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as the patterns read it, as long as it was; and where it was written anew."""
    text, rows = amounts_together(plain(written))
    text, numbers = in_figures(text)
    return without_impossible(text), [*rows, *numbers]


def _as_written(read: RequestProfile, written: str, rewritten: Sequence[tuple[int, int]]) -> RequestProfile:
    """The request with the buyer's own words as sources."""

    def own(source: Source) -> Source:
        start, end = source.start, source.end
        over = [each for each in rewritten if each[0] < end and start < each[1]]
        if not over:
            return source
        start, end = min(start, *(each[0] for each in over)), max(end, *(each[1] for each in over))
        return Source(start, end, written[start:end].strip())

    if not rewritten:
        return read.but(text=written)
    return read.but(
        text=written,
        understood=tuple(replace(each, source=own(each.source)) for each in read.understood),
        lines=tuple(_as_written(each, written, rewritten) for each in read.lines),
    )


def _read_own(
    text: str, lang: str | None, posted: date | None, given: Mapping[str, object], key: str, words: Lexicon
) -> RequestProfile:
    """The request in the buyer's own words, of one line or several."""
    hits = _hits(text, lang, words)
    stated = given.get("lines")
    if isinstance(stated, Sequence) and not isinstance(stated, str) and stated:
        return _of_form(text, hits, lang, posted, given, key, words)
    is_settled = any(given.get(each) for each in _SETTLED)
    texts = [] if is_settled else line_texts(text, hits, _base(lang), words)
    if texts:
        return together(
            text,
            [_read_one(each, _hits_left(each, hits, lang, words), lang, posted, given, key, words) for each in texts],
        )
    return _read_one(text, hits, lang, posted, given, key, words)


def _of_form(
    text: str,
    hits: Sequence[ConceptHit],
    lang: str | None,
    posted: date | None,
    given: Mapping[str, object],
    key: str,
    words: Lexicon,
) -> RequestProfile:
    """A request whose form has lines (product, quantity, unit, target_price, currency, hs): what the prose says of the
    goods of a line goes with it, what it says of none of them goes with all."""
    common = {name: value for name, value in given.items() if name != "lines"}
    stated = [each for each in given["lines"] if isinstance(each, Mapping)]  # type: ignore[attr-defined]  # the caller looked
    texts = line_texts(text, hits, _base(lang), words)
    told = [_read_one(each, _hits(each, lang, words), lang, posted, {}, key, words).goods for each in texts]
    read: list[RequestProfile] = []
    for line in stated[:MOST_LINES]:
        fields = {**common, **line}
        own = _read_one(text, hits, lang, posted, fields, key, words)
        if texts:
            place = next((at for at, goods in enumerate(told) if set(goods) & set(own.goods)), None)
            prose = texts[place] if place is not None else ""
            own = _read_one(prose, _hits(prose, lang, words), lang, posted, fields, key, words)
        read.append(own)
    return together(text, read) if read else _read_one(text, hits, lang, posted, common, key, words)


def _names_goods(text: str, lang: str | None, words: Lexicon) -> bool:
    return any(words.kind(hit.concept) in ("product", "family") for hit in _hits(text, lang, words))


def _base(lang: str | None) -> str | None:
    return lang[:2] if lang else None


def _hits(text: str, lang: str | None, words: Lexicon) -> list[ConceptHit]:
    named = words.find(text, _base(lang), repair=True)[:MOST_HITS]
    named = with_goods_of_kinds(turned_round(text, named, _base(lang), words), _base(lang), words)
    return compose(text, named, words)


def _hits_left(part: str, hits: Sequence[ConceptHit], lang: str | None, words: Lexicon) -> list[ConceptHit]:
    """The hits of a text of which a part is left and the rest blanked out; looked for anew where one was cut."""
    left = [hit for hit in hits if part[hit.start : hit.end] == hit.surface]
    gone = sum(not part[hit.start : hit.end].strip("\n") for hit in hits)
    return left if len(left) + gone == len(hits) else _hits(part, lang, words)


def _read_one(
    text: str,
    hits: Sequence[ConceptHit],
    lang: str | None,
    posted: date | None,
    given: Mapping[str, object],
    key: str,
    words: Lexicon,
) -> RequestProfile:
    """A request for one kind of goods, or for any of several."""
    base = _base(lang)
    limits = limits_in(text, hits, words)
    terms = read_terms(text, _without(hits, limits), words)
    if any(each.figure == CUP_SCORE and each.value >= SPECIALTY for each in limits):
        terms.attributes.append("grade-specialty")
    goods = read_goods(text, hits, words, [*terms.attributes, *terms.preferred_attributes])
    goods = _with_product_field(goods, given, base, words)
    request = RequestProfile(key=key, text=text, lang=base, posted=posted, understood=tuple(terms.understood))
    request = _with_limits(request, limits)
    request = _with_goods(request, goods, terms, given, words)
    pieces = tuple((hit.start, hit.end) for hit in hits if is_counted(hit.concept, words))
    request, amount = _with_numbers(request, given, pieces)
    request = _with_markets(request, terms, given, words)
    return _with_deadline(request, given, amount)


def _without(hits: Sequence[ConceptHit], limits: Sequence[Limit]) -> list[ConceptHit]:
    """The hits less what is part of a limit: the "fine" of "finer than 80 mesh", the "dry" of a dry matter."""
    spans = [(each.source.start, each.source.end) for each in limits]
    return [each for each in hits if not any(start <= each.start and each.end <= end for start, end in spans)]


def _with_limits(request: RequestProfile, limits: Sequence[Limit]) -> RequestProfile:
    chips = [
        Understood("limit", f"{each.figure} {each.bound} {each.value:g}", "required", each.source) for each in limits
    ]
    return request.but(limits=tuple(limits), understood=(*request.understood, *chips))


def _with_product_field(goods: GoodsRead, given: Mapping[str, object], base: str | None, words: Lexicon) -> GoodsRead:
    product = given.get("product")
    if not product:
        return goods
    name = str(product)[:LONGEST_TEXT]
    named = read_goods(name, compose(name, words.find(name, base, repair=True), words), words, [])
    if words.kind(name) == "product":
        named = GoodsRead((*(each for each in named.wanted if False),))
    return GoodsRead(named.wanted or goods.wanted, goods.excluded, (*goods.attributes, *named.attributes))


def _with_goods(
    request: RequestProfile, goods: GoodsRead, terms: TermsRead, given: Mapping[str, object], words: Lexicon
) -> RequestProfile:
    commodity = given.get("commodity")
    wanted = [str(commodity)] if commodity and str(commodity) in words.concepts else []
    wanted += [each.concept for each in goods.wanted] if not wanted else []
    code = "".join(each for each in str(given.get("hs") or "") if each.isdigit())[:6] or None
    if not wanted and code:
        wanted = goods_of_code(code, words)
    implied = implied_goods(terms.understood, wanted, words)
    wanted = [each.value for each in implied] or wanted
    chips = [Understood("goods", each.concept, each.stance, each.source) for each in goods.wanted]
    chips = implied or chips
    chips += [Understood("goods", each.concept, "excluded", each.source) for each in goods.excluded]
    above = {each for concept in wanted for each in words.closure(concept)}  # "no fine salt" from who wants flakes
    excluded = tuple(each.concept for each in goods.excluded if each.concept not in above)
    said = [words.implied.get(each, frozenset()) for each in wanted]
    attributes = [*terms.attributes, *(each.concept for each in goods.attributes)]
    attributes = narrowed(list(dict.fromkeys(attributes)), words)
    attributes = [each for each in attributes if not said or not all(each in implied for implied in said)]
    foreign = {each for each in attributes if not is_of(each, wanted, words)}
    attributes = [each for each in attributes if each not in foreign]
    told = [each for each in request.understood if each.kind != "attribute" or each.value not in foreign]
    return request.but(
        goods=tuple(dict.fromkeys(wanted)),
        excluded_goods=excluded,
        attributes=tuple(dict.fromkeys(each for each in attributes if each not in terms.excluded_attributes)),
        preferred_attributes=tuple(terms.preferred_attributes),
        excluded_attributes=tuple(terms.excluded_attributes),
        hs=code,
        understood=(*chips, *told),
    )


def is_of(attribute: str, goods: Sequence[str], words: Lexicon) -> bool:
    """Whether an attribute can be one of the goods: a dark roast is of coffee, of no oil (the fact ``strict``), while
    coir may be washed as coffee is; of goods that are not named any can be one."""
    facts = words.concepts[attribute].facts if attribute in words.concepts else {}
    scope = facts.get("scope") if "strict" in facts else None
    return not scope or not goods or any(scope in words.closure(each) or each in words.closure(scope) for each in goods)


def goods_of_code(code: str, words: Lexicon) -> list[str]:
    """Concepts that usually bear an HS code: the family if one does, else every good whose first code it is."""
    families = [each.id for each in words.concepts.values() if each.kind == "family" and each.hs == (code,)]
    narrow = [each for each in families if "/" in each] or families
    return narrow[:1] or [each.id for each in words.concepts.values() if each.hs[:1] == (code,)]


_BY_THE_PIECE = frozenset({"craft", "furniture", "textile", "prayer-goods", "baskets"})


def is_counted(concept: str, words: Lexicon) -> bool:
    """Whether goods are sold by the piece, so that a bare number before them is a quantity."""
    return words.kind(concept) in ("product", "family") and bool(_BY_THE_PIECE & set(words.closure(concept)))


def _number(value: object) -> float | None:
    try:
        number = float(str(value)) if value is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 < number < MOST else None


def _with_numbers(
    request: RequestProfile, given: Mapping[str, object], pieces: tuple[tuple[int, int], ...] = ()
) -> tuple[RequestProfile, Sequence[Source]]:
    """The request with its numbers; and where its amount and how often it is wanted stand."""
    text, lang = request.text, request.lang
    priced = read_price(text, lang, None)
    taken = ((priced[1].start, priced[1].end),) if priced else ()
    read = read_quantity(text, lang, (*taken, *_spans(request.limits)), pieces)
    packs = [each for each in packs_in(text, lang) if not read or not _overlap(each.source, read.source)]
    chips = list(request.understood)
    quantity, unit, least, period = (read.amount, read.unit, read.least, read.period) if read else (None,) * 4
    if quantity is not None and not 0 < quantity < MOST:
        quantity, unit, least, period = None, None, None, None
    if stated := _number(given.get("quantity")):
        quantity, unit = stated, str(given.get("unit") or unit or "kg")
        least = least if read and read.amount == stated else None
    if read and quantity:
        value = f"{quantity:g} {unit} {period.code}" if period else f"{quantity:g} {unit}"
        chips.append(Understood("quantity", value, "required", with_period(text, read)))
    chips += [Understood("packing", f"{each.size:g} {each.unit}", "required", each.source) for each in packs[:1]]
    spans = (*taken, *_spans(request.limits), *(((read.source.start, read.source.end),) if read else ()))
    priced = read_price(text, lang, unit, quantity) or read_lone_price(text, unit, spans)
    price, source = priced if priced else (None, Source())
    if stated := _number(given.get("target_price")):
        base = str(given.get("price_unit") or (price.unit if price else None) or unit or "kg")
        price = TargetPrice(stated, str(given.get("currency") or "USD"), base)
    if price:
        chips.append(Understood("price", f"{price.amount:g} {price.currency}/{price.unit}", "required", source))
    told = [read.source, *([read.period.source] if read.period else ())] if read else []
    request = request.but(
        quantity=quantity,
        unit=unit if unit in BASE_UNITS else None,
        least=least,
        months=period.months if period else None,
        period=period.code if period else "",
        price=price,
        understood=tuple(chips),
    )
    return request, told


def _overlap(one: Source, other: Source) -> bool:
    return one.start < other.end and other.start < one.end


def _spans(limits: Sequence[Limit]) -> tuple[tuple[int, int], ...]:
    return tuple((each.source.start, each.source.end) for each in limits)


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, Sequence) and not isinstance(value, str) else []


def certificate_concept(code: str, words: Lexicon) -> str:
    """The concept of a certificate given by id, code or name; the text itself when it is not known."""
    if code in words.concepts:
        return code
    if code.upper() in words.codes:
        return words.codes[code.upper()]
    hits = [hit.concept for hit in words.find(code) if words.kind(hit.concept) in ("certificate", "registration")]
    return hits[0] if hits else code


def _with_markets(
    request: RequestProfile, terms: TermsRead, given: Mapping[str, object], words: Lexicon
) -> RequestProfile:
    destination = str(given.get("destination") or "").upper()
    destinations = (destination,) if destination else tuple(terms.destinations)
    chips = request.understood
    if not destinations and (assumed := home_market(request.text, request.lang)):
        destinations = (assumed,)
        chips = (*chips, Understood("destination", assumed, "assumed"))
    incoterms = tuple(str(each).upper() for each in _listed(given.get("incoterms"))) or tuple(terms.incoterms)
    groups = settle_organic(terms.certificates, destinations, request.lang)
    for code in _listed(given.get("certificates")):
        concept = certificate_concept(code, words)
        if not any(covers(each, concept) for group in groups for each in group):
            groups.append((concept,))
        groups = [(concept,) if len(group) > 1 and concept in group else group for group in groups]
    named = {each.value for each in chips if each.kind == "certificate" and each.value.startswith("organic-")}
    if named:  # "organic ... EU organic" is one wish, said twice
        chips = tuple(each for each in chips if (each.kind, each.value) != ("certificate", "organic"))
    return request.but(
        destinations=destinations,
        incoterms=incoterms,
        place=terms.place,
        certificates=tuple(dict.fromkeys(groups)),
        preferred_certificates=tuple(
            dict.fromkeys(each.value for each in chips if (each.kind, each.stance) == ("certificate", "preferred"))
        ),
        wants_sample=terms.wants_sample,
        wants_private_label=terms.wants_private_label,
        understood=chips,
    )


def home_market(text: str, lang: str | None) -> str | None:
    """The market a text most likely comes from when it names none: German from Germany, Chinese by its script."""
    if lang == "zh":
        return "CN" if simplify(text) == text else "HK"
    return "DE" if lang == "de" else None


def _blanked(text: str, spans: Sequence[Source]) -> str:
    """The text without an amount and its rhythm: the "week" of "5 t a week" is no deadline."""
    letters = list(text)
    for each in spans:
        letters[each.start : each.end] = "\n" * (each.end - each.start)
    return "".join(letters)


def _with_deadline(request: RequestProfile, given: Mapping[str, object], amount: Sequence[Source]) -> RequestProfile:
    if soon := read_urgency(request.text):
        chip = Understood("soon", "yes", "required", soon)
        request = request.but(understood=(*request.understood, chip))
    stated = given.get("deadline")
    read = read_deadline(_blanked(request.text, amount), request.posted) if request.posted else None
    if isinstance(stated, date):
        return request.but(deadline=stated, is_of_leaving=bool(read and read.is_of_leaving and read.day == stated))
    if read is None:
        return request
    chip = Understood("deadline", read.day.isoformat(), "required", read.source)
    return request.but(deadline=read.day, is_of_leaving=read.is_of_leaving, understood=(*request.understood, chip))
