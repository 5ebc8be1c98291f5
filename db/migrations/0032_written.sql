-- In which language a message was written, and whose choice that was: the person's, their region's, or nobody's.
ALTER TABLE notice
  ADD COLUMN written_in text,
  ADD COLUMN written_from text CHECK (written_from IN ('person', 'region', 'default'));
-- A message is found by its own id, which its Message-ID holds.
DROP INDEX notice_message_id;
