"""The attack set: queries that are made to take a SPARQL endpoint down, and what may come back for each.

A text is made when it is thrown: some have a megabyte. TRAP stands for an address on this machine where nothing may
ever connect; who throws puts the address of a listener in its place. Ways of sending that are bombs by themselves
(slow, broken, endless) are in `senders.py`. The sizes come from measurements of pyoxigraph 0.5.13 with a stack of
8 MiB: nested functions end its process at a depth of 940, groups at 2,330, parentheses at 4,970; and chains without
any bracket do too: 2,680 times OPTIONAL, MINUS or BIND, 7,000 times UNION or +, 9,870 times ||.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

TRAP = "http://trap.invalid/"
P = "<https://lights.example/ns#sees>"  # a predicate that the generated site has
X = "<http://e/x>"

# What may come back, beside a status. A broken transfer began with 200 and did not end as HTTP wants it to end.
BROKEN = 0
WHOLE = frozenset({200})
LIMITED = frozenset({503})
STREAMED = frozenset({503, BROKEN})
EITHER = frozenset({200, 503})
WRONG = frozenset({400})
REFUSED = frozenset({403})
DEEP = frozenset({400, 413})  # refused before it is run
LONG = frozenset({200, 400, 413, 503})  # flat: the engine may be able to answer it
REFUSED_OR_WRONG = frozenset({400, 403})


@dataclass(frozen=True)
class Bomb:
    """A query text and what a service that stands may answer."""

    name: str
    text: Callable[[], str]
    may: frozenset[int]
    limit: str = ""  # that the answer must name if it is a 400
    method: str = "POST"
    parameters: tuple[tuple[str, str], ...] = ()  # of the protocol, beside the query
    field: str = "query"  # under which a form sends the text
    media_type: str = "application/x-www-form-urlencoded"
    accept: str = "*/*"


def bombs() -> tuple[Bomb, ...]:
    """All of them, each kind spread over the whole."""
    kinds = (
        products(),
        aggregates(),
        paths(),
        texts(),
        plans(),
        nested(),
        chains(),
        long_ones(),
        fetching(),
        updates(),
    )
    lists = [list(kind) for kind in kinds]
    total = sum(map(len, lists))
    placed = [((i + 0.5) * total / len(kind), bomb) for kind in lists for i, bomb in enumerate(kind)]
    return tuple(bomb for _, bomb in sorted(placed, key=lambda pair: pair[0]))


def cross(number: int) -> str:
    """The product of everything with everything, so many times."""
    return " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(number))


def count(pattern: str) -> str:
    return f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"


def ask(pattern: str) -> str:
    return f"ASK {{ {pattern} }}"


def each(number: int, template: str, between: str = " ") -> str:
    """A template so many times, with the number in the place of its # signs."""
    return between.join(template.replace("#", str(i)) for i in range(number))


def _table(may: frozenset[int], **queries: str) -> Iterator[Bomb]:
    for name, query in queries.items():
        yield Bomb(name.replace("_", " "), partial(str, query), may)


def products() -> Iterator[Bomb]:
    """Joins without an end."""
    hundred = each(100, "#")
    tower = "{ " + " UNION ".join(["{ ?s ?p ?o }"] * 10) + " }"
    optionals = each(20, "OPTIONAL { ?a# ?b# ?c#") + "}" * 20
    joined = "?x ?y ?c0 . ?z ?y ?c1 . ?u ?v ?w FILTER(STR(?w) = CONCAT(STR(?c0), STR(?c1)))"
    yield from _table(
        STREAMED,
        cross_join_of_all_columns=f"SELECT * {{ {cross(3)} }}",
        cross_join_distinct=f"SELECT DISTINCT ?a0 ?a1 ?c2 {{ {cross(3)} }}",
        cross_join_reduced=f"SELECT REDUCED ?a0 ?a1 ?c2 {{ {cross(3)} }}",
        cross_join_with_an_offset=f"SELECT * {{ {cross(4)} }} OFFSET 1000000000000 LIMIT 1",
        cross_join_of_named_graphs="SELECT * { " + each(4, "GRAPH ?g# { ?a# ?b# ?c# }") + " }",
        construct_of_a_cross_join=f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {cross(3)} }}",
        construct_of_many_blank_nodes=f"CONSTRUCT {{ [] ?b0 [ ?b1 [ ?b2 ?c2 ] ] }} {{ {cross(3)} }}",
        describe_of_everything=f"DESCRIBE * {{ {cross(2)} }}",
        describe_of_every_term="DESCRIBE ?s ?p ?o { ?s ?p ?o . ?a ?b ?c }",
        random_numbers_without_end=f"SELECT (RAND() AS ?r) (UUID() AS ?u) (STRUUID() AS ?t) {{ {cross(3)} }}",
        now_without_end=f"SELECT (NOW() AS ?n) (BNODE() AS ?b) {{ {cross(3)} }}",
    )
    yield from _table(
        LIMITED,
        cross_join_counted=count(cross(4)),
        cross_join_that_never_fits=ask(f"{cross(4)} FILTER(STR(?c0) = CONCAT(STR(?c3), STR(?a1), STR(?a2)))"),
        sub_selects_multiplied=count(each(4, "{ SELECT ?a# { ?a# ?b ?c } }")),
        values_multiplied=count(each(8, "VALUES ?v# { ! }").replace("!", hundred)),
        union_towers_multiplied=count(each(4, tower.replace("?s", "?s#").replace("?o", "?o#"))),
        optional_tower=count(f"?s ?p ?o {optionals}"),
        minus_of_a_product=count(f"{cross(2)} MINUS {{ ?a0 ?x ?y . ?a1 ?z ?y . ?u ?v ?w }}"),
        not_exists_of_a_product=count(f"{cross(2)} FILTER NOT EXISTS {{ {joined} }}"),
        exists_of_a_product=count(f"?c0 ?p ?c1 FILTER EXISTS {{ {joined} }}"),
        a_join_by_inequality=count("?a ?p ?b . ?c ?q ?d FILTER(STR(?b) < STR(?d))"),
        a_join_by_objects=count("{ ?a ?p ?o } { ?b ?q ?o } { ?c ?r ?o }"),
        a_join_by_a_part_of_a_text=count("?a ?p ?b BIND(STR(?b) AS ?t) ?c ?q ?d FILTER(CONTAINS(STR(?d), ?t))"),
    )


def aggregates() -> Iterator[Bomb]:
    """What has to see all of a product before it can say anything, and holds it in memory."""
    joined = f"{{ {cross(3)} }}"
    yield from _table(
        LIMITED,
        sum_of_a_cross_join=f"SELECT (SUM(STRLEN(STR(?c0))) AS ?n) {joined}",
        average_of_a_cross_join=f"SELECT (AVG(STRLEN(STR(?c0))) AS ?n) (MIN(?c1) AS ?m) (MAX(?c2) AS ?x) {joined}",
        sorted_cross_join=f"SELECT * {joined} ORDER BY ?c0",
        sorted_cross_join_of_which_one_is_wanted=f"SELECT ?a0 {joined} ORDER BY DESC(STR(?c2)) LIMIT 1",
        cross_join_sorted_by_chance=f"SELECT * {joined} ORDER BY RAND() UUID() LIMIT 1",
        grouped_cross_join=f"SELECT ?a0 ?a1 ?a2 (COUNT(*) AS ?n) {joined} GROUP BY ?a0 ?a1 ?a2",
        concatenated_cross_join=f"SELECT (GROUP_CONCAT(?c0) AS ?n) {joined}",
        concatenated_with_a_long_separator=f'SELECT (GROUP_CONCAT(?c0; SEPARATOR="{"-" * 100_000}") AS ?n) {joined}',
        distinct_cross_join_counted=f"SELECT (COUNT(DISTINCT *) AS ?n) {joined}",
        distinct_concatenation=f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c0), STR(?c1))) AS ?n) {joined}",
        having_of_a_cross_join=f"SELECT ?a0 {joined} GROUP BY ?a0 HAVING (COUNT(DISTINCT ?c2) > 1000000000)",
        digests_of_a_cross_join=count(f"{cross(3)} FILTER(SHA512(CONCAT(STR(?c0), STR(?c1))) = '')"),
        grouped_by_uuid=f"SELECT ?u (COUNT(*) AS ?n) {joined} GROUP BY (UUID() AS ?u)",
    )


def paths() -> Iterator[Bomb]:
    """Stars over everything."""
    every = "(!<x:>)"
    yield from _table(
        LIMITED,
        star_over_everything=count(f"?a {every}* ?b . ?b {every}* ?c"),
        plus_of_a_predicate_or_any_other=count(f"?a ({P}|!{P})+ ?b . ?c ({P}|!{P})+ ?b"),
        star_both_ways=count(f"?a ({every}|^{every})* ?b . ?b ({every}|^{every})* ?c"),
        inverse_star=count(f"?a (^{every})* ?b . ?b ^{every}* ?c"),
        star_of_a_sequence=count(f"?a ({every}/{every})* ?b . ?b ({every}/{every}/{every})* ?c"),
        star_of_stars=count(f"?a ((({every}*)*)*)* ?b . ?b ((({every}+)+)+)+ ?c"),
        stars_in_a_row=count(f"?a {'/'.join([every + '*'] * 6)} ?b"),
        zero_or_one_in_a_row=count(f"?a {'/'.join([every + '?'] * 12)} ?b"),
        paths_without_ends_multiplied=count(f"?a {P}* ?b . ?c {P}* ?d . ?e {P}* ?f"),
    )


def texts() -> Iterator[Bomb]:
    """Regular expressions over everything, strings that grow, numbers that are huge."""
    doubled = "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(40))
    replaced = "".join(f'BIND(REPLACE(?v{i}, "a", "aaaaaaaaaa") AS ?v{i + 1})' for i in range(12))
    squared = "".join(f'BIND(REPLACE(?v{i}, "a", ?v{i}) AS ?v{i + 1})' for i in range(6))
    encoded = "".join(f"BIND(ENCODE_FOR_URI(?v{i}) AS ?v{i + 1})" for i in range(60))
    seed = 'BIND("aaaaaaaaaa" AS ?v0)'
    two = "CONCAT(STR(?c0), STR(?c1))"
    dated = "^^<http://www.w3.org/2001/XMLSchema#"
    yield from _table(
        LIMITED,
        regex_scan_of_a_product=count(f'{cross(2)} FILTER(REGEX({two}, "^(([a-z])+.)+[A-Z]([a-z])+$", "i"))'),
        regex_made_of_the_data=count(f'{cross(2)} FILTER(REGEX(STR(?c0), CONCAT("(", STR(?c1), ")*.*")))'),
        replaced_in_a_product=count(f'{cross(2)} FILTER(STRLEN(REPLACE({two}, "(.)(.*)", "$2$1$1")) > 100000)'),
        a_string_doubled_forty_times=f"SELECT (STRLEN(?v40) AS ?n) {{ {seed} {doubled} }}",
        a_string_replaced_by_ten_twelve_times=f"SELECT (STRLEN(?v12) AS ?n) {{ {seed} {replaced} }}",
        a_string_that_replaces_itself=f"SELECT (STRLEN(?v6) AS ?n) {{ {seed} {squared} }}",
        a_string_encoded_sixty_times=f'SELECT (STRLEN(?v60) AS ?n) {{ BIND("{"%" * 50_000}" AS ?v0) {encoded} }}',
        strings_compared_in_a_product=count(f"{cross(3)} FILTER(STRBEFORE({two}, STR(?c2)) = STRAFTER(?a2, ?a1))"),
    )
    yield from _table(
        EITHER,
        a_catastrophic_pattern=ask(f'FILTER(REGEX("{"a" * 50_000}!", "^(a+)+$"))'),
        a_pattern_of_repeated_repetitions=ask('FILTER(REGEX("a", "((a{1000}){1000}){1000}"))'),
        a_pattern_of_many_groups=ask(f'FILTER(REGEX("{"a" * 1000}", "{"(a?)" * 1000}{"a" * 1000}"))'),
        a_flood_of_clocks=f"SELECT {each(800, '(NOW() AS ?n#) (RAND() AS ?r#)')} {{}}",
        a_product_of_huge_numbers=f"SELECT ({'*'.join(['9223372036854775807'] * 50)} AS ?n) {{}}",
    )
    yield from _table(
        frozenset({200, 400}),
        a_number_of_a_hundred_thousand_digits=ask(f"FILTER({'9' * 100_000} > 1)"),
        a_decimal_of_a_hundred_thousand_digits=ask(f"FILTER(0.{'3' * 100_000} > 1)"),
        a_huge_exponent=ask("FILTER(1e999999999999999999 > 1e-999999999999999999)"),
        a_limit_that_no_integer_holds=f"SELECT * {{ ?s ?p ?o }} LIMIT {'9' * 40}",
        an_offset_at_the_end_of_integers="SELECT * { ?s ?p ?o } OFFSET 18446744073709551615",
        a_year_that_never_comes=f'SELECT (YEAR("999999999999999999-12-31T24:00:00Z"{dated}dateTime>) AS ?y) {{}}',
        a_duration_without_measure=f'SELECT ("P9223372036854775807Y"{dated}duration> + NOW() AS ?y) {{}}',
    )


def plans() -> Iterator[Bomb]:
    """What costs the engine its time before it reads one triple: it orders joins in the third or fourth power."""
    made: dict[str, Callable[[], str]] = {
        "a star of 400 triples": lambda: each(400, f"?s {P} ?v# ."),
        "a chain of 1,900 triples": lambda: " ".join(f"?v{i} {P} ?v{i + 1} ." for i in range(1900)),
        "a cross join of 600 triples": lambda: cross(600),
        "an object list of 1,000": lambda: f"?s {P} {each(1000, '#', ', ')}",
        "a predicate list of 1,000": lambda: f"?s {each(1000, '<p:#> ?o#', '; ')}",
        "a collection of 600": lambda: f"?s ?p ({'1 ' * 600})",
        "600 blocks of VALUES": lambda: "VALUES ?x {1 2} " * 600,
        "600 groups": lambda: "{ ?s ?p ?o } " * 600,
        "1,900 sub-selects": lambda: "{ SELECT * { ?s ?p ?o } } " * 1900,
        "a path of 1,900 steps": lambda: f"?s {'/'.join([P] * 1900)} ?o",
        "a path of 1,900 stars": lambda: f"?s {'/'.join([P + '*'] * 1900)} ?o",
        "20,000 triple patterns": lambda: each(20_000, f"?s {P} ?v# ."),
        "20,000 triples of one pattern": lambda: "?s ?p ?o . " * 20_000,
    }
    for name, pattern in made.items():
        yield Bomb(name, partial(_asked, pattern), STREAMED | DEEP)


def accidents() -> tuple[Bomb, ...]:
    """Those that end the process that runs them, and soon: by the memory that they want."""
    wanted = ("a string doubled forty times", "a string replaced by ten twelve times", "sorted cross join")
    return tuple(bomb for bomb in bombs() if bomb.name in (*wanted, "distinct cross join counted"))


def _asked(pattern: Callable[[], str]) -> str:
    return ask(pattern())


# name -> (what opens, what stands in the middle, what closes, what is before, what is after)
NESTS: dict[str, tuple[str, str, str, str, str]] = {
    "groups": ("{", "", "}", "ASK {", "}"),
    "groups round a triple": ("{", "?s ?p ?o", "}", "ASK {", "}"),
    "groups never closed": ("{", "", "", "ASK {", ""),
    "parentheses": ("(", "1", ")", "ASK { FILTER(", ") }"),
    "parentheses in SELECT": ("(", "1", ")", "SELECT (", " AS ?x) {}"),
    "parentheses in ORDER BY": ("(", "1", ")", "SELECT * {} ORDER BY (", ")"),
    "parentheses never closed": ("(", "", "", "ASK { FILTER(", ""),
    "sums in parentheses": ("1+(", "1", ")", "ASK { FILTER(", ") }"),
    "negations in parentheses": ("!(", "true", ")", "ASK { FILTER(", ") }"),
    "NOT EXISTS": ("FILTER NOT EXISTS { ", "?s ?p ?o", "}", "ASK {", "}"),
    "EXISTS": ("FILTER EXISTS { ", "?s ?p ?o", "}", "ASK {", "}"),
    "OPTIONAL": ("OPTIONAL { ", "?s ?p ?o", "}", "ASK {", "}"),
    "MINUS": ("MINUS { ", "?s ?p ?o", "}", "ASK {", "}"),
    "UNION": ("{} UNION { ", "?s ?p ?o", "}", "ASK {", "}"),
    "GRAPH": ("GRAPH ?g { ", "?s ?p ?o", "}", "ASK {", "}"),
    "sub-selects": ("{ SELECT * { ", "?s ?p ?o", "}}", "ASK {", "}"),
    "blank node property lists": (f"[ {X} ", "1", "]", f"ASK {{ ?s {X} ", "}"),
    "collections": ("(", "1", ")", "ASK { ?s ?p ", " }"),
    "triple terms": ("<<( ?s ?p ", "1", " )>>", "ASK { ?s ?p ", " }"),
    "annotations": ("{| ?p ?o ", "", "|}", "ASK { ?s ?p ?o ", "}"),
    "IN lists": ("1 IN (", "1", ")", "ASK { FILTER(", ") }"),
    "functions": ("STR(", '"a"', ")", "ASK { FILTER(", ") }"),
    "functions by IRI": (f"{X}(", "1", ")", "ASK { FILTER(", ") }"),
    "CONCAT": ("CONCAT(", '"a"', ")", "ASK { FILTER(", ") }"),
    "IF": ("IF(?a, 1, ", "1", ")", "ASK { FILTER(", ") }"),
    "COALESCE": ("COALESCE(", "1", ")", "ASK { FILTER(", ") }"),
    "path groups": ("(", X, ")", "ASK { ?s ", " ?o }"),
    "path stars": ("(", X, ")*", "ASK { ?s ", " ?o }"),
    "inverse paths": ("^(", X, ")", "ASK { ?s ", " ?o }"),
}
SIZES = (1_000, 10_000, 100_000)


def nested() -> Iterator[Bomb]:
    """Brackets in brackets: refused by their depth, before anything recursive reads them."""

    def text(parts: tuple[str, str, str, str, str], number: int) -> str:
        opening, middle, closing, before, after = parts
        return before + opening * number + middle + closing * number + after

    for name, parts in NESTS.items():
        for size in SIZES:
            # Reading a megabyte takes a while; on a machine with other work that may be longer than the limit.
            may = DEEP | LIMITED if size > 10_000 else DEEP
            yield Bomb(f"{size:,} nested {name}", partial(text, parts, size), may, limit="sparql.depth")


# name -> (what is before, what is repeated, what is after)
CHAINS: dict[str, tuple[str, str, str]] = {
    "1+1": ("ASK { FILTER(1", "+1", ") }"),
    "1-1": ("ASK { FILTER(1", "-1", ") }"),
    "1*1/1": ("ASK { FILTER(1", "*1/1", ") }"),
    "a||a": ("ASK { ?a ?p ?o FILTER(?a", "||?a", ") }"),
    "a&&a": ("ASK { ?a ?p ?o FILTER(?a", "&&?a", ") }"),
    "a/a": (f"ASK {{ ?s {X}", f"/{X}", " ?o }"),
    "a|a": (f"ASK {{ ?s {X}", f"|{X}", " ?o }"),
    "! of !": ("ASK { FILTER(", "!", "true) }"),
    "- of -": ("ASK { FILTER(", "- ", "1) }"),
    "UNION": ("ASK { {}", "UNION{}", "}"),
    "OPTIONAL": ("ASK { ", "OPTIONAL{?s ?p ?o}", "}"),
    "MINUS": ("ASK { ", "MINUS{?s ?p ?o}", "}"),
    "FILTER": ("ASK { ?s ?p ?o ", "FILTER(?o=1)", "}"),
    "EXISTS": ("ASK { ?s ?p ?o ", "FILTER EXISTS{?s ?p 1}", "}"),
    "empty groups": ("ASK { ", "{}", "}"),
    "semicolons": (f"ASK {{ ?s {X} 1 ", ";", "}"),
    "CONCAT of many": ('ASK { FILTER(CONCAT("a"', ',"a"', ")) }"),
    "COALESCE of many": ("ASK { FILTER(COALESCE(?a", ",?a", ")) }"),
    "ORDER BY of many": ("SELECT * { ?s ?p ?o } ORDER BY ?s ", "?s ", "LIMIT 1"),
    "DESCRIBE of many": (f"DESCRIBE {X} ", f"{X} ", ""),
}


def chains() -> Iterator[Bomb]:
    """No bracket in a bracket, yet the engine builds a tree as deep as the chain is long."""

    def text(parts: tuple[str, str, str], number: int) -> str:
        before, repeated, after = parts
        return before + repeated * number + after

    for name, parts in CHAINS.items():
        for size in SIZES[1:]:
            yield Bomb(f"{size:,} times {name}", partial(text, parts, size), LONG)
    ten = 10_000
    made: dict[str, Callable[[], str]] = {
        "BIND": lambda: ask(each(ten, "BIND(1 AS ?v#)")),
        "expressions in SELECT": lambda: f"SELECT {each(ten, '(1 AS ?v#)')} {{}}",
        "keys of GROUP BY": lambda: f"{count('?s ?p ?o')} GROUP BY {each(ten, '(1 AS ?v#)')}",
        "counts": lambda: f"SELECT {each(ten, '(COUNT(?v#) AS ?n#)')} {{ ?s ?p ?o }}",
    }
    for name, make in made.items():
        yield Bomb(f"{ten:,} {name}", make, LONG)


def long_ones() -> Iterator[Bomb]:
    """Long without being deep; most of them are answered."""
    for size in SIZES[1:]:
        listed = {
            f"IN of {size:,}": ("?s ?p ?o FILTER(?o IN ($))", "#", ",", LONG - WHOLE),
            f"NOT IN of {size:,}": ("?s ?p ?o FILTER(?o NOT IN ($))", "#", ",", LONG - WHOLE),
            f"VALUES of {size:,}": ("VALUES ?o { $ } ?s ?p ?o", "#", " ", LONG),
            f"pairs in {size:,} VALUES": ("VALUES (?s ?o) { $ } ?s ?p ?o", "(<a:#> #)", " ", LONG),
        }
        for name, (pattern, value, between, may) in listed.items():
            yield Bomb(name, partial(_filled, pattern, size, value, between), may)
    product = "VALUES ?a { $ } VALUES ?b { $ } VALUES ?c { $ }"
    yield Bomb("VALUES of 10,000 multiplied", partial(_filled, product, 10_000, "#", " "), LIMITED)
    columns = f"VALUES ({each(1000, '?v#')}) {{ $ }}"
    yield Bomb("VALUES of 1,000 columns", partial(_filled, columns, 100, f"({'1 ' * 1000})", " "), LONG)
    yield from (Bomb(name, text, LONG) for name, text in LONG_TEXTS.items())
    yield from (Bomb(name, text, WRONG_TEXTS_MAY) for name, text in WRONG_TEXTS.items())
    yield Bomb("more bytes than the limit", lambda: f"#{'a' * 1_000_001}\nASK {{}}", frozenset({413}))


def _filled(pattern: str, size: int, value: str, between: str) -> str:
    return count(pattern.replace("$", each(size, value, between)))


LONG_TEXTS: dict[str, Callable[[], str]] = {
    "20,000 prefixes": lambda: each(20_000, "PREFIX p#: <http://e/#/>", "\n") + " ASK {}",
    "20,000 bases": lambda: each(20_000, "BASE <http://e/>") + " ASK {}",
    "2,000 FROM": lambda: f"ASK {each(2000, 'FROM <http://e/#>')} {{ ?s ?p ?o }}",
    "2,000 FROM NAMED": lambda: f"ASK {each(2000, 'FROM NAMED <http://e/#>')} {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "10,000 variables": lambda: f"SELECT {each(10_000, '?v#')} {{}}",
    "a literal of 900 kB": lambda: ask(f'FILTER("{"a" * 900_000}" = "")'),
    "an IRI of 900 kB": lambda: ask(f"?s ?p <http://e/{'a' * 900_000}>"),
    "a name of 900 kB": lambda: ask(f"?{'s' * 900_000} ?p ?o"),
    "a comment of 900 kB": lambda: f"#{'a' * 900_000}\nASK {{}}",
    "100,000 lines of comment": lambda: "#a\n" * 100_000 + "ASK {}",
    "900 kB of blanks": lambda: f"ASK{' ' * 900_000}{{}}",
    "900 kB of backslashes": lambda: ask(f'FILTER("{chr(92) * 900_000}" = "")'),
    "100,000 escapes": lambda: ask('FILTER("' + "\\u0041" * 100_000 + '" = "")'),
    "100,000 times SERVIC": lambda: f"ASK {{ {'SERVIC#' * 100_000}\n}}",
    "no character of ASCII": lambda: ask(f"?s ?p '{chr(0x1F4A3) * 200_000}'"),
    "a byte order mark": lambda: "\ufeffASK {}",
}
WRONG_TEXTS_MAY = frozenset({400, 403, 413, 503})
WRONG_TEXTS: dict[str, Callable[[], str]] = {
    "900 kB of quotation marks": lambda: f"ASK {{ FILTER({chr(34) * 900_000}) }}",
    "900 kB of less-than": lambda: f"ASK {{ FILTER({'<' * 900_000}) }}",
    "a string never closed": lambda: 'ASK { FILTER("""' + 'a""' * 200_000,
    "an IRI never closed": lambda: f"ASK {{ ?s ?p <{'http://e/' * 90_000}",
    "50,000 times SERVICE SILENT": lambda: f"ASK {{ {'SERVICE SILENT ' * 50_000} }}",
    "100,000 times SERVICE and a comment": lambda: f"ASK {{ {'SERVICE#' * 100_000} }}",
    "100,000 times SERVICE and a blank line": lambda: ask(f"SERVICE{' #' * 5}{chr(10) * 100_000}" * 8),
    "a name of 300,000 points": lambda: ask(f"?s ?p a:{'.' * 300_000}"),
    "a name of 300,000 escapes": lambda: ask(f"?s ?p a:{(chr(92) + '.') * 300_000}"),
    "a name of 300,000 colons": lambda: ask(f"?s ?p {'a.:' * 300_000}"),
    "nothing at all": lambda: "",
    "NUL": lambda: "ASK { \0 }",
}


# The engine reads SERVICE in each of these: it wants no blank round a keyword, and takes `<` for less-than where the
# longest token would be an IRI. Those that it comes to evaluate opened a connection when it was given them directly.
DISGUISES: dict[str, str] = {
    "plain": "ASK { SERVICE <TRAP> { ?s ?p ?o } }",
    "silent": "ASK { SERVICE SILENT <TRAP> { ?s ?p ?o } }",
    "in small letters": "ASK { service<TRAP>{?s ?p ?o} }",
    "in mixed letters": "ASK { sErViCe sIlEnT <TRAP> { ?s ?p ?o } }",
    "with its name grown onto SILENT": "ASK { SERVICESILENT<TRAP>{?s ?p ?o} }",
    "with comments between": "ASK { SERVICE#\n#SILENT\n<TRAP>#{\n{?s ?p ?o} }",
    "after a comment that a carriage return ends": "ASK { #x\rSERVICE <TRAP> { ?s ?p ?o }\n}",
    "after a string": "ASK { ?s ?p 'a'SERVICE <TRAP> { ?s ?p ?o } }",
    "after a point": "ASK { ?s ?p ?o.SERVICE <TRAP> { ?s ?p ?o } }",
    "after a number": "ASK { OPTIONAL { ?s ?p 1SERVICE <TRAP> { ?s ?p ?o } } }",
    "after true": "SELECT * { ?s ?p trueSERVICE<TRAP>{?s ?p ?o} }",
    "after a filter": "ASK { FILTER(1=1)SERVICE<TRAP>{?s ?p ?o} }",
    "after less-than and a comment": "ASK { FILTER(1<2)SERVICE#>\n<TRAP>{?s ?p ?o} }",
    "after less-than and a quotation mark": "ASK { FILTER('a'<'>')SERVICE<TRAP>{?s ?p 'b'} }",
    "after less-than and a long string": "PREFIX b: <http://b/> ASK { FILTER(1<2#>'''\n)SERVICE<TRAP>{?s ?p '''x'''} }",
    "after EXISTS less than": "ASK { FILTER(EXISTS{?s ?p ?o}<'>')SERVICE<TRAP>{?s ?p 'b'} }",
    "by a prefixed name": "PREFIX a: <TRAP> ASK { SERVICE a: { ?s ?p ?o } }",
    "grown onto a prefixed name": "PREFIX a: <TRAP> ASK { SERVICEa:b{?s ?p ?o} }",
    "grown onto an empty prefix": "PREFIX : <TRAP> ASK { SERVICE:b{?s ?p ?o} }",
    "after a name that ends in a point": "PREFIX : <http://e/> ASK { { ?s ?p :.SERVICE<TRAP>{?s ?p ?o} } }",
    "after a name with two points": "PREFIX : <http://e/> ASK { { ?s ?p :a.b.SERVICE<TRAP>{?s ?p ?o} } }",
    "by a relative IRI": "BASE <TRAP> ASK { SERVICE <x> { ?s ?p ?o } }",
    "with an escape in the IRI": "ASK { SERVICE <TRAP\\u0061> { ?s ?p ?o } }",
    "behind an escaped quotation mark": 'ASK { FILTER("\\u0022" != "")SERVICE<TRAP>{?s ?p "b"} }',
    "behind an escaped apostrophe": "ASK { FILTER('\\u0027' != 'x')SERVICE<TRAP>{?s ?p 'b'} }",
    "behind a backslash": "ASK { FILTER('\\\\' != 'x')SERVICE<TRAP>{?s ?p 'b'} }",
    "by a variable of VALUES": "ASK { VALUES ?x { <TRAP> } SERVICE ?x { ?s ?p ?o } }",
    "by a variable of BIND": "ASK { BIND(IRI('TRAP') AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "in a sub-select": "ASK { { SELECT * { SERVICE <TRAP> { ?s ?p ?o } } } }",
    "in NOT EXISTS": "ASK { FILTER NOT EXISTS { SERVICE <TRAP> { ?s ?p ?o } } }",
    "in OPTIONAL": "ASK { OPTIONAL { SERVICE <TRAP> { ?s ?p ?o } } }",
    "in MINUS": "ASK { ?s ?p ?o MINUS { SERVICE <TRAP> { ?s ?p ?o } } }",
    "in UNION": "ASK { { SERVICE <TRAP> { ?s ?p ?o } } UNION { ?s ?p 'none' } }",
    "in a graph": "ASK { GRAPH ?g { SERVICE <TRAP> { ?s ?p ?o } } }",
    "in itself": "ASK { SERVICE <TRAP> { SERVICE <TRAP> { ?s ?p ?o } } }",
    "in HAVING": "SELECT (1 AS ?x) {} HAVING (EXISTS { SERVICE <TRAP> { ?s ?p ?o } })",
    "in ORDER BY": "SELECT * {} ORDER BY (EXISTS { SERVICE <TRAP> { ?s ?p ?o } })",
    "in BIND": "ASK { BIND(EXISTS { SERVICE <TRAP> { ?s ?p ?o } } AS ?x) }",
    "in SELECT": "SELECT (EXISTS { SERVICE <TRAP> { ?s ?p ?o } } AS ?x) {}",
    "in IF": "ASK { FILTER(IF(EXISTS { SERVICE <TRAP> { ?s ?p ?o } }, true, false)) }",
    "in CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <TRAP> { ?s ?p ?o } }",
    "in DESCRIBE": "DESCRIBE ?s WHERE { SERVICE <TRAP> { ?s ?p ?o } }",
}
# The engine does not take these for SERVICE: whatever the answer, nothing may connect.
HARMLESS: dict[str, str] = {
    "by an escape": "ASK { \\u0053ERVICE <TRAP> { ?s ?p ?o } }",
    "by an escape at the end": "ASK { SERVIC\\u0045 <TRAP> { ?s ?p ?o } }",
    "by a long escape": "ASK { \\U00000053ERVICE <TRAP> { ?s ?p ?o } }",
    "in a comment that an escape ends": "ASK { #\\u000A SERVICE <TRAP> { ?s ?p ?o }\n}",
    "with a long s": "ASK { \u017fERVICE <TRAP> { ?s ?p ?o } }",
    "with a Turkish i": "ASK { SERV\u0130CE <TRAP> { ?s ?p ?o } }",
    "before a space that is none": "ASK { SERVICE\u00a0<TRAP> { ?s ?p ?o } }",
    "in an IRI that is left": "ASK { ?s ?p <http://e/\\u003E SERVICE <TRAP> { ?s ?p ?o } }",
    "in a string": "ASK { ?s ?p 'SERVICE <TRAP> { ?s ?p ?o }' }",
}


def fetching() -> Iterator[Bomb]:
    """What would make the service fetch: SERVICE in every disguise, and graphs that are addresses."""
    for name, query in DISGUISES.items():
        yield Bomb(f"SERVICE {name}", partial(str, query.replace("TRAP", TRAP)), REFUSED)
    for name, query in HARMLESS.items():
        yield Bomb(f"SERVICE {name}", partial(str, query.replace("TRAP", TRAP)), REFUSED_OR_WRONG | WHOLE)
    asked = partial(str, "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 10")
    graphs = {
        "FROM": f"SELECT * FROM <{TRAP}> {{ ?s ?p ?o }}",
        "FROM NAMED": f"SELECT * FROM NAMED <{TRAP}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "GRAPH": f"SELECT * {{ GRAPH <{TRAP}> {{ ?s ?p ?o }} }}",
        "DESCRIBE": f"DESCRIBE <{TRAP}>",
    }
    for name, query in graphs.items():
        yield Bomb(f"{name} of a URL", partial(str, query), WHOLE)
    for field in ("default-graph-uri", "named-graph-uri"):
        for url in (TRAP, "file:///etc/passwd", "gopher://127.0.0.1/"):
            yield Bomb(f"{field} of {url}", asked, WHOLE | WRONG, parameters=((field, url),))
    yield Bomb("default-graph-uri a thousand times", asked, LONG, parameters=(("default-graph-uri", TRAP),) * 1000)


UPDATES = (
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "DELETE DATA { <a:a> <a:b> <a:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    f"LOAD <{TRAP}>",
    f"LOAD SILENT <{TRAP}> INTO GRAPH <a:g>",
    "CLEAR ALL",
    "DROP SILENT NAMED",
    "CREATE GRAPH <a:g>",
    "COPY DEFAULT TO <a:g>",
    "MOVE <a:g> TO DEFAULT",
    "ADD <a:g> TO DEFAULT",
    f"PREFIX a: <http://a/> # comment\nload <{TRAP}>",
    "PREFIX a:<http://a/>BASE<http://b/>CLEAR ALL",
)


def updates() -> Iterator[Bomb]:
    """Every form of update, by each of the ways of the protocol."""
    for text in UPDATES:
        yield Bomb(f"as a query: {text[:30]}", partial(str, text), REFUSED)
    for text in UPDATES[:9]:
        yield Bomb(f"as an update: {text[:30]}", partial(str, text), REFUSED, field="update")
        yield Bomb(f"as a body: {text[:30]}", partial(str, text), REFUSED, media_type="application/sparql-update")
    yield Bomb("two operations", partial(str, "CLEAR ALL ; INSERT DATA { <a:a> <a:b> 1 }"), REFUSED)
    yield Bomb("a query after an update", partial(str, "ASK {} ; CLEAR ALL"), REFUSED_OR_WRONG)
