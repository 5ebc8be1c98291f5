-- What waits under a ticket is deleted with the step that takes it: its former version is no longer kept than that of an answer.
ALTER TABLE feedback_staged SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0.0);
