-- A step may also tell a loop that runs already: then the command is for that one, and `id` its own.
ALTER TABLE loop_opening ADD COLUMN target_id uuid REFERENCES loop_instance;
