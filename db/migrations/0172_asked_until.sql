-- Until when somebody was asked, for the rest that follows; none for whoever was only to be reached, and
-- unknown of what was recorded before.
ALTER TABLE asked_outside ADD COLUMN until timestamptz CHECK (until > at);
