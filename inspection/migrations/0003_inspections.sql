-- What an inspection is about is its class, to four digits; its days exclude others unless it is merged or dropped.
ALTER TABLE inspection_inspection ADD CONSTRAINT inspection_scope
    CHECK (category <> '' AND scope = left(category, 4));
ALTER TABLE inspection_inspection ADD CONSTRAINT inspection_exclusive
    CHECK (exclusive = (merged_with_id IS NULL AND state <> 'dropped'));

-- A visited organ has the days of its inspection, always.
ALTER TABLE inspection_inspection ADD CONSTRAINT inspection_days_of_organs
    UNIQUE (id, first_day, last_day, scope, exclusive);  -- no rule of its own: the foreign key leads to it
ALTER TABLE inspection_visitedorgan ADD CONSTRAINT visited_on_the_days
    FOREIGN KEY (inspection_id, first_day, last_day, scope, exclusive)
    REFERENCES inspection_inspection (id, first_day, last_day, scope, exclusive) ON UPDATE CASCADE;

-- An inspection of a plan is one of the approved plan of its office, in the plan's year.
CREATE FUNCTION inspection_inspection_of_the_plan() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inspection_planitem i JOIN inspection_inspectionplan p ON p.id = i.plan_id
        WHERE i.id = NEW.plan_item_id AND p.state = 'approved' AND p.office_id = NEW.office_id
              AND p.year = extract(year FROM NEW.first_day)
    ) THEN
        RAISE EXCEPTION 'no item of the office''s approved plan of that year'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'inspection_of_the_plan';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inspection_of_the_plan BEFORE INSERT OR UPDATE OF plan_item_id, office_id, first_day
    ON inspection_inspection FOR EACH ROW WHEN (NEW.plan_item_id IS NOT NULL)
    EXECUTE FUNCTION inspection_inspection_of_the_plan();

-- What was approved stays as it was approved, but for its erasure.
CREATE FUNCTION inspection_plan_item_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM inspection_inspectionplan WHERE id = coalesce(OLD.plan_id, NEW.plan_id) AND state <> 'draft')
    THEN
        RAISE EXCEPTION 'the plan is approved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_item_stays';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER plan_item_stays BEFORE INSERT OR DELETE ON inspection_planitem
    FOR EACH ROW EXECUTE FUNCTION inspection_plan_item_stays();
CREATE TRIGGER plan_item_stays_written BEFORE UPDATE ON inspection_planitem
    FOR EACH ROW WHEN (NEW.title <> '' AND (NEW.title, NEW.item, NEW.plan_id) IS DISTINCT FROM
                       (OLD.title, OLD.item, OLD.plan_id))
    EXECUTE FUNCTION inspection_plan_item_stays();

-- A team has two members that are not recused, or more, at the end of every transaction.
CREATE FUNCTION inspection_team_of_two() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE inspected bigint;
BEGIN
    IF TG_TABLE_NAME = 'inspection_inspection' THEN
        inspected := NEW.id;
    ELSE
        inspected := OLD.inspection_id;
    END IF;
    IF (SELECT count(*) FROM inspection_teammember WHERE inspection_id = inspected AND recused_at IS NULL) < 2
       AND EXISTS (SELECT FROM inspection_inspection WHERE id = inspected) THEN
        RAISE EXCEPTION 'fewer than two in the team'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'team_of_two';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER team_of_two AFTER INSERT ON inspection_inspection
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inspection_team_of_two();
CREATE CONSTRAINT TRIGGER team_of_two AFTER UPDATE OR DELETE ON inspection_teammember
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inspection_team_of_two();
