"""Lists what a database's catalogue says, as sorted text, so that two databases can be compared line by line.

    python -m tests.catalogue > before.txt              of a new database, migrated by the code as it is
    python -m tests.catalogue postgresql://…            of that database, asked as its owner
    python -m tests.catalogue --compare BEFORE AFTER    files of listings or addresses; fails when they differ

One fact stands for each thing: `column petitions_demand.state = character varying(16) not null`. Nothing depends on the
order in which things were made; in which order the columns of a table stand is a fact of its own, which `--compare`
leaves out unless `--column-order` asks for it.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ORDER = "order of columns"

# Each query gives pairs: what it is about, and what is to be said of it. Nulls in the second are left out.
QUERIES = {
    "table": """
        SELECT c.relname, concat_ws(', ',
            CASE c.relkind WHEN 'p' THEN 'partitioned by ' || pg_get_partkeydef(c.oid) WHEN 'v' THEN 'view'
                 WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
            CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
            'part of ' || parent.relname || ' ' || pg_get_expr(c.relpartbound, c.oid),
            'with ' || array_to_string(c.reloptions, ' '),
            CASE WHEN c.relrowsecurity THEN 'row security' END,
            CASE c.relreplident WHEN 'd' THEN NULL ELSE 'replica identity ' || c.relreplident::text END,
            'owner ' || c.relowner::regrole,
            'comment ' || quote_literal(obj_description(c.oid, 'pg_class')),
            CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
        FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        LEFT JOIN pg_class parent ON parent.oid = i.inhparent
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""",
    "column": """
        SELECT c.relname || '.' || a.attname, concat_ws(', ',
            format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
            'collation ' || nullif(a.attcollation, t.typcollation)::regcollation::text,
            CASE a.attidentity WHEN 'a' THEN 'always its own' WHEN 'd' THEN 'by default its own' END,
            CASE WHEN a.attgenerated <> '' THEN 'generated ' ELSE 'default ' END || pg_get_expr(d.adbin, d.adrelid),
            CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
            'compression ' || nullif(a.attcompression::text, ''),
            'statistics ' || a.attstattarget, 'with ' || array_to_string(a.attoptions, ' '),
            'comment ' || quote_literal(col_description(c.oid, a.attnum)))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND a.attnum > 0 AND NOT a.attisdropped""",
    ORDER: """
        SELECT c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND a.attnum > 0 AND NOT a.attisdropped
        GROUP BY c.relname""",
    "constraint": """
        SELECT coalesce(c.conrelid::regclass::text || '.', '') || c.conname, concat_ws(', ',
            pg_get_constraintdef(c.oid), CASE WHEN NOT c.conislocal THEN 'inherited' END,
            'comment ' || quote_literal(obj_description(c.oid, 'pg_constraint')))
        FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace""",
    "index": """
        SELECT c.relname, concat_ws(', ',
            pg_get_indexdef(c.oid), CASE WHEN NOT i.indisvalid THEN 'not valid' END,
            CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END,
            (SELECT 'statistics of column ' || string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget IS NOT NULL),
            'comment ' || quote_literal(obj_description(c.oid, 'pg_class')))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, concat_ws(', ', pg_get_triggerdef(t.oid),
            CASE t.tgenabled WHEN 'O' THEN NULL WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replicas' ELSE 'DISABLED' END,
            'comment ' || quote_literal(obj_description(t.oid, 'pg_trigger')))
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal""",
    "rule or policy": """
        SELECT schemaname || '.' || tablename || '.' || rulename, definition FROM pg_rules WHERE schemaname = 'public'
        UNION ALL
        SELECT tablename || '.' || policyname, concat_ws(', ', permissive, roles::text, cmd, qual, with_check)
        FROM pg_policies WHERE schemaname = 'public'""",
    "function": """
        SELECT p.oid::regprocedure::text, concat_ws(E'\\n',
            rtrim(pg_get_functiondef(p.oid)), 'owner ' || p.proowner::regrole,
            'comment ' || quote_literal(obj_description(p.oid, 'pg_proc')))
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind <> 'a'
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "sequence": """
        SELECT c.relname, concat_ws(', ', format_type(s.seqtypid, NULL), 'from ' || s.seqstart, 'by ' || s.seqincrement,
            'within ' || s.seqmin || ' and ' || s.seqmax, 'cache ' || s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END,
            (SELECT 'of ' || d.refobjid::regclass || '.' || a.attname
             FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')),
            'owner ' || c.relowner::regrole, 'comment ' || quote_literal(obj_description(c.oid, 'pg_class')))
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace = 'public'::regnamespace""",
    "type": """
        SELECT t.typname, concat_ws(', ', t.typtype::text, format_type(nullif(t.typbasetype, 0), t.typtypmod),
            (SELECT string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = 'public'::regnamespace AND (t.typtype IN ('d', 'e') OR c.relkind = 'c')
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')""",
    "statistics": """
        SELECT stxname, concat_ws(', ', pg_get_statisticsobjdef(oid), 'target ' || stxstattarget)
        FROM pg_statistic_ext WHERE stxnamespace = 'public'::regnamespace""",
    "extension": "SELECT extname, extversion || ' in ' || extnamespace::regnamespace FROM pg_extension",
    "event trigger": """
        SELECT evtname, concat_ws(', ', evtevent, evtfoid::regprocedure, evtenabled::text) FROM pg_event_trigger""",
    "schema": """
        SELECT nspname, concat_ws(', ', 'owner ' || nspowner::regrole,
            'comment ' || quote_literal(obj_description(oid, 'pg_namespace')))
        FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'""",
    "setting": """
        SELECT CASE setrole WHEN 0 THEN 'of everybody' ELSE setrole::regrole::text END
               || CASE setdatabase WHEN 0 THEN ' everywhere' ELSE ' in this database' END,
               array_to_string(setconfig, ', ')
        FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))""",
    "right": """
        SELECT what || ' ' || name || ' of ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
               string_agg(privilege_type || CASE WHEN is_grantable THEN ' with grant option' ELSE '' END, ', '
                          ORDER BY privilege_type)
        FROM (
            SELECT 'table', relname::text, coalesce(relacl, acldefault('r', relowner)) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
            UNION ALL
            SELECT 'sequence', relname::text, coalesce(relacl, acldefault('s', relowner)) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
            UNION ALL
            SELECT 'column', attrelid::regclass || '.' || attname, attacl FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT 'function', p.oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc p
            WHERE pronamespace = 'public'::regnamespace
                  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL
            SELECT 'schema', nspname::text, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace
            WHERE nspname = 'public'
            UNION ALL
            SELECT 'this', 'database', coalesce(datacl, acldefault('d', datdba)) FROM pg_database
            WHERE datname = current_database()
            UNION ALL
            SELECT 'whatever', concat_ws(' ',
                CASE defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
                     WHEN 'T' THEN 'type' ELSE 'schema' END,
                defaclrole::regrole || ' will make', 'in ' || nullif(defaclnamespace, 0)::regnamespace), defaclacl
            FROM pg_default_acl
        ) AS found (what, name, acl), aclexplode(acl) AS said
        GROUP BY what, name, grantee""",
}  # fmt: skip


def facts(cursor: Any) -> dict[str, str]:
    """What the catalogue of the cursor's database says: by what it is about."""
    found: dict[str, str] = {}
    cursor.execute("SHOW search_path")
    (before,) = cursor.fetchone()
    cursor.execute("SET search_path = public, pg_catalog")  # names are then written the same way everywhere
    for kind, query in QUERIES.items():
        cursor.execute(query)
        found |= {f"{kind} {about}": said for about, said in cursor.fetchall()}
    cursor.execute("SELECT set_config('search_path', %s, false)", [before])
    return dict(sorted(found.items()))


def written(said: dict[str, str]) -> Iterator[str]:
    """The lines of a listing. What takes several lines is indented below its name."""
    for about, fact in said.items():
        first, *more = fact.splitlines() or [""]
        if more:
            yield f"{about} ="
            yield from (f"    {line}".rstrip() for line in [first, *more])
        else:
            yield f"{about} = {first}"


def read(listing: str) -> dict[str, str]:
    """The facts of a listing."""
    said: dict[str, str] = {}
    about = ""
    for line in listing.splitlines():
        if line[:4].strip():
            about, _, said[about] = line.partition(" = ") if " = " in line else (line.removesuffix(" ="), "", "")
        else:
            said[about] += f"{line[4:]}\n"
    return {about: fact.rstrip("\n") for about, fact in said.items()}


def differences(before: dict[str, str], after: dict[str, str], column_order: bool = False) -> list[str]:
    """Lines with - for what only the first says, + for what only the second does, = for what has another name."""
    lines = []
    only_before = {about: fact for about, fact in before.items() if after.get(about) != fact}
    only_after = {about: fact for about, fact in after.items() if before.get(about) != fact}
    for was, now in _renamed(only_before, only_after):
        lines.append(f"= {was} is now {now.split(' ', 1)[1]}")
        del only_before[was], only_after[now]
    for about in sorted(only_before.keys() | only_after.keys()):
        if about.startswith(ORDER) and not column_order:
            continue
        for sign, said in (("-", only_before), ("+", only_after)):
            if about in said:
                lines += [f"{sign} {line}" for line in written({about: said[about]})]
    return lines


def _renamed(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """Constraints and indexes that say the same of the same table under another name."""
    without_names: dict[tuple[str, str], list[str]] = {}
    for about, fact in after.items():
        if about not in before:
            without_names.setdefault(_nameless(about, fact), []).append(about)
    pairs = []
    for about, fact in before.items():
        if about not in after and (same := without_names.get(_nameless(about, fact))):
            pairs.append((about, same.pop(0)))
    return pairs


def _nameless(about: str, fact: str) -> tuple[str, str]:
    kind, _, rest = about.partition(" ")
    if kind == "constraint":
        return rest.rpartition(".")[0], fact
    return (kind, fact.replace(f"INDEX {rest} ON", "INDEX ON")) if kind == "index" else (about, fact)


def _facts_of(source: str) -> dict[str, str]:
    from massline.stack.database import cursor_at

    if source.startswith(("postgres://", "postgresql://")):
        with cursor_at(source) as cursor:
            return facts(cursor)
    return read(Path(source).read_text())


def _of_new_database() -> dict[str, str]:
    """Made by the code as it is, on the tests' server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connections

    from tests import database

    database.start_postgres()
    with database.passing("catalogue"), connections["owner"].cursor() as cursor:
        return facts(cursor)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?", help="of the database; without it, a new one is made")
    parser.add_argument("--compare", nargs=2, metavar=("BEFORE", "AFTER"))
    parser.add_argument("--column-order", action="store_true", help="compare in which order columns stand, too")
    options = parser.parse_args()
    if options.compare:
        before, after = (_facts_of(source) for source in options.compare)
        found = differences(before, after, options.column_order)
        print(*found, sep="\n", end="\n" if found else "")
        return bool(found)
    print(*written(_facts_of(options.address) if options.address else _of_new_database()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
