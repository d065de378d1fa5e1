"""Queries that have ended, hung or swollen SPARQL services, as shapes that grow with a size.

Most shapes know the right answer at every size, so that a wrong answer is told from a right one; a service may refuse
instead, but then clearly. They are asked of a ring of nodes: `ring`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

SIZES = (10, 100, 1_000, 10_000, 100_000)
EX = "https://example.org/ring/"
RING = 3_000
PROLOGUE = f"PREFIX ex: <{EX}> "

Answer = str | int | bool | None


@dataclass(frozen=True)
class Bomb:
    """A shape of query.

    Attributes:
        write: The query at a size.
        answer: What it answers there: the truth of an ASK, or the first value of a table. None: not looked at.
        modest: A size at which it is a modest query, and must be answered; 0: it is valid at no size.
    """

    name: str
    write: Callable[[int], str]
    answer: Callable[[int], Answer] = lambda _: None
    modest: int = 10


def ring() -> Iterator[ox.Triple]:
    """A cycle of nodes, each with its number."""
    for number in range(RING):
        yield ox.Triple(node(number), ox.NamedNode(f"{EX}next"), node(number + 1))
        yield ox.Triple(node(number), ox.NamedNode(f"{EX}number"), ox.Literal(number))


def node(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{EX}n{number % RING}")


def ask(pattern: str) -> str:
    return f"{PROLOGUE}ASK {{ {pattern} }}"


def value(expression: str, pattern: str = "") -> str:
    return f"{PROLOGUE}SELECT ({expression} AS ?n) {{ {pattern} }}"


def find(variable: str, pattern: str) -> str:
    return f"{PROLOGUE}SELECT {variable} {{ {pattern} }}"


def count(pattern: str) -> str:
    return value("COUNT(*)", pattern)


def joined(joint: str, part: str, size: int) -> str:
    return joint.join([part] * size)


def each(size: int, part: str, joint: str = " ") -> str:
    """A part for each number, `{0}`; `{1}` is the next number."""
    return joint.join(part.format(number, number + 1) for number in range(size))


def wrapped(opening: str, inside: str, closing: str, size: int) -> str:
    return opening * size + inside + closing * size


def product(size: int) -> str:
    """Unconnected patterns: one for each zero of the size."""
    return each(zeros(size), "?a{0} ex:next ?b{0} .")


def zeros(size: int) -> int:
    return len(str(size)) - 1


def yes(_: int) -> bool:
    return True


def no(_: int) -> bool:
    return False


def even(size: int) -> bool:
    return size % 2 == 0


def itself(size: int) -> int:
    return size


def one(_: int) -> int:
    return 1


def onwards(size: int) -> str:
    return node(size).value


NESTED = [
    Bomb("braces", lambda n: "ASK " + wrapped("{", "", "}", n), yes),
    Bomb("parentheses", lambda n: ask(f"FILTER({wrapped('(', '1', ')', n)})"), yes),
    Bomb("not", lambda n: ask(f"FILTER({'!' * n}true)"), even),
    Bomb("path parentheses", lambda n: ask(f"?s {wrapped('(', 'ex:next', ')', n)} ?o"), yes),
    Bomb("inverse paths", lambda n: find("?o", f"ex:n1 {wrapped('^(', 'ex:next', ')', n)} ?o"), lambda _: onwards(2)),
    Bomb("stars of stars", lambda n: ask(f"ex:n0 {wrapped('(', 'ex:next', ')*', n)} ex:n1"), yes, modest=1),
    Bomb("sub-SELECT", lambda n: ask(wrapped("{ SELECT * { ", "", " } }", n)), yes),
    Bomb("NOT EXISTS", lambda n: ask(wrapped("FILTER NOT EXISTS { ", "", " }", n)), even),
    Bomb("EXISTS", lambda n: ask(wrapped("FILTER EXISTS { ", "", " }", n)), yes),
    Bomb("OPTIONAL in OPTIONAL", lambda n: ask(wrapped("OPTIONAL { ex:n0 ex:next ?x ", "", " }", n)), yes),
    Bomb("MINUS in MINUS", lambda n: ask("?s ex:next ?o " + wrapped("MINUS { ?s ex:number ?o ", "", " }", n)), yes),
    Bomb("GRAPH in GRAPH", lambda n: ask(wrapped("GRAPH ?g { ", "?s ex:next ?o", " }", n)), yes),
    Bomb("IF", lambda n: value(wrapped("IF(true, ", "1", ", 2)", n)), one),
    Bomb("COALESCE", lambda n: value(wrapped("COALESCE(?x, ", "1", ")", n)), one),
    Bomb("calls", lambda n: value(wrapped("STR(", "'a'", ")", n)), lambda _: "a"),
    Bomb("hashes", lambda n: value(f"STRLEN({wrapped('SHA512(', repr('a'), ')', n)})"), lambda _: 128),
    Bomb("blank nodes", lambda n: ask("?s ex:next " + wrapped("[ ex:next ", "?o", " ]", n)), yes),
    Bomb("lists", lambda n: ask("?s ex:next " + wrapped("( ", "1", " )", n)), no),
    Bomb("quoted triples", lambda n: ask("?s ex:next " + wrapped("<< ?a ex:next ", "?b", " >>", n)), modest=0),
    Bomb("brackets of all kinds", lambda n: ask(wrapped("FILTER(!(EXISTS { { ", "", " } }))", n)), even, modest=4),
]
CHAINED = [
    Bomb("UNION", lambda n: count(joined(" UNION ", "{}", n)), itself),
    Bomb("UNION of patterns", lambda n: count(joined(" UNION ", "{ ?s ex:next ex:n1 }", n)), itself),
    Bomb("plus", lambda n: value(joined("+", "1", n)), itself),
    Bomb("minus", lambda n: value("1" + " - 1" * n), lambda n: 1 - n),
    Bomb("and", lambda n: ask(f"FILTER({joined('&&', 'true', n)})"), yes),
    Bomb("or", lambda n: ask(f"FILTER({joined('||', 'false', n)})"), no),
    Bomb("or of comparisons", lambda n: count(f"?s ex:number ?i FILTER({each(n, '?i = {0}', '||')})"), itself),
    Bomb("BIND", lambda n: value(f"?x{n}", "BIND(0 AS ?x0) " + each(n, "BIND(?x{0} + 1 AS ?x{1})")), itself),
    Bomb(
        "OPTIONAL",
        lambda n: find(f"?x{n}", "BIND(ex:n0 AS ?x0) " + each(n, "OPTIONAL {{ ?x{0} ex:next ?x{1} }}")),
        onwards,
    ),
    Bomb(
        "OPTIONAL of one node",
        lambda n: find("?x0", each(n, "OPTIONAL {{ ex:n0 ex:next ?x{0} }}")),
        lambda _: onwards(1),
    ),
    Bomb("MINUS", lambda n: ask("?s ex:next ?o " + "MINUS { ?s ex:number ?o } " * n), yes),
    Bomb(
        "basic graph pattern",
        lambda n: find(f"?x{n}", "?x0 ex:number 0 . " + each(n, "?x{0} ex:next ?x{1} .")),
        onwards,
    ),
    Bomb("pattern of a star", lambda n: count("?s ex:number 1 . " + each(n, "?s ?p{0} ex:n2 .")), one),
    Bomb("pattern, worst order", lambda n: count(each(n, "?x{0} ex:next ?x{1} .") + "?x0 ex:number 0"), one),
    Bomb("predicates and objects", lambda n: ask("?s ex:next ?o" + "; ex:next ?o" * n), yes),
    Bomb("objects", lambda n: ask("?s ex:next ?o" + ", ?o" * n), yes),
    Bomb("path sequence", lambda n: find("?o", f"ex:n0 {joined('/', 'ex:next', n)} ?o"), onwards),
    Bomb("path sequence from anywhere", lambda n: count(f"?s {joined('/', 'ex:next', n)} ?o"), lambda _: RING),
    Bomb("path branches", lambda n: count(f"ex:n0 ex:next|{each(n, 'ex:p{0}', '|')} ?o"), one),
    Bomb("path of optional steps", lambda n: ask(f"ex:n0 {joined('/', 'ex:next?', n)} ?o"), yes),
    Bomb("path of stars", lambda n: ask(f"ex:n0 {joined('/', 'ex:next*', n)} ?o"), yes, modest=2),
    Bomb("negated path set", lambda n: ask(f"ex:n0 !({joined('|', 'ex:none', n)}) ?o"), yes),
    Bomb("FILTER", lambda n: ask("FILTER(true) " * n), yes),
    Bomb("FILTER EXISTS", lambda n: ask("?s ex:number 5 " + "FILTER EXISTS { ?s ex:next ?o } " * n), yes),
    Bomb("empty groups", lambda n: ask("{} " * n), yes),
    Bomb("sub-SELECT beside each other", lambda n: count("{ SELECT * { ex:n0 ex:next ?o } } " * n), one),
    Bomb("GRAPH", lambda n: ask("GRAPH ?g { ex:n0 ex:next ?o } " * n), yes),
    Bomb("selected expressions", lambda n: f"SELECT {each(n, '({0} AS ?x{0})')} {{}}", lambda _: 0),
    Bomb(
        "aggregates", lambda n: f"{PROLOGUE}SELECT {each(n, '(COUNT(*) AS ?c{0})')} {{ ?s ex:next ?o }}", lambda _: RING
    ),
    Bomb("GROUP BY", lambda n: f"{find('(COUNT(*) AS ?n)', 'ex:n0 ex:next ?o')} GROUP BY{each(n, '(?o)', '')}", one),
    Bomb("HAVING", lambda n: f"{count('?s ex:next ?o')} HAVING{'(true)' * n}", lambda _: RING),
    Bomb("ORDER BY", lambda n: f"{find('?i', '?s ex:number ?i')} ORDER BY {'?i ' * n}LIMIT 1", lambda _: 0),
    Bomb("IN", lambda n: ask(f"FILTER(3 IN ({each(n, '{0}', ',')}))"), yes),
    Bomb("arguments", lambda n: value(f"STRLEN(CONCAT({joined(',', repr('a'), n)}))"), itself),
]
GREEDY = [
    Bomb(
        "CONCAT doubled",
        lambda n: value(f"STRLEN(?x{n})", "BIND('a' AS ?x0) " + each(n, "BIND(CONCAT(?x{0},?x{0}) AS ?x{1})")),
        lambda n: 2**n,
    ),
    Bomb(
        "REPLACE grown",
        lambda n: value(f"STRLEN({wrapped('REPLACE(', repr('a'), ', ' + chr(34) * 2 + ', ' + repr('a') + ')', n)})"),
        lambda n: 2 ** (n + 1) - 1,
    ),
    Bomb("GROUP_CONCAT", lambda n: value("STRLEN(GROUP_CONCAT(?a0))", product(n)), modest=10),
    Bomb(
        "paths from everywhere",
        lambda n: count(f"?a ex:number ?i FILTER(?i < {n}) ?a ex:next* ?b"),
        lambda n: min(n, RING) * RING,
    ),
    Bomb(
        "paths to everywhere",
        lambda n: count(f"?a (ex:next|^ex:next)* ?b . ?b ex:number ?i FILTER(?i < {n})"),
        lambda n: min(n, RING) * RING,
    ),
    Bomb("product counted", lambda n: count(product(n)), lambda n: RING ** zeros(n)),
    Bomb("product of everything", lambda n: count(each(zeros(n), "?a{0} ?b{0} ?c{0} ."))),
    Bomb("product filtered", lambda n: f"{ask(product(n) + 'FILTER(?a0 = ex:none)')}", no),
    Bomb("product sorted", lambda n: f"{find('*', product(n))} ORDER BY ?b0 LIMIT 1"),
    Bomb("product made distinct", lambda n: f"{PROLOGUE}SELECT DISTINCT * {{ {product(n)} }} OFFSET 1000000000"),
    Bomb(
        "product grouped",
        lambda n: f"{find('(COUNT(*) AS ?n)', product(n))} GROUP BY {each(zeros(n), '?a{0}')} LIMIT 1",
    ),
    Bomb("product skipped", lambda n: f"{find('*', product(n))} OFFSET 1000000000000"),
    Bomb(
        "product of graphs",
        lambda n: count(each(zeros(n), "GRAPH ?g{0} {{ ?a{0} ex:next ?b{0} }}")),
        lambda n: RING ** zeros(n),
    ),
    Bomb("product hashed", lambda n: value("MAX(SHA512(STR(?a0)))", product(n))),
    Bomb("product of random numbers", lambda n: value("COUNT(DISTINCT RAND())", product(n))),
    Bomb("product built", lambda n: f"{PROLOGUE}CONSTRUCT {{ ?a0 ex:x ?b{zeros(n) - 1} }} {{ {product(n)} }}"),
    Bomb(
        "template built",
        lambda n: f"{PROLOGUE}CONSTRUCT {{ {each(n, '?s ex:p{0} ?o .')} }} {{ ?s ex:next ?o }} LIMIT 50",
    ),
    Bomb("huge table", lambda n: f"{find('*', each(zeros(n) + 1, '?a{0} ex:next ?b{0} .'))} LIMIT {n}"),
    Bomb("described", lambda n: f"{PROLOGUE}DESCRIBE {each(n, 'ex:n{0}')}"),
    Bomb("regular expression", lambda n: ask(f"FILTER(!REGEX('{'a' * n}!', '^(a+)+$'))"), yes),
    Bomb("regular expression of repeats", lambda n: ask(f"FILTER(REGEX('a', '((a{{0,{n}}}){{0,{n}}}){{0,{n}}}'))")),
    Bomb("regular expression of brackets", lambda n: ask(f"FILTER(REGEX('a', '{wrapped('(', 'a', ')', n)}'))")),
]
LONG = [
    Bomb("VALUES", lambda n: count(f"VALUES ?x {{ {each(n, '{0}')} }}"), itself),
    Bomb("VALUES, columns", lambda n: count(f"VALUES ({each(n, '?x{0}')}) {{ ({each(n, '{0}')}) }}"), one),
    Bomb(
        "VALUES joined",
        lambda n: count(f"VALUES ?x {{ {each(n, '{0}')} }} VALUES ?y {{ {each(n, '{0}')} }}"),
        lambda n: n * n,
    ),
    Bomb("literal", lambda n: value(f"STRLEN('{'a' * n}')"), itself),
    Bomb("literal of Hebrew", lambda n: value(f"STRLEN('{'ש' * n}')"), itself),
    Bomb("literal of long quotes", lambda n: value("STRLEN('''" + "a'b\n" * n + "''')"), lambda n: 4 * n),
    Bomb("IRI", lambda n: ask(f"<urn:{'a' * n}> ex:next ?o"), no),
    Bomb("language tag", lambda n: ask(f"?s ex:next 'a'@en-{'-'.join(['abcdefgh'] * n)}"), no, modest=3),
    Bomb("variable", lambda n: f"SELECT (1 AS ?{'x' * n}) {{}}", one),
    Bomb("variables", lambda n: f"SELECT {each(n, '?x{0}')} {{}}"),
    Bomb("comment", lambda n: f"ASK {{}} #{'#' * n}", yes),
    Bomb("comments", lambda n: "# a line\n" * n + "ASK {}", yes),
    Bomb("space", lambda n: f"ASK {' ' * n} {{}}", yes),
    Bomb("prefixes", lambda n: each(n, "PREFIX p{0}: <urn:{0}:>") + " ASK {}", yes),
    Bomb("prefix", lambda n: f"PREFIX {'p' * n}: <urn:x> ASK {{}}", yes),
    Bomb("BASE", lambda n: f"BASE <http://example.org/> {'BASE <a/> ' * n} ASK {{}}", yes),
    Bomb("dots of a path", lambda n: f"BASE <http://example.org/> ASK {{ <{'../' * n}a> ?p ?o }}", no),
    Bomb("FROM", lambda n: f"ASK {each(n, 'FROM <urn:g{0}>')} {{ ?s ?p ?o }}", no),
    Bomb("FROM NAMED", lambda n: f"ASK {each(n, 'FROM NAMED <urn:g{0}>')} {{ GRAPH ?g {{ ?s ?p ?o }} }}", no),
    Bomb("integer", lambda n: ask(f"FILTER({'9' * n} > 0)")),
    Bomb("decimal", lambda n: ask(f"FILTER(0.{'1' * n} < 1)")),
    Bomb("LIMIT", lambda n: f"{find('?i', '?s ex:number ?i')} LIMIT {'9' * n}"),
    Bomb("escapes", lambda n: value("STRLEN('" + "\\u0041" * n + "')"), itself),
    Bomb("quotes escaped", lambda n: value("STRLEN('" + "\\'" * n + "')"), itself),
    Bomb("triples in the template", lambda n: f"CONSTRUCT {{ {each(n, '<urn:s> <urn:p> {0} .')} }} {{}}"),
]
BROKEN = [
    Bomb(name, lambda n, text=text, before=before: before + text * n, modest=0)
    for name, before, text in [
        ("braces left open", "ASK ", "{"),
        ("parentheses left open", "ASK { FILTER", "("),
        ("brackets left open", "ASK { ?s ?p ", "[ ?p "),
        ("braces closed", "ASK {}", "}"),
        ("parentheses closed", "ASK {}", ")"),
        ("string left open", "ASK { ?s ?p '", "a"),
        ("long string left open", "ASK { ?s ?p '''", "a\n"),
        ("quotes", "ASK { ", "'"),
        ("double quotes", "ASK { ", '"'),
        ("IRI left open", "ASK { ?s ?p <", "a"),
        ("angles", "ASK { ", "<"),
        ("comparisons", "ASK { FILTER(?a", "<?b"),
        ("backslashes", "ASK { ", "\\"),
        ("escapes of quotes", "ASK { ?s ?p ", "\\u0022"),
        ("zero bytes", "ASK {", "\0"),
        ("bell", "ASK {", "\x07"),
        ("replacement characters", "ASK {", "\ufffd"),
        ("byte order marks", "", "\ufeff"),
        ("directions turned", "ASK { ?s ?p ", "\u202e"),
        ("families of emoji", "ASK { ", "👩‍👩‍👧‍👦"),
        ("colons", "ASK { ", ":"),
        ("dots", "ASK { ", "."),
        ("at signs", "ASK { ?s ?p 'a'", "@en"),
        ("carets", "ASK { ?s ?p 'a'", "^^"),
        ("question marks", "SELECT ", "?"),
        ("SELECT", "", "SELECT "),
        ("semicolons", "ASK {}", ";"),
        ("percent signs", "ASK { ?s ex:", "%"),
        ("underscores", "ASK { ", "_:"),
    ]
]
BOMBS = [*NESTED, *CHAINED, *GREEDY, *LONG, *BROKEN]


def as_update(query: str) -> str | None:
    """The same pattern as the condition of an update; None for forms that have no such pattern."""
    text = query.removeprefix(PROLOGUE)
    if text.startswith("ASK {"):
        return f"{PROLOGUE}INSERT {{ GRAPH ex:done {{ ex:bomb ex:done true }} }} WHERE {text.removeprefix('ASK ')}"
    if text.startswith("SELECT "):
        return f"{PROLOGUE}INSERT {{ GRAPH ex:done {{ ex:bomb ex:done ?n }} }} WHERE {{ {{ {text} }} }}"
    return None


def written(size: int, pattern: str) -> str:
    return f"{PROLOGUE}INSERT {{ GRAPH ex:done {{ ?a0 ex:done ?b{zeros(size) - 1} }} }} WHERE {{ {pattern} }}"


#: Shapes that only an update has. All are valid at every size.
UPDATES = [
    Bomb("data", lambda n: f"{PROLOGUE}INSERT DATA {{ GRAPH ex:done {{ {each(n, 'ex:a ex:done {0} .')} }} }}"),
    Bomb("data of blank nodes", lambda n: f"{PROLOGUE}INSERT DATA {{ GRAPH ex:done {{ {'[] ex:done 1 . ' * n} }} }}"),
    Bomb("data removed", lambda n: f"{PROLOGUE}DELETE DATA {{ GRAPH ex:done {{ {each(n, 'ex:a ex:done {0} .')} }} }}"),
    Bomb("graphs", lambda n: f"{PROLOGUE}INSERT DATA {{ {each(n, 'GRAPH ex:g{0} {{ ex:a ex:done 1 }}')} }}"),
    Bomb("graphs made and dropped", lambda n: PROLOGUE + each(n, "CREATE GRAPH ex:h{0} ; DROP GRAPH ex:h{0}", " ; ")),
    Bomb("operations", lambda n: PROLOGUE + each(n, "INSERT DATA {{ GRAPH ex:done {{ ex:b ex:done {0} }} }}", " ; ")),
    Bomb("copies", lambda n: PROLOGUE + joined(" ; ", "COPY ex:done TO ex:done2", n)),
    Bomb("semicolons", lambda n: f"{PROLOGUE}INSERT DATA {{}}{' ; INSERT DATA {}' * n}"),
    Bomb("prefixes of each operation",
         lambda n: each(n, "PREFIX p{0}: <urn:{0}:> INSERT DATA {{ p{0}:a p{0}:b 1 }}", " ; "), modest=1),
    Bomb("product written", lambda n: written(n, product(n))),
    Bomb("template written", lambda n: f"{PROLOGUE}INSERT {{ GRAPH ex:done {{ {each(n, '?s ex:p{0} 1 .')} }} }} "
                                       "WHERE { ?s ex:number 5 }"),
    Bomb("changes of changes", lambda n: PROLOGUE + each(n, "DELETE {{ GRAPH ex:c {{ ex:a ex:c ?x }} }} INSERT {{ "
         "GRAPH ex:c {{ ex:a ex:c {0} }} }} WHERE {{ OPTIONAL {{ GRAPH ex:c {{ ex:a ex:c ?x }} }} }}", " ; ")),
]  # fmt: skip
