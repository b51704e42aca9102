-- A secret column leaves a fingerprint in the image, so that one that was changed behind the log's back is found.
-- Secrets are random or hashed already (keys, tokens, password hashes): nobody guesses the value that a fingerprint is of.
-- The salt itself leaves none: with another salt every personal value has another fingerprint.
CREATE OR REPLACE FUNCTION audit_image(live jsonb, salt bytea, personal text[], secret text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name  text;
    value text;
    image jsonb := CASE WHEN 'salt' = ANY (secret) THEN live - 'salt' ELSE live END;
BEGIN
    FOREACH name IN ARRAY personal || array_remove(secret, 'salt') LOOP
        value := live ->> name;
        IF value NOT IN ('', '\x') THEN
            image := jsonb_set(image, ARRAY[name], jsonb_build_object('sha256', encode(sha256(
                CASE WHEN name = ANY (personal) THEN salt ELSE coalesce(salt, '') END || convert_to(value, 'UTF8')),
                'hex')));
        END IF;
    END LOOP;
    RETURN image;
END $$;
