-- Bodies in BEGIN ATOMIC are bound to what they name when they are made: no search_path changes what they do.

-- Every pair of neighbouring characters; the last character of all is paired with a space.
CREATE FUNCTION records_bigrams(folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 4000
BEGIN ATOMIC
    SELECT array_to_tsvector(array_agg(one || other))
    FROM (SELECT string_to_array(folded || ' ', NULL) AS c) letters, unnest(c, c[2:]) AS pair (one, other)
    WHERE other IS NOT NULL;
END;

-- The pairs of each word. A word of one character is the beginning of a pair.
CREATE FUNCTION records_search_query(words text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 4000
BEGIN ATOMIC
    SELECT string_agg(
        '''' || replace(replace(one || coalesce(other, ''), E'\\', E'\\\\'), '''', '''''') || ''''
        || CASE WHEN other IS NULL THEN ':*' ELSE '' END, ' & ')::tsquery
    FROM (SELECT string_to_array(lower(normalize(word, NFKC)), NULL) AS c FROM unnest(words) AS word) letters,
         unnest(c, c[2:]) AS pair (one, other)
    WHERE other IS NOT NULL OR c[2] IS NULL;
END;
