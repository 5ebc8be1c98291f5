-- Reports of undelivered mail name the message they are about.
CREATE INDEX notice_message_id ON notice (message_id);
