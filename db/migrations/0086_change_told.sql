-- Who was told that a change is planned: they are told as well when it is not made.
ALTER TABLE directory_change ADD COLUMN told text[] NOT NULL DEFAULT '{}';
