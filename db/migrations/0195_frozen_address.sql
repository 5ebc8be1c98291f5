-- To whose address the frozen bytes of a message are: they name it, and go to no other. SHA-256 of the address, which is
-- what must be known of it; null of what was frozen before, and of what is not frozen.
ALTER TABLE notice ADD COLUMN address_hash bytea;
