-- The texts of one petition as they are compared: one after the other, NFKC, in lower case.
CREATE FUNCTION petitions_text(title text, body text, place text, wish text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 400
RETURN lower(normalize(title || E'\n' || body || E'\n' || place || E'\n' || wish, NFKC));
