-- Every pair of neighbouring syllables of a title, in any reading of its characters, and the pair of their initials.
-- With a search_path of its own it is never inlined: else each plan would read the whole table of readings.
CREATE FUNCTION records_sounds(title text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 10000 SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(array_to_tsvector(array_agg(sound)), '')
    FROM (
        SELECT array_agg('{readings}'::jsonb -> letter ORDER BY place) AS read
        FROM string_to_table(title, NULL) WITH ORDINALITY AS letters (letter, place)
    ) AS every,
    unnest(read, read[2:]) AS pair (one, other),
    jsonb_array_elements_text(one) AS a,
    jsonb_array_elements_text(other) AS b,
    LATERAL (VALUES (a || ' ' || b), (left(a, 1) || ' ' || left(b, 1))) AS sounds (sound);
END;
