-- What a message put into its reader's calendar: the loop, what of it (a meeting, a period, a deadline),
-- its time, and the step it tells of. What is called off is withdrawn from whoever has it.
ALTER TABLE notice ADD COLUMN entry jsonb;
CREATE INDEX notice_entry ON notice ((entry->>'loop'), recipient_id) WHERE entry IS NOT NULL;
