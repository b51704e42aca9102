-- A call has the township, the matter and the openness of its whistle, always.
ALTER TABLE inspection_whistle ADD CONSTRAINT whistle_of_calls
    UNIQUE (id, organ_id, about, is_open);  -- no rule of its own: the foreign key leads to it
ALTER TABLE inspection_whistlecall ADD CONSTRAINT call_as_its_whistle
    FOREIGN KEY (whistle_id, township_id, about, is_open)
    REFERENCES inspection_whistle (id, organ_id, about, is_open) ON UPDATE CASCADE;
