"""A rater's role has its own rows by functions alone: the plan of a table counts those that are hidden."""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = "served_kits, served_files, deliveries, delivered_pages"
# PostgreSQL shows the work of a function neither in a plan (it is not inlined) nor, with these settings, in
# messages; it goes by indexes, whatever a role has set, so that buffers count its own rows and no others
_SHELTERED = """LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, {schema}, pg_temp SET client_min_messages = error
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_indexscan = on SET enable_indexonlyscan = on
SET seq_page_cost = 1 SET random_page_cost = 1
SET cpu_tuple_cost = 0 SET cpu_index_tuple_cost = 0 SET cpu_operator_cost = 0
AS $$
#variable_conflict use_column
BEGIN {body} END$$"""
_OWN = "EXISTS (SELECT FROM served_kits k WHERE k.kit_id = of_kit AND k.role_name = session_user::text)"
_NONE = f"IF NOT {_OWN} THEN RETURN; END IF;"
_REFUSED = f"IF NOT {_OWN} THEN RAISE insufficient_privilege; END IF;"
_FUNCTIONS = {
    "own_kits() RETURNS SETOF text": "RETURN QUERY SELECT kit_id FROM served_kits "
    "WHERE role_name = session_user::text ORDER BY kit_id;",
    "own_files(of_kit text) RETURNS TABLE (file text, sha256 text)": f"{_NONE} RETURN QUERY "
    "SELECT file, sha256 FROM served_files WHERE kit_id = of_kit ORDER BY file;",
    "own_file(of_kit text, wanted text) RETURNS SETOF bytea": f"{_NONE} RETURN QUERY "
    "SELECT content FROM served_files WHERE kit_id = of_kit AND file = wanted;",
    "own_delivery(of_kit text) RETURNS SETOF deliveries": f"{_NONE} RETURN QUERY "
    "SELECT * FROM deliveries WHERE kit_id = of_kit ORDER BY number DESC LIMIT 1;",
    "own_page_hashes(of_kit text) RETURNS TABLE (page integer, sha256 text)": f"{_NONE} RETURN QUERY "
    "SELECT DISTINCT ON (page) page, sha256 FROM delivered_pages WHERE kit_id = of_kit "
    "ORDER BY page, number DESC;",
    "own_pages(of_kit text, below integer) RETURNS TABLE (page integer, content bytea)": f"{_NONE} RETURN "
    "QUERY SELECT DISTINCT ON (page) page, content FROM delivered_pages WHERE kit_id = of_kit "
    "AND page < below ORDER BY page, number DESC;",
    "deliver_state(of_kit text, number integer, head_sequence integer, head_sha256 text, pages integer, "
    "sha256 text) RETURNS void": f"{_REFUSED} INSERT INTO deliveries VALUES ($1, $2, $3, $4, $5, $6);",
    "deliver_page(of_kit text, page integer, number integer, sha256 text, content bytea) RETURNS void": (
        f"{_REFUSED} INSERT INTO delivered_pages VALUES ($1, $2, $3, $4, $5);"
    ),
}


def upgrade() -> None:
    """Take the tables away from raters' roles, and give them functions that know who is logged in."""
    found = "SELECT relowner::regrole::text, relnamespace::regnamespace::text FROM pg_class "
    found += "WHERE oid = 'served_kits'::regclass"
    owner, schema = op.get_bind().exec_driver_sql(found).one()
    op.execute(f"REVOKE ALL ON {_TABLES} FROM PUBLIC")
    for table in _TABLES.split(", "):
        op.execute(f"DROP POLICY own ON {table}")
    for table in ("deliveries", "delivered_pages"):
        op.execute(f"DROP POLICY own_given ON {table}")
    op.execute("CREATE INDEX served_kits_role ON served_kits (role_name)")
    for head, body in _FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {head} {_SHELTERED.format(schema=schema, body=body)}")
        # whoever of the study's people opened it first: the tables are not theirs alone
        op.execute(f"ALTER FUNCTION {head.partition('(')[0]} OWNER TO {owner}")
        op.execute(f"GRANT EXECUTE ON FUNCTION {head.partition('(')[0]} TO PUBLIC")
