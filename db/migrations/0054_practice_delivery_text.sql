-- Which text was delivered, so that a recall names it as it was read after its translations have ended.
ALTER TABLE practice_delivery ADD COLUMN content_id uuid NOT NULL REFERENCES content;
