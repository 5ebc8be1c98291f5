-- Who looks for words reads the titles that have them first, and of a frequent word those are enough.
CREATE INDEX practice_text_title ON practice_text USING gin (title);
-- What has it in its text comes newest first: of a frequent word the newest are found without the rest.
CREATE INDEX practice_text_newest ON practice_text (published_at DESC, practice_id);
