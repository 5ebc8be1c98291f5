-- What the rules warned of is listed for compliance, the latest first.
CREATE INDEX red_flag_latest ON red_flag (at DESC, content_id DESC, place, code);
