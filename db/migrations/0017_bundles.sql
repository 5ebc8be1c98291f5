-- One message can go out within another: it then waits for that one's end.
ALTER TABLE notice DROP CONSTRAINT notice_status_check;
ALTER TABLE notice ADD CHECK (status IN
  ('planned', 'sending', 'bundled', 'sent', 'cancelled', 'superseded', 'failed'));
CREATE INDEX notice_sent ON notice (recipient_id, channel, settled_at) WHERE status = 'sent';

-- What became of a message is counted message by message.
CREATE FUNCTION next_notice_event(notice uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(number), 0) + 1 FROM notice_event WHERE notice_id = notice
$$;
