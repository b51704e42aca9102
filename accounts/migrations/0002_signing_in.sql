-- A changed password, or an account that is closed, ends every token of the account.
CREATE FUNCTION accounts_end_tokens() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.knox_authtoken WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_end_tokens AFTER UPDATE OF password, is_active ON accounts_user FOR EACH ROW
WHEN (OLD.password IS DISTINCT FROM NEW.password OR (OLD.is_active AND NOT NEW.is_active))
EXECUTE FUNCTION accounts_end_tokens();
