-- Whether bytes of a message may have reached its reader although nobody was told so: set with the bytes,
-- taken back where whoever was to take them has clearly refused.
ALTER TABLE notice ADD COLUMN may_have_arrived boolean NOT NULL DEFAULT false;
