-- Which step refers to a text: texts of commands that were refused are found by what this lacks.
CREATE INDEX transition_contents ON transition USING gin (contents);
CREATE INDEX content_age ON content (created_at) WHERE erased_at IS NULL;
